// What a task list is asked for.
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Operation } from "../api/operations.js"
import * as Query from "../api/queryEncoding.js"
import type { PageOptions } from "../pagination/listOptions.js"
import { TaskType } from "../schemas/Export.js"
import { type IdInput, StageId } from "../schemas/ids.js"
import { ReviewStatus, TaskStatus } from "../schemas/LabelTask.js"
import * as Open from "../schemas/open.js"
import { Priority } from "../schemas/Priority.js"
import { omitUndefined } from "../utils/omitUndefined.js"
import {
  anyOf,
  between,
  inverted,
  type OneOrSeveral,
  type Problem,
  Raw,
  twice,
  values,
  type Within,
  within
} from "./conditions.js"
import { warnUnknownValues } from "./unknownValues.js"

/**
 * Which tasks of a project, and how much of each. Conditions combine with AND; of several values of one condition
 * any will do. An empty text, an empty list, or a range that nothing is in, is an `InvalidRequest`.
 *
 * Times are those of `createdAfter`, `createdBefore`, `updatedAfter`, `updatedBefore`, `completedAfter` and
 * `completedBefore`: later than the one and earlier than the other, to the millisecond, neither included. A task that
 * was never completed is in no stretch of time.
 *
 * @remarks undocumented: the documents show how one status, stage and assignee travel, batches, and a list of stages.
 * The rest goes into the JSON of `filter` under the names of the task's fields, and the operators are those of the
 * asset list (`gt`, `lt`, `in`, …).
 *
 * @since 0.1.0
 */
export interface TaskFilter extends Within<"created" | "updated" | "completed"> {
  /** One is sent as `status[eq]`. One that this version does not know is asked for, with a warning in the log. */
  readonly status?: OneOrSeveral<TaskStatus> | undefined
  readonly stage?: OneOrSeveral<IdInput<StageId>> | undefined
  /**
   * By name or by id, at least one. They are looked up once (`GET /project/{projectId}`), and one that is not
   * there is an `UnknownBatch`. Whether a task has to be in all of several or in any is not documented.
   */
  readonly batches?: ReadonlyArray<string> | undefined
  /** The assignee's e-mail address. */
  readonly assignee?: OneOrSeveral<string> | undefined
  /** What a reviewer said. */
  readonly reviewStatus?: OneOrSeveral<ReviewStatus> | undefined
  readonly taskType?: OneOrSeveral<TaskType> | undefined
  /** This priority, or one of the range: a whole number of -1000 to 1000, both ends included. */
  readonly priority?: number | PriorityRange | undefined
  /** Of the asset. External ids need not be unique: several tasks may match one. */
  readonly externalId?: OneOrSeveral<string> | undefined
  readonly isPreLabeled?: boolean | undefined
  /**
   * More conditions, as the hub takes them in its `filter` parameter; sent as JSON together with the others. One that
   * is given under its own name too is an `InvalidRequest`.
   */
  readonly filter?: Readonly<Record<string, unknown>> | undefined
  /**
   * Only these fields of each task. `_id`, `project` and `asset` are always among them, and answers are included
   * unless `includeAnswer` is false: so does the vendor's SDK.
   */
  readonly fields?: ReadonlyArray<string> | undefined
  /** Whether tasks come with their answers; default false. */
  readonly includeAnswer?: boolean | undefined
}

/**
 * Priorities from `min` to `max`, both included; at least one of them.
 *
 * @since 0.1.0
 */
export interface PriorityRange {
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/**
 * The order of tasks, by the documented fields or by any other: `"-priority"` for the highest first. Several, with
 * commas between them, are applied in turn: `"-priority,createdAt"`.
 *
 * @since 0.1.0
 */
export type TaskSort = `${"" | "-"}${"createdAt" | "priority"}` | (string & {})

/**
 * Which page of a task list, in which order. Streams have none to choose: that they read oldest first is how they
 * know that nothing is missing.
 *
 * @since 0.1.0
 */
export interface TaskPageOptions extends PageOptions {
  /** The hub's default is `-createdAt`. */
  readonly sort?: TaskSort | undefined
}

const times = ["created", "updated", "completed"] as const

const Range = Open.closedStruct({ min: Schema.optional(Priority), max: Schema.optional(Priority) })

const texts = (title: string) => Schema.optional(Open.oneOrSeveral(Open.condition, title))

/** What has to be usable before batches are looked up; the contract takes any text, as a hub has to. */
export const Conditions = Schema.typeSchema(
  Schema.Struct({
    status: texts("at least one status"),
    stage: Schema.optional(Open.oneOrSeveral(StageId, "at least one stage")),
    assignee: texts("at least one e-mail address"),
    reviewStatus: texts("at least one status of a review"),
    taskType: texts("at least one type of task"),
    priority: Schema.optional(Schema.Union(Priority, Range)),
    externalId: texts("at least one external id"),
    isPreLabeled: Schema.optional(Schema.Boolean),
    ...within(...times),
    filter: Schema.optional(Raw),
    sort: Schema.optional(Query.WrittenSort)
  })
)

const priorities = (priority: TaskFilter["priority"]) =>
  typeof priority === "object" ? omitUndefined({ gte: priority.min, lte: priority.max }) : priority

// Every condition by the hub's name for it.
const conditions = (filter: TaskFilter) =>
  omitUndefined({
    status: anyOf(filter.status),
    stage: filter.stage === undefined ? undefined : values(filter.stage),
    batches: filter.batches,
    assignee: anyOf(filter.assignee),
    reviewStatus: anyOf(filter.reviewStatus),
    taskType: anyOf(filter.taskType),
    priority: priorities(filter.priority),
    externalId: anyOf(filter.externalId),
    isPreLabeled: filter.isPreLabeled,
    createdAt: between(filter, "created"),
    updatedAt: between(filter, "updated"),
    completedAt: between(filter, "completed")
  })

const noPriority = ({ priority }: TaskFilter): Problem | undefined => {
  if (typeof priority !== "object") return undefined
  const { max, min } = priority
  if (min === undefined && max === undefined) {
    return { parameter: "priority", reason: "Expected a range with a min, a max, or both." }
  }
  return min !== undefined && max !== undefined && min > max
    ? {
        parameter: "priority.max",
        reason: "Expected a priority that is not below min: no task is between them."
      }
    : undefined
}

/** What is wrong with conditions that are usable one by one. */
export const problemOf = (filter: TaskFilter): Problem | undefined =>
  noPriority(filter) ??
  inverted(filter, times, "task") ??
  twice(conditions(filter), filter.filter, {
    createdAt: "createdAfter or createdBefore",
    updatedAt: "updatedAfter or updatedBefore",
    completedAt: "completedAfter or completedBefore"
  })

/** Warns of values that no document names: they find nothing when they are misspelt. */
export const warnOf = (
  operation: Operation,
  { reviewStatus, status, taskType }: TaskFilter
): Effect.Effect<void> =>
  warnUnknownValues(operation, {
    status: [status, TaskStatus],
    reviewStatus: [reviewStatus, ReviewStatus],
    taskType: [taskType, TaskType]
  })

const identifying = ["_id", "project", "asset"]

/**
 * The query of a task list: by a parameter of its own what has one, and the rest in `filter`. The SDK adds the
 * identifying fields and forces answers on; an explicit wish is kept.
 */
export const query = (filter: TaskFilter) => {
  const { fields } = filter
  const { assignee, batches, stage, status, ...others } = conditions(filter)
  const [one, ...more] = stage ?? []
  const json = {
    ...(typeof status === "object" ? { status } : {}),
    ...(more.length === 0 ? {} : { stage }),
    ...(typeof assignee === "object" ? { assignee } : {}),
    ...others,
    ...omitUndefined(filter.filter ?? {})
  }
  return {
    ...(fields === undefined ? {} : { fields: [...new Set([...identifying, ...fields])] }),
    includeAnswer: filter.includeAnswer ?? fields !== undefined,
    ...(Object.keys(json).length === 0 ? {} : { filter: json }),
    ...(typeof status === "string" ? { "status[eq]": status } : {}),
    ...(batches === undefined ? {} : { batches }),
    ...(one === undefined || more.length > 0 ? {} : { stage: one }),
    ...(typeof assignee === "string" ? { assignee } : {})
  }
}

/** Whether a query selects tasks, and does not only say how much of each. */
export const isSelective = ({
  fields: _,
  includeAnswer: __,
  ...conditions
}: ReturnType<typeof query>): boolean => Object.keys(conditions).length > 0

/** Fields, and those by which a list is known to be whole. */
export const withInstants = (fields: ReadonlyArray<string> | undefined): ReadonlyArray<string> | undefined =>
  fields === undefined ? undefined : [...fields, "createdAt", "updatedAt"]
