// Changing tasks: what is done is seen everywhere, and what would be a mistake is not sent.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Assets, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest
const labeler = "priya.raman@example.com"

type Service = Tasks["Type"]

const within = <A, E>(
  test: (tasks: Service) => Effect.Effect<A, E, Tasks | Assets | Projects | Emulator>,
  tasks = 60
) => Effect.provide(Effect.flatMap(Tasks, test), AngoTest.layer({ tasks }))

const stages = Effect.gen(function* () {
  const { stages } = yield* (yield* Projects).get(projectId)
  const byName = (name: string) => stages?.find((stage) => stage.name === name)?.id ?? "none"
  return { review: byName("Quality review"), rework: byName("Rework") }
})

const inStage = (stage: string) =>
  Effect.flatMap(Tasks, (tasks) => tasks.collect(projectId, { stage, limit: 1000 }))

const firstIn = (stage: string) =>
  Effect.map(inStage(stage), ([task]) => {
    if (task === undefined) throw new Error(`no task in ${stage}`)
    return task
  })

const seeded = Effect.map(Emulator, ({ state }) => {
  const stored = state.projects.get(projectId)
  if (stored === undefined) throw new Error("the seed has no first project")
  return stored
})

const visitsOf = (taskId: string) =>
  Effect.gen(function* () {
    const assets = yield* (yield* Assets).collect(projectId, { limit: 1000 })
    return assets.flatMap(({ labelTasks }) => labelTasks ?? []).find(({ id }) => id === taskId)?.stageHistory
  })

const nothingSent = Effect.gen(function* () {
  const hub = yield* Emulator
  expect(yield* hub.requests()).toEqual([])
})

describe("assign", () => {
  it.effect("shows on the tasks, and in the list of the assignee", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const [one, two, other] = (yield* inStage("Label")).map(({ id }) => id)
        yield* tasks.assign(projectId, { tasks: [one ?? "", two ?? ""], stage: "Label", user: labeler })
        expect((yield* tasks.get(one ?? "")).assignee).toBe(labeler)
        const mine = yield* tasks.collect(projectId, { assignee: labeler, limit: 100 })
        expect(mine.map(({ id }) => id)).toEqual(expect.arrayContaining([one, two]))
        yield* tasks.unassign(projectId, { tasks: [one ?? ""], stage: "Label" })
        expect((yield* tasks.get(one ?? "")).assignee).toBeNull()
        expect((yield* tasks.get(two ?? "")).assignee).toBe(labeler)
        expect((yield* tasks.get(other ?? "")).assignee).not.toBeNull()
      })
    )
  )

  it.effect("leaves tasks alone that are in another stage", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const done = yield* firstIn("Complete")
        yield* tasks.assign(projectId, { tasks: [done.id], stage: "Label", user: labeler })
        expect((yield* tasks.get(done.id)).assignee).toBeNull()
      })
    )
  )

  it.effect("fails on an unknown project, task, stage or person", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const { id } = yield* firstIn("Label")
        const attempt = (project: string, options: Parameters<Service["assign"]>[1]) =>
          Effect.flip(tasks.assign(project, options))
        const good = { tasks: [id], stage: "Label", user: labeler }
        expect(yield* attempt("x1", good)).toMatchObject({ _tag: "NotFound", status: 400 })
        expect(yield* attempt(projectId, { ...good, tasks: [id, "x1"] })).toMatchObject({ _tag: "NotFound" })
        expect(yield* attempt(projectId, { ...good, stage: "x1" })).toMatchObject({ _tag: "BadRequest" })
        expect(yield* attempt(projectId, { ...good, user: "nobody@example.com" })).toMatchObject({
          _tag: "BadRequest",
          vendorMessage: "Invalid user: nobody@example.com."
        })
        expect((yield* tasks.get(id)).assignee).not.toBe("nobody@example.com")
      })
    )
  )

  it.effect.each([
    [{ status: "fail", message: "No." }, "BadRequest"],
    [{ status: "error", message: "No." }, "BadRequest"],
    [{ error: { statusCode: 403 }, message: "No." }, "Forbidden"]
  ] as const)("a refusal under 200 is no success, though no answer is documented: %j", ([body, tag]) =>
    within((tasks) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        yield* hub.faults.on("tasks.assign", [Faults.respond(200, JSON.stringify(body))])
        const error = yield* Effect.flip(
          tasks.assign(projectId, { tasks: ["t1"], stage: "Label", user: labeler })
        )
        expect(error).toMatchObject({ _tag: tag, vendorMessage: "No." })
      })
    )
  )

  it.effect.each([
    ["no task", { tasks: [] }, "tasks", "at least one task id"],
    ["a task that is no id", { tasks: ["a/b"] }, "tasks[0]", "an id of 1 to 128 letters"],
    ["a stage that is no id", { stage: ".." }, "stage", "an id of 1 to 128 letters"],
    ["a user that is no address", { user: "priya" }, "user", "an e-mail address"],
    ["a user that is empty, which would un-assign", { user: "" }, "user", "an e-mail address"],
    ["a user that is missing, which would un-assign", { user: undefined as never }, "user", "e-mail"]
  ] as const)("%s is refused before any request", ([, wrong, parameter, allowed]) =>
    within((tasks) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          tasks.assign(projectId, { tasks: ["t1"], stage: "Label", user: labeler, ...wrong })
        )
        expect(error).toMatchObject({ _tag: "InvalidRequest", operation: "tasks.assign", parameter })
        expect(error.message).toContain(allowed)
        yield* nothingSent
      })
    )
  )
})

describe("requeue", () => {
  it.effect("moves the tasks that meet every condition, and tells how many", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const done = yield* inStage("Complete")
        const { batches } = done[0] ?? {}
        const batch = batches?.[0] ?? ""
        const expected = done.filter((task) => task.batches?.includes(batch))
        const others = done.length - expected.length
        expect(others).toBeGreaterThan(0)
        expect(
          yield* tasks.requeue(projectId, {
            toStage: "Label",
            filters: { fromStageIds: ["Complete"], batches: [batch] }
          })
        ).toEqual({ modified: expected.length, toStageId: "Label" })
        expect(yield* inStage("Complete")).toHaveLength(others)
        const moved = yield* tasks.get(expected[0]?.id ?? "")
        expect(moved).toMatchObject({ stage: "Label", status: "TODO" })
        expect(moved.completedAt).toBeUndefined()
      })
    )
  )

  it.effect.each(["taskIds", "assetIds", "externalIds"] as const)("finds one task by %s", (name) =>
    within((tasks) =>
      Effect.gen(function* () {
        const task = yield* firstIn("Complete")
        const asset = typeof task.asset === "string" ? task.asset : (task.asset?.id ?? "")
        const filters = {
          taskIds: { taskIds: ["x1", task.id] },
          assetIds: { assetIds: [asset] },
          externalIds: { externalIds: [task.externalId ?? ""] }
        }[name]
        const { modified } = yield* tasks.requeue(projectId, { toStage: "Label", filters })
        expect(modified).toBe(1)
        expect((yield* tasks.get(task.id)).stage).toBe("Label")
      })
    )
  )

  it.effect("keeps answer, assignee and history, and writes the move down", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const { review } = yield* stages
        const before = yield* tasks.get((yield* firstIn(review)).id, { includeAnswer: true })
        const history = yield* tasks.history(before.id)
        const visits = yield* visitsOf(before.id)
        yield* tasks.requeue(projectId, { toStage: "Label", filters: { taskIds: [before.id] } })
        const after = yield* tasks.get(before.id, { includeAnswer: true })
        expect(after.assignee).toBe(before.assignee)
        expect(after.answer).toEqual(before.answer)
        expect(yield* visitsOf(before.id)).toEqual(visits)
        const now = yield* tasks.history(before.id)
        expect(now.slice(0, -1)).toEqual(history)
        expect(now.at(-1)).toMatchObject({ stage: review, rework: true, answer: before.answer })
      })
    )
  )

  it.effect("removes what it is told to", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const { review } = yield* stages
        const { id } = yield* firstIn(review)
        yield* tasks.requeue(projectId, {
          toStage: "Label",
          filters: { taskIds: [id] },
          removeAnnotations: true,
          removeAssignee: true,
          removeStageHistory: true
        })
        const after = yield* tasks.get(id, { includeAnswer: true })
        expect(after.assignee).toBeNull()
        expect(after.answer).toEqual({ tools: [], classifications: [], relations: [] })
        expect(yield* tasks.history(id)).toEqual([])
        expect(yield* visitsOf(id)).toEqual([])
      })
    )
  )

  it.effect("moves every task when it is told so", () =>
    within((tasks) =>
      Effect.gen(function* () {
        expect(yield* tasks.requeue(projectId, { toStage: "Start", all: true })).toMatchObject({
          modified: 60
        })
        expect(yield* inStage("Start")).toHaveLength(60)
      })
    )
  )

  it.effect("leaves a stage alone that forbids it", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const stored = yield* seeded
        const done = yield* inStage("Complete")
        stored.project = {
          ...stored.project,
          stages: (stored.project.stages ?? []).map((stage) =>
            stage.type === "Complete" ? { ...stage, ...{ preventRequeue: true } } : stage
          )
        }
        const { modified } = yield* tasks.requeue(projectId, { toStage: "Label", all: true })
        expect(modified).toBe(60 - done.length)
        expect(yield* inStage("Complete")).toHaveLength(done.length)
      })
    )
  )

  it.effect("fails on an unknown project or stage, and on a missing permission", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        const all = { all: true } as const
        expect(yield* Effect.flip(tasks.requeue("x1", { toStage: "Label", ...all }))).toMatchObject({
          _tag: "NotFound"
        })
        expect(yield* Effect.flip(tasks.requeue(projectId, { toStage: "x1", ...all }))).toMatchObject({
          _tag: "BadRequest",
          vendorMessage: "Invalid stage: x1."
        })
        yield* hub.faults.on("tasks.requeue", [Faults.fail(403)])
        expect(yield* Effect.flip(tasks.requeue(projectId, { toStage: "Label", ...all }))).toMatchObject({
          _tag: "Forbidden"
        })
      })
    )
  )
})

describe("a change without a condition", () => {
  it.effect.each([
    ["nothing", {}, "filters"],
    ["no filters", { filters: {} }, "filters"],
    ["a list that turned out empty", { filters: { taskIds: [] } }, "filters.taskIds"],
    ["only empty lists", { filters: { batches: [], taskIds: [] } }, "filters.batches"],
    ["an empty list beside a condition", { filters: { taskIds: ["t1"], batches: [] } }, "filters.batches"],
    ["an empty list beside all", { all: true, filters: { taskIds: [] } }, "filters.taskIds"],
    ["a list that is not there", { filters: { taskIds: undefined } }, "filters"],
    ["all: false", { all: false }, "filters"],
    ["all beside a condition", { all: true, filters: { taskIds: ["t1"] } }, "all"],
    ["a condition that does not exist", { filters: { taskId: ["t1"] } as object }, "filters.taskId"],
    ["an id that is none", { filters: { taskIds: ["t1", "a b"] } }, "filters.taskIds[1]"],
    [
      "an id that is none beside a batch that could be looked up",
      { filters: { taskIds: ["a b"], batches: ["June, morning"] } },
      "filters.taskIds[0]"
    ]
  ] as const)("is refused before any request: %s", ([, options, parameter]) =>
    within((tasks) =>
      Effect.gen(function* () {
        const requeue = yield* Effect.flip(tasks.requeue(projectId, { toStage: "Label", ...options }))
        const priority = yield* Effect.flip(tasks.updatePriority(projectId, { priority: 1, ...options }))
        expect(requeue).toMatchObject({ _tag: "InvalidRequest", operation: "tasks.requeue", parameter })
        expect(priority).toMatchObject({
          _tag: "InvalidRequest",
          operation: "tasks.updatePriority",
          parameter
        })
        if (parameter.startsWith("filters")) expect(requeue.message).toMatch(/all: true|there are|an id of/)
        if (parameter === "filters.taskIds") expect(requeue.message).toContain("It is an empty list")
        yield* nothingSent
      })
    )
  )
})

describe("updatePriority", () => {
  it.effect("orders the queue", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const [one, two] = (yield* inStage("Label")).map(({ id }) => id)
        const set = (priority: number, taskId = "") =>
          tasks.updatePriority(projectId, { priority, filters: { taskIds: [taskId] } })
        expect(yield* set(1000, one)).toEqual({ modified: 1 })
        yield* set(-1000, two)
        expect((yield* tasks.get(one ?? "")).priority).toBe(1000)
        const queue = yield* tasks.page(projectId, { sort: "-priority", limit: 60 })
        expect(queue.items[0]?.id).toBe(one)
        expect(queue.items.at(-1)?.id).toBe(two)
      })
    )
  )

  it.effect("sets all when it is told so, and fails on an unknown project", () =>
    within((tasks) =>
      Effect.gen(function* () {
        expect(yield* tasks.updatePriority(projectId, { priority: 7, all: true })).toEqual({ modified: 60 })
        const all = yield* tasks.collect(projectId, { limit: 100 })
        expect(all.every((task) => task.priority === 7)).toBe(true)
        expect(yield* Effect.flip(tasks.updatePriority("x1", { priority: 7, all: true }))).toMatchObject({
          _tag: "NotFound"
        })
      })
    )
  )

  it.effect.each([1001, -1001, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "C34: %d is refused before any request",
    (priority) =>
      within((tasks) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(tasks.updatePriority(projectId, { priority, all: true }))
          expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "priority" })
          expect(error.message).toContain("Expected a whole number of -1000 to 1000")
          yield* nothingSent
        })
      )
  )
})

describe("review", () => {
  it.effect("is written down on the task", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const { id, stage } = yield* firstIn("Label")
        yield* tasks.review(id, { status: "Fixed" })
        expect(yield* tasks.get(id)).toMatchObject({ stage, review: { status: "Fixed" } })
      })
    )
  )

  it.effect.each([
    ["Accepted", "Complete", "Completed"],
    ["Rejected", "rework", "TODO"]
  ] as const)("%s sends a task in review the way of its stage", ([status, to, then]) =>
    within((tasks) =>
      Effect.gen(function* () {
        const { review, rework } = yield* stages
        const { id } = yield* firstIn(review)
        yield* tasks.review(id, { status })
        expect(yield* tasks.get(id)).toMatchObject({
          review: { status },
          stage: to === "rework" ? rework : to,
          status: then,
          assignee: null
        })
        expect((yield* tasks.history(id)).at(-1)).toMatchObject({ stage: review })
        expect((yield* visitsOf(id))?.at(-1)).toMatchObject({ stageId: review, reviewStatus: status })
      })
    )
  )

  it.effect("fails on an unknown task, and refuses other verdicts before any request", () =>
    within((tasks) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(tasks.review("t1", { status: "accepted" as "Accepted" }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "reviewStatus" })
        expect(error.message).toContain("Todo, Accepted, Rejected, Fixed")
        yield* nothingSent
        expect(yield* Effect.flip(tasks.review("x1", { status: "Accepted" }))).toMatchObject({
          _tag: "NotFound",
          status: 404
        })
      })
    )
  )
})
