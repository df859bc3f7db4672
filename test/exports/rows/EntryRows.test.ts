// Rows from bytes: lines and arrays, in chunks of any size, valid and invalid.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { entryRows } from "../../../src/exports/rows/entryRows.js"
import { bytesOf } from "../../support/Archives.js"
import { rowsOf, streamOf } from "../../support/Unpack.js"

const values = (all: ReadonlyArray<object>) =>
  all.map((row) => ("value" in row ? row.value : (row as { reason?: string }).reason))

const good: ReadonlyArray<readonly [string, string, ReadonlyArray<unknown>]> = [
  ["lines", '{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
  ["lines without a last line feed", '{"a":1}\n{"a":2}', [{ a: 1 }, { a: 2 }]],
  ["lines with CRLF", '{"a":1}\r\n{"a":2}\r\n', [{ a: 1 }, { a: 2 }]],
  ["blank lines", '\n\r\n  \n{"a":1}\n \t\n\n{"a":2}\n\n', [{ a: 1 }, { a: 2 }]],
  ["a byte order mark before lines", '\ufeff{"a":1}\n2\n', [{ a: 1 }, 2]],
  ["a byte order mark before an array", "\ufeff[1,2]", [1, 2]],
  ["an array", '[{"a":[1,"]"]},{"b":{"c":"}\\"],["}}]', [{ a: [1, "]"] }, { b: { c: '}"],[' } }]],
  ["an array on many lines", ' \n[\n {"a": 1 } ,\r\n\t2\n,"x,y", null\n] \n', [{ a: 1 }, 2, "x,y", null]],
  ["an array of arrays", "[[1,[2]],[],[[]]]", [[1, [2]], [], [[]]]],
  ["strings that end in backslashes", '["\\\\","\\\\\\"",""]', ["\\", '\\"', ""]],
  ["an empty array", " [ ] ", []],
  ["no bytes", "", []],
  ["only white space", " \n\n", []],
  ["one object on many lines", '{\r\n  "a": [\n 1 ],\n "b": "{"\n}\n', [{ a: [1], b: "{" }]],
  ["one object on one line", '{"a":"[1]"}', [{ a: "[1]" }]],
  ["scalars, one per line", '1\n"two"\nnull', [1, "two", null]],
  ["characters of several bytes", '{"ü":"ğ"}\n{"日本":"😀"}\n', [{ ü: "ğ" }, { 日本: "😀" }]]
]

it.effect.each(good)("reads %s", ([, text, expected]) =>
  Effect.gen(function* () {
    const whole = yield* rowsOf(text)
    expect(values(whole)).toEqual(expected)
    const bytes = bytesOf(text)
    for (const row of whole) {
      if (row._tag !== "Row") continue
      const own = Buffer.from(bytes.subarray(row.offset, row.offset + row.bytes)).toString()
      expect(JSON.parse(own)).toEqual(row.value)
      expect(own.trim()).toBe(own)
    }
    expect(whole.map((row) => row._tag === "Row" && row.index)).toEqual(expected.map((_, index) => index))
    for (const size of [1, 2, 3, 7]) expect(yield* rowsOf(text, size)).toEqual(whole)
  })
)

it.effect("uses the format of the caller instead of the first byte", () =>
  Effect.gen(function* () {
    expect(values(yield* rowsOf("[1]\n[2]\n", 3, { format: "lines" }))).toEqual([[1], [2]])
    expect(values(yield* rowsOf('{"a":\n1}', 3, { format: "json" }))).toEqual([{ a: 1 }])
    expect(values(yield* rowsOf("[1,\n2]", 3, { format: "json" }))).toEqual([1, 2])
    expect(values(yield* rowsOf('{"a":\n1}\n2\n', 3, { format: "lines" }))).toEqual([
      "not-json",
      "not-json",
      2
    ])
  })
)

it.effect("reports unreadable rows in their positions, and continues after them", () =>
  Effect.gen(function* () {
    for (const size of [1, 5, 1000]) {
      const lines = Buffer.concat([
        bytesOf('{"a":1}\nnonsense\n{"a":"'),
        Uint8Array.of(0xff),
        bytesOf('"}\n4\n')
      ])
      const read = yield* rowsOf(lines, size)
      expect(values(read)).toEqual([{ a: 1 }, "not-json", "not-utf8", 4])
      expect(read[1]).toMatchObject({ _tag: "RowDecodeError", entry: "a", index: 1, offset: 8, bytes: 8 })
      expect(read[1]).toHaveProperty("message", expect.not.stringContaining("nonsense"))
      expect(read[3]).toMatchObject({ index: 3, offset: 27, bytes: 1 })
      expect(values(yield* rowsOf("[1,,{]},x,2,]", size))).toEqual([
        1,
        "not-json",
        "not-json",
        "not-json",
        2,
        "not-json"
      ])
    }
  })
)

const broken: ReadonlyArray<readonly [string, string, object]> = [
  ["an array truncated between elements", "[1,2,", { _tag: "ArchiveError", reason: "truncated-row" }],
  ["an array truncated inside an element", '[1,{"a":"]', { _tag: "ArchiveError", reason: "truncated-row" }],
  ["an array truncated after its bracket", "[", { _tag: "ArchiveError", reason: "truncated-row", offset: 1 }],
  [
    "a truncated last line",
    '{"a":1}\n{"a":',
    { _tag: "ArchiveError", reason: "truncated-row", offset: 8, entry: "a" }
  ],
  ["a truncated only line", '{"a":1', { _tag: "ArchiveError", reason: "truncated-row", offset: 0 }],
  ["a truncated object on many lines", '{\n"a":1,\n', { _tag: "ArchiveError", reason: "truncated-row" }],
  ["a truncated first line", '{"a":\n{"b":1}}}\n{"c":1}\n', { _tag: "ArchiveError", reason: "rows" }],
  ["two arrays", "[1]\n[2]\n", { _tag: "ArchiveError", reason: "rows", offset: 4 }],
  ["text after an array", "[1] x", { _tag: "ArchiveError", reason: "rows", offset: 4 }]
]

it.effect.each(broken)("fails for %s", ([, text, expected]) =>
  Effect.forEach([1, 4, 1000], (size) =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(rowsOf(text, size))).toMatchObject(expected)
    })
  )
)

it.effect("emits the rows before an error, and fails for a row that is too large", () =>
  Effect.gen(function* () {
    for (const [text, offset] of [
      ['"1"\n"22222222"\n"3"\n', 4],
      ['["1","22222222","3"]', 5]
    ] as const) {
      for (const size of [1, 4, 1000]) {
        const before: Array<unknown> = []
        const error = yield* entryRows(streamOf(text, size), { entry: "a", maxRowBytes: 8 }).pipe(
          Stream.runForEach((row) => Effect.sync(() => before.push(row._tag === "Row" && row.value))),
          Effect.flip
        )
        expect(before).toEqual(["1"])
        expect(error).toMatchObject({
          _tag: "ArchiveError",
          reason: "row-too-large",
          index: 1,
          offset,
          allowed: 8
        })
      }
    }
    expect(yield* rowsOf('{"a":\n1}', 2, { maxRowBytes: 8 })).toHaveLength(1)
    expect(yield* Effect.flip(rowsOf('{"a":\n1}', 2, { maxRowBytes: 7 }))).toMatchObject({
      _tag: "ArchiveError",
      reason: "row-too-large"
    })
  })
)

const sizes = FastCheck.array(FastCheck.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 })
const json = FastCheck.array(FastCheck.jsonValue(), { maxLength: 8 })
const space = FastCheck.constantFrom("", " ", "\r\n", "\n\t ")

it.effect.prop(
  "reads the same rows from chunks of any size",
  [json, sizes, space, FastCheck.boolean()],
  ([all, pieces, gap, isArray]) =>
    Effect.gen(function* () {
      const texts = all.map((value) => JSON.stringify(value, null, isArray && gap !== "" ? 1 : undefined))
      const text = isArray
        ? `[${gap}${texts.join(`${gap},${gap}`)}${gap}]`
        : texts.join(gap.includes("\n") ? gap : "\n")
      const options = { format: isArray ? "json" : "lines" } as const
      const whole = yield* rowsOf(text, 1_000_000, options)
      expect(values(whole)).toEqual(all.map((value) => JSON.parse(JSON.stringify(value))))
      expect(yield* rowsOf(text, pieces, options)).toEqual(whole)
    })
)

it.effect.prop(
  "ends in the same way for invalid bytes in chunks of any size",
  [FastCheck.string({ unit: FastCheck.constantFrom(...'[]{}",:\\1 \n\rü'), maxLength: 40 }), sizes],
  ([text, pieces]) =>
    Effect.gen(function* () {
      const options = { maxRowBytes: 12 }
      const read = (size: number | ReadonlyArray<number>) => Effect.either(rowsOf(text, size, options))
      expect(yield* read(pieces)).toEqual(yield* read(1_000_000))
    }),
  { fastCheck: { numRuns: 100 } }
)
