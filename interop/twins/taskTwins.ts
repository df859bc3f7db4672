// Tasks, annotations, exports.
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Annotations, Exports, Tasks } from "effect-ango"
import { member, naive, object } from "../pythonClient.js"
import { type Seeds, type Twin, twin } from "./twin.js"

const tasks = <A, E>(use: (service: Tasks["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Tasks, use)

type Filter = NonNullable<Parameters<Tasks["Type"]["page"]>[1]>

const text = (kwargs: Record<string, unknown>) => object("StringFilter", kwargs)
const range = (kwargs: Record<string, unknown>) => object("NumberRange", kwargs)

type Of<A> = A | ((seeds: Seeds) => A)

const resolve = <A extends object>(value: Of<A>, seeds: Seeds): A =>
  typeof value === "function" ? value(seeds) : value

const conditions = (
  variant: string,
  theirs: Of<Readonly<Record<string, unknown>>>,
  ours: Of<Filter>,
  differs: Twin["differs"] = {}
): Twin =>
  twin("get_tasks", {
    variant,
    python: (call, seeds) =>
      call([seeds.project], {
        page: 1,
        limit: 20,
        task_filter: object("TaskFilter", resolve(theirs, seeds))
      }),
    ours: (seeds) =>
      tasks((service) => service.page(seeds.project, { page: 1, limit: 20, ...resolve(ours, seeds) })),
    differs
  })

const batchesLookedUp = { "only ours: GET /v2/project/{id}": "checked-names" }

const time = "2025-01-02T03:04:05.678Z"
const later = "2025-02-03T00:00:00.000Z"

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
    ({ batch }) => ({ batches: [batch] }),
    ({ batch }) => ({ batches: [batch] }),
    batchesLookedUp
  ),
  conditions(
    "other texts",
    {
      stage: text({ nin: ["Start", "Label"] }),
      assignee: text({ exists: true }),
      external_id: text({ regex: "frame-0" }),
      created_by: text({ ne: "a@example.com" }),
      updated_by: text({ in_list: ["a@example.com", "b@example.com"] })
    },
    {
      stage: { noneOf: ["Start", "Label"] },
      assignee: { exists: true },
      externalId: { pattern: "frame-0" },
      createdBy: { not: "a@example.com" },
      updatedBy: ["a@example.com", "b@example.com"]
    }
  ),
  conditions(
    "other numbers",
    {
      priority: range({ ne: 3 }),
      duration: range({ gt: 0, lt: 9 }),
      total_duration: range({ gte: 1 }),
      open_issues_count: 2
    },
    {
      priority: { not: 3 },
      duration: { above: 0, below: 9 },
      totalDuration: { min: 1 },
      openIssuesCount: 2
    }
  ),
  conditions(
    "times",
    {
      created_at: object("DateRange", { gte: naive(time), lt: naive(later) }),
      updated_at: object("DateRange", { gt: naive(time), lte: naive(later) })
    },
    {
      createdFrom: DateTime.unsafeMake(time),
      createdBefore: DateTime.unsafeMake(later),
      updatedAfter: DateTime.unsafeMake(time),
      updatedTo: DateTime.unsafeMake(later)
    }
  ),
  conditions(
    "flags",
    { is_draft: false, is_skipped: true, is_benchmark: false },
    { isDraft: false, isSkipped: true, isBenchmark: false }
  ),
  twin("get_task", {
    python: (call, { task }) => call([task], { include_answer: true }),
    ours: ({ task }) => tasks((service) => service.get(task, { includeAnswer: true })),
    differs: {
      'GET /v2/task/{id} query.includeAnswer: "True" → "true"': "lower-case-flags"
    }
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
  twin("set_tasks_as_benchmark", {
    python: (call, { project, task }) => call([project, [task]]),
    ours: ({ project, task }) => tasks((service) => service.setBenchmark(project, { tasks: [task] }))
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
      Effect.flatMap(Annotations, (service) => service.annotate(task, answer, { nextStage: true })),
    differs: {
      "only theirs: GET /v2/task/{id}": "needless-reads"
    }
  }),
  twin("annotate_task", {
    variant: "merge",
    arrange: ({ task }) =>
      Effect.flatMap(Annotations, (service) =>
        Effect.as(service.annotate(task, { tools: [{ ...box, objectId: "before" }] }), "")
      ),
    python: (call, { task }) => call([task, payload]),
    ours: ({ task }) =>
      Effect.flatMap(Annotations, (service) => service.annotate(task, answer, { merge: true })),
    differs: {
      'GET /v2/task/{id} query.includeAnswer: "False" → "true"': "merge-read",
      "only theirs: GET /v2/task/{id}": "needless-reads",
      "POST /v2/annotate/{id} body.brushDataUrl: null → absent": "merge-read",
      "POST /v2/annotate/{id} body.medicalBrushDataUrl: null → absent": "merge-read"
    }
  }),
  twin("import_labels", {
    python: (call, { waiting, project }) => call([project, [entry(waiting)]]),
    ours: ({ waiting, project }) =>
      Effect.flatMap(Annotations, (service) =>
        Stream.runDrain(service.importLabels(project, [entry(waiting)], { validate: false }))
      ),
    differs: {
      "only ours: GET /v2/project/{id}": "checked-rows",
      "only ours: GET /v2/project/{id}/assets": "checked-rows"
    }
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
        ),
      differs: batchesLookedUp
    })
  )
]
