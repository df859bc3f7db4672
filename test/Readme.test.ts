// What the README shows is what the examples hold: the type check compiles them, and another test runs them.
import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8")

const examples = readdirSync(new URL("../examples", import.meta.url)).map((file) => read(`examples/${file}`))
const snippets = Array.from(read("README.md").matchAll(/^```ts\n(.*?)^```$/gms), (match) => String(match[1]))

describe("the README", () => {
  it("shows programs", () => {
    expect(snippets.length).toBeGreaterThanOrEqual(4)
  })

  it.each(snippets.map((snippet) => [snippet.split("\n")[0], snippet] as const))(
    "shows text of an example: %s",
    (_, snippet) => {
      expect(examples.some((example) => example.includes(snippet))).toBe(true)
    }
  )

  it("shows a first program of at most 25 lines", () => {
    expect(snippets[0]?.trimEnd().split("\n").length).toBeLessThanOrEqual(25)
  })
})
