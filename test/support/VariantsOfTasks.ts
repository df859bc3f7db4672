// Documented variants of task requests and responses.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Annotations, LabelTask, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub } from "./AskHub.js"
import {
  accepted,
  assetId,
  batchesOf,
  json,
  projectId,
  queries,
  read,
  row,
  statusOf,
  taskId,
  taskIn
} from "./Variants.js"

const review = "206f2f63-0c4d-4b8e-9a51-000000000001"

const list = (query: string, project: string = projectId) =>
  accepted(`GET /project/${project}/tasks?limit=1000&${query}`)

const total = (query: string, project?: string) =>
  Effect.map(list(query, project), (data) => data.total as number)

/** Checks that all queries find the same number of tasks: more than none and less than all. */
const alike = (variants: ReadonlyArray<string>, project: string = projectId) =>
  Effect.gen(function* () {
    const found = yield* Effect.forEach(variants, (query) => total(query, project))
    expect(new Set(found).size, variants.map((query, index) => `${query}: ${found[index]}`).join("; ")).toBe(
      1
    )
    expect(found[0]).toBeGreaterThan(0)
    expect(found[0]).toBeLessThan(yield* total("", project))
  })

const tasks = <A, E>(f: (service: Tasks["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Tasks, f)
const aTask = tasks((service) => service.get(taskId))

const clamped = Effect.provide(
  tasks((service) => Stream.runCount(service.stream(AngoTest.projectId))),
  AngoTest.layer({ tasks: 150, pageSize: 1000, maxLimit: 100 })
)

const requeued = (body: object) =>
  Effect.gen(function* () {
    const { _id } = yield* taskIn(review)
    const filters = { taskIds: [_id], externalIds: [], assetIds: [], fromStageIds: [] }
    const data = yield* accepted(`POST /project/${projectId}/requeueTasks`, {
      toStageId: "Label",
      filters,
      ...body
    })
    expect(data.modifiedCount).toEqual({ modified: 1, toStageId: "Label" })
    const { task } = yield* accepted(`GET /task/${_id}?includeAnswer=true`)
    return { assignee: task.assignee, tools: task.answer.tools.length }
  })

export const variantsOfTasks = [
  row(
    "page-size",
    "page sizes are 1 to 1000; a hub that returns at most 100 is read to the end",
    Effect.gen(function* () {
      for (const limit of [1, 9, 10, 100, 666, 1000]) {
        const { tasks } = yield* accepted(`GET /project/${projectId}/tasks?limit=${limit}`)
        expect(tasks).toHaveLength(Math.min(limit, 120))
      }
      expect(yield* statusOf(`GET /project/${projectId}/tasks?limit=1001`)).toBe(400)
      expect(yield* clamped).toBe(150)
    })
  ),
  row(
    "annotate-method",
    "answers are written with POST, not with GET",
    Effect.gen(function* () {
      const { _id } = yield* taskIn("Label")
      const { label } = yield* accepted(`POST /annotate/${_id}`, { answer: {} })
      expect(label._id).toBe(_id)
      expect([404, 405]).toContain(yield* statusOf(`GET /annotate/${_id}`))
      yield* Effect.flatMap(Annotations, (service) => service.annotate(_id, {}))
      const hub = yield* Emulator
      expect((yield* hub.requests("annotations.annotate")).map(({ method }) => method)).toEqual([
        "POST",
        "POST"
      ])
    })
  ),
  row(
    "filter-parameter",
    "`filter` and `filters` are parameters, with the operators of a document store; the client sends `filter`",
    Effect.gen(function* () {
      const conditions = [{ stage: "Label" }, { stage: { $in: ["Label"] } }, { stage: { $eq: "Label" } }]
      const variants = conditions.flatMap((one) => [`filter=${json(one)}`, `filters=${json(one)}`])
      yield* alike(["stage=Label", ...variants])
      const filter = { stage: { $in: ["Label"] } }
      const [sent] = yield* queries(tasks((service) => service.page(projectId, { filter })))
      expect(new URLSearchParams(sent).get("filter")).toBe('{"stage":{"$in":["Label"]}}')
    })
  ),
  row(
    "batch-filter",
    "batch filters are a JSON array of ids, comma-separated names or ids, one id, or one name",
    Effect.gen(function* () {
      const second = (yield* Emulator).projectIds[1] ?? ""
      const [one] = yield* batchesOf(second)
      const id = one?._id ?? ""
      const name = one?.name ?? ""
      const twice = `batches=${id},${encodeURIComponent(name)}`
      const variants = [json([id]), json([name]), json(id), id, encodeURIComponent(name)]
      yield* alike([...variants.map((value) => `batches=${value}`), twice], second)
      expect(yield* total("batches=Nope", second)).toBe(0)
    })
  ),
  row(
    "task-status",
    "statuses are sent in any case; old, new and unknown ones are read",
    Effect.gen(function* () {
      yield* alike(["Completed", "completed", "COMPLETED"].map((status) => `status=${status}`))
      for (const status of ["TODO", "Completed", "Reviewed", "READY", "PCT_SUBMIT_WAITING", "of tomorrow"]) {
        expect((yield* read(aTask, { task: { _id: taskId, status } })).status).toBe(status)
      }
    })
  ),
  row(
    "status-filter",
    "`status[eq]` (encoded or not), `status` and `filter` are accepted; the client sends `filter`",
    Effect.gen(function* () {
      const filter = `filter=${json({ status: { $eq: "TODO" } })}`
      yield* alike(["status[eq]=TODO", "status%5Beq%5D=TODO", "status=TODO", filter])
      const [sent] = yield* queries(tasks((service) => service.page(projectId, { status: "TODO" })))
      expect(sent).toContain(filter)
    })
  ),
  row(
    "history-shape",
    "`taskHistory` accepts the id of an item or of a task; an object and a list are read as a list",
    Effect.gen(function* () {
      const { _id } = yield* taskIn("Complete")
      const { taskHistory } = yield* accepted(`GET /taskHistory/${_id}`)
      expect(taskHistory.length).toBeGreaterThan(1)
      expect((yield* accepted(`GET /taskHistory/${taskHistory[0].id}`)).taskHistory).toEqual(taskHistory[0])
      const item = { id: "65aa00000000000000007001", labelTaskId: taskId }
      const call = tasks((service) => service.historyItem(item.id))
      for (const history of [item, [item], { _id: item.id, labelTaskId: taskId }]) {
        const items = yield* read(call, { taskHistory: history })
        expect(items.map(({ id }) => id)).toEqual([item.id])
      }
    })
  ),
  row(
    "requeue-options",
    "requeue accepts the options of the SDK and of older documents",
    Effect.gen(function* () {
      const done = { assignee: null, tools: 0 }
      expect(yield* requeued({ options: { removeAnnotations: true, removeAssignee: true } })).toEqual(done)
      expect(yield* requeued({ options: { resetAnswer: true, unassign: true } })).toEqual(done)
      const kept = yield* requeued({ options: {} })
      expect([kept.assignee === null, kept.tools > 0]).toEqual([false, true])
      expect((yield* requeued({})).assignee).not.toBeNull()
    })
  ),
  row(
    "duration-unit",
    "durations are milliseconds and are not converted",
    Effect.gen(function* () {
      const { _id } = yield* taskIn("Label")
      yield* accepted(`POST /annotate/${_id}`, { answer: {}, duration: 5400 })
      expect((yield* accepted(`GET /task/${_id}`)).task.duration).toBe(5400)
      expect((yield* tasks((service) => service.get(_id))).duration).toBe(5400)
      expect((yield* read(aTask, { task: { _id: taskId, duration: 5.4 } })).duration).toBe(5.4)
    })
  ),
  row(
    "task-asset",
    "the asset of a task is an id or an object; the hub returns the object",
    Effect.gen(function* () {
      const { _id } = yield* taskIn("Label")
      expect(Object.keys((yield* accepted(`GET /task/${_id}`)).task.asset)).toEqual([
        "_id",
        "externalId",
        "data"
      ])
      for (const asset of [
        assetId,
        { _id: assetId, externalId: "tom.jpg", data: "https://files.example/tom.jpg" }
      ]) {
        expect(LabelTask.assetIdOf(yield* read(aTask, { task: { _id: taskId, asset } }))).toBe(assetId)
      }
    })
  ),
  row(
    "minimum-page-size",
    "page sizes below ten are accepted",
    Effect.gen(function* () {
      for (const limit of [1, 3, 9]) {
        expect((yield* tasks((service) => service.page(projectId, { limit }))).items).toHaveLength(limit)
      }
    })
  ),
  row(
    "priority-range",
    "priorities are -1000 to 1000",
    Effect.gen(function* () {
      const path = `POST /project/${projectId}/updatePriority`
      const filters = { taskIds: [(yield* taskIn("Label"))._id] }
      for (const priority of [-1000, 0, 1000]) yield* accepted(path, { priority, filters })
      for (const priority of [-1001, 1001, 10_000]) {
        expect((yield* askHub(path, { priority, filters })).status).toBe(400)
      }
      const call = tasks((service) => service.updatePriority(projectId, { priority: 1001, all: true }))
      expect(yield* Effect.flip(call)).toMatchObject({ _tag: "InvalidRequest", parameter: "priority" })
    })
  ),
  row(
    "include-answer",
    "`includeAnswer` is sent in any case; one task comes without its answer only for `false` to the letter",
    Effect.gen(function* () {
      const { _id } = yield* taskIn("Complete")
      for (const query of [
        "",
        ...["true", "True", "False", "0", ""].map((flag) => `?includeAnswer=${flag}`)
      ]) {
        expect([query, (yield* accepted(`GET /task/${_id}${query}`)).task]).toMatchObject([
          query,
          { answer: {} }
        ])
      }
      expect((yield* accepted(`GET /task/${_id}?includeAnswer=false`)).task).not.toHaveProperty("answer")
      const withAnswers = ["true", "True", "TRUE"].map((flag) => `includeAnswer=${flag}`)
      for (const query of [
        "",
        "includeAnswer=false",
        "includeAnswer=False",
        "includeAnswer=1",
        ...withAnswers
      ]) {
        const [task] = (yield* list(query)).tasks
        expect([query, Object.hasOwn(task, "answer")]).toEqual([query, withAnswers.includes(query)])
      }
      const untouched = yield* taskIn("Start")
      const { task } = yield* accepted(`GET /task/${untouched._id}?includeAnswer=False`)
      expect(task.answer).toEqual({ tools: [], classifications: [], relations: [] })
      const calls = [true, false].map((includeAnswer) =>
        tasks((service) => service.get(_id, { includeAnswer }))
      )
      const sent = yield* Effect.forEach(calls, queries)
      expect(sent).toEqual([["?includeAnswer=true"], ["?includeAnswer=false"]])
    })
  ),
  row(
    "content-type-on-reads",
    "a GET may have a content type",
    Effect.gen(function* () {
      for (const headers of [{}, { "content-type": "application/json" }, { "content-type": "text/plain" }]) {
        for (const path of ["/listProjects", `/project/${projectId}/tasks`, "/issues?limit=1"]) {
          expect([200, 201]).toContain(yield* statusOf(`GET ${path}`, headers))
        }
      }
    })
  ),
  row(
    "task-fields",
    "`fields` selects fields of tasks; the identifying ones are always present, in order",
    Effect.gen(function* () {
      const [task] = (yield* list("fields=status,stage")).tasks
      expect(Object.keys(task).toSorted()).toEqual(["_id", "asset", "project", "stage", "status"])
      const call = tasks((service) => service.page(projectId, { fields: ["status", "_id", "answer"] }))
      const [first] = yield* queries(call)
      expect(new URLSearchParams(first).get("fields")).toBe("_id,project,asset,status,answer")
      expect(new URLSearchParams(first).get("includeAnswer")).toBe("true")
      expect(yield* queries(call)).toEqual([first])
    })
  )
]
