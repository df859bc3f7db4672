// Wherever batches are taken, by name as well as by id: looked up once, and told when they are not there.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Ango, Assets, Batches, Exports, Metrics, Plugins, Storages, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

type Take = (batches: ReadonlyArray<string>) => Effect.Effect<unknown, unknown, Ango.Services>

const tasks = <A, E>(f: (service: Tasks["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Tasks, f)

const assets = <A, E>(f: (service: Assets["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Assets, f)

const ids = (all: Iterable<{ readonly id: string }>) => Array.from(all, ({ id }) => id)

// What each gives can be compared: by names it must be the same as by ids.
const takers: Readonly<Record<string, Take>> = {
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
      const place = { bucket: String(storage?.bucket), storageId: String(storage?.id) }
      return yield* plugins.fileExplorer({ ...place, projectId, batches })
    })
}

const hub = AngoTest.layer({ tasks: 60, pageSize: 10 })

const sent = Effect.flatMap(Emulator, ({ requests }) =>
  Effect.map(requests(), (all) => all.map(({ operation }) => operation))
)

const lookups = Effect.map(sent, (all) => all.filter((operation) => operation === "projects.get").length)

/** The error alone: a whole list that came instead of it would be no help in a report. */
const errorOf = <A, E, R>(call: Effect.Effect<A, E, R>) =>
  Effect.match(call, { onFailure: (error: unknown) => error, onSuccess: () => "no error" })

const batchIds = Effect.map(
  Effect.flatMap(Batches, (batches) => batches.list(projectId)),
  ids
)

describe.each(Object.entries(takers))("%s", (_, take) => {
  it.effect("takes a batch by its name as by its id", () =>
    Effect.gen(function* () {
      const [first = ""] = yield* batchIds
      const named = yield* Effect.provide(take(["June, morning"]), hub)
      expect(yield* Effect.provide(take([first]), hub)).toEqual(named)
    }).pipe(Effect.provide(hub))
  )

  it.effect("takes names and ids mixed", () =>
    Effect.gen(function* () {
      const [first = "", second = ""] = yield* batchIds
      const named = yield* Effect.provide(take(["June, evening", first]), hub)
      expect(yield* Effect.provide(take([second, first]), hub)).toEqual(named)
    }).pipe(Effect.provide(hub))
  )

  it.effect("looks them up once per run, however many pages there are", () =>
    Effect.gen(function* () {
      const call = take(["June, morning"])
      yield* call
      expect(yield* lookups).toBe(1)
      yield* call
      expect(yield* lookups).toBe(2)
    }).pipe(Effect.provide(hub))
  )

  it.effect("says of a batch that is not there which ones are, and does nothing", () =>
    Effect.gen(function* () {
      const error = yield* errorOf(take(["June, morning", "Nope"]))
      const known = ["June, morning", "June, evening", "July, night"]
      expect(error).toMatchObject({ _tag: "UnknownBatch", unknown: ["Nope"], known })
      expect((error as Error).message).toContain('"June, morning", "June, evening", "July, night"')
      expect((yield* sent).filter((operation) => operation !== "storages.list")).toEqual(["projects.get"])
    }).pipe(Effect.provide(hub))
  )
})

// A file explorer puts files into no batch then, which is what leaving them out says.
const widened = Object.entries(takers).filter(([name]) => !name.startsWith("Plugins"))

describe("an empty list of batches", () => {
  it.effect.each(widened)("is refused by %s before any request: it could stand for all", ([, take]) =>
    Effect.gen(function* () {
      const error = yield* errorOf(take([]))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: expect.stringMatching(/batches$/) })
      expect((error as Error).message).toMatch(/at least one (batch|value)/)
      expect(yield* sent).toEqual([])
    }).pipe(Effect.provide(hub))
  )
})

describe("what else is wrong with a call that names batches", () => {
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
  ] as const)("%s: is refused before they are looked up", ([, parameter, call]) =>
    Effect.gen(function* () {
      const error = yield* errorOf<unknown, unknown, Ango.Services>(call)
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(yield* sent).toEqual([])
    }).pipe(Effect.provide(hub))
  )
})
