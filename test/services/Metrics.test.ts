// Metrics and plugins against the emulator, whose response shapes are invented.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Batches, Metric, Metrics, Plugins, Storage, Storages, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

const hub = AngoTest.layer({ tasks: 40 })

const Counts = Schema.Array(Schema.Struct({ name: Schema.String, count: Schema.Number }))

const Performance = Schema.Struct({
  users: Schema.Array(Schema.Struct({ user: Schema.String, tasks: Schema.Number }))
})

const visits = (performance: typeof Performance.Type) =>
  performance.users.reduce((sum, { tasks }) => sum + tasks, 0)

describe("an overview", () => {
  it.effect.each(Metric.MetricName.known)("exists for %s", (metric) =>
    Effect.gen(function* () {
      const metrics = yield* Metrics
      expect(yield* metrics.overview(projectId, metric)).toMatchObject({ [metric]: expect.anything() })
    }).pipe(Effect.provide(hub))
  )

  it.effect("matches the task list, also after a change", () =>
    Effect.gen(function* () {
      const [metrics, tasks, emulator] = yield* Effect.all([Metrics, Tasks, Emulator])
      const completed = Effect.map(
        metrics.overview(projectId, "AnnotationStatus", {
          schema: Schema.Struct({ AnnotationStatus: Counts })
        }),
        ({ AnnotationStatus }) => AnnotationStatus.find(({ name }) => name === "Completed")?.count
      )
      const [task] = (yield* tasks.page(projectId, { status: "Completed" })).items
      const count = yield* tasks.stream(projectId, { status: "Completed" }).pipe(Stream.runCount)
      expect(yield* completed).toBe(count)
      yield* emulator.deleteTask(String(task?.id))
      expect(yield* completed).toBe(count - 1)
    }).pipe(Effect.provide(hub))
  )

  it.effect("of an unknown metric is refused before any request, with the known ones", () =>
    Effect.gen(function* () {
      const [metrics, emulator] = yield* Effect.all([Metrics, Emulator])
      for (const name of ["Accuracy", "../listProjects", ""]) {
        const error = yield* Effect.flip(metrics.overview(projectId, name as Metric.MetricName))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "metric" })
        for (const known of Metric.MetricName.known.slice(0, 5)) expect(error.message).toContain(known)
      }
      expect(yield* emulator.requests()).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect("fails with NotFound for an unknown project, and with Forbidden without permission", () =>
    Effect.gen(function* () {
      const [metrics, emulator] = yield* Effect.all([Metrics, Emulator])
      expect(yield* Effect.flip(metrics.overview("nobody", "AssetSize"))).toMatchObject({ _tag: "NotFound" })
      expect(yield* Effect.flip(metrics.performance("nobody"))).toMatchObject({ _tag: "NotFound" })
      yield* emulator.faults.on("metrics.overview", [Faults.fail(403)])
      expect(yield* Effect.flip(metrics.overview(projectId, "AssetSize"))).toMatchObject({
        _tag: "Forbidden"
      })
    }).pipe(Effect.provide(hub))
  )
})

describe("a performance", () => {
  it.effect("can be limited to an interval, batches and users", () =>
    Effect.gen(function* () {
      const [metrics, batches, { state }] = yield* Effect.all([Metrics, Batches, Emulator])
      const of = (query: object) =>
        Effect.map(metrics.performance(projectId, { ...query, schema: Performance }), visits)
      const all = yield* of({})
      const times = (state.projects.get(projectId)?.tasks ?? [])
        .flatMap(({ _id }) => state.histories.get(_id) ?? [])
        .map(({ completedAt }) => completedAt)
        .toSorted()
      const middle = DateTime.unsafeMake(times[Math.floor(times.length / 2)] ?? "")
      const [begin, end] = [DateTime.unsafeMake("2020-01-01"), DateTime.unsafeMake("2030-01-01")]
      const early = yield* of({ interval: [begin, middle] })
      expect(early).toBeGreaterThan(0)
      expect(early).toBeLessThan(all)
      expect(yield* of({ startDate: begin, endDate: middle })).toBe(early)
      expect(yield* of({ interval: [begin, end] })).toBe(all)
      const each = yield* Effect.forEach(yield* batches.list(projectId), ({ id }) => of({ batches: [id] }))
      expect(each.reduce((sum, one) => sum + one, 0)).toBe(all)
      expect(Math.max(...each)).toBeLessThan(all)
      const one = yield* of({ users: ["ines.moreau@example.com"] })
      expect(one).toBeGreaterThan(0)
      expect(one).toBeLessThan(all)
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([
    [
      { interval: [DateTime.unsafeMake("2025-02-01"), DateTime.unsafeMake("2025-01-01")] },
      "an interval whose first instant is not after its last"
    ],
    [{ interval: ["2025-01-01", "2025-02-01"] }, "a DateTime (Utc or Zoned)"],
    [{ startDate: "2025-01-01" }, "a DateTime (Utc or Zoned)"],
    [{ users: [] }, "at least one person"],
    [{ users: [""] }, "a text that is not empty"],
    [
      { startDate: DateTime.unsafeMake("2025-02-01"), endDate: DateTime.unsafeMake("2025-01-01") },
      "a time that is not before startDate"
    ],
    [{ batches: [] }, "at least one batch, by name or by id"],
    [{ batches: ["June, morning"], startDate: "2025-01-01" }, "a DateTime (Utc or Zoned)"]
  ])("%# is refused before any request", ([query, allowed]) =>
    Effect.gen(function* () {
      const [metrics, emulator] = yield* Effect.all([Metrics, Emulator])
      const error = yield* Effect.flip(metrics.performance(projectId, query as object))
      expect(error).toMatchObject({ _tag: "InvalidRequest" })
      expect(error.message).toContain(allowed)
      expect(yield* emulator.requests()).toEqual([])
    }).pipe(Effect.provide(hub))
  )
})

describe("plugins", () => {
  it.effect("send results and log lines in both forms", () =>
    Effect.gen(function* () {
      const plugins = yield* Plugins
      expect(yield* plugins.respond({ response: { ok: true }, session: "s" })).toEqual({ received: true })
      expect(yield* plugins.respond({ pluginId: "p", taskId: "t", response: 1, status: "success" })).toEqual({
        received: true,
        taskId: "t"
      })
      const line = { level: "INFO", organization: "o", pluginId: "p", runBy: "r", session: "s", msg: "m" }
      expect(yield* plugins.log(line)).toEqual({ logged: true })
      expect(yield* plugins.log({ pluginId: "p", level: "info", message: "m" })).toEqual({ logged: true })
    }).pipe(Effect.provide(hub))
  )

  it.effect("list the files of a storage", () =>
    Effect.gen(function* () {
      const [plugins, storages] = yield* Effect.all([Plugins, Storages])
      const [radiology] = yield* storages.list()
      const query = { bucket: String(radiology?.bucket), storageId: String(radiology?.id) }
      const listing = yield* plugins.fileExplorer({
        ...query,
        folder: "ward-a",
        schema: Storage.StorageListing
      })
      expect(listing.files).toHaveLength(40)
      expect(yield* plugins.fileExplorer({ ...query, upload: true, files: ["ward-a/x.png"] })).toMatchObject({
        message: expect.any(String)
      })
    }).pipe(Effect.provide(hub))
  )

  it.effect("fail with InvalidRequest for an invalid id, and with Forbidden without permission", () =>
    Effect.gen(function* () {
      const [plugins, emulator] = yield* Effect.all([Plugins, Emulator])
      expect(yield* Effect.flip(plugins.fileExplorer({ bucket: "b", storageId: "a/b" }))).toMatchObject({
        _tag: "InvalidRequest",
        parameter: "storageId"
      })
      expect(yield* emulator.requests()).toEqual([])
      for (const operation of ["plugins.respond", "plugins.log"] as const) {
        yield* emulator.faults.on(operation, [Faults.fail(403)])
      }
      expect(yield* Effect.flip(plugins.respond({ response: 1, session: "s" }))).toMatchObject({
        _tag: "Forbidden"
      })
      expect(yield* Effect.flip(plugins.log({ pluginId: "p", level: "info", message: "m" }))).toMatchObject({
        _tag: "Forbidden"
      })
    }).pipe(Effect.provide(hub))
  )
})
