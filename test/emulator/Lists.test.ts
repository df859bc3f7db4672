// Lists: pages, sorting and filters, called with `fetch`.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { AngoTest, Emulator, type EmulatorOptions } from "effect-ango/emulator"
import * as AskHub from "../support/AskHub.js"

const { projectId } = AngoTest

const { askHub } = AskHub
interface Row {
  readonly _id: string
  readonly [name: string]: unknown
}

const data = (path: string) => Effect.map(askHub(`GET ${path}`), (answer) => answer.data)

const tasks = (query: string): Effect.Effect<ReadonlyArray<Row>, never, Emulator> =>
  Effect.map(data(`/project/${projectId}/tasks?${query}`), (found) => found.tasks)

const total = (query: string): Effect.Effect<number, never, Emulator> =>
  Effect.map(data(`/project/${projectId}/tasks?${query}`), (found) => found.total)

const withHub = <A, E>(test: Effect.Effect<A, E, Emulator>, options: EmulatorOptions = { tasks: 120 }) =>
  AskHub.withHub(test, options)

describe("pages", () => {
  it.effect("have 10 items, newest first, by default", () =>
    withHub(
      Effect.gen(function* () {
        const found = yield* tasks("")
        expect(found).toHaveLength(10)
        const created = found.map((task) => String(task["createdAt"]))
        expect(created).toEqual(created.toSorted().toReversed())
      })
    )
  )

  it.effect("partition the list for any page size", () =>
    withHub(
      Effect.gen(function* () {
        for (const limit of [1, 7, 50, 1000]) {
          const ids: Array<string> = []
          for (let page = 1; ids.length < 120; page++) {
            ids.push(...(yield* tasks(`page=${page}&limit=${limit}&sort=createdAt`)).map((task) => task._id))
          }
          expect(new Set(ids).size).toBe(120)
        }
      })
    )
  )

  it.effect("are sorted by several fields, each in its direction", () =>
    withHub(
      Effect.gen(function* () {
        const found = yield* tasks("limit=120&sort=-priority,createdAt")
        const keys = found.map(
          (task) => `${String(1000 - Number(task["priority"])).padStart(4, "0")} ${task["createdAt"]}`
        )
        expect(keys).toEqual(keys.toSorted())
        expect(new Set(found.map((task) => task["priority"])).size).toBeGreaterThan(1)
      })
    )
  )

  it.effect.each(["page=0", "page=x", "limit=0", "limit=1001", "filter={"])(
    "%s is rejected with 400",
    (query) =>
      withHub(
        Effect.gen(function* () {
          expect(yield* askHub(`GET /project/${projectId}/tasks?${query}`)).toMatchObject({
            status: 400,
            body: { status: "fail" }
          })
        })
      )
  )

  it.effect("page-size: are reduced silently by a hub with a smaller limit", () =>
    withHub(
      Effect.gen(function* () {
        expect(yield* tasks("limit=1000")).toHaveLength(100)
        expect(yield* tasks("limit=100")).toHaveLength(100)
      }),
      { tasks: 120, maxLimit: 100 }
    )
  )

  it.effect("page-size: or rejected, in every list, but not for the default size", () =>
    withHub(
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const organization = `/organization/${state.organization.id}`
        for (const path of [
          "/listProjects",
          `/project/${projectId}/tasks`,
          `/project/${projectId}/assets`,
          "/issues",
          "/storages",
          `${organization}/users`,
          `${organization}/invites`
        ]) {
          expect(yield* askHub(`GET ${path}?limit=6`)).toMatchObject({
            status: 400,
            body: { status: "fail", message: "limit: use at most 5." }
          })
          expect((yield* askHub(`GET ${path}?limit=5`)).status).toBeLessThan(300)
          expect((yield* askHub(`GET ${path}`)).status).toBeLessThan(300)
        }
        expect(yield* tasks("")).toHaveLength(5)
      }),
      { tasks: 120, maxLimit: 5, aboveMaxLimit: "refuse" }
    )
  )
})

describe("pages that are long", () => {
  it.effect("are a 413 above the length of a response, if there is one", () =>
    withHub(
      Effect.gen(function* () {
        expect(yield* tasks("limit=2")).toHaveLength(2)
        expect(yield* askHub(`GET /project/${projectId}/tasks?limit=100`)).toMatchObject({
          status: 413,
          body: { status: "fail", message: "The response is too large." }
        })
      }),
      { tasks: 120, maxResponseBytes: 10_000 }
    )
  )

  it.effect("take as long as their rows", () =>
    withHub(
      Effect.gen(function* () {
        const fiber = yield* Effect.fork(tasks("limit=100"))
        yield* TestClock.adjust("999 millis")
        expect(yield* Fiber.poll(fiber)).toMatchObject({ _tag: "None" })
        yield* TestClock.adjust("1 millis")
        expect(yield* Fiber.join(fiber)).toHaveLength(100)
      }),
      { tasks: 120, timePerRow: "10 millis" }
    )
  )
})

describe("every documented request variant is accepted", () => {
  const equal = (variants: ReadonlyArray<string>) =>
    withHub(
      Effect.gen(function* () {
        const counts = yield* Effect.forEach(variants, total)
        expect(new Set(counts).size).toBe(1)
        expect(counts[0]).toBeGreaterThan(0)
        expect(counts[0]).toBeLessThan(120)
      })
    )

  it.effect("task-status, status-filter: status[eq], its encoded form, status, any case", () =>
    equal(["status[eq]=Completed", "status%5Beq%5D=Completed", "status=Completed", "status=completed"])
  )

  it.effect("filter-parameter: filter and filters, with lists and operators", () =>
    equal(
      [
        'filter={"status":"TODO"}',
        'filters={"status":"TODO"}',
        'filter={"status":{"$eq":"TODO"}}',
        'filter={"status":{"$in":["TODO"]}}',
        'filter={"status":{"$ne":"Completed"}}'
      ].map((query) => encodeURI(query))
    )
  )

  it.effect("batch-filter: batches as JSON ids, ids and names with commas, one id, one name", () =>
    withHub(
      Effect.gen(function* () {
        const { batches } = yield* data(`/batches/${projectId}`)
        const [first] = batches
        const counts = yield* Effect.forEach(
          [
            `batches=${encodeURIComponent(JSON.stringify([first?._id]))}`,
            `batches=${first?._id}`,
            `batches=${encodeURIComponent(JSON.stringify([first?.name]))}`,
            `filter=${encodeURIComponent(JSON.stringify({ batches: { $in: [first?._id] } }))}`
          ],
          total
        )
        expect(new Set(counts).size).toBe(1)
        expect(counts[0]).toBeGreaterThan(0)
        expect(counts[0]).toBeLessThan(120)
        const both = batches.slice(0, 2).map((batch: Row) => batch._id)
        expect(yield* total(`batches=${both.join(",")}`)).toBe(0)
      })
    )
  )

  it.effect("include-answer: includeAnswer in any case; no answers without it", () =>
    withHub(
      Effect.gen(function* () {
        for (const yes of ["true", "True", "TRUE"]) {
          expect((yield* tasks(`includeAnswer=${yes}`)).every((task) => "answer" in task)).toBe(true)
        }
        for (const no of ["", "includeAnswer=false", "includeAnswer=False"]) {
          expect((yield* tasks(no)).every((task) => !("answer" in task))).toBe(true)
        }
      })
    )
  )

  it.effect("task-fields: fields select the fields of tasks, ids are always included", () =>
    withHub(
      Effect.gen(function* () {
        const [task = {}] = yield* tasks("fields=_id,project,asset,status&includeAnswer=true")
        expect(Object.keys(task).toSorted()).toEqual(["_id", "asset", "project", "status"])
      })
    )
  )

  it.effect("assets: filters as JSON, and as plain parameters of older clients", () =>
    withHub(
      Effect.gen(function* () {
        const { assets = [] } = yield* data(`/project/${projectId}/assets?limit=1`)
        const [{ _id, externalId } = { _id: "", externalId: "" }] = assets
        const name = encodeURIComponent(String(externalId))
        for (const query of [
          `_id=${_id}`,
          `externalId=${name}`,
          `filters=${encodeURIComponent(JSON.stringify({ _id }))}`,
          `filters=${encodeURIComponent(JSON.stringify({ externalId }))}`
        ]) {
          const found = yield* data(`/project/${projectId}/assets?${query}`)
          expect(found.total).toBe(1)
          expect(found.assets?.[0]?._id).toBe(_id)
        }
      })
    )
  )

  it.effect("assets: pre-labelled, batches, and a range of creation times", () =>
    withHub(
      Effect.gen(function* () {
        const count = (filters: object) =>
          Effect.map(
            data(`/project/${projectId}/assets?filters=${encodeURIComponent(JSON.stringify(filters))}`),
            (found) => found.total ?? -1
          )
        const all = yield* count({})
        const [yes, no] = yield* Effect.all([count({ isPreLabeled: true }), count({ isPreLabeled: false })])
        expect([all, yes + no, yes > 0, no > 0]).toEqual([120, 120, true, true])
        const middle = "2024-06-03T09:07:00.000Z"
        const [after, before] = yield* Effect.all([
          count({ createdAt: { gt: middle } }),
          count({ createdAt: { lt: middle } })
        ])
        expect(after + before).toBeGreaterThanOrEqual(119)
        expect(Math.min(after, before)).toBeGreaterThan(0)
      })
    )
  )

  it.effect("history-shape: taskHistory by the id of an item and by that of a task", () =>
    withHub(
      Effect.gen(function* () {
        const [done] = yield* tasks("status=Completed&limit=1")
        const byTask = yield* data(`/task/${done?._id}/history`)
        const [item] = byTask.taskHistory as ReadonlyArray<{ readonly id: string }>
        expect((yield* data(`/taskHistory/${item?.id}`)).taskHistory).toEqual(item)
        expect((yield* data(`/taskHistory/${done?._id}`)).taskHistory).toEqual(byTask.taskHistory)
      })
    )
  )
})
