// Rows that are split and parsed many at a time equal those that are parsed one by one.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { RowOptions } from "../../../src/exports/rows/rowReader.js"
import { bytesOf } from "../../support/Archives.js"
import { rowsOf } from "../../support/Unpack.js"

// The rows of a text by another algorithm: line by line, each with its position in bytes.
const expectedOf = (text: string) => {
  let offset = text.startsWith("\ufeff") ? 3 : 0
  let index = 0
  return text
    .replace(/^\ufeff/, "")
    .split("\n")
    .flatMap((line): ReadonlyArray<object> => {
      const start = offset + Buffer.byteLength(line) - Buffer.byteLength(line.trimStart())
      offset += Buffer.byteLength(line) + 1
      const row = line.trim()
      if (row === "") return []
      const place = { entry: "a", index: index++, offset: start, bytes: Buffer.byteLength(row) }
      return row.startsWith("{")
        ? [{ _tag: "Row", ...place, text: row, value: JSON.parse(row) }]
        : [{ _tag: "RowDecodeError", ...place, reason: "not-json" }]
    })
}

const ascii = '{"n":0}\n{"n":1,"t":"a\\nb"}\nbroken}\n{"n":2}\n\n{"n":3}\nalso broken\n{"n":4}\n'

const texts: ReadonlyArray<readonly [string, string]> = [
  ["lines of ASCII", ascii],
  ["lines of Windows", ascii.replaceAll("\n", "\r\n")],
  [
    "lines with characters of two, three and four bytes",
    ascii.replaceAll('"n"', '"日😀"').replaceAll("b", "ğ")
  ],
  ["one such character among many lines", `${ascii}{"ü":1}\n${ascii}`],
  ["a byte order mark and blank lines", `\ufeff\n \n${ascii}\n\r\n \t\n${ascii}`]
]

it.effect.each(texts)("reads %s in two chunks, cut at every byte", ([, text]) =>
  Effect.gen(function* () {
    const options: Omit<RowOptions, "entry"> = { format: "lines" }
    const bytes = bytesOf(text)
    const expected = expectedOf(text)
    expect(expected.length).toBeGreaterThan(6)
    for (let at = 1; at < bytes.length; at++) {
      expect(yield* rowsOf(bytes, [at, bytes.length], options)).toMatchObject(expected)
    }
  })
)

it.effect("reports only the row that is not JSON, among many in one chunk", () =>
  Effect.gen(function* () {
    const lines = Array.from({ length: 300 }, (_, nth) => `{"n":${nth}}`)
    for (const bad of [0, 1, 150, 298, 299]) {
      const text = [...lines.slice(0, bad), `{"n":${bad}]`, ...lines.slice(bad + 1), "{}"].join("\n")
      const read = yield* rowsOf(text, 1_000_000, { format: "lines" })
      expect(read).toHaveLength(301)
      const malformed = read.filter(({ _tag }) => _tag === "RowDecodeError")
      const offset = lines.slice(0, bad).join("\n").length + (bad === 0 ? 0 : 1)
      expect(malformed).toMatchObject([{ index: bad, offset, bytes: `{"n":${bad}]`.length }])
      expect(read.map(({ index }) => index)).toEqual(read.map((_, nth) => nth))
    }
  })
)

it.effect("reports two rows that are JSON only together", () =>
  Effect.gen(function* () {
    const read = yield* rowsOf('{"a":1}\n[{}\n{"b":2}\n{}]\n{},{}\n{"c":3}\n', 1000, { format: "lines" })
    expect(read.map(({ _tag }) => _tag)).toEqual([
      "Row",
      "RowDecodeError",
      "Row",
      "RowDecodeError",
      "RowDecodeError",
      "Row"
    ])
  })
)

it.effect("reports invalid UTF-8 in its row, wherever the chunk ends", () =>
  Effect.gen(function* () {
    const before = bytesOf('{"a":"ü"}\n{"b":"')
    const text = Buffer.concat([before, Uint8Array.of(0xc3), bytesOf('"}\n{"c":"ü"}\n')])
    for (let at = 1; at < text.length; at++) {
      expect(yield* rowsOf(text, [at, text.length])).toMatchObject([
        { _tag: "Row", value: { a: "ü" } },
        { _tag: "RowDecodeError", index: 1, offset: 11, reason: "not-utf8" },
        { _tag: "Row", index: 2, value: { c: "ü" } }
      ])
    }
  })
)
