// The page on errors has a row for each tag, and no other; where their number is given, it is right.
import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"

const root = new URL("../../", import.meta.url)

const read = (path: string) => readFileSync(new URL(path, root), "utf8")

const tags = readdirSync(new URL("src/errors/", root))
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) =>
    Array.from(read(`src/errors/${file}`).matchAll(/Data\.TaggedError\("(\w+)"\)/g), ([, tag]) => String(tag))
  )
  .toSorted()

const page = read("docs/guides/errors.md")

describe("the tags of errors", () => {
  it("are the rows of docs/guides/errors.md", () => {
    const rows = Array.from(page.matchAll(/^\| `([A-Z]\w+)` /gm), ([, tag]) => String(tag)).toSorted()
    expect(rows).toEqual(tags)
  })

  it.each(["docs/guides/errors.md", "CHANGELOG.md"])("are as many as %s says", (path) => {
    expect(/(\d+) (?:error )?tags/.exec(read(path))?.[1]).toBe(String(tags.length))
  })
})
