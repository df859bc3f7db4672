// The TypeScript that README, docs and docstrings show type-checks against this package, all of it in one program.
import { describe, expect, it } from "@effect/vitest"
import { pages } from "./support/Markdown.js"
import { check, examples, snippetsOfPage, snippetsOfSource, sources } from "./support/Snippets.js"

// Text of an example is compiled with the example, and needs no imports of its own. A page may indent it differently.
const withoutIndentation = (text: string) => text.replaceAll(/^ +/gm, "")
const programs = examples().map(({ text }) => withoutIndentation(text))
const isNoExample = (code: string) => !programs.some((text) => text.includes(withoutIndentation(code)))

const ofPages = pages().flatMap((page) => snippetsOfPage(page, isNoExample))
const ofSources = sources().flatMap(snippetsOfSource)

const page = (text: string) => snippetsOfPage({ path: "test.md", text })

const tick = "```"
const wrong = page(`# Page

${tick}ts
import { Tasks } from "effect-ango"

const pageSize: number = "100"
${tick}
`)
const continued = page(`# Page

<!-- snippet: prelude
import { AngoTest } from "effect-ango/emulator"
const projectId = AngoTest.projectId
-->

${tick}ts
const first: string = projectId
${tick}

Text.

<!-- snippet: continues -->
${tick}ts
export const second: number = first
${tick}
`)
const docstring = snippetsOfSource({
  path: "src/Test.ts",
  text: `import * as Effect from "effect/Effect"

/**
 * A number.
 *
 * @example
 * ${tick}ts
 * import { missing } from "effect-ango"
 * ${tick}
 */
export const one = 1
`
})

const errors = check([...ofPages, ...ofSources, ...wrong, ...continued, ...docstring])

describe("the snippets", () => {
  it("of docstrings are found", () => {
    expect(ofSources.length).toBeGreaterThan(50)
  })

  it.each(ofPages.map(({ at }) => at))("of pages type-check: %s", (at) => {
    expect(errors[at]).toEqual([])
  })

  it.each(ofSources.map(({ at }) => at))("of docstrings type-check: %s", (at) => {
    expect(errors[at]).toEqual([])
  })
})

describe("the check of snippets", () => {
  it("reports the line on the page", () => {
    expect(wrong.map(({ at }) => errors[at])).toEqual([
      ["test.md:6: TS2322 Type 'string' is not assignable to type 'number'."]
    ])
  })

  it("compiles a block that continues with the one before, after its hidden prelude", () => {
    expect(continued.map(({ at }) => errors[at])).toEqual([
      ["test.md:16: TS2322 Type 'string' is not assignable to type 'number'."]
    ])
  })

  it("reports the line of a docstring", () => {
    expect(docstring.flatMap(({ at }) => errors[at])).toEqual([
      expect.stringMatching(/^src\/Test\.ts:8: TS2305 /)
    ])
  })

  it("refuses a note that it does not know", () => {
    expect(() => page(`<!-- snippet: contines -->\n${tick}ts\n1\n${tick}\n`)).toThrow(
      "test.md:1: no such note"
    )
  })
})
