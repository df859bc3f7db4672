// Tasks, annotations and pre-labels.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Annotations, Batches, Projects, Tasks } from "effect-ango"
import { array, member, naive, object } from "../pythonClient.js"
import {
  at,
  box,
  type Cases,
  download,
  listAt,
  newProject,
  project,
  Run,
  task,
  taskIds,
  tasksOf
} from "./case.js"

type Row = Readonly<Record<string, unknown>>

const text = (kwargs: Record<string, unknown>) => object("StringFilter", kwargs)
const range = (kwargs: Record<string, unknown>) => object("NumberRange", kwargs)
const dates = (kwargs: Record<string, unknown>) => object("DateRange", kwargs)

const isAmong = (value: unknown, list: unknown): boolean => Array.isArray(list) && list.includes(value)

// Each key and each operator, with the rows that it finds, told from the rows alone.
const conditions = (rows: ReadonlyArray<Row>, stages: ReadonlyArray<string>, batch: string) => {
  const values = (name: string) => [...new Set(rows.map((row) => row[name]).filter((value) => value != null))]
  const middle = (name: string) =>
    values(name).toSorted((a, b) => (String(a) < String(b) ? -1 : 1))[Math.floor(values(name).length / 2)]
  const [stage1 = "", stage2 = ""] = stages
  const person = String(values("assignee")[0])
  const externalId = String(values("externalId")[3])
  const created = String(middle("createdAt"))
  const updated = String(middle("updatedAt"))
  const creator = String(values("createdBy")[0])
  const updater = String(values("updatedBy")[0])
  const long = Math.max(...rows.map((row) => Number(row["duration"] ?? 0))) / 2
  const compared = (name: string, test: (value: number) => boolean) => (row: Row) =>
    typeof row[name] === "number" && test(row[name])
  const table: ReadonlyArray<readonly [Record<string, unknown>, (row: Row) => boolean]> = [
    [{ stage: stage1 }, (row) => row["stage"] === stage1],
    [{ stage: [stage1, stage2] }, (row) => row["stage"] === stage1 || row["stage"] === stage2],
    [{ stage: text({ nin: [stage1, stage2] }) }, (row) => row["stage"] !== stage1 && row["stage"] !== stage2],
    [{ batches: [batch] }, (row) => isAmong(batch, row["batches"])],
    [{ batches: text({ nin: [batch] }) }, (row) => !isAmong(batch, row["batches"])],
    [{ status: "Completed" }, (row) => row["status"] === "Completed"],
    [{ status: text({ ne: "Completed" }) }, (row) => row["status"] !== "Completed"],
    [{ review_status: member("ReviewStatus", "ACCEPTED") }, (row) => at(row, "review.status") === "Accepted"],
    [{ task_type: member("TaskType", "DEFAULT") }, (row) => row["type"] === "default"],
    [{ task_type: member("TaskType", "BENCHMARK") }, (row) => row["type"] === "benchmark"],
    [{ assignee: person }, (row) => row["assignee"] === person],
    [{ assignee: text({ exists: false }) }, (row) => !("assignee" in row)],
    [{ assignee: text({ in_list: [person, "nobody@example.com"] }) }, (row) => row["assignee"] === person],
    [{ external_id: externalId }, (row) => row["externalId"] === externalId],
    [
      { external_id: text({ regex: "-01/frame-0000[0-4]" }) },
      (row) => /-01\/frame-0000[0-4]/.test(String(row["externalId"]))
    ],
    [{ external_id: text({ eq: externalId.toUpperCase() }) }, () => false],
    [{ created_by: creator }, (row) => row["createdBy"] === creator],
    [{ created_by: text({ ne: creator }) }, (row) => row["createdBy"] !== creator],
    [{ updated_by: updater }, (row) => row["updatedBy"] === updater],
    [{ created_at: dates({ gte: naive(created) }) }, (row) => String(row["createdAt"]) >= created],
    [{ created_at: dates({ lt: naive(created) }) }, (row) => String(row["createdAt"]) < created],
    [{ updated_at: dates({ gt: naive(updated) }) }, (row) => String(row["updatedAt"]) > updated],
    [{ updated_at: dates({ lte: naive(updated) }) }, (row) => String(row["updatedAt"]) <= updated],
    [{ priority: 0 }, (row) => row["priority"] === 0],
    [{ priority: range({ ne: 0 }) }, (row) => row["priority"] !== 0],
    [{ priority: range({ gte: 0, lt: 5 }) }, compared("priority", (value) => value >= 0 && value < 5)],
    [{ duration: range({ gt: long }) }, compared("duration", (value) => value > long)],
    [{ duration: range({ lte: long }) }, compared("duration", (value) => value <= long)],
    [{ total_duration: range({ gt: long }) }, compared("totalDuration", (value) => value > long)],
    [{ open_issues_count: 1 }, (row) => row["openIssuesCount"] === 1],
    [{ open_issues_count: range({ gte: 1 }) }, compared("openIssuesCount", (value) => value >= 1)],
    [{ is_draft: false }, (row) => row["isDraft"] === false],
    [{ is_draft: true }, (row) => row["isDraft"] === true],
    [{ is_skipped: false }, (row) => row["isSkipped"] === false],
    [{ is_skipped: true }, (row) => row["isSkipped"] === true],
    [{ is_benchmark: false }, (row) => row["isBenchmark"] === false],
    [
      { stage: stage1, batches: [batch], priority: range({ gte: 0 }) },
      (row) => row["stage"] === stage1 && isAmong(batch, row["batches"]) && Number(row["priority"]) >= 0
    ]
  ]
  return table
}

const ids = (answer: unknown) => listAt(answer, "data.tasks").map((one) => at(one, "_id"))

const answerOf = (id: string) => Effect.map(task(id), ({ answer }) => answer)

const payload = (kwargs: Record<string, unknown>) => object("AnnotationPayload", kwargs)

const answer = (objects: ReadonlyArray<object>, classifications: ReadonlyArray<object>) =>
  object("Answer", { objects, classifications, relations: [] })

const weather = (option: string) => ({ schemaId: "class-weather", title: "Weather", answer: option })

const remark = { schemaId: "class-remarks", title: "Remarks", answer: "A quiet day" }

const objectIds = (
  found:
    | { readonly tools?: ReadonlyArray<{ readonly objectId?: string | null | undefined }> | null | undefined }
    | null
    | undefined
) => found?.tools?.map(({ objectId }) => objectId).toSorted()

const reviewed = (first: string) => [
  { id: "Start", type: "Start", name: "Start", next: ["Label"], ...{ autoForward: true } },
  { id: "Label", type: "Label", name: "Label", next: [first] },
  { id: first, type: "Review", name: "Review", next: ["Complete", "Label"] },
  { id: "Complete", type: "Complete", name: "Complete", next: [] }
]

export const tasks: Cases = {
  get_tasks: Effect.fn(function* (call) {
    const { seeded } = yield* Run
    const service = yield* Tasks
    const [batch] = yield* (yield* Batches).list(seeded)
    const { stages } = yield* project(seeded)
    const stageIds = (stages ?? []).map(({ id }) => id as string).slice(1)
    const all = listAt(yield* call([seeded], { limit: 1000 }), "data.tasks") as ReadonlyArray<Row>
    const collected = yield* service.collect(seeded, { limit: 1000 })
    expect(all.map((row) => row["_id"]).toSorted()).toEqual(
      collected.map(({ id }) => id as string).toSorted()
    )

    let found = 0
    for (const [condition, matches] of conditions(all, stageIds, String(batch?.id))) {
      const task_filter = object("TaskFilter", condition)
      const rows = ids(yield* call([seeded], { limit: 1000, task_filter }))
      const expected = all.filter(matches).map((row) => row["_id"])
      expect(rows.toSorted(), JSON.stringify(condition)).toEqual(expected.toSorted())
      if (expected.length > 0 && expected.length < all.length) found++
    }
    // Conditions that find all rows or none tell less.
    expect(found).toBeGreaterThan(20)

    const [stage = ""] = stageIds
    const staged = all.filter((row) => row["stage"] === stage)
    expect(ids(yield* call([seeded], { limit: 1000, stage })).toSorted()).toEqual(
      staged.map((row) => row["_id"]).toSorted()
    )
    const completed = all.filter((row) => row["status"] === "Completed")
    expect(ids(yield* call([seeded], { limit: 1000, status: "Completed" }))).toHaveLength(completed.length)
    const batched = all.filter((row) => isAmong(batch?.id, row["batches"]))
    expect(ids(yield* call([seeded], { limit: 1000, batches: [batch?.id] }))).toHaveLength(batched.length)
    const sorted = listAt(yield* call([seeded], { limit: 20, sort: "-priority,createdAt" }), "data.tasks")
    const priorities = sorted.map((row) => Number(at(row, "priority")))
    expect(priorities).toEqual(priorities.toSorted((a, b) => b - a))
    const chosen = listAt(yield* call([seeded], { limit: 5, fields: "stage" }), "data.tasks")
    expect(chosen.every((row) => at(row, "stage") !== undefined && at(row, "createdAt") === undefined)).toBe(
      true
    )
    const answers = listAt(yield* call([seeded], { limit: 1000, include_answer: true }), "data.tasks")
    expect(answers.filter((row) => listAt(row, "answer.tools").length > 0).length).toBeGreaterThan(10)
  }),

  get_task: Effect.fn(function* (call) {
    const id = yield* newProject(1)
    const [first = ""] = yield* taskIds(id)
    const empty = { tools: [], classifications: [], relations: [] }
    expect(at(yield* call([first]), "data.task")).toMatchObject({ _id: first, project: id, answer: empty })
    yield* (yield* Annotations).annotate(first, { tools: [box("o1")] })
    expect(at(yield* call([first], { include_answer: true }), "data.task.answer.tools")).toMatchObject([
      box("o1")
    ])
    // `False` with a capital gives the answer too: merging needs it (docs/api-notes.md#include-answer).
    expect(at(yield* call([first], { include_answer: false }), "data.task.answer.tools")).toMatchObject([
      box("o1")
    ])
  }),

  get_task_history: Effect.fn(function* (call) {
    const { seeded } = yield* Run
    const service = yield* Tasks
    const complete = yield* service.collect(seeded, { stage: "Complete", limit: 1000 })
    const id = String(complete[0]?.id)
    const history = yield* service.history(id)
    expect(history.length).toBeGreaterThan(1)
    const answer = yield* call([], { task_id: id })
    expect(listAt(answer, "data.taskHistory").map((one) => at(one, "id"))).toEqual(
      history.map((item) => item.id)
    )
    const one = yield* call([], { task_history_id: history[0]?.id })
    expect([at(one, "data.taskHistory")].flat()).toMatchObject([{ id: history[0]?.id, labelTaskId: id }])
  }),

  assign_task: Effect.fn(function* (call) {
    const id = yield* newProject(3)
    const [first, second, third] = yield* taskIds(id)
    yield* (yield* Projects).addMembers(id, { emails: ["amara.okafor@example.com"], role: "Labeler" })
    yield* call([id, [first, second], "Label", "amara.okafor@example.com"])
    expect((yield* task(String(first))).assignee).toBe("amara.okafor@example.com")
    expect((yield* task(String(second))).assignee).toBe("amara.okafor@example.com")
    expect((yield* task(String(third))).assignee ?? null).toBeNull()
  }),

  requeue_tasks: Effect.fn(function* (call) {
    const id = yield* newProject(4)
    const [first = "", second = "", third = "", fourth = ""] = yield* taskIds(id)
    const annotations = yield* Annotations
    for (const each of [first, second, third]) {
      yield* annotations.annotate(each, { tools: [box("o1")] }, { nextStage: true })
    }
    const options = { removeAnnotations: true, removeAssignee: true }
    yield* call([id, "Label"], { filters: { taskIds: [first], fromStageIds: ["Complete"] }, options })
    yield* call([id, "Start"], { filters: { externalIds: ["2.jpg"] } })
    const stages = yield* Effect.forEach([first, second, third, fourth], (each) =>
      Effect.map(task(each), ({ stage }) => stage)
    )
    expect(stages).toEqual(["Label", "Start", "Complete", "Label"])
    expect(objectIds(yield* answerOf(first))).toEqual([])
    expect(objectIds(yield* answerOf(second))).toEqual(["o1"])
    yield* call([id, "Complete"])
    expect((yield* tasksOf(id)).every(({ stage }) => stage === "Complete")).toBe(true)
  }),

  update_tasks_priority: Effect.fn(function* (call) {
    const id = yield* newProject(3)
    const [first = "", second = "", third = ""] = yield* taskIds(id)
    yield* call([id, 10], { filters: { taskIds: [first] } })
    yield* call([id, -1000], { filters: { externalIds: ["3.jpg"] } })
    const priorities = yield* Effect.forEach([first, second, third], (each) =>
      Effect.map(task(each), ({ priority }) => priority)
    )
    expect(priorities).toEqual([10, 0, -1000])
    yield* call([id, 5])
    expect((yield* tasksOf(id)).map(({ priority }) => priority)).toEqual([5, 5, 5])
  }),

  set_tasks_as_benchmark: Effect.fn(function* (call) {
    const id = yield* newProject(2)
    const [first = "", second = ""] = yield* taskIds(id)
    yield* call([id, [first]])
    expect(yield* task(first)).toMatchObject({ isBenchmark: true, type: "benchmark" })
    expect(yield* task(second)).toMatchObject({ isBenchmark: false })
    yield* call([id, [first]], { is_benchmark: false })
    expect(yield* task(first)).toMatchObject({ isBenchmark: false, type: "default" })
  }),

  annotate_task: Effect.fn(function* (call) {
    const id = yield* newProject(3)
    const [first = "", masks = "", voxels = ""] = yield* taskIds(id)
    // The default merges, into the answer of a task that was never annotated too.
    yield* call([first, payload({ answer: answer([box("o1")], [weather("option-rain"), remark]) })])
    expect(objectIds(yield* answerOf(first))).toEqual(["o1"])
    yield* call([first, payload({ answer: answer([box("o2")], [weather("option-clear")]) })])
    const merged = yield* answerOf(first)
    expect(objectIds(merged)).toEqual(["o1", "o2"])
    expect(merged?.classifications?.map((one) => one.answer).toSorted()).toEqual([
      "A quiet day",
      "option-clear"
    ])
    yield* call([first, payload({ answer: answer([box("o3")], [weather("option-rain")]) })], {
      overwrite: true,
      send_to_next_stage: true
    })
    expect(objectIds(yield* answerOf(first))).toEqual(["o3"])
    expect((yield* task(first)).stage).toBe("Complete")

    const pixels = (...lit: ReadonlyArray<number>) => array([[0, 1].map((x) => (lit.includes(x) ? 1 : 0))])
    const draw = (brush: unknown, kwargs = {}) =>
      call([masks, payload({ answer: answer([], [weather("option-clear")]), brush_data: brush })], kwargs)
    yield* draw(pixels(0), { overwrite: true })
    const url = String((yield* task(masks)).brushDataUrl)
    expect(url).toMatch(new RegExp(`/${id}/brushes/[0-9a-f]{32}\\.png$`))
    const left = yield* download(id, url)
    // Merging reads the mask back by a signed link whose name holds `//`.
    yield* draw(pixels(1))
    const together = yield* download(id, String((yield* task(masks)).brushDataUrl))
    yield* draw(pixels(0, 1), { overwrite: true })
    const both = yield* download(id, String((yield* task(masks)).brushDataUrl))
    expect(together).toEqual(both)
    expect(together).not.toEqual(left)
    // An overwriting answer without a mask takes the mask away: both addresses are sent as null.
    yield* call([masks, payload({ answer: answer([box("o1")], []) })], { overwrite: true })
    expect((yield* task(masks)).brushDataUrl ?? null).toBeNull()

    const cube = array([
      [
        [0, 1],
        [2, 0]
      ]
    ])
    yield* call([voxels, payload({ answer: answer([], []), medical_brush_data: cube })], { overwrite: true })
    const nrrd = String((yield* task(voxels)).medicalBrushDataUrl)
    expect(nrrd).toMatch(new RegExp(`/${id}/medicalBrushes/[0-9a-f]{32}\\.seg\\.nrrd$`))
    expect(new TextDecoder("latin1").decode(yield* download(id, nrrd))).toMatch(/^NRRD0005\n/)
  }),

  review_task: Effect.fn(function* (call) {
    const id = yield* newProject(3, { stages: reviewed("check") })
    const [accepted = "", rejected = "", other = ""] = yield* taskIds(id)
    for (const each of [accepted, rejected]) {
      yield* (yield* Annotations).annotate(each, { tools: [box("o1")] }, { nextStage: true })
    }
    expect((yield* task(accepted)).stage).toBe("check")
    yield* call([accepted, member("ReviewStatus", "ACCEPTED")])
    yield* call([rejected, member("ReviewStatus", "REJECTED")], { pct_details: { frame: 1 } })
    expect(yield* task(accepted)).toMatchObject({ review: { status: "Accepted" }, stage: "Complete" })
    expect(yield* task(rejected)).toMatchObject({ review: { status: "Rejected" }, stage: "Label" })
    expect((yield* task(other)).review ?? null).toBeNull()
  }),

  import_labels: Effect.fn(function* (call) {
    const waiting = reviewed("check").map((stage) => ({ ...stage, autoForward: false }))
    const id = yield* newProject(2, { stages: waiting })
    const [first = "", second = ""] = yield* taskIds(id)
    const done = yield* call([
      id,
      [{ externalId: "1.jpg", objects: [box("o1")], classifications: [{ title: "Weather", answer: "Rain" }] }]
    ])
    expect(at(done, "data.project")).toBe("1 / 1 tasks are labeled.")
    const stored = yield* answerOf(first)
    expect(stored?.tools).toMatchObject([
      { schemaId: "tool-vehicle", "bounding-box": { x: 1, y: 2, width: 3, height: 4 } }
    ])
    expect(stored?.classifications).toMatchObject([{ title: "Weather", answer: "option-rain" }])
    expect(objectIds(yield* answerOf(second))).toEqual([])
  })
}
