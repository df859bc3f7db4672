// Rows that are found and written as bytes equal those that are found and written as text.
import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { linesOf } from "../../../src/exports/rows/rowLines.js"
import { makeRowReader, type RowOptions } from "../../../src/exports/rows/rowReader.js"
import { bytesOf, inPieces } from "../../support/Archives.js"

type Format = RowOptions["format"]

const linesIn = (bytes: Uint8Array, sizes: number | ReadonlyArray<number>, format: Format): string => {
  const reader = makeRowReader({ entry: "a", format })
  const steps = [...inPieces(bytes, sizes).map(reader.push), reader.end()]
  expect(steps.map(({ error }) => error).filter((error) => error !== undefined)).toEqual([])
  return Buffer.concat(steps.flatMap(({ batch }) => (batch === undefined ? [] : [linesOf(batch)]))).toString()
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const lineOf = (row: string): string => `${row.replace(/[\r\n][\t\n\r ]*/g, "")}\n`

const trimmed = (text: string): string => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "")

// By another algorithm, on the whole text.
const expectedOf = (text: string): string =>
  text
    .replace(/^\ufeff/, "")
    .split("\n")
    .map(trimmed)
    .filter(isJson)
    .map(lineOf)
    .join("")

const cases: ReadonlyArray<readonly [string, string]> = [
  ["lines", '{"n":1}\n{"n":2}\n{"n":3}\n'],
  ["lines of Windows", '{"n":1}\r\n{"n":2}\r\n{"n":3}\r\n'],
  ["mixed ends", '{"n":1}\r\n{"n":2}\n{"n":3}\r\n{"n":4}\n{"n":5}'],
  ["white space between tokens", '{"n":\r1}\n{ "n" :\r \t 2 }\n\r\r{"n":3}\r \n{"a\\r\\nb":1}\n'],
  ["blank lines and a byte order mark", '\ufeff{"n":1}\n \n\t\r\n{"n":2}\n\n\n  {"n":3}  \n'],
  ["unreadable rows", 'x\n{"n":1}\n{"n":2\n{"n":3}\n{"n":4}\n]\n{"n":5}\n'],
  ["characters of several bytes", '{"ü":"日本😀"}\n{"n":1}\nğ\n{"ğ":"\u2028\u00a0"}\n'],
  ["numbers with many digits", '{"n":12345678901234567890.10}\n{"n":1e400}\n{"n":-0}\n']
]

describe("the lines of rows", () => {
  it.each(cases)("are those of the text: %s, in pieces of any size", (_, text) => {
    const bytes = bytesOf(text)
    expect(expectedOf(text).split("\n").length).toBeGreaterThan(3)
    for (let size = 1; size <= bytes.length; size++) {
      expect(linesIn(bytes, size, "lines")).toBe(expectedOf(text))
    }
  })

  it("are the elements of an array, without their line breaks", () => {
    const text = '[\n  {"n": 1},{"n":\r\n  2} ,\n3, [\n4,\n\t5\n], "a, ]"\n]\n'
    for (let size = 1; size <= text.length; size++) {
      expect(linesIn(bytesOf(text), size, "json")).toBe('{"n": 1}\n{"n":2}\n3\n[4,5]\n"a, ]"\n')
    }
  })

  it("are one line for a JSON text on many lines", () => {
    const text = '{\n  "n": 1,\r\n\r\n  "ü": [\n    2\n  ]\n}\n'
    for (let size = 1; size <= text.length; size++) {
      expect(linesIn(bytesOf(text), size, undefined)).toBe('{"n": 1,"ü": [2]}\n')
    }
  })

  it("are the bytes of the export themselves, not a copy, where nothing is left out", () => {
    const bytes = bytesOf('{"n":1}\n{"n":2}\n{"n":')
    const { batch } = makeRowReader({ entry: "a" }).push(bytes)
    const lines = batch === undefined ? expect.unreachable() : linesOf(batch)
    expect(lines.buffer).toBe(bytes.buffer)
    expect(Buffer.from(lines).toString()).toBe('{"n":1}\n{"n":2}\n')
  })

  it("that are invalid UTF-8 are left out", () => {
    const bytes = Buffer.concat([
      bytesOf('{"a":"ü"}\n{"a":"'),
      Uint8Array.of(0xc3),
      bytesOf('"}\n{"b":"ü"}\n')
    ])
    for (let size = 1; size <= bytes.length; size++) {
      expect(linesIn(bytes, size, "lines")).toBe('{"a":"ü"}\n{"b":"ü"}\n')
    }
  })

  const row = FastCheck.oneof(
    FastCheck.jsonValue().map((value) => JSON.stringify(value)),
    FastCheck.jsonValue().map((value) => JSON.stringify(value, null, "\r ").replaceAll("\n", "\r")),
    FastCheck.string({ unit: FastCheck.constantFrom(...'{}[]",:1 \rü'), maxLength: 6 })
  )
  const end = FastCheck.constantFrom("\n", "\n", "\r\n", " \n", "\n\n", "\n\t")
  const sizes = FastCheck.array(FastCheck.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 })

  it.prop(
    "are those of the text, for any rows, ends and pieces",
    [FastCheck.array(FastCheck.tuple(row, end), { maxLength: 20 }), sizes],
    ([rows, pieces]) => {
      const text = `${rows.flat().join("")}\n`
      expect(linesIn(bytesOf(text), pieces, "lines")).toBe(expectedOf(text))
    },
    { fastCheck: { numRuns: 500 } }
  )
})
