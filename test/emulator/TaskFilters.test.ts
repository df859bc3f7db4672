// The filter of task lists as a document store applies it: what it finds, what finds nothing, and what is refused.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest

const ask = (filter: unknown, query = "") =>
  askHub(
    `GET /project/${projectId}/tasks?limit=100&filter=${encodeURIComponent(JSON.stringify(filter))}${query}`
  )

const total = (filter: unknown, query?: string) =>
  Effect.map(ask(filter, query), ({ data }) => data.total as number)

const tasks = Effect.map(Emulator, ({ state }) => state.projects.get(projectId)?.tasks ?? [])

const batchIds = Effect.map(
  askHub(`GET /project/${projectId}`),
  ({ data }) =>
    data.project.batches.map((batch: { readonly _id: string }) => batch._id) as ReadonlyArray<string>
)

describe("task-filters: a filter and its opposite", () => {
  const early = "2024-06-03T09:03:00.000Z"
  it.effect.each([
    [{ status: { $eq: "TODO" } }, { status: { $ne: "TODO" } }],
    [{ status: { $in: ["TODO", "Reviewed"] } }, { status: { $nin: ["TODO", "Reviewed"] } }],
    [{ stage: "Label" }, { stage: { $ne: "Label" } }],
    [{ priority: { $gt: 0 } }, { priority: { $lte: 0 } }],
    [{ totalDuration: { $gte: 20_000 } }, { totalDuration: { $lt: 20_000 } }],
    [{ createdAt: { $lt: early } }, { createdAt: { $gte: early } }],
    [{ reviewStatus: { $eq: "Accepted" } }, { reviewStatus: { $ne: "Accepted" } }],
    [{ reviewStatus: { $exists: true } }, { reviewStatus: { $exists: false } }],
    [{ completedAt: { $exists: true } }, { completedAt: null }],
    [{ assignee: null }, { assignee: { $ne: null } }],
    [{ externalId: { $regex: "-0[1-3]/" } }, { externalId: { $regex: "-0[4-6]/" } }],
    [{ isDraft: { $eq: true } }, { isDraft: { $eq: false } }],
    [{ isSkipped: { $eq: true } }, { isSkipped: { $ne: true } }]
  ] as const)("%j and %j split the list, and neither part is empty", ([one, other]) =>
    withHub(
      Effect.gen(function* () {
        const counts = [yield* total(one), yield* total(other)]
        expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(60)
        expect(Math.min(...counts)).toBeGreaterThan(0)
      })
    )
  )
})

describe("task-filters: a row has every field that can be filtered by", () => {
  it.effect("with sense: type, createdBy, totalDuration, isDraft, isSkipped", () =>
    withHub(
      Effect.gen(function* () {
        const { data } = yield* askHub(`GET /project/${projectId}/tasks?limit=100`)
        for (const task of data.tasks) {
          expect(task).toMatchObject({
            type: "default",
            createdBy: expect.stringContaining("@"),
            totalDuration: expect.any(Number),
            isDraft: expect.any(Boolean),
            isSkipped: expect.any(Boolean)
          })
          expect(task.totalDuration).toBeGreaterThanOrEqual(task.duration)
        }
      })
    )
  )
})

describe("task-filters: what no vendor's client sends finds nothing, without an error", () => {
  it.effect.each([
    ["an operator without $", { createdAt: { gt: "1970-01-01T00:00:00.000Z" } }],
    ["an operator without $ on a number", { priority: { gte: -1000 } }],
    ["a list without $in", { stage: ["Label", "Complete"] }],
    ["the key taskType", { taskType: "default" }],
    ["an unknown key", { colour: "red" }],
    ["another case", { status: "todo" }],
    ["another case of a stage", { stage: { $in: ["LABEL"] } }],
    ["a number as text", { priority: "0" }],
    ["an empty object", { stage: {} }],
    ["a batch by its name", { batches: { $in: ["June, morning"] } }],
    ["a name of every object", { constructor: "x", toString: { $exists: true } }]
  ] as const)("%s", ([, filter]) =>
    withHub(
      Effect.gen(function* () {
        const { data, status } = yield* ask(filter)
        expect([status, data.total, data.tasks]).toEqual([200, 0, []])
      })
    )
  )
})

describe("task-filters: an invalid condition", () => {
  it.effect.each([
    [{ stage: { $like: "a" } }, "stage.$like: unknown operator. Allowed: $eq, "],
    [{ $or: [{ stage: "Label" }] }, "$or: unknown operator."],
    [{ stage: { $in: "Label" } }, "stage.$in: expected a list."],
    [{ stage: { $nin: null } }, "stage.$nin: expected a list."],
    [{ externalId: { $regex: "(" } }, "externalId.$regex: expected a regular expression."],
    [{ externalId: { $regex: 5 } }, "externalId.$regex: expected a regular expression."],
    [{ stage: { $eq: "Label", other: 1 } }, "stage.other: unknown operator."]
  ] as const)("%j is a 400 that names it", ([filter, beginning]) =>
    withHub(
      Effect.gen(function* () {
        const { message, status } = yield* ask(filter)
        expect(status).toBe(400)
        expect(message).toContain(beginning)
      })
    )
  )
})

describe("task-filters: batches", () => {
  it.effect("are ids; $in finds tasks in any, a bare list only tasks whose list is exactly that", () =>
    withHub(
      Effect.gen(function* () {
        const [first = "", second = ""] = yield* batchIds
        const all = yield* tasks
        const [task] = all
        if (task !== undefined) all[0] = { ...task, batches: [first, second] }
        const holding = (wanted: string) =>
          all.filter(({ batches }) => (batches ?? []).includes(wanted)).length
        expect(yield* total({ batches: first })).toBe(holding(first))
        expect(yield* total({ batches: { $eq: second } })).toBe(holding(second))
        expect(yield* total({ batches: { $in: [first, second] } })).toBe(holding(first) + holding(second) - 1)
        expect(yield* total({ batches: { $nin: [first] } })).toBe(60 - holding(first))
        expect(yield* total({ batches: [first, second] })).toBe(1)
        expect(yield* total({ batches: [second, first] })).toBe(0)
      })
    )
  )
})

describe("task-filters: a condition and its parameter", () => {
  it.effect("the condition wins", () =>
    withHub(
      Effect.gen(function* () {
        const inLabel = yield* total({ stage: "Label" })
        expect(yield* total({ stage: "Label" }, "&stage=Complete")).toBe(inLabel)
        expect(yield* total({}, "&stage=Label")).toBe(inLabel)
        const { data } = yield* askHub(
          `GET /project/${projectId}/tasks?filters=${encodeURIComponent('{"stage":{"$in":["Label"]}}')}`
        )
        expect(data.total).toBe(inLabel)
      })
    )
  )
})

describe("task-filters: a lenient hub", () => {
  it.effect("accepts operators without $, lists and taskType, and refuses unknown keys", () =>
    withHub(
      Effect.gen(function* () {
        expect(yield* total({ createdAt: { gt: "1970-01-01T00:00:00.000Z" } })).toBe(60)
        expect(yield* total({ stage: ["Label", "Complete"] })).toBeGreaterThan(0)
        expect(yield* total({ taskType: "default" })).toBe(60)
        expect(
          yield* total({ type: "default", createdBy: { ne: "x" }, isDraft: { in: [true, false] } })
        ).toBe(60)
        expect((yield* ask({ colour: "red" })).status).toBe(400)
      }),
      { tasks: 60, taskFilters: "lenient" }
    )
  )
})
