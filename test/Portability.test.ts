// One unchanged program runs in the process and over loopback HTTP.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { Ango, Assets, Batches, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const summary = Effect.gen(function* () {
  const { assets, batches, projects, tasks } = yield* Effect.all({
    assets: Assets,
    batches: Batches,
    projects: Projects,
    tasks: Tasks
  })
  const [first] = yield* projects.collect({ limit: 100 })
  if (first === undefined) return yield* Effect.dieMessage("the hub has no project")
  const project = yield* projects.get(first.id)
  const perStatus = yield* tasks.stream(first.id).pipe(
    Stream.runFold({} as Record<string, number>, (counts, { status }) => {
      const key = status ?? "none"
      return { ...counts, [key]: (counts[key] ?? 0) + 1 }
    })
  )
  const oldest = yield* tasks.page(first.id, { limit: 1, sort: "createdAt" })
  const history = yield* Effect.forEach(oldest.items, (task) => tasks.history(task.id))
  return {
    name: project.name,
    stages: project.stages?.map((stage) => stage.name),
    batches: (yield* batches.list(first.id)).map((batch) => batch.name),
    assets: yield* Stream.runCount(assets.stream(first.id)),
    perStatus,
    history: history.flat().map((item) => item.stage)
  }
})

describe("the same program", () => {
  it.scopedLive("returns the same in the process and over HTTP", () =>
    Effect.gen(function* () {
      const inProcess = yield* Effect.provide(summary, AngoTest.layer({ tasks: 321, seed: 7, pageSize: 100 }))

      const hub = yield* Emulator.serve({ tasks: 321, seed: 7 })
      const overHttp = yield* summary.pipe(
        Effect.provide(Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl, pageSize: 100 })),
        Effect.provide(FetchHttpClient.layer)
      )

      expect(overHttp).toEqual(inProcess)
      expect(inProcess).toMatchObject({ assets: 321, stages: expect.arrayContaining(["Start", "Complete"]) })
      expect((yield* hub.requests()).length).toBeGreaterThan(10)
    })
  )

  it("requires only an HttpClient", () => {
    const whole: Layer.Layer<Ango.Services, unknown, never> = Layer.provide(
      Ango.layerConfig(),
      FetchHttpClient.layer
    )
    expect(Layer.isLayer(whole)).toBe(true)
  })
})
