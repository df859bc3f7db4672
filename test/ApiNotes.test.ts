// The anchors of docs/api-notes.md, and every citation of one in sources, tests and documents.
import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"

const root = fileURLToPath(new URL("..", import.meta.url))

const read = (file: string): string => readFileSync(join(root, file), "utf8")

const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|md|http|json)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !/openapi\.json$|ApiNotes\.test\.ts$/.test(file))

const notes = read("docs/api-notes.md")

// As GitHub derives them from headings.
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-")

const anchors = Array.from(notes.matchAll(/^#+ (.+)$|<a id="([^"]+)"><\/a>/gm), ([, heading, id]) =>
  heading === undefined ? String(id) : slugOf(heading)
)

const known = new Set(anchors)

const all = (text: string, pattern: RegExp): ReadonlyArray<string> =>
  Array.from(text.matchAll(pattern), ([, anchor]) => String(anchor))

// `#name` as a word of its own: no color, no fragment of a URL, no private field.
const bare = /(?<![\w/"'`.%&)#-])#([a-z]+(?:-[a-z]+)*)(?![\w(-])/g

const bareIn = (text: string, line: RegExp): ReadonlyArray<string> =>
  text.split("\n").flatMap((one) => {
    const [, comment] = line.exec(one) ?? []
    return comment === undefined ? [] : all(comment, bare)
  })

const citationsIn = (file: string): ReadonlyArray<string> => {
  const text = read(file)
  const full = all(text, /api-notes\.md#([\w-]+)/g)
  if (file === "docs/api-notes.md") return all(text, /\]\(#([^)]+)\)/g)
  if (file.endsWith(".http")) return [...full, ...bareIn(text, /^# (?!call:)(.*)/)]
  if (file.endsWith(".json")) return [...full, ...all(text, /"source": "[^"]*?#([a-z-]+)/g)]
  if (/Variants\w*\.ts$/.test(file)) return [...full, ...all(text, /\brow\(\s*"([a-z]+(?:-[a-z]+)*)"/g)]
  // Comments name further entries by the anchor alone.
  if (file.endsWith(".ts") && full.length > 0) return [...full, ...bareIn(text, /^\s*(?:\*|\/\/|\/\*\*)(.*)/)]
  return full
}

describe("docs/api-notes.md", () => {
  it("has each anchor once, in words", () => {
    expect(anchors.length).toBeGreaterThan(100)
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([])
    expect(anchors.filter((anchor) => !/^[a-z]+(-[a-z0-9]+)*$/.test(anchor))).toEqual([])
  })

  it("has every entry that is cited", () => {
    const missing = ["src", "test", "docs"].flatMap(filesIn).flatMap((file) =>
      citationsIn(file)
        .filter((anchor) => !known.has(anchor))
        .map((anchor) => `${file}: #${anchor}`)
    )
    expect(missing).toEqual([])
  })
})
