// Compiled decoding equals that of `Schema`, for every response of the contract and every row of an export, valid or with
// one or two changes.
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { ExportRow, IssueExportRow, LegacyExportRow } from "effect-ango"
import { decodeFailure } from "../../src/decoding/decodeResult.js"
import { decoder } from "../../src/decoding/decoder.js"
import { compileSchema } from "../../src/decoding/schemaCompiler.js"
import { answerSchemas } from "../support/Answers.js"
import { wireValues } from "../support/WireValues.js"

type Json = Record<string, unknown>

/** Every object and every list of a value, itself included. */
const holders = (value: unknown): ReadonlyArray<Json> =>
  typeof value === "object" && value !== null ? [value as Json, ...Object.values(value).flatMap(holders)] : []

const nested = (depth: number): unknown => (depth === 0 ? [] : { more: nested(depth - 1) })

const others = [null, "", "another word", 0, -1.5, true, [], [null], {}, { _id: 1 }, nested(50)]

const ids = ["65aa0000000000000000a001", "", 7, null]

// One change of the value. Place, kind and new content are drawn as numbers.
const change = (wire: unknown, [place, kind, which]: readonly [number, number, number]): unknown => {
  const copy: unknown = structuredClone(wire)
  const all = holders(copy)
  const holder = all[place % all.length]
  if (holder === undefined) return others[which % others.length]
  const keys = Object.keys(holder)
  const key = keys[which % Math.max(1, keys.length)]
  switch (kind % 4) {
    case 0:
      if (key !== undefined && !Array.isArray(holder)) delete holder[key]
      return copy
    case 1:
      if (key !== undefined) holder[key] = others[which % others.length]
      return copy
    case 2:
      if (!Array.isArray(holder)) holder["unknown"] = others[which % others.length]
      return copy
    default:
      // `id` next to `_id`: the decoded name of the id as a key on the wire.
      if (!Array.isArray(holder)) holder["id"] = ids[which % ids.length]
      return copy
  }
}

const changes = FastCheck.array(FastCheck.tuple(FastCheck.nat(), FastCheck.nat(), FastCheck.nat()), {
  maxLength: 2
})

const runs = { fastCheck: { numRuns: 300 } }

const rows: ReadonlyArray<Schema.Schema.AnyNoContext> = [
  ExportRow.ExportRow,
  IssueExportRow.IssueExportRow,
  LegacyExportRow.LegacyExportRow
]

const schemas: ReadonlyArray<readonly [string, Schema.Schema<unknown>]> = [
  ...answerSchemas,
  ...rows.map(({ ast }) => [String(ast), Schema.make<unknown>(ast)] as const)
]

describe("compiled decoding", () => {
  for (const [operation, schema] of schemas) {
    const decode = decoder(schema)
    const compiled = compileSchema(schema, operation)
    const slow = Schema.decodeUnknownEither(schema)

    it.prop(
      `${operation}: equals Schema`,
      [wireValues(schema), changes],
      ([wire, changed]) => {
        const value = changed.reduce(change, wire)
        const before = structuredClone(value)
        const [fast, right] = [decode(value), slow(value)]
        expect(Either.isRight(fast)).toBe(Either.isRight(right))
        if (Either.isRight(fast) && Either.isRight(right)) expect(fast.right).toStrictEqual(right.right)
        // Compiled decoding never accepts what Schema refuses.
        if (Either.isLeft(right)) expect(compiled(value, [])).toBe(decodeFailure)
        expect(value).toStrictEqual(before)
      },
      runs
    )

    it.prop(
      `${operation}: decodes every valid value without Schema`,
      [wireValues(schema)],
      ([wire]) => {
        if (Either.isRight(slow(wire))) expect(compiled(wire, [])).not.toBe(decodeFailure)
      },
      { fastCheck: { numRuns: 50 } }
    )
  }
})
