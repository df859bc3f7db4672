// The README is a first page: short, and its first program is one that works.
import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"

const text = readFileSync(new URL("../README.md", import.meta.url), "utf8")
const snippets = Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), (match) => String(match[1]))

describe("the README", () => {
  it("shows programs", () => {
    expect(snippets.length).toBeGreaterThanOrEqual(4)
  })

  it("is a page of at most 10 kB", () => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(10_000)
  })

  it("shows a first program of at most 25 lines", () => {
    expect(snippets[0]?.trimEnd().split("\n").length).toBeLessThanOrEqual(25)
  })
})
