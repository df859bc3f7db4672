// Invalid conditions of lists are refused before any request, never sent as if there were none.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { type Ango, Assets, Issues, Projects, Tasks } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { requests } from "../support/Requests.js"

const { projectId } = AngoTest

// One emulator for all tests: no request reaches it.
const hub = ManagedRuntime.make(AngoTest.layer({ tasks: 5 }))

const [early, late] = ["2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z"].map((text) =>
  DateTime.unsafeMake(text)
)

const tasks = (filter: Parameters<Tasks["Type"]["page"]>[1]) =>
  Effect.flatMap(Tasks, (service) => service.page(projectId, filter))
const assets = (filter: Parameters<Assets["Type"]["page"]>[1]) =>
  Effect.flatMap(Assets, (service) => service.page(projectId, filter))
const issues = (filter: Parameters<Issues["Type"]["page"]>[0]) =>
  Effect.flatMap(Issues, (service) => service.page(filter))

const projects = (options: Parameters<Projects["Type"]["page"]>[0]) =>
  Effect.flatMap(Projects, (service) => service.page(options))

const notEmpty = "a text that is not empty; leave it out for no condition"
const sortFormat = 'a field to sort by, or several with commas between them, "-" before one for descending'
const rawFormat = "an object of conditions, in the form of the API"

describe("a condition", () => {
  it.effect.each([
    ["no status of several", "status", "at least one status", tasks({ status: [] })],
    ["an empty status of several", "status[1]", notEmpty, tasks({ status: ["TODO", ""] })],
    ["no status of a review", "reviewStatus", "at least one status of a review", tasks({ reviewStatus: [] })],
    ["an empty status of a review", "reviewStatus", notEmpty, tasks({ reviewStatus: "" })],
    ["no stage of several", "stage", "at least one stage", tasks({ stage: [] })],
    ["a stage of several", "stage[0]", "an id of 1 to 128 letters", tasks({ stage: ["a b", "Label"] })],
    ["no assignee of several", "assignee", "at least one e-mail address", tasks({ assignee: [] })],
    ["no type of task", "taskType", "at least one type of task", tasks({ taskType: [] })],
    ["no external id of tasks", "externalId", "at least one external id", tasks({ externalId: [] })],
    ["an external id of tasks", "externalId", notEmpty, tasks({ externalId: "" })],
    ["an external id of assets", "externalId", notEmpty, assets({ externalId: "" })],
    ["an id of assets", "id", "an id of 1 to 128 letters", assets({ id: "" })],
    ["several ids of assets", "id", "got an array", assets({ id: ["a1", "a2"] as never })],
    ["an empty rule", "status", "at least one of not, noneOf, pattern and exists", tasks({ status: {} })],
    ["an unknown rule", "stage.in", "no such field", tasks({ stage: { in: ["Label"] } as never })],
    ["no value of a rule", "assignee.noneOf", "at least one e-mail", tasks({ assignee: { noneOf: [] } })],
    ["an empty pattern", "externalId.pattern", notEmpty, tasks({ externalId: { pattern: "" } })],
    ["an empty rule of batches", "batches", "at least one of noneOf", tasks({ batches: {} })],
    ["no batch of a rule", "batches.noneOf", "at least one batch", tasks({ batches: { noneOf: [] } })],
    ["a negative duration", "duration", "a number of 0 or more", tasks({ duration: -1 })],
    ["an empty range", "totalDuration", "a range with a min", tasks({ totalDuration: {} })],
    [
      "an inverted range",
      "openIssuesCount.below",
      "not below above",
      tasks({ openIssuesCount: { above: 2, below: 2 } })
    ],
    ["a flag of tasks as text", "isDraft", "boolean", tasks({ isDraft: "true" as never })],
    ["pre-labels of assets as text", "isPreLabeled", "boolean", assets({ isPreLabeled: "true" as never })],
    ["a list of conditions", "filter", rawFormat, tasks({ filter: [] as never })],
    ["a text of conditions", "filter", rawFormat, assets({ filter: '{"a":1}' as never })],
    [
      "an operator without $",
      "filter.duration.gte",
      "write $gte",
      tasks({ filter: { duration: { gte: 1 } } })
    ],
    ["a list without $in", "filter.stage", '{"$in":[…]}', tasks({ filter: { stage: ["Label"] } })],
    ["an order of projects", "sort", sortFormat, projects({ sort: "" })],
    ["an order of tasks", "sort", sortFormat, tasks({ sort: " ", batches: ["June, morning"] })],
    ["an order of tasks with a gap", "sort", sortFormat, tasks({ sort: "priority,,createdAt" })],
    ["an order of assets without a field", "sort", sortFormat, assets({ sort: "-" })],
    ["an order of issues", "sort", sortFormat, issues({ sort: "" })],
    ["a status of tasks", "status", notEmpty, tasks({ status: "" })],
    ["a stage of tasks", "stage", "an id of 1 to 128 letters", tasks({ stage: "" })],
    ["an assignee of tasks", "assignee", notEmpty, tasks({ assignee: "" })],
    ["who opened issues", "createdBy", notEmpty, issues({ createdBy: "" })],
    ["a status of issues", "status", notEmpty, issues({ status: "" })],
    ["an assignee of issues", "assignee", notEmpty, issues({ assignee: "" })]
  ] as const)("that is empty or invalid is refused before any request: %s", ([, parameter, allowed, call]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip<unknown, { readonly message: string }, Ango.Services>(call)
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([
    ["createdAfter", "2025-01-01" as never, late, "a DateTime (Utc or Zoned)"],
    ["createdBefore", early, new Date() as never, "a DateTime (Utc or Zoned)"],
    ["createdBefore", late, early, "a time later than createdAfter"],
    ["createdBefore", early, early, "a time later than createdAfter"]
  ] as const)(
    "with an invalid time range is refused before any request: %s",
    ([parameter, after, before, allowed]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(assets({ createdAfter: after, createdBefore: before }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
        expect(error.message).toContain(allowed)
        expect(yield* requests).toEqual([])
      }).pipe(Effect.provide(hub))
  )

  it.effect.each(["created", "updated"] as const)(
    "with an empty time range of tasks is refused before any request: %s",
    (time) =>
      Effect.gen(function* () {
        const filter = { [`${time}After`]: late, [`${time}Before`]: early, batches: ["June, morning"] }
        const inverted = yield* Effect.flip(tasks(filter))
        expect(inverted).toMatchObject({ _tag: "InvalidRequest", parameter: `${time}Before` })
        expect(inverted.message).toContain(`a time later than ${time}After: no task is between them`)
        const text = yield* Effect.flip(tasks({ [`${time}After`]: "2025-01-01" }))
        expect(text).toMatchObject({ _tag: "InvalidRequest", parameter: `${time}After` })
        expect(text.message).toContain("a DateTime (Utc or Zoned)")
        expect(yield* requests).toEqual([])
      }).pipe(Effect.provide(hub))
  )

  it.effect.each([
    [1.5, "priority", "an integer from -1000 to 1000"],
    [1001, "priority", "an integer from -1000 to 1000"],
    [{ max: -1001 }, "priority.max", "an integer from -1000 to 1000"],
    [{ min: Number.NaN }, "priority.min", "an integer from -1000 to 1000"],
    [{ min: 5, max: 4 }, "priority.max", "a number that is not below min"],
    [{}, "priority", "a range with a min, a max, or both"],
    [{ min: undefined }, "priority", "a range with a min, a max, or both"],
    [{ gt: 5 } as object, "priority.gt", "no such field"]
  ] as const)("that is no priority is refused before any request: %j", ([priority, parameter, allowed]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(tasks({ priority }))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([
    ["status", "status", tasks({ status: "TODO", filter: { status: "Completed" } })],
    ["stage", "stage", tasks({ stage: "Label", filter: { stage: { $in: ["Complete"] } } })],
    ["batches", "batches", tasks({ batches: ["June, morning"], filter: { batches: { $in: ["a"] } } })],
    ["assignee", "assignee", tasks({ assignee: "a@example.com", filter: { assignee: null } })],
    ["type", "taskType", tasks({ taskType: "default", filter: { type: "benchmark" } })],
    ["updatedAt", "updatedAfter or updatedBefore", tasks({ updatedAfter: early, filter: { updatedAt: {} } })],
    ["_id", "id", assets({ id: "a1", filter: { _id: "a2" } })],
    ["batches", "batches", assets({ batches: ["June, morning"], filter: { batches: [] } })],
    ["createdAt", "createdAfter or createdBefore", assets({ createdBefore: late, filter: { createdAt: {} } })]
  ] as const)("that is repeated in filter is refused before any request: %s", ([name, ours, call]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip<unknown, { readonly message: string }, Ango.Services>(call)
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: `filter.${name}` })
      expect(error.message).toContain(`${ours} is given as well`)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([0, -1, 1.5, Number.NaN])("a limit of %d issues is refused before any request", (limit) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.flatMap(Issues, (service) => service.collect({ limit })))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "limit" })
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(hub))
  )
})

describe("an end of a time range that is included", () => {
  it.effect("may meet the other one, and not replace an excluded one", () =>
    Effect.gen(function* () {
      const refused = (filter: Parameters<typeof tasks>[0]) => Effect.flip(tasks(filter))
      expect(yield* refused({ createdFrom: late, createdTo: early })).toMatchObject({
        parameter: "createdTo"
      })
      expect(yield* refused({ updatedFrom: early, updatedBefore: early })).toMatchObject({
        parameter: "updatedBefore"
      })
      expect(yield* refused({ createdFrom: early, createdAfter: early })).toMatchObject({
        _tag: "InvalidRequest",
        parameter: "createdFrom"
      })
      expect(yield* refused({ createdTo: late, createdBefore: late })).toMatchObject({
        parameter: "createdTo"
      })
      expect(yield* requests).toEqual([])
      expect((yield* tasks({ createdFrom: early, createdTo: early })).items).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 5 })))
  )
})
