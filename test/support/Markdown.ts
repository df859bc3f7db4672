// The project's Markdown pages: their headings, links and TypeScript blocks.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"
import { fileURLToPath } from "node:url"

export const repository = fileURLToPath(new URL("../..", import.meta.url))

export interface Page {
  /** From the repository's root, with `/`. */
  readonly path: string
  readonly text: string
}

const markdownIn = (folder: string, recursive: boolean): ReadonlyArray<string> =>
  existsSync(join(repository, folder))
    ? readdirSync(join(repository, folder), { recursive, encoding: "utf8" })
        .filter((file) => file.endsWith(".md"))
        .map((file) => posix.join(folder, file.replaceAll("\\", "/")))
    : []

/** Every page of the repository, in a fixed order. */
export const pages = (): ReadonlyArray<Page> =>
  [
    ...markdownIn(".", false),
    ...["bench", "docs", "examples", "interop", "src", "test", ".github"].flatMap((one) =>
      markdownIn(one, true)
    )
  ]
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(repository, path), "utf8") }))

export interface Block {
  /** The line of the block's first line of code, from 1. */
  readonly line: number
  readonly code: string
  /** The HTML comment that starts with `snippet:` above the block, without that word. */
  readonly note: string | undefined
  /** The line of the note's first line, from 1. */
  readonly noteLine: number
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length

/** The blocks fenced by ```` ```ts ````, each with the note above it. */
export const typescriptBlocks = (text: string): ReadonlyArray<Block> =>
  Array.from(
    text.matchAll(/(?:<!--\s*snippet:[ \t]*((?:(?!-->).)*?)\s*-->\n+)?^```ts\n(.*?)^```$/gms),
    (match) => {
      const code = String(match[2])
      return {
        code,
        line: lineAt(text, match.index + match[0].length - code.length - "```".length),
        note: match[1],
        noteLine: lineAt(text, match.index)
      }
    }
  )

// Headings and links inside code do not count. The text keeps its length, so that line numbers stay right.
const blank = (code: string) => code.replace(/[^\n]/g, " ")
const withoutFences = (text: string) => text.replace(/^( *)(`{3,}|~{3,}).*?^\1\2 *$/gms, blank)
const withoutCode = (text: string) =>
  withoutFences(text)
    .replace(/<!--.*?-->/gs, blank)
    .replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, blank)

/** GitHub's anchor of a heading: lower case, no punctuation, hyphens for spaces. */
export const slug = (heading: string): string =>
  heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/<[^>]*>/g, "")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
    .replaceAll(" ", "-")

/** The valid `#…` of a page: its headings (a repeated one gets `-1`, `-2` …) and explicit ids. */
export const anchors = (text: string): ReadonlySet<string> => {
  const seen = new Map<string, number>()
  const headings = Array.from(withoutFences(text).matchAll(/^ {0,3}#{1,6} +(.+?)(?: +#+)? *$/gm), (match) => {
    const name = slug(String(match[1]))
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    return count === 0 ? name : `${name}-${count}`
  })
  const explicit = Array.from(withoutCode(text).matchAll(/<\w+[^>]*?\b(?:id|name)="([^"]+)"/g), (match) =>
    String(match[1])
  )
  return new Set([...headings, ...explicit])
}

export interface Link {
  readonly line: number
  readonly target: string
}

/** Links to files and anchors of the repository: `[text](target)`, `[label]: target`, `href` and `src`. */
export const relativeLinks = (text: string): ReadonlyArray<Link> => {
  const link = /\]\(\s*<?([^)\s>]+)>?[^)]*\)|^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)|\b(?:href|src)="([^"]+)"/gm
  return Array.from(withoutCode(text).matchAll(link), (match) => ({
    line: lineAt(text, match.index),
    target: String(match[1] ?? match[2] ?? match[3])
  })).filter(({ target }) => !/^([a-z][a-z+.-]*:|\/\/)/i.test(target))
}

const problemOf = (page: Page, target: string): string | undefined => {
  const [path = "", anchor] = target.split("#")
  const file = path === "" ? page.path : posix.join(posix.dirname(page.path), decodeURIComponent(path))
  if (path.startsWith("/") || file.startsWith("..")) return "leaves the repository"
  if (path !== "" && !existsSync(join(repository, file))) return "no such file"
  if (anchor === undefined) return undefined
  if (path !== "" && !file.endsWith(".md")) return "an anchor needs a Markdown page"
  const text = path === "" ? page.text : readFileSync(join(repository, file), "utf8")
  return anchors(text).has(decodeURIComponent(anchor)) ? undefined : "no such heading"
}

/** The links of a page that do not resolve, each with its line and the reason. */
export const brokenLinks = (page: Page): ReadonlyArray<string> =>
  relativeLinks(page.text).flatMap(({ line, target }) => {
    const problem = problemOf(page, target)
    return problem === undefined ? [] : [`${page.path}:${line}: ${target}: ${problem}`]
  })
