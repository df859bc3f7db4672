// Filters of tasks and assets against the emulator: each alone, and several together.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { type AssetFilter, Assets, type TaskFilter, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { assetsBy, stored, tasksBy } from "../support/FilterOracle.js"

const { projectId } = AngoTest

const hub = ManagedRuntime.make(AngoTest.layer({ tasks: 60, pageSize: 1000 }))

const review = "206f2f63-0c4d-4b8e-9a51-000000000001"
const [amara, hana] = ["amara.okafor@example.com", "hana.kobayashi@example.com"] as const

// The seed creates its tasks seven seconds apart; they are annotated the day after.
const createdAt = (index: number) => DateTime.unsafeMake(Date.UTC(2024, 5, 3, 9) + index * 7_000)
const noon = DateTime.unsafeMake("2024-06-04T20:00:00+02:00")

const tasks = (filter: TaskFilter) =>
  Effect.flatMap(Tasks, (service) =>
    Effect.map(service.collect(projectId, { ...filter, limit: 1000 }), (found) => found.map(({ id }) => id))
  )

const assets = (filter: AssetFilter) =>
  Effect.flatMap(Assets, (service) =>
    Effect.map(service.collect(projectId, { ...filter, limit: 1000 }), (found) => found.map(({ id }) => id))
  )

const ofTasks: ReadonlyArray<readonly [string, TaskFilter]> = [
  ["a status", { status: "Completed" }],
  ["another status", { status: { not: "Completed" } }],
  ["a list of one status", { status: ["Completed"] }],
  ["a stage", { stage: "Label" }],
  ["several stages", { stage: ["Start", review] }],
  ["a batch by its name", { batches: ["June, morning"] }],
  ["an assignee", { assignee: amara }],
  ["several assignees", { assignee: [amara, hana] }],
  ["a pending review", { reviewStatus: "Todo" }],
  ["an accepted review", { reviewStatus: "Accepted" }],
  ["a rejected review", { reviewStatus: "Rejected" }],
  ["a fixed rejection", { reviewStatus: "Fixed" }],
  ["several reviews", { reviewStatus: ["Rejected", "Fixed"] }],
  ["a type", { taskType: "benchmark" }],
  ["several types", { taskType: ["consensus", "default"] }],
  ["a priority", { priority: 10 }],
  ["no priority", { priority: 0 }],
  ["priorities from one on", { priority: { min: 0 } }],
  ["priorities up to one", { priority: { max: -1 } }],
  ["priorities between two", { priority: { min: -5, max: 0 } }],
  ["an external id", { externalId: "intersection-03/frame-000009.jpg" }],
  ["several external ids", { externalId: ["intersection-03/frame-000009.jpg", "none.jpg"] }],
  ["external ids like a pattern", { externalId: { pattern: "-0[12]/frame" } }],
  ["none of two assignees", { assignee: { noneOf: [amara, hana] } }],
  ["reviews", { reviewStatus: { exists: true } }],
  ["no batch of one", { batches: { noneOf: ["June, morning"] } }],
  ["any of two batches", { batches: ["June, morning", "July, night"] }],
  ["durations of a range", { duration: { above: 0, max: 50_000 } }],
  ["total durations", { totalDuration: { not: 0 } }],
  ["drafts", { isDraft: true }],
  ["skipped tasks", { isSkipped: true }],
  ["no benchmark", { isBenchmark: false }],
  ["a first and a last moment", { createdFrom: createdAt(5), createdTo: createdAt(8) }],
  ["a beginning", { createdAfter: createdAt(20) }],
  ["an end", { createdBefore: createdAt(20) }],
  ["the last update", { updatedAfter: noon }],
  ["the last update in a day", { updatedAfter: createdAt(0), updatedBefore: noon }]
]

const ofAssets: ReadonlyArray<readonly [string, AssetFilter]> = [
  ["an external id", { externalId: "intersection-03/frame-000009.jpg" }],
  ["pre-labels", { isPreLabeled: true }],
  ["no pre-labels", { isPreLabeled: false }],
  ["a batch by its name", { batches: ["July, night"] }],
  ["a time range", { createdAfter: createdAt(7), createdBefore: createdAt(30) }]
]

// The seed has no benchmark task.
const withBenchmark = Effect.map(stored, (project) => {
  const [first] = project.tasks
  if (first !== undefined) project.tasks[0] = { ...first, isBenchmark: true, type: "benchmark" }
})

describe("a filter", () => {
  it.effect.each(ofTasks)("selects tasks by %s", ([, filter]) =>
    Effect.gen(function* () {
      yield* withBenchmark
      const found = yield* tasks(filter)
      expect(found).toEqual(yield* tasksBy(filter))
      expect(found.length).toBeGreaterThan(0)
      expect(found.length).toBeLessThan(60)
    }).pipe(Effect.provide(hub))
  )

  it.effect.each(ofAssets)("selects assets by %s", ([, filter]) =>
    Effect.gen(function* () {
      const found = yield* assets(filter)
      expect(found).toEqual(yield* assetsBy(filter))
      expect(found.length).toBeGreaterThan(0)
      expect(found.length).toBeLessThan(60)
    }).pipe(Effect.provide(hub))
  )

  it.effect("selects assets by id", () =>
    Effect.gen(function* () {
      const id = (yield* stored).assets[3]?._id
      expect(yield* assets({ id })).toEqual([id])
    }).pipe(Effect.provide(hub))
  )
})

describe("a time range", () => {
  it.effect("excludes its ends, to the millisecond", () =>
    Effect.gen(function* () {
      const at = (index: number, more: number) => DateTime.add(createdAt(index), { millis: more })
      const ids = (yield* stored).tasks.map(({ _id }) => _id)
      const between = (from: number, to: number) =>
        tasks({ createdAfter: at(3, from), createdBefore: at(5, to) })
      expect(yield* between(0, 0)).toEqual([ids[4]])
      expect(yield* between(-1, 0)).toEqual([ids[3], ids[4]])
      expect(yield* between(0, 1)).toEqual([ids[4], ids[5]])
    }).pipe(Effect.provide(hub))
  )
})

describe("several filters", () => {
  it.effect("combine with AND", () =>
    Effect.gen(function* () {
      const filter: TaskFilter = {
        status: ["Completed", "Reviewed"],
        stage: "Complete",
        batches: ["June, morning"],
        reviewStatus: "Accepted",
        priority: { max: 9 },
        isSkipped: false,
        updatedAfter: noon
      }
      const found = yield* tasks(filter)
      expect(found).toEqual(yield* tasksBy(filter))
      expect(found.length).toBeGreaterThan(0)
      for (const name of Object.keys(filter)) {
        expect((yield* tasks({ ...filter, [name]: undefined })).length).toBeGreaterThanOrEqual(found.length)
      }
    }).pipe(Effect.provide(hub))
  )

  it.effect("combine with raw conditions", () =>
    Effect.gen(function* () {
      const long = yield* tasks({ filter: { duration: { $gte: 40_000 } } })
      const both = yield* tasks({ stage: "Complete", filter: { duration: { $gte: 40_000 } } })
      const complete = yield* tasks({ stage: "Complete" })
      expect(both).toEqual(complete.filter((id) => long.includes(id)))
      expect(both.length).toBeGreaterThan(0)
      expect(both.length).toBeLessThan(Math.min(long.length, complete.length))
      const wanted = (yield* stored).assets.slice(0, 9)
      const some = yield* assets({ isPreLabeled: false, filter: { data: wanted.map(({ data }) => data) } })
      expect(some).toEqual(wanted.filter((asset) => asset.isPreLabeled === false).map(({ _id }) => _id))
    }).pipe(Effect.provide(hub))
  )

  it.effect("without a condition are sent like no filter", () =>
    Effect.gen(function* () {
      const service = yield* Tasks
      yield* service.page(projectId)
      yield* service.page(projectId, { filter: {}, stage: undefined, createdAfter: undefined })
      const urls = (yield* (yield* Emulator).requests("tasks.list")).map(({ url }) => url)
      expect(urls.at(-1)).toBe(urls.at(-2))
      // An undefined condition does not replace a given one.
      const [createdAfter, filter] = [createdAt(20), { createdAt: undefined }]
      expect(yield* tasks({ createdAfter, filter })).toEqual(yield* tasks({ createdAfter }))
      expect(yield* assets({ createdAfter, filter })).toEqual(yield* assets({ createdAfter }))
    }).pipe(Effect.provide(hub))
  )
})

describe("sorting", () => {
  it.effect("by descending priority returns the highest first", () =>
    Effect.gen(function* () {
      const service = yield* Tasks
      const { items } = yield* service.page(projectId, { sort: "-priority,createdAt", limit: 60 })
      const priorities = items.map(({ priority }) => priority ?? 0)
      expect(priorities).toEqual(priorities.toSorted((a, b) => b - a))
      expect(new Set(priorities).size).toBe(3)
    }).pipe(Effect.provide(hub))
  )
})
