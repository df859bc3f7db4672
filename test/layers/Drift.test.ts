// How unknown fields and values are reported.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import { Ango, AngoClient, AngoConfig, Drift, RateLimit, Tasks, Telemetry } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { decoder } from "../../src/decoding/decoder.js"
import type { DriftFinding } from "../../src/decoding/unknownFields.js"
import { fromInput, type TaskId } from "../../src/schemas/ids.js"
import { answerSchemas } from "../support/Answers.js"
import { bodyOf, canary, golden, scripted } from "../support/Wire.js"

const taskId = fromInput<TaskId>("65aa0000000000000000b001")

const answer = (task: object, rest: object = {}) =>
  Response.json({ status: "success", data: { task: { _id: taskId, ...task } }, ...rest })

const client = Effect.map(AngoClient.AngoClient, Ango.methods)

const get = Effect.flatMap(client, ({ tasks }) => tasks.get({ path: { taskId }, urlParams: {} }))

const over = (answers: ReadonlyArray<() => Response>, drift: Layer.Layer<Drift.Drift>) =>
  AngoClient.layer.pipe(
    Layer.provide(AngoConfig.layer({ apiKey: Redacted.make(canary) })),
    Layer.provide(scripted(answers).http),
    Layer.provide(RateLimit.layerOff),
    Layer.provide(drift)
  )

const collector = () => {
  const reported: Array<Drift.Finding> = []
  return { reported, layer: Drift.layer((finding) => Effect.sync(() => void reported.push(finding))) }
}

describe("findings", () => {
  it.effect("are reported once per client, and preserved in the result", () =>
    Effect.gen(function* () {
      const { layer, reported } = collector()
      const drifted = () => answer({ mood: 1, status: "Frozen" }, { node: "a" })
      const { data } = yield* Effect.zipRight(get, get).pipe(Effect.provide(over([drifted], layer)))
      expect(data.task).toMatchObject({ mood: 1, status: "Frozen" })
      const operation = "tasks.get"
      expect(reported).toEqual([
        { operation, kind: "field", schema: "LabelTask", path: "", name: "mood" },
        { operation, kind: "value", schema: "LabelTask", path: "status", name: "Frozen" },
        { operation, kind: "field", schema: "tasks.get", path: "", name: "node" }
      ])
    })
  )

  it.effect("are limited to 1000 per client", () =>
    Effect.gen(function* () {
      const { layer, reported } = collector()
      const names = Array.from({ length: 1500 }, (_, n) => [`new${n}`, 1])
      yield* Effect.provide(get, over([() => answer(Object.fromEntries(names))], layer))
      expect(reported).toHaveLength(1000)
    })
  )

  it.effect.each([
    ["the key", canary],
    ["an address", "ann@lab.example"],
    ["an id", "65aa0000000000000000b001"],
    ["a long text", "word ".repeat(20)]
  ] as const)("do not quote data: %s", ([, text]) =>
    Effect.gen(function* () {
      const { layer, reported } = collector()
      yield* Effect.provide(get, over([() => answer({ [text]: 1, status: text })], layer))
      expect(reported.map(({ name }) => name)).toEqual(["*", "*"])
    })
  )

  it.effect("are logged and counted by default", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ annotations, logLevel }) => {
        lines.push(`${logLevel.label} ${JSON.stringify(Object.fromEntries([...annotations].toSorted()))}`)
      })
      const counted = Metric.value(
        Telemetry.drift.pipe(Metric.tagged("operation", "tasks.get"), Metric.tagged("kind", "value"))
      )
      const before = (yield* counted).count
      yield* Effect.zipRight(get, get).pipe(
        Effect.provide(AngoClient.layer),
        Effect.provide(AngoConfig.layer({ apiKey: Redacted.make(canary) })),
        Effect.provide(scripted([() => answer({ review: { status: "Pondered" } })]).http),
        Effect.provide(Logger.replace(Logger.defaultLogger, logger))
      )
      expect(lines).toEqual([
        'WARN {"kind":"value","name":"Pondered","operation":"tasks.get","place":"LabelTask.review.status"}'
      ])
      expect((yield* counted).count).toBe(before + 1)
    })
  )

  it.effect("are ignored with layerOff", () =>
    Effect.gen(function* () {
      const lines: Array<unknown> = []
      const logger = Logger.make(({ message }) => void lines.push(message))
      yield* get.pipe(
        Effect.provide(over([() => answer({ mood: 1 })], Drift.layerOff)),
        Effect.provide(Logger.replace(Logger.defaultLogger, logger))
      )
      expect(lines).toEqual([])
    })
  )

  it.effect("fail the call with layerFail, every time", () =>
    Effect.gen(function* () {
      const run = Effect.flip(get)
      const error = yield* Effect.zipRight(run, run).pipe(
        Effect.provide(over([() => answer({ mood: 1, status: "Frozen" })], Drift.layerFail))
      )
      expect(error).toMatchObject({
        _tag: "DecodeError",
        mismatches: [{ path: "LabelTask.mood" }, { path: "LabelTask.status" }]
      })
      expect(error.message).toContain("an unknown field at LabelTask.mood, the unknown value Frozen at")
    })
  )
})

describe("rows", () => {
  const rows = [{ _id: "a", mood: 1 }, { _id: "b" }, { _id: "c", mood: 2 }]
  const decode = Effect.flatMap(client, ({ lists }) => lists.tasks.decode(rows))

  it.effect("report their findings once", () =>
    Effect.gen(function* () {
      const { layer, reported } = collector()
      const decoded = yield* Effect.provide(decode, over([], layer))
      expect(decoded.every(Either.isRight)).toBe(true)
      expect(reported.map(({ name, operation }) => [name, operation])).toEqual([["mood", "tasks.list"]])
    })
  )

  it.effect("with findings fail with layerFail, and others do not", () =>
    Effect.gen(function* () {
      const decoded = yield* Effect.provide(decode, over([], Drift.layerFail))
      expect(decoded.map(Either.isRight)).toEqual([false, true, false])
    })
  )
})

describe("documented responses", () => {
  // Examples with made-up fields, tools or values.
  const invented = [
    "leaked-key",
    "unknown-extra-fields",
    "schema-unconfirmed-tools",
    "every-status",
    "lower-case"
  ]

  it("have no findings", () => {
    const reported: Array<string> = []
    for (const [operation, schema] of answerSchemas) {
      const decode = decoder(schema, operation)
      for (const [name, text] of golden(operation).responses) {
        const findings: Array<DriftFinding> = []
        const body = Either.try((): unknown => JSON.parse(bodyOf(text)))
        if (invented.includes(name) || Either.isLeft(body)) continue
        decode(body.right, findings)
        reported.push(...findings.map((finding) => JSON.stringify([operation, name, finding])))
      }
    }
    expect(reported.filter((line) => !line.includes('"metrics.performance","created-201"'))).toEqual([])
  })

  it.effect("are the same as those of the embedded hub", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const all = yield* tasks.collect(AngoTest.projectId, { limit: 100, includeAnswer: true })
      expect(all).toHaveLength(20)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 }).pipe(Layer.provide(Drift.layerFail))))
  )
})
