// Tasks, annotations, exports.
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Annotations, Exports, Tasks } from "effect-ango"
import { member, naive, object } from "../pythonClient.js"
import { type Twin, twin } from "./twin.js"

const tasks = <A, E>(use: (service: Tasks["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Tasks, use)

type Filter = NonNullable<Parameters<Tasks["Type"]["page"]>[1]>

const conditions = (variant: string, theirs: Record<string, unknown>, ours: Filter): Twin =>
  twin("get_tasks", {
    variant,
    python: (call, { project }) =>
      call([project], { page: 1, limit: 20, task_filter: object("TaskFilter", theirs) }),
    ours: ({ project }) => tasks((service) => service.page(project, { page: 1, limit: 20, ...ours }))
  })

const time = "2025-01-02T03:04:05.678Z"

const box = { schemaId: "t1", objectId: "o1", "bounding-box": { x: 1, y: 2, width: 3, height: 4 } }

const answer = { objects: [box], classifications: [{ schemaId: "c1", answer: "yes" }], relations: [] }

const payload = object("AnnotationPayload", { answer: object("Answer", answer) })

const entry = (externalId: string) => ({
  externalId,
  objects: [{ title: "Vehicle", "bounding-box": box["bounding-box"] }]
})

export const taskTwins: ReadonlyArray<Twin> = [
  twin("get_tasks", {
    python: (call, { project }) => call([project], { page: 2, limit: 20 }),
    ours: ({ project }) => tasks((service) => service.page(project, { page: 2, limit: 20 }))
  }),
  twin("get_tasks", {
    variant: "answers, fields, sort",
    python: (call, { project }) =>
      call([project], {
        page: 1,
        limit: 20,
        include_answer: true,
        fields: "stage",
        sort: "-createdAt,priority"
      }),
    ours: ({ project }) =>
      tasks((service) =>
        service.page(project, {
          page: 1,
          limit: 20,
          includeAnswer: true,
          fields: ["stage"],
          sort: "-createdAt,priority"
        })
      )
  }),
  conditions("one stage", { stage: "Label" }, { stage: "Label" }),
  conditions("several stages", { stage: ["Label", "Complete"] }, { stage: ["Label", "Complete"] }),
  conditions("status", { status: "Completed" }, { status: "Completed" }),
  conditions(
    "review status",
    { review_status: member("ReviewStatus", "REJECTED") },
    { reviewStatus: "Rejected" }
  ),
  conditions("task type", { task_type: member("TaskType", "BENCHMARK") }, { taskType: "benchmark" }),
  conditions("assignee", { assignee: "amara.okafor@example.com" }, { assignee: "amara.okafor@example.com" }),
  conditions(
    "external id",
    { external_id: 'Käfer & "Co" #1+2.jpg' },
    { externalId: 'Käfer & "Co" #1+2.jpg' }
  ),
  conditions("priority", { priority: 10 }, { priority: 10 }),
  conditions(
    "priorities",
    { priority: object("NumberRange", { gte: 0, lte: 5 }) },
    { priority: { min: 0, max: 5 } }
  ),
  conditions(
    "batches",
    { batches: ["6661f1c0ba7cba7c01000001"] },
    { filter: { batches: { $in: ["6661f1c0ba7cba7c01000001"] } } }
  ),
  twin("get_task", {
    python: (call, { task }) => call([task], { include_answer: true }),
    ours: ({ task }) => tasks((service) => service.get(task, { includeAnswer: true }))
  }),
  twin("get_task_history", {
    python: (call, { task }) => call([], { task_id: task }),
    ours: ({ task }) => tasks((service) => service.history(task))
  }),
  twin("get_task_history", {
    variant: "one item",
    python: (call, { history }) => call([], { task_history_id: history }),
    ours: ({ history }) => tasks((service) => service.historyItem(history))
  }),
  twin("assign_task", {
    python: (call, seeds) =>
      call([seeds.project, seeds.tasks.slice(0, 2), "Label", "priya.raman@example.com"]),
    ours: (seeds) =>
      tasks((service) =>
        service.assign(seeds.project, {
          tasks: seeds.tasks.slice(0, 2),
          stage: "Label",
          user: "priya.raman@example.com"
        })
      )
  }),
  twin("requeue_tasks", {
    python: (call, { project, task }) =>
      call([project, "Start"], {
        filters: { taskIds: [task], fromStageIds: ["Label"] },
        options: { removeAnnotations: true, removeAssignee: false }
      }),
    ours: ({ project, task }) =>
      tasks((service) =>
        service.requeue(project, {
          toStage: "Start",
          filters: { taskIds: [task], fromStageIds: ["Label"] },
          removeAnnotations: true,
          removeAssignee: false
        })
      )
  }),
  twin("update_tasks_priority", {
    python: (call, { project, task }) => call([project, 10], { filters: { taskIds: [task] } }),
    ours: ({ project, task }) =>
      tasks((service) => service.updatePriority(project, { priority: 10, filters: { taskIds: [task] } }))
  }),
  twin("review_task", {
    python: (call, { task }) =>
      call([task, member("ReviewStatus", "REJECTED")], { pct_details: { frame: 1 } }),
    ours: ({ task }) =>
      tasks((service) => service.review(task, { status: "Rejected", pctDetails: { frame: 1 } }))
  }),
  twin("annotate_task", {
    variant: "overwrite",
    python: (call, { task }) => call([task, payload], { overwrite: true, send_to_next_stage: true }),
    ours: ({ task }) =>
      Effect.flatMap(Annotations, (service) => service.annotate(task, answer, { nextStage: true }))
  }),
  twin("annotate_task", {
    variant: "merge",
    arrange: ({ task }) =>
      Effect.flatMap(Annotations, (service) =>
        Effect.as(service.annotate(task, { tools: [{ ...box, objectId: "before" }] }), "")
      ),
    python: (call, { task }) => call([task, payload]),
    ours: ({ task }) =>
      Effect.flatMap(Annotations, (service) => service.annotate(task, answer, { merge: true }))
  }),
  twin("import_labels", {
    python: (call, { waiting, project }) => call([project, [entry(waiting)]]),
    ours: ({ waiting, project }) =>
      Effect.flatMap(Annotations, (service) =>
        Stream.runDrain(service.importLabels(project, [entry(waiting)], { validate: false }))
      )
  }),
  ...(["export", "exportV3"] as const).map((name) =>
    twin(name, {
      python: (call, { batch, project }) =>
        call([
          project,
          object("ExportOptions", {
            stage: ["Complete"],
            batches: [batch],
            export_format: member("ExportFormats", "NDJSON"),
            updated_at: object("TimeFilter", {
              from_date: naive(time),
              to_date: naive("2025-02-03T00:00:00.000")
            })
          })
        ]),
      ours: ({ batch, project }) =>
        Effect.flatMap(Exports, (service) =>
          Stream.runDrain(
            service.stream(project, {
              stages: ["Complete"],
              batches: [batch],
              updatedAfter: DateTime.unsafeMake(time),
              updatedBefore: DateTime.unsafeMake("2025-02-03T00:00:00.000Z")
            })
          )
        )
    })
  )
]
