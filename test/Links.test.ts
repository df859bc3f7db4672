// Links between pages of the repository: the file exists, and so does the heading that an anchor names.
import { describe, expect, it } from "@effect/vitest"
import { anchors, brokenLinks, pages, slug } from "./support/Markdown.js"

const broken = (path: string, text: string) => brokenLinks({ path, text })

describe("links of the pages", () => {
  it("are read from README, CONTRIBUTING and docs", () => {
    const paths = pages().map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(["README.md", "CONTRIBUTING.md", "docs/from-python.md"]))
  })

  it.each(pages().map((page) => [page.path, page] as const))("resolve: %s", (_, page) => {
    expect(brokenLinks(page)).toEqual([])
  })
})

describe("the check of links", () => {
  it("reports a missing file with its line", () => {
    expect(broken("docs/page.md", "# Page\n\nSee [it](missing.md).\n")).toEqual([
      "docs/page.md:3: missing.md: no such file"
    ])
  })

  it("reports a missing heading, on the page itself and on another", () => {
    expect(broken("docs/page.md", "# Page\n\n[a](#page), [b](#nowhere), [c](../README.md#nowhere)")).toEqual([
      "docs/page.md:3: #nowhere: no such heading",
      "docs/page.md:3: ../README.md#nowhere: no such heading"
    ])
  })

  it("reports an anchor in a file that is not Markdown, and a path out of the repository", () => {
    expect(broken("README.md", "[a](package.json#name) [b](../elsewhere.md) [c](/README.md)")).toEqual([
      "README.md:1: package.json#name: an anchor needs a Markdown page",
      "README.md:1: ../elsewhere.md: leaves the repository",
      "README.md:1: /README.md: leaves the repository"
    ])
  })

  it("reads links with titles, reference links and HTML", () => {
    const text = `[a](a.md "title")\n[b]: b.md\n<a href="c.md">c</a>\n<img src="d.png">\n![e](e.png)`
    expect(broken("README.md", text).map((line) => line.split(": ")[1])).toEqual([
      "a.md",
      "b.md",
      "c.md",
      "d.png",
      "e.png"
    ])
  })

  it("does not read code, comments and links to the web", () => {
    const text = `\`[a](a.md)\`\n\n<!-- [b](b.md) -->\n\n\`\`\`md\n[c](c.md)\n\`\`\`\n\n[d](https://example.com/d#d)`
    expect(broken("README.md", text)).toEqual([])
  })

  it("names headings as GitHub does", () => {
    expect(slug("What's `Exports.toFile`, and how?")).toBe("whats-exportstofile-and-how")
    expect(slug("Retry-After & rate limits")).toBe("retry-after--rate-limits")
    expect(slug("A [link](https://example.com) in_a heading: Ärger")).toBe("a-link-in_a-heading-ärger")
    expect(anchors('# Same\n\n## Same\n\n```md\n# Code\n```\n\n<a id="own"></a>')).toEqual(
      new Set(["same", "same-1", "own"])
    )
  })
})
