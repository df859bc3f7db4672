/**
 * Endpoints of tasks.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import type { BadRequest } from "../../api/envelope.js"
import { HubApi, success } from "../server/hubApi.js"
import { assetIdOf, findTask, type StoredProject, type WireAnswer, type WireTask } from "../state/HubState.js"
import { notFound, unknownProject } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"
import { filterDocuments, type ReadField } from "./documentFilter.js"
import { batchField, exactFields, type Field, fields, filterRows, type Row } from "./listFilter.js"
import { paginate } from "./listPage.js"
import * as Changes from "./taskChanges.js"

interface ListQuery {
  readonly "status[eq]"?: string
  readonly status?: string
  readonly stage?: string
  readonly assignee?: string
  readonly batches?: ReadonlyArray<string>
  readonly filter?: Readonly<Record<string, unknown>>
  readonly filters?: Readonly<Record<string, unknown>>
}

const reviewStatusOf = (task: Row): unknown => (task as WireTask).review?.status

const type: Field = { value: (task) => task["type"] }

const filterable: Readonly<Record<string, Field>> = {
  ...exactFields("_id", "externalId", "stage"),
  ...fields(
    "assignee",
    "completedAt",
    "completedBy",
    "createdAt",
    "createdBy",
    "duration",
    "isBenchmark",
    "isDraft",
    "isPreLabeled",
    "isSkipped",
    "openIssuesCount",
    "priority",
    "status",
    "totalDuration",
    "updatedAt",
    "updatedBy"
  ),
  asset: { value: (task) => assetIdOf(task as WireTask), isExact: true },
  reviewStatus: { value: reviewStatusOf },
  type,
  // A guess of older clients (docs/api-notes.md#task-filters).
  taskType: type
}

// Two conditions have another name than the field.
const readField: ReadField = (task, name) => {
  if (name === "asset") return assetIdOf(task as WireTask)
  return name === "reviewStatus" ? reviewStatusOf(task) : Object.hasOwn(task, name) ? task[name] : undefined
}

// A condition in `filter` overrides the deprecated parameter of the same name (docs/api-notes.md#task-filters).
const parameterConditions = ({ assignee, batches, stage, ...query }: ListQuery, json: Row): Row => {
  const status = query["status[eq]"] ?? query.status
  return Object.fromEntries(
    Object.entries({ status, stage, assignee, batches }).filter(
      ([name, value]) => value !== undefined && !Object.hasOwn(json, name)
    )
  )
}

const filterTasks = (
  stored: StoredProject,
  query: ListQuery,
  mode: "strict" | "lenient"
): Effect.Effect<ReadonlyArray<WireTask>, BadRequest> => {
  const json: Row = { ...query.filters, ...query.filter }
  const parameters = parameterConditions(query, json)
  const known = { ...filterable, batches: batchField(stored.project.batches ?? []) }
  return mode === "lenient"
    ? filterRows(stored.tasks, { ...parameters, ...json }, known)
    : Effect.flatMap(filterRows(stored.tasks, parameters, known), (tasks) =>
        filterDocuments(tasks, json, readField)
      )
}

const alwaysIncluded = ["_id", "project", "asset"]

const pickFields = (task: object, fields: ReadonlyArray<string>): object => {
  const included = new Set([...alwaysIncluded, ...fields])
  return Object.fromEntries(Object.entries(task).filter(([name]) => included.has(name)))
}

const emptyAnswer: WireAnswer = { tools: [], classifications: [], relations: [] }

/** The handlers of the group. */
export const layer = HttpApiBuilder.group(HubApi, "tasks", (handlers) =>
  Effect.map(Hub, (hub) => {
    const { listing, state } = hub
    const withAnswer = (task: WireTask, includeAnswer: boolean): object =>
      includeAnswer ? { ...task, answer: state.answers.get(task._id) ?? emptyAnswer } : task

    return handlers
      .handle("list", ({ path, urlParams }) =>
        Effect.gen(function* () {
          const stored = state.projects.get(path.projectId)
          if (stored === undefined) return yield* unknownProject(path.projectId)
          const { rows, total } = yield* paginate(
            yield* filterTasks(stored, urlParams, hub.taskFilters),
            urlParams,
            listing
          )
          const { fields, includeAnswer } = urlParams
          const tasks = rows.map((task) => {
            const complete = withAnswer(task, includeAnswer === true)
            return fields === undefined || fields.length === 0 ? complete : pickFields(complete, fields)
          })
          return success({ tasks, total })
        })
      )
      .handle("get", ({ path, urlParams }) =>
        Effect.suspend(() => {
          const task = findTask(state, path.taskId)
          return task === undefined
            ? notFound("Task")
            : Effect.succeed(success({ task: withAnswer(task, urlParams.includeAnswer !== false) }))
        })
      )
      .handle("history", ({ path }) =>
        Effect.suspend(() =>
          findTask(state, path.taskId) === undefined
            ? notFound("Task")
            : Effect.succeed(success({ taskHistory: state.histories.get(path.taskId) ?? [] }))
        )
      )
      .handle("historyItem", ({ path }) =>
        Effect.suspend(() => {
          // The id is that of an item or of a task (docs/api-notes.md#history-shape).
          for (const items of state.histories.values()) {
            const item = items.find(({ id }) => id === path.historyId)
            if (item !== undefined) return Effect.succeed(success({ taskHistory: item }))
          }
          const ofTask = state.histories.get(path.historyId)
          return ofTask === undefined ? notFound("History") : Effect.succeed(success({ taskHistory: ofTask }))
        })
      )
      .handle("assign", ({ payload }) => Effect.map(Changes.assign(hub, payload), (data) => success(data)))
      .handle("requeue", ({ path, payload }) =>
        Effect.map(Changes.requeue(hub, path.projectId, payload), (data) => success(data))
      )
      .handle("updatePriority", ({ path, payload }) =>
        Effect.map(Changes.updatePriority(hub, path.projectId, payload), (data) => success(data))
      )
      .handle("review", ({ path, payload }) =>
        Effect.map(Changes.review(hub, path.taskId, payload), (data) => success(data))
      )
      .handle("setBenchmark", ({ path, payload }) =>
        Effect.map(Changes.setBenchmark(hub, path.projectId, payload), (data) => success(data))
      )
  })
)
