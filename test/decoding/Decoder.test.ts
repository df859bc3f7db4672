// What compiled decoding does beside what `Schema` says: it shares, keeps and finds.
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { LabelTask } from "effect-ango"
import { decoder } from "../../src/decoding/decoder.js"
import type { DriftFinding } from "../../src/decoding/drift.js"
import * as Open from "../../src/schemas/open.js"
import { withoutSecrets } from "../../src/schemas/secret.js"

const decodeTask = decoder(LabelTask.LabelTask)

const taskId = "65aa0000000000000000b001"

const told = (schema: Schema.Schema.AnyNoContext, value: unknown, name?: string) => {
  const findings: Array<DriftFinding> = []
  Either.getOrThrow(decoder(schema, name)(value, findings))
  return findings.map((finding) => [finding.kind, finding.schema, finding.path, finding.name])
}

describe("what is right as it is", () => {
  it("is handed through, and only the object that changes is copied", () => {
    const wire = { _id: taskId, answer: { tools: [{ title: "Car", box: [1, 2] }] }, batches: ["a", null] }
    const task = Either.getOrThrow(decodeTask(wire))
    expect(task).toStrictEqual({ id: taskId, answer: wire.answer, batches: wire.batches })
    expect(task.answer).toBe(wire.answer)
    expect(task.batches).toBe(wire.batches)
    expect(wire._id).toBe(taskId)
  })

  it("is the whole value where no field is renamed", () => {
    const wire = { a: "x", list: [{ n: 1 }], more: { any: [1] } }
    const schema = Open.struct({ a: Schema.String, list: Schema.Array(Open.struct({ n: Schema.Number })) })
    expect(Either.getOrThrow(decoder(schema)(wire))).toBe(wire)
  })

  it("keeps the order of its fields", () => {
    const wire = JSON.parse(`{"z":1,"_id":"${taskId}","status":"TODO","a":2}`)
    expect(Object.keys(Either.getOrThrow(decodeTask(wire)))).toEqual(["z", "id", "status", "a"])
  })
})

describe("a field called __proto__", () => {
  const wire = JSON.parse(
    `{"__proto__":{"status":7},"_id":"${taskId}","asset":{"__proto__":{"apiKey":"x"},"_id":"e"}}`
  )

  it("is a field like any other, and no prototype", () => {
    const task = Either.getOrThrow(decodeTask(wire))
    expect(Object.getPrototypeOf(task)).toBe(Object.prototype)
    expect(task.status).toBeUndefined()
    expect(JSON.stringify(task)).toBe(
      `{"__proto__":{"status":7},"id":"${taskId}","asset":{"__proto__":{},"id":"e"}}`
    )
  })

  it("does not stand in for a field that is missing", () => {
    expect(Either.isLeft(decodeTask(JSON.parse(`{"__proto__":{"_id":"${taskId}"}}`)))).toBe(true)
  })
})

describe("a field that a program has put on every object", () => {
  it("is no field of an answer", () => {
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

describe("fields that the schema does not name", () => {
  const inner = Schema.Struct({ a: Schema.Number })

  it("are dropped by default, and kept below a schema that keeps them", () => {
    const wire = { a: 1, b: 2 }
    expect(Either.getOrThrow(decoder(inner)(wire))).toStrictEqual({ a: 1 })
    expect(Either.getOrThrow(decoder(Schema.Array(inner))([wire]))).toStrictEqual([{ a: 1 }])
    const kept = Open.keepUnknown(Schema.Array(inner))
    expect(Either.getOrThrow(decoder(kept)([wire]))).toStrictEqual([wire])
    expect(wire).toStrictEqual({ a: 1, b: 2 })
  })

  it("are refused where the schema says so", () => {
    const strict = inner.annotations({ parseOptions: { onExcessProperty: "error" } })
    expect(Either.isLeft(decoder(strict)({ a: 1, b: 2 }))).toBe(true)
    expect(Either.isRight(decoder(strict)({ a: 1 }))).toBe(true)
  })
})

describe("schemas that are not compiled", () => {
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
      "fields beside a record",
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

  it("are dropped at any depth, and nothing is copied without one", () => {
    const clean = { name: "a", more: [{ key: 1, monkey: 2 }] }
    expect(Either.getOrThrow(decoder(schema)(clean))).toBe(clean)
    const wire = { name: "a", apiKey: "x", more: [{ private_key: 1, "Secret-Access-KEY": 2, key: 3 }] }
    expect(Either.getOrThrow(decoder(schema)(wire))).toStrictEqual({ name: "a", more: [{ key: 3 }] })
    expect(wire.apiKey).toBe("x")
  })
})

describe("findings", () => {
  it("are the fields and the values that the schema does not know, at any depth", () => {
    const wire = {
      _id: taskId,
      status: "Frozen",
      mood: 1,
      review: { status: "Pondered", by: "x" },
      // A part of an asset, and a field that older answers have.
      asset: { _id: "65aa", colour: "red" },
      isStar: true
    }
    expect(told(LabelTask.LabelTask, wire)).toEqual([
      ["value", "LabelTask", "status", "Frozen"],
      ["field", "LabelTask", "", "mood"],
      ["value", "LabelTask", "review.status", "Pondered"],
      ["field", "LabelTask", "review", "by"]
    ])
  })

  it("outside of every schema with a name are told of the operation", () => {
    const page = Open.struct({
      data: Schema.Struct({ rows: Schema.Array(Schema.Struct({ a: Schema.Number })) })
    })
    expect(
      told(
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

  it("are those of the member of a union that took the value", () => {
    const either = Schema.Union(
      Open.struct({ a: Schema.Number, n: Schema.Number }),
      Open.struct({ b: Schema.Number, a: Schema.Number })
    )
    expect(told(either, { x: 1, a: 1, b: 2 })).toEqual([["field", "", "", "x"]])
  })

  it("are none in what may hold any fields", () => {
    const schema = Open.struct({ free: Open.jsonObject, any: Open.json })
    expect(told(schema, { free: { a: 1 }, any: { b: 2 } })).toEqual([])
  })
})
