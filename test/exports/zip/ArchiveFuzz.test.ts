// Ten thousand mutated archives in four groups: each is read to a typed error or to all rows.
import { expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import { archiveOf, type EntryOptions, type Form } from "../../support/Archives.js"
import { packedBy, ways } from "../../support/Tools.js"
import { valuesOf } from "../../support/Unpack.js"

const runs = 2_500

const values = Array.from({ length: 12 }, (_, index) => ({
  index,
  text: "x".repeat(index),
  tools: [{ a: "]" }]
}))
const lines = values.map((value) => `${JSON.stringify(value)}\n`).join("")
const expected = [...values, ...values]

const sources = { "a.ndjson": lines, "b.json": JSON.stringify(values) }

const entriesIn = (method: number, form: Form, zip64: boolean): ReadonlyArray<EntryOptions> =>
  Object.entries(sources).map(([name, text]) => ({ name, text, method, form, zip64 }))

const ours = (method: number) =>
  (["known", "signed", "unsigned", "signed64", "unsigned64"] as const).flatMap((form) =>
    [false, true].map((zip64) =>
      archiveOf(entriesIn(method, form, zip64), { zip64, comment: zip64 ? "end" : "" })
    )
  )
const theirs = (tools: RegExp) =>
  Object.keys(ways)
    .filter((way) => tools.test(way) && ways[way]?.isPiped !== true)
    .map((way) => packedBy(way, sources))

const groups = {
  "written by hand and stored": () => ours(0),
  "written by hand and deflated": () => ours(8),
  "of Info-ZIP": () => theirs(/^zip/),
  "of Python and 7-Zip": () => theirs(/^(python|7z)/)
}

// A position as a fraction of the length. (Drawn as a double, it would almost always be close to 0.)
const parts = 0x100000
const place = FastCheck.integer({ min: 0, max: parts - 1 }).map((part) => part / parts)
const byte = FastCheck.integer({ min: 0, max: 255 })
const mutation = FastCheck.oneof(
  FastCheck.record({
    kind: FastCheck.constant("flip" as const),
    at: place,
    bit: FastCheck.integer({ min: 0, max: 7 })
  }),
  FastCheck.record({ kind: FastCheck.constant("set" as const), at: place, byte }),
  FastCheck.record({ kind: FastCheck.constant("cut" as const), at: place }),
  FastCheck.record({
    kind: FastCheck.constant("drop" as const),
    at: place,
    length: FastCheck.integer({ min: 1, max: 40 })
  }),
  FastCheck.record({
    kind: FastCheck.constant("insert" as const),
    at: place,
    bytes: FastCheck.uint8Array({ minLength: 1, maxLength: 40 })
  }),
  FastCheck.record({
    kind: FastCheck.constant("repeat" as const),
    at: place,
    length: FastCheck.integer({ min: 1, max: 400 })
  }),
  FastCheck.record({
    kind: FastCheck.constant("swap" as const),
    at: place,
    other: place,
    length: FastCheck.integer({ min: 1, max: 60 })
  })
)
type Mutation = typeof mutation extends FastCheck.Arbitrary<infer A> ? A : never

const mutate = (archive: Uint8Array, change: Mutation): Uint8Array => {
  const at = Math.floor(change.at * archive.length)
  const [before, after] = [archive.subarray(0, at), archive.subarray(at)]
  switch (change.kind) {
    case "flip":
      return Uint8Array.from(archive, (value, index) => (index === at ? value ^ (1 << change.bit) : value))
    case "set":
      return Uint8Array.from(archive, (value, index) => (index === at ? change.byte : value))
    case "cut":
      return before
    case "drop":
      return Buffer.concat([before, after.subarray(change.length)])
    case "insert":
      return Buffer.concat([before, change.bytes, after])
    case "repeat":
      return Buffer.concat([before, after.subarray(0, change.length), after])
    case "swap": {
      const other = Math.floor(change.other * archive.length)
      const copy = Uint8Array.from(archive)
      copy.set(archive.subarray(at, at + change.length).subarray(0, archive.length - other), other)
      return copy
    }
  }
}

const typed = ["ArchiveError", "RowDecodeError"]
const outcomes: Record<string, number> = {}

for (const [group, archives] of Object.entries(groups)) {
  it.effect.prop(
    `reads ${runs} mutated archives ${group} to a typed error or to all rows`,
    [
      FastCheck.constantFrom(...archives()),
      FastCheck.array(mutation, { minLength: 1, maxLength: 3 }),
      FastCheck.constantFrom(1_000_000, 97)
    ],
    ([archive, changes, pieces]) =>
      Effect.gen(function* () {
        const exit = yield* Effect.exit(valuesOf(changes.reduce(mutate, archive), pieces))
        const end = Exit.isSuccess(exit)
          ? "rows"
          : Cause.isFailType(exit.cause)
            ? exit.cause.error._tag
            : "a defect"
        const reason = Exit.isFailure(exit) && Cause.isFailType(exit.cause) ? exit.cause.error.reason : end
        outcomes[reason] = (outcomes[reason] ?? 0) + 1
        if (Exit.isSuccess(exit)) expect(exit.value).toEqual(expected)
        else expect(typed, Cause.pretty(exit.cause)).toContain(end)
      }),
    { fastCheck: { numRuns: runs, endOnFailure: true }, timeout: 600_000 }
  )
}

it("has reached the common outcomes", () => {
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(["rows", "truncated", "content"]))
})
