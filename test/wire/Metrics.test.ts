import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Metric, Metrics, type PerformanceQuery } from "effect-ango"
import { holdingBoth } from "../support/Batches.js"
import { block, golden, scripted, toResponse } from "../support/Wire.js"
import { reads, sends } from "../support/WireCases.js"

const project = "65aa0000000000000000a001"
const [batch1, batch2] = ["65aa0000000000000000d001", "65aa0000000000000000d002"] as const
const from = DateTime.unsafeMake("2025-01-01T00:00:00.000Z")
// The same instant as 12:34:56.789Z in another time zone: UTC is sent.
const to = DateTime.unsafeMakeZoned("2025-02-01T12:34:56.789Z", { timeZone: "Europe/Berlin" })

const overview = (metric: Metric.MetricName) => ({
  call: Effect.flatMap(Metrics, (service) => service.overview(project, metric))
})
const performance = (query?: PerformanceQuery) => ({
  call: Effect.flatMap(Metrics, (service) => service.performance(project, query))
})

sends("metrics.overview", {
  "label-stage-groups": overview("LabelStageGroups"),
  "time-per-task": overview("TimePerTask"),
  "annotation-status": overview("AnnotationStatus"),
  "answer-distribution": overview("AnswerDistribution"),
  "consensus-ranges": overview("ConsensusRanges"),
  "asset-size": overview("AssetSize"),
  "us-region": { ...overview("AssetSize"), region: "us" }
})
sends("metrics.performance", {
  least: performance(),
  interval: performance({ interval: [from, to] }),
  batches: { ...performance({ batches: ["Batch 1", batch2] }), ...holdingBoth },
  "start-and-end-date": performance({ startDate: from, endDate: to }),
  "start-date-alone": performance({ startDate: from }),
  users: performance({ users: ["lab@example.com", "lab+night@example.com"] }),
  fullest: {
    ...performance({
      users: ["lab@example.com"],
      endDate: to,
      startDate: from,
      batches: [batch1],
      interval: [from, to]
    }),
    ...holdingBoth
  }
})

reads("metrics.overview", overview("AssetSize").call)
reads("metrics.performance", performance().call)

describe("metrics", () => {
  const answered = (file: string, name: string) =>
    scripted([() => toResponse(block(golden(file).responses, name))]).layer

  it.effect("metric-shapes: any JSON is returned unchanged", () =>
    Effect.gen(function* () {
      expect(
        yield* Effect.provide(overview("AssetSize").call, answered("metrics.overview", "asset-size"))
      ).toBe(1234567.25)
      expect(
        yield* Effect.provide(performance().call, answered("metrics.performance", "empty-performance"))
      ).toEqual({})
    })
  )

  it.effect("metric-shapes: the schema of the caller decodes, or a DecodeError names the path", () =>
    Effect.gen(function* () {
      const schema = Schema.Struct({ TODO: Schema.Number, Completed: Schema.Number })
      const call = Effect.flatMap(Metrics, (service) =>
        service.overview(project, "AnnotationStatus", { schema })
      )
      const counts = yield* Effect.provide(call, answered("metrics.overview", "annotation-status"))
      expect(counts.TODO + counts.Completed).toBe(15)
      const error = yield* Effect.flip(Effect.provide(call, answered("metrics.overview", "message")))
      expect(error).toMatchObject({ _tag: "DecodeError", operation: "metrics.overview", status: 200 })
      expect(error.message).toContain("at TODO a value was expected and nothing came")
    })
  )

  it.effect("an error response with a success status code is an error", () =>
    Effect.gen(function* () {
      const hub = scripted([() => Response.json({ status: "fail", message: "not today" })])
      expect(yield* Effect.flip(Effect.provide(overview("AssetSize").call, hub.layer))).toMatchObject({
        _tag: "BadRequest",
        vendorMessage: "not today"
      })
    })
  )
})
