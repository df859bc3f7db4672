// Compiled encoding of request bodies: the same as `Schema` does.
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { endpoints } from "../../src/api/operations.js"
import { encoder } from "../../src/decoding/encoder.js"

const body = Schema.make<unknown>(
  Option.getOrThrow(Option.fromNullable(endpoints.get("annotations.importLabels")?.schemas().payload)).ast
)

const compiled = Option.getOrThrow(Option.fromNullable(encoder(body)))
const bySchema = Schema.encodeUnknownEither(body)

const project = "65aa0000000000000000a001"

const junk = FastCheck.oneof(FastCheck.constantFrom(null, undefined, "", "Bus", 7), FastCheck.jsonValue())

/** A valid value, and now and then another one. */
const mostly = (valid: FastCheck.Arbitrary<unknown>) =>
  FastCheck.oneof({ weight: 40, arbitrary: valid }, { weight: 1, arbitrary: junk })

const listOf = (item: FastCheck.Arbitrary<unknown>) => mostly(FastCheck.array(item, { maxLength: 2 }))

const named = (others: Record<string, FastCheck.Arbitrary<unknown>>) =>
  FastCheck.record(
    { title: FastCheck.constant("Vehicle"), page: mostly(FastCheck.nat(9)), ...others },
    { requiredKeys: [] }
  )

const answer = mostly(FastCheck.constantFrom("Bus", true, ["Bus", "Car"]))

const classification = named({ answer, classifications: listOf(named({ answer })) })

const box = { x: 1, y: 2, width: 3, height: 4 }

const object = named({
  objectId: mostly(FastCheck.constant("v1")),
  "bounding-box": mostly(FastCheck.constant(box)),
  classifications: listOf(classification)
})

const entry = FastCheck.record(
  {
    tools: listOf(object),
    classifications: listOf(classification),
    relations: listOf(FastCheck.constant({ title: "near", from: "v1", to: "v2" })),
    externalId: mostly(FastCheck.constant("a.jpg")),
    data: mostly(FastCheck.constantFrom("https://files.example/a.jpg", null)),
    more: junk
  },
  { requiredKeys: ["externalId"] }
).chain((one) =>
  // Objects under either name, or under both, which is refused.
  FastCheck.constantFrom({}, {}, { tools: undefined, objects: one.tools }, { objects: one.tools }).map(
    (change) =>
      Object.fromEntries(Object.entries({ ...one, ...change }).filter(([, value]) => value !== undefined))
  )
)

const input = FastCheck.record({
  project: mostly(FastCheck.constant(project)),
  jsonContent: FastCheck.array(entry, { maxLength: 2 })
})

const results = (encode: (value: unknown) => Either.Either<unknown, unknown>, value: unknown) =>
  Either.mapBoth(encode(value), { onLeft: String, onRight: (encoded) => JSON.stringify(encoded) })

describe("the body of an import of pre-labels", () => {
  it("is encoded, or refused, as by Schema", () => {
    let encoded = 0
    FastCheck.assert(
      FastCheck.property(input, (value) => {
        const expected = results((one) => Either.mapLeft(bySchema(one), ({ issue }) => issue), value)
        if (Either.isRight(expected)) encoded++
        expect(results(compiled, value)).toEqual(expected)
      }),
      { numRuns: 500 }
    )
    expect(encoded).toBeGreaterThan(50)
    expect(encoded).toBeLessThan(450)
  })

  it("has the objects of an entry under objects, and fields in the order of the documents", () => {
    const entry = {
      classifications: [],
      tools: [{ title: "Vehicle" }],
      externalId: "a.jpg",
      more: { z: 1, a: 2 }
    }
    const encoded = compiled({ project, jsonContent: [entry] })
    expect(JSON.stringify(Either.getOrThrow(encoded))).toBe(
      `{"project":"${project}","jsonContent":[{"externalId":"a.jpg","objects":[{"title":"Vehicle"}],` +
        '"classifications":[],"more":{"z":1,"a":2}}]}'
    )
  })
})
