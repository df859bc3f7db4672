// The text by which rows are compared, and which ledgers of earlier runs have hashed.
import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { canonicalText } from "../../../src/bulk/engine/canonicalText.js"

/** The text as JSON.stringify makes it, with a replacer that sorts the fields of each object. */
const byReplacer = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part
  ) ?? "undefined"

describe("the text of a row", () => {
  it("has its fields in the order of their names, at every depth", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.object({ key: FastCheck.oneof(FastCheck.string(), FastCheck.nat().map(String)) }),
        (value) => {
          expect(canonicalText(value)).toBe(byReplacer(value))
        }
      ),
      { numRuns: 500 }
    )
    expect(canonicalText(JSON.parse('{"b":{"__proto__":1,"a":2},"a":[{"d":1,"c":2}]}'))).toBe(
      '{"a":[{"c":2,"d":1}],"b":{"__proto__":1,"a":2}}'
    )
  })

  it("is that of toJSON", () => {
    const file = { name: "a.jpg", toJSON: () => ({ size: 1, at: new Date(0) }) }
    expect(canonicalText([file, undefined])).toBe('[{"at":"1970-01-01T00:00:00.000Z","size":1},null]')
  })

  it("is missing for what JSON cannot represent", () => {
    const circular: Array<unknown> = []
    circular.push(circular)
    expect([canonicalText({ a: 1n }), canonicalText(circular)]).toEqual([undefined, undefined])
  })
})
