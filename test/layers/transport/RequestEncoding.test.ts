// Path and query are encoded field by field: the result, or the refusal, is that of the schema.
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { endpoints } from "../../../src/api/operations.js"
import { makeRequestEncoder, objectEncoder } from "../../../src/layers/transport/requestEncoding.js"
import { encodeUnknownEither } from "../../../src/schemas/parseIssue.js"

const schemas = Array.from(endpoints).flatMap(([name, { schemas }]) => {
  const { path, query } = schemas()
  return [
    ["path", path],
    ["query", query]
  ].flatMap(([part, fields]) =>
    typeof fields === "object"
      ? [[`${part} of ${name}`, Schema.make<unknown>(Schema.Struct(fields).ast)] as const]
      : []
  )
})

// A value that fits, or one with a field replaced, removed or added.
const inputs = (schema: Schema.Schema<unknown>) =>
  FastCheck.tuple(
    Arbitrary.make(Schema.typeSchema(schema)),
    FastCheck.option(
      FastCheck.tuple(
        FastCheck.nat(20),
        FastCheck.constantFrom<unknown>(undefined, null, 0, 1001, "", "../x", {})
      )
    )
  ).map(([value, change]) => {
    if (change === null) return value
    const entries = Object.entries(value as object)
    const [key = "extra"] = entries[change[0] % (entries.length + 1)] ?? []
    return { ...(value as object), [key]: change[1] }
  })

describe("an object", () => {
  it.each(schemas)("is encoded as by its schema: %s", (_, schema) => {
    const encode = objectEncoder(schema)
    const encodeWhole = encodeUnknownEither(schema)
    FastCheck.assert(
      FastCheck.property(inputs(schema), (input) => {
        const expected = Either.mapBoth(encodeWhole(input), {
          onLeft: String,
          onRight: (value) => JSON.stringify(value)
        })
        // Twice: the second time with what it remembers of the first.
        for (const result of [encode(input), encode(input)]) {
          expect(
            Either.mapBoth(result, { onLeft: String, onRight: (value) => JSON.stringify(value) })
          ).toEqual(expected)
        }
      }),
      { numRuns: 40 }
    )
  })

  it.each([undefined, null, 1, "text", []])("is refused where there is none: %s", (input) => {
    const [, schema] = schemas[0] ?? []
    expect(schema !== undefined && Either.isLeft(objectEncoder(schema)(input))).toBe(true)
  })
})

describe("a body", () => {
  it("that cannot be JSON is refused before any request", () => {
    const endpoint = endpoints.get("tasks.review")
    const encode = endpoint && makeRequestEncoder(endpoint, "https://hub.example/v2")
    expect(encode?.({ path: { taskId: "65aa" }, payload: 1n })?._tag).toBe("Left")
  })
})
