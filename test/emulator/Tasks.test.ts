// Changes of tasks, called with `fetch` and documented bodies.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest
const labeler = "priya.raman@example.com"

const ask = (method: string, path: string, given?: unknown) =>
  Effect.map(askHub(`${method} ${path}`, given), ({ body, status }) => ({ status, body }))

const post = (path: string, body: unknown) => ask("POST", path, body)

const stored = Effect.map(Emulator, ({ state }) => {
  const project = state.projects.get(projectId)
  if (project === undefined) throw new Error("the seed has no first project")
  return project
})

const taskIn = (stage: string, nth = 0) =>
  Effect.map(stored, ({ tasks }) => {
    const task = tasks.filter((one) => one.stage === stage)[nth]
    if (task === undefined) throw new Error(`no task in ${stage}`)
    return task
  })

const get = (taskId: string) =>
  Effect.map(
    ask("GET", `/task/${taskId}?includeAnswer=true`),
    ({ body }) => body.data?.["task"] as Record<string, unknown>
  )

describe("every documented request variant is accepted", () => {
  it.effect.each([
    { removeAnnotations: true, removeAssignee: true },
    { resetAnswer: true, unassign: true }
  ])("requeue-options: requeue with the options %j", (options) =>
    withHub(
      Effect.gen(function* () {
        const { _id } = yield* taskIn("206f2f63-0c4d-4b8e-9a51-000000000001")
        expect((yield* get(_id))["assignee"]).not.toBeNull()
        const reply = yield* post(`/project/${projectId}/requeueTasks`, {
          toStageId: "Label",
          filters: { taskIds: [_id], externalIds: [], assetIds: [], fromStageIds: [] },
          options
        })
        expect(reply).toEqual({
          status: 200,
          body: { status: "success", data: { modifiedCount: { modified: 1, toStageId: "Label" } } }
        })
        expect(yield* get(_id)).toMatchObject({
          stage: "Label",
          assignee: null,
          answer: { tools: [], classifications: [], relations: [] }
        })
      })
    )
  )

  it.effect("requeue-options: requeues by batch ids and names; without filters, every task", () =>
    withHub(
      Effect.gen(function* () {
        const { project } = yield* stored
        const batch = project.batches?.[0]
        const moved = (filters?: object) =>
          Effect.map(
            post(`/project/${projectId}/requeueTasks`, { toStageId: "Label", filters }),
            ({ body }) =>
              (body.data?.["modifiedCount"] as { readonly modified: number } | undefined)?.modified
          )
        const byId = yield* moved({ batches: [batch?._id] })
        expect(byId).toBeGreaterThan(0)
        expect(byId).toBeLessThan(60)
        expect(yield* moved({ batches: [batch?.name] })).toBe(byId)
        expect(yield* moved({ batches: ["no such batch"] })).toBe(0)
        expect(yield* moved({})).toBe(60)
        expect(yield* moved()).toBe(60)
      })
    )
  )

  it.effect.each([
    [1000, 200],
    [-1000, 200],
    [0, 200],
    [1001, 400],
    [-1001, 400],
    [1.5, 400]
  ])("priority-range: a priority of %d is answered with %d", ([priority, status]) =>
    withHub(
      Effect.gen(function* () {
        const { _id } = yield* taskIn("Label")
        const before = (yield* get(_id))["priority"]
        const reply = yield* post(`/project/${projectId}/updatePriority`, {
          priority,
          filters: { taskIds: [_id] },
          options: {}
        })
        expect(reply.status).toBe(status)
        expect((yield* get(_id))["priority"]).toBe(status === 200 ? priority : before)
      })
    )
  )

  it.effect.each([{}, { user: null }, { user: "" }])("unassigning: %j unassigns", (user) =>
    withHub(
      Effect.gen(function* () {
        const { _id } = yield* taskIn("Label")
        const body = { project: projectId, tasks: [_id], stage: "Label" }
        yield* post("/task/assign", { ...body, user: labeler })
        expect((yield* get(_id))["assignee"]).toBe(labeler)
        expect(yield* post("/task/assign", { ...body, ...user })).toMatchObject({
          status: 200,
          body: { data: { message: expect.any(String) } }
        })
        expect((yield* get(_id))["assignee"]).toBeNull()
      })
    )
  )
})

describe("assign-tasks: the bodies of 1.0.x", () => {
  it.effect.each(["username", "user", "user id"])("by %s: assign, in the task's own stage", (form) =>
    withHub(
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const userId = state.organization.members.find(({ email }) => email === labeler)?._id ?? ""
        for (const stage of ["Label", "Start"]) {
          const { _id } = yield* taskIn(stage)
          const task = `"task":"${_id}"`
          const sent = form === "username" ? "username" : "user"
          const body = `{${task},"${sent}":"${form === "user id" ? userId : labeler}"}`
          expect(yield* post("/task/assign", body)).toMatchObject({ status: 200 })
          expect(yield* get(_id)).toMatchObject({ assignee: labeler, stage })
          expect(yield* post("/task/assign", `{${task},"username":null,"user":null}`)).toMatchObject({
            status: 200
          })
          expect((yield* get(_id))["assignee"]).toBeNull()
        }
      })
    )
  )

  it.effect("with an unknown task or user are errors", () =>
    withHub(
      Effect.gen(function* () {
        const { _id } = yield* taskIn("Label")
        expect((yield* post("/task/assign", { task: "x1", user: labeler })).status).toBe(404)
        for (const user of ["nobody@example.com", "65aa0000000000000000ffff", "priya"]) {
          expect((yield* post("/task/assign", { task: _id, user })).status).toBe(400)
          expect((yield* post("/task/assign", { task: _id, username: user })).status).toBe(400)
        }
      })
    )
  )
})

describe("rejected requests", () => {
  it.effect("unknown projects with the real hub's message, unknown tasks with 404", () =>
    withHub(
      Effect.gen(function* () {
        const invalid = { status: 400, body: { status: "fail", message: "Invalid project: x1." } }
        const tasks = { project: "x1", tasks: ["t1"], stage: "Label", user: labeler }
        expect(yield* post("/task/assign", tasks)).toEqual(invalid)
        expect(yield* post("/project/x1/requeueTasks", { toStageId: "Label" })).toEqual(invalid)
        expect(yield* post("/project/x1/updatePriority", { priority: 1 })).toEqual(invalid)
        expect(yield* post("/import/labels", { project: "x1", jsonContent: [] })).toEqual(invalid)
        for (const [path, body] of [
          ["/review/x1", { reviewStatus: "Accepted" }],
          ["/annotate/x1", { answer: {} }]
        ] as const) {
          expect(yield* post(path, body)).toMatchObject({ status: 404, body: { status: "fail" } })
        }
      })
    )
  )

  it.effect("undocumented bodies", () =>
    withHub(
      Effect.gen(function* () {
        const { _id } = yield* taskIn("Label")
        for (const [path, body] of [
          ["/task/assign", { project: projectId, tasks: [], stage: "Label" }],
          ["/task/assign", { project: projectId, tasks: [_id], stage: "Label", user: "priya" }],
          [`/project/${projectId}/requeueTasks`, {}],
          [`/project/${projectId}/updatePriority`, { filters: {} }],
          [`/review/${_id}`, { reviewStatus: "Maybe" }],
          [`/annotate/${_id}`, {}],
          [`/annotate/${_id}?nextStage=perhaps`, { answer: {} }],
          [`/annotate/${_id}`, { answer: {}, duration: -1 }]
        ] as const) {
          expect(yield* post(path, body)).toMatchObject({ status: 400, body: { status: "fail" } })
        }
      })
    )
  )
})

describe("the queue", () => {
  it.effect("is ordered by priority", () =>
    withHub(
      Effect.gen(function* () {
        const { _id } = yield* taskIn("Label", 1)
        yield* post(`/project/${projectId}/updatePriority`, { priority: 500, filters: { taskIds: [_id] } })
        const list = yield* ask("GET", `/project/${projectId}/tasks?sort=-priority,createdAt&limit=1`)
        expect(list.body.data?.["tasks"]).toMatchObject([{ _id, priority: 500 }])
        const last = yield* ask("GET", `/project/${projectId}/tasks?sort=priority&limit=60`)
        const tasks = (last.body.data?.["tasks"] ?? []) as ReadonlyArray<object>
        expect(tasks.at(-1)).toMatchObject({ _id })
      })
    )
  )
})
