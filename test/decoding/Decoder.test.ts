// Compiled decoding beyond the result of `Schema`: shared values, kept fields and findings.
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { LabelTask } from "effect-ango"
import { decoder } from "../../src/decoding/decoder.js"
import type { DriftFinding } from "../../src/decoding/unknownFields.js"
import * as Open from "../../src/schemas/open.js"
import { withoutSecrets } from "../../src/schemas/secret.js"

const decodeTask = decoder(LabelTask.LabelTask)

const taskId = "65aa0000000000000000b001"

const findingsIn = (schema: Schema.Schema.AnyNoContext, value: unknown, name?: string) => {
  const findings: Array<DriftFinding> = []
  Either.getOrThrow(decoder(schema, name)(value, findings))
  return findings.map((finding) => [finding.kind, finding.schema, finding.path, finding.name])
}

describe("values that do not change", () => {
  it("are shared with the input; only the object that changes is copied", () => {
    const wire = { _id: taskId, answer: { tools: [{ title: "Car", box: [1, 2] }] }, batches: ["a", null] }
    const task = Either.getOrThrow(decodeTask(wire))
    expect(task).toStrictEqual({ id: taskId, answer: wire.answer, batches: wire.batches })
    expect(task.answer).toBe(wire.answer)
    expect(task.batches).toBe(wire.batches)
    expect(wire._id).toBe(taskId)
  })

  it("include the input itself where no field is renamed", () => {
    const wire = { a: "x", list: [{ n: 1 }], more: { any: [1] } }
    const schema = Open.struct({ a: Schema.String, list: Schema.Array(Open.struct({ n: Schema.Number })) })
    expect(Either.getOrThrow(decoder(schema)(wire))).toBe(wire)
  })

  it("keep the order of their fields", () => {
    const wire = JSON.parse(`{"z":1,"_id":"${taskId}","status":"TODO","a":2}`)
    expect(Object.keys(Either.getOrThrow(decodeTask(wire)))).toEqual(["z", "id", "status", "a"])
  })
})

describe("a field called __proto__", () => {
  const wire = JSON.parse(
    `{"__proto__":{"status":7},"_id":"${taskId}","asset":{"__proto__":{"apiKey":"x"},"_id":"e"}}`
  )

  it("is decoded as data, not as the prototype", () => {
    const task = Either.getOrThrow(decodeTask(wire))
    expect(Object.getPrototypeOf(task)).toBe(Object.prototype)
    expect(task.status).toBeUndefined()
    expect(JSON.stringify(task)).toBe(
      `{"__proto__":{"status":7},"id":"${taskId}","asset":{"__proto__":{},"id":"e"}}`
    )
  })

  it("does not provide a missing field", () => {
    expect(Either.isLeft(decodeTask(JSON.parse(`{"__proto__":{"_id":"${taskId}"}}`)))).toBe(true)
  })
})

describe("an enumerable field of Object.prototype", () => {
  it("is not a field of a response", () => {
    Object.defineProperty(Object.prototype, "status", {
      value: 7,
      enumerable: true,
      configurable: true,
      writable: true
    })
    try {
      expect(Either.map(decodeTask({ _id: taskId }), Object.keys)).toEqual(Either.right(["id"]))
    } finally {
      delete (Object.prototype as { status?: unknown }).status
    }
  })
})

describe("unknown fields", () => {
  const inner = Schema.Struct({ a: Schema.Number })

  it("are dropped by default, and kept at any depth of a schema that keeps them", () => {
    const wire = { a: 1, b: 2 }
    expect(Either.getOrThrow(decoder(inner)(wire))).toStrictEqual({ a: 1 })
    expect(Either.getOrThrow(decoder(Schema.Array(inner))([wire]))).toStrictEqual([{ a: 1 }])
    const kept = Open.keepUnknown(Schema.Array(inner))
    expect(Either.getOrThrow(decoder(kept)([wire]))).toStrictEqual([wire])
    expect(wire).toStrictEqual({ a: 1, b: 2 })
  })

  it("are refused by a schema with that option", () => {
    const strict = inner.annotations({ parseOptions: { onExcessProperty: "error" } })
    expect(Either.isLeft(decoder(strict)({ a: 1, b: 2 }))).toBe(true)
    expect(Either.isRight(decoder(strict)({ a: 1 }))).toBe(true)
  })
})

describe("schemas that cannot be compiled", () => {
  const cases: ReadonlyArray<readonly [string, Schema.Schema.AnyNoContext, ReadonlyArray<unknown>]> = [
    [
      "a default",
      Schema.Struct({ a: Schema.optionalWith(Schema.Number, { default: () => 1 }) }),
      [{}, { a: 2 }, { a: "" }]
    ],
    ["a required field of anything", Schema.Struct({ a: Schema.Unknown }), [{}, { a: 2 }]],
    [
      "a tagged union",
      Schema.Union(Schema.Struct({ t: Schema.Literal("a") }), Schema.Struct({ t: Schema.Literal("b") })),
      [{ t: "a" }, { t: "b" }, { t: "c" }, {}]
    ],
    ["a declaration", Schema.Struct({ at: Schema.Date }), [{ at: "2025-01-02" }, { at: "x" }, { at: 1 }]],
    ["a tuple", Schema.Tuple([Schema.String], Schema.Number), [["a"], ["a", 1], ["a", "b"], [], {}]],
    [
      "a tuple with an optional item",
      Schema.Tuple(Schema.String, Schema.optionalElement(Schema.Number)),
      [["a"], ["a", 1], ["a", 1, 2]]
    ],
    [
      "fields next to a record",
      Schema.Struct({ a: Schema.Number }, { key: Schema.String, value: Schema.Number }),
      [
        { a: 1, b: 2 },
        { a: 1, b: "" }
      ]
    ],
    ["JSON in a text", Schema.parseJson(Schema.Struct({ a: Schema.Number })), ['{"a":1}', "{", 1]],
    ["a fallback", Schema.Number.annotations({ decodingFallback: () => Either.right(0) }), ["x", 1]],
    ["an empty struct", Schema.Struct({}), [{}, 1, null, []]],
    ["a list of anything", Schema.Array(Schema.Unknown), [[1, null], {}, null]],
    [
      "exact options",
      Schema.Struct({ a: Schema.UndefinedOr(Schema.Number) }).annotations({ parseOptions: { exact: true } }),
      [{}, { a: 1 }]
    ]
  ]
  it.each(cases)("are decoded by Schema: %s", (_, schema, values) => {
    for (const value of values) {
      const fast = decoder(schema)(value)
      const slow = ParseResult.decodeUnknownEither(schema)(value)
      expect(Either.getOrElse(fast, () => "refused")).toStrictEqual(Either.getOrElse(slow, () => "refused"))
    }
  })
})

describe("secrets", () => {
  const schema = Open.struct({ name: Schema.String, more: Open.optional(Open.json) }).pipe(withoutSecrets)

  it("are dropped at any depth; values without secrets are not copied", () => {
    const clean = { name: "a", more: [{ key: 1, monkey: 2 }] }
    expect(Either.getOrThrow(decoder(schema)(clean))).toBe(clean)
    const wire = { name: "a", apiKey: "x", more: [{ private_key: 1, "Secret-Access-KEY": 2, key: 3 }] }
    expect(Either.getOrThrow(decoder(schema)(wire))).toStrictEqual({ name: "a", more: [{ key: 3 }] })
    expect(wire.apiKey).toBe("x")
  })
})

describe("findings", () => {
  it("report unknown fields and values at any depth", () => {
    const wire = {
      _id: taskId,
      status: "Frozen",
      mood: 1,
      review: { status: "Pondered", by: "x" },
      // A partial asset, and a field of older responses.
      asset: { _id: "65aa", colour: "red" },
      isStar: true
    }
    expect(findingsIn(LabelTask.LabelTask, wire)).toEqual([
      ["value", "LabelTask", "status", "Frozen"],
      ["field", "LabelTask", "", "mood"],
      ["value", "LabelTask", "review.status", "Pondered"],
      ["field", "LabelTask", "review", "by"]
    ])
  })

  it("name the operation outside of every schema with an identifier", () => {
    const page = Open.struct({
      data: Schema.Struct({ rows: Schema.Array(Schema.Struct({ a: Schema.Number })) })
    })
    expect(
      findingsIn(
        page,
        {
          data: {
            rows: [
              { a: 1, b: 1 },
              { a: 1, b: 2 }
            ],
            next: 1
          }
        },
        "some.list"
      )
    ).toEqual([
      ["field", "some.list", "data.rows[]", "b"],
      ["field", "some.list", "data", "next"]
    ])
  })

  it("come only from the union member that decoded the value", () => {
    const either = Schema.Union(
      Open.struct({ a: Schema.Number, n: Schema.Number }),
      Open.struct({ b: Schema.Number, a: Schema.Number })
    )
    expect(findingsIn(either, { x: 1, a: 1, b: 2 })).toEqual([["field", "", "", "x"]])
  })

  it("are empty for objects of any fields", () => {
    const schema = Open.struct({ free: Open.jsonObject, any: Open.json })
    expect(findingsIn(schema, { free: { a: 1 }, any: { b: 2 } })).toEqual([])
  })
})
