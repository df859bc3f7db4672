// Every response that the contract allows can be decoded and encoded without loss.
import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { answerSchemas } from "../support/Answers.js"
import { wireValues } from "../support/WireValues.js"

// Sources disagree about the names of some fields, and both are read: an item of a history may have `_id`, a storage `id`
// and `type`.
const withTwoNames = [
  "tasks.history",
  "tasks.historyItem",
  "storages.list",
  "storages.create",
  "storages.delete"
]

const runs = { fastCheck: { numRuns: 60 } }

describe("a decoded and encoded response is the same JSON", () => {
  for (const [operation, schema] of answerSchemas) {
    if (withTwoNames.includes(operation)) continue
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

describe("a decoded and encoded response with a renamed field has the same decoded value", () => {
  for (const [operation, schema] of answerSchemas) {
    if (!withTwoNames.includes(operation)) continue
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
