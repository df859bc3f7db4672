// Whatever a hub may write within the contract is read, and nothing in it is lost.
import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { answerSchemas } from "../support/Answers.js"
import { wireValues } from "../support/WireValues.js"

// Two sources name these fields differently, and we read both names: an item of a history may come with `_id`, a
// storage with `id` and `type`.
const namedTwice = [
  "tasks.history",
  "tasks.historyItem",
  "storages.list",
  "storages.create",
  "storages.delete"
]

const runs = { fastCheck: { numRuns: 60 } }

describe("an answer, decoded and encoded again, is the same JSON", () => {
  for (const [operation, schema] of answerSchemas) {
    if (namedTwice.includes(operation)) continue
    it.prop(
      operation,
      [wireValues(schema)],
      ([wire]) => {
        expect(Schema.encodeSync(schema)(Schema.decodeUnknownSync(schema)(wire))).toEqual(wire)
      },
      runs
    )
  }
})

describe("an answer with a field of two names, written under ours, is the same value", () => {
  for (const [operation, schema] of answerSchemas) {
    if (!namedTwice.includes(operation)) continue
    const readable = wireValues(schema).filter(
      (wire) => Schema.decodeUnknownOption(schema)(wire)._tag === "Some"
    )
    it.prop(
      operation,
      [readable],
      ([wire]) => {
        const value = Schema.decodeUnknownSync(schema)(wire)
        expect(Schema.decodeUnknownSync(schema)(Schema.encodeSync(schema)(value))).toEqual(value)
      },
      runs
    )
  }
})
