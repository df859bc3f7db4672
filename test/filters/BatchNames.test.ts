// Every method that accepts batches by name or id: they are looked up once, and unknown ones fail.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Ango, Assets, Batches, Exports, Metrics, Plugins, Storages, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

type Method = (batches: ReadonlyArray<string>) => Effect.Effect<unknown, unknown, Ango.Services>

const tasks = <A, E>(f: (service: Tasks["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Tasks, f)

const assets = <A, E>(f: (service: Assets["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Assets, f)

const ids = (all: Iterable<{ readonly id: string }>) => Array.from(all, ({ id }) => id)

// Results that can be compared: names must give the same as ids.
const methods: Readonly<Record<string, Method>> = {
  "Tasks.page": (batches) => tasks((service) => service.page(projectId, { batches, limit: 5 })),
  "Tasks.pages": (batches) =>
    tasks((service) => Effect.map(Stream.runCollect(service.pages(projectId, { batches })), Chunk.size)),
  "Tasks.stream": (batches) =>
    tasks((service) => Effect.map(Stream.runCollect(service.stream(projectId, { batches })), ids)),
  "Tasks.collect": (batches) =>
    tasks((service) => Effect.map(service.collect(projectId, { batches, limit: 100 }), ids)),
  "Assets.page": (batches) => assets((service) => service.page(projectId, { batches, limit: 5 })),
  "Assets.pages": (batches) =>
    assets((service) => Effect.map(Stream.runCollect(service.pages(projectId, { batches })), Chunk.size)),
  "Assets.stream": (batches) =>
    assets((service) => Effect.map(Stream.runCollect(service.stream(projectId, { batches })), ids)),
  "Assets.collect": (batches) =>
    assets((service) => Effect.map(service.collect(projectId, { batches, limit: 100 }), ids)),
  "Tasks.requeue": (batches) =>
    tasks((service) => service.requeue(projectId, { toStage: "Start", filters: { batches } })),
  "Tasks.updatePriority": (batches) =>
    tasks((service) => service.updatePriority(projectId, { priority: 3, filters: { batches } })),
  "Metrics.performance": (batches) =>
    Effect.flatMap(Metrics, (service) => service.performance(projectId, { batches })),
  "Exports.request": (batches) =>
    Effect.as(
      Effect.flatMap(Exports, (service) => service.request(projectId, { batches })),
      "a link"
    ),
  "Plugins.fileExplorer": (batches) =>
    Effect.gen(function* () {
      const [storages, plugins] = yield* Effect.all([Storages, Plugins])
      const [storage] = yield* storages.list()
      const location = { bucket: String(storage?.bucket), storageId: String(storage?.id) }
      return yield* plugins.fileExplorer({ ...location, projectId, batches })
    })
}

const hub = AngoTest.layer({ tasks: 60, pageSize: 10 })

const sent = Effect.flatMap(Emulator, ({ requests }) =>
  Effect.map(requests(), (all) => all.map(({ operation }) => operation))
)

const lookups = Effect.map(sent, (all) => all.filter((operation) => operation === "projects.get").length)

/** The error without a result, since a whole list would not help in a test report. */
const errorOf = <A, E, R>(call: Effect.Effect<A, E, R>) =>
  Effect.match(call, { onFailure: (error: unknown) => error, onSuccess: () => "no error" })

const batchIds = Effect.map(
  Effect.flatMap(Batches, (batches) => batches.list(projectId)),
  ids
)

describe.each(Object.entries(methods))("%s", (_, call) => {
  it.effect("accepts a batch by name or by id", () =>
    Effect.gen(function* () {
      const [first = ""] = yield* batchIds
      const named = yield* Effect.provide(call(["June, morning"]), hub)
      expect(yield* Effect.provide(call([first]), hub)).toEqual(named)
    }).pipe(Effect.provide(hub))
  )

  it.effect("accepts names and ids together", () =>
    Effect.gen(function* () {
      const [first = "", second = ""] = yield* batchIds
      const named = yield* Effect.provide(call(["June, evening", first]), hub)
      expect(yield* Effect.provide(call([second, first]), hub)).toEqual(named)
    }).pipe(Effect.provide(hub))
  )

  it.effect("looks batches up once per run, for any number of pages", () =>
    Effect.gen(function* () {
      const run = call(["June, morning"])
      yield* run
      expect(yield* lookups).toBe(1)
      yield* run
      expect(yield* lookups).toBe(2)
    }).pipe(Effect.provide(hub))
  )

  it.effect("fails for an unknown batch with the known names, and changes nothing", () =>
    Effect.gen(function* () {
      const error = yield* errorOf(call(["June, morning", "Nope"]))
      const known = ["June, morning", "June, evening", "July, night"]
      expect(error).toMatchObject({ _tag: "UnknownBatch", unknown: ["Nope"], known })
      expect((error as Error).message).toContain('"June, morning", "June, evening", "July, night"')
      expect((yield* sent).filter((operation) => operation !== "storages.list")).toEqual(["projects.get"])
    }).pipe(Effect.provide(hub))
  )
})

// In the file explorer an empty list means no batch, as an absent one does.
const conditional = Object.entries(methods).filter(([name]) => !name.startsWith("Plugins"))

describe("an empty list of batches", () => {
  it.effect.each(conditional)(
    "is refused by %s before any request: the API could read it as all batches",
    ([, call]) =>
      Effect.gen(function* () {
        const error = yield* errorOf(call([]))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: expect.stringMatching(/batches$/) })
        expect((error as Error).message).toMatch(/at least one (batch|value)/)
        expect(yield* sent).toEqual([])
      }).pipe(Effect.provide(hub))
  )
})

describe("another invalid parameter next to batches", () => {
  const batches = ["June, morning"]

  it.effect.each([
    ["a page", "page", tasks((service) => service.page(projectId, { batches, page: 0 }))],
    ["a page size", "limit", tasks((service) => service.page(projectId, { batches, limit: 1001 }))],
    ["a limit", "limit", tasks((service) => service.collect(projectId, { batches, limit: 0.5 }))],
    ["an id of an asset", "id", assets((service) => service.page(projectId, { batches, id: "" }))],
    ["a page of assets", "page", assets((service) => service.page(projectId, { batches, page: 0 }))],
    ["a limit of assets", "limit", assets((service) => service.collect(projectId, { batches, limit: 0 }))],
    [
      "a stage",
      "toStageId",
      tasks((service) => service.requeue(projectId, { toStage: "..", filters: { batches } }))
    ],
    [
      "a priority",
      "priority",
      tasks((service) => service.updatePriority(projectId, { priority: 1001, filters: { batches } }))
    ],
    [
      "no project to look them up in",
      "batches",
      Effect.flatMap(Plugins, (service) => service.fileExplorer({ bucket: "b", storageId: "s1", batches }))
    ],
    [
      "a storage",
      "storageId",
      Effect.flatMap(Plugins, (service) =>
        service.fileExplorer({ bucket: "b", storageId: "a/b", projectId, batches })
      )
    ]
  ] as const)("is refused before batches are looked up: %s", ([, parameter, call]) =>
    Effect.gen(function* () {
      const error = yield* errorOf<unknown, unknown, Ango.Services>(call)
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(yield* sent).toEqual([])
    }).pipe(Effect.provide(hub))
  )
})
