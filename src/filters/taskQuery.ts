// The filter of task lists, and its form in requests.
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Operation } from "../api/operations.js"
import * as Query from "../api/queryEncoding.js"
import type { Problem } from "../layers/transport/inputValidation.js"
import type { PageOptions } from "../pagination/listOptions.js"
import { TaskType } from "../schemas/Export.js"
import { type IdInput, StageId } from "../schemas/ids.js"
import { ReviewStatus, TaskStatus } from "../schemas/LabelTask.js"
import * as Open from "../schemas/open.js"
import { Priority } from "../schemas/Priority.js"
import { omitUndefined } from "../utils/omitUndefined.js"
import {
  checkRepeatedConditions,
  checkTimeRanges,
  distinctValues,
  type OneOrSeveral,
  RawConditions,
  type TimeBounds,
  timeRangeFields,
  toTimeCondition,
  toValueCondition
} from "./conditions.js"
import { warnUnknownValues } from "./unknownValues.js"

/**
 * Selects tasks of a project, and the fields to return. Conditions combine with AND, several values of one condition
 * with OR. An empty text, an empty list or an empty range fails with `InvalidRequest` before any request.
 *
 * The ends of time ranges (`createdAfter`, `createdBefore`, `updatedAfter`, `updatedBefore`, `completedAfter`,
 * `completedBefore`) are excluded, to the millisecond. A task that was never completed matches no range of completion.
 *
 * @remarks undocumented: the documentation shows how one status, one assignee, batches and a list of stages are sent.
 * Other conditions are sent in the JSON of `filter` under the field names of the task, with the operators of the asset
 * list (`gt`, `lt`, `in`, …).
 *
 * @category options
 * @since 0.1.0
 */
export interface TaskFilter extends TimeBounds<"created" | "updated" | "completed"> {
  /** Task statuses. One is sent as `status[eq]`. An unknown value is sent too, and logged as a warning. */
  readonly status?: OneOrSeveral<TaskStatus> | undefined
  /** Ids of the stages that the tasks are in. */
  readonly stage?: OneOrSeveral<IdInput<StageId>> | undefined
  /**
   * Names or ids of batches, at least one. They are looked up once (`GET /project/{projectId}`); a batch that does not
   * exist fails with `UnknownBatch`. Whether a task must be in all of several batches or in any is undocumented.
   */
  readonly batches?: ReadonlyArray<string> | undefined
  /** E-mail addresses of assignees. */
  readonly assignee?: OneOrSeveral<string> | undefined
  /** Results of the review. An unknown value is sent too, and logged as a warning. */
  readonly reviewStatus?: OneOrSeveral<ReviewStatus> | undefined
  /** Task types. An unknown value is sent too, and logged as a warning. */
  readonly taskType?: OneOrSeveral<TaskType> | undefined
  /** A priority or a range of priorities: whole numbers from -1000 to 1000. */
  readonly priority?: number | PriorityRange | undefined
  /** External ids of the assets. They need not be unique: several tasks may match one. */
  readonly externalId?: OneOrSeveral<string> | undefined
  /** Whether the asset has pre-labels. */
  readonly isPreLabeled?: boolean | undefined
  /**
   * More conditions, in the form of the API's `filter` parameter; merged with the others. A condition that is also
   * given as an option fails with `InvalidRequest`.
   */
  readonly filter?: Readonly<Record<string, unknown>> | undefined
  /**
   * The fields to return. `_id`, `project` and `asset` are always returned, and answers unless `includeAnswer` is
   * false, as with the vendor's SDK.
   */
  readonly fields?: ReadonlyArray<string> | undefined
  /** Whether to return the answers; default false, or true if `fields` is given. */
  readonly includeAnswer?: boolean | undefined
}

/**
 * A range of priorities, both ends included. At least one end is required.
 *
 * @category options
 * @since 0.1.0
 */
export interface PriorityRange {
  /** The lowest priority, a whole number from -1000 to 1000. */
  readonly min?: number | undefined
  /** The highest priority, a whole number from -1000 to 1000; not below `min`. */
  readonly max?: number | undefined
}

/**
 * The fields to sort tasks by; `-` for descending. `"-priority,createdAt"` sorts by priority, highest first, then by
 * creation time.
 *
 * @category options
 * @since 0.1.0
 */
export type TaskSort = `${"" | "-"}${"createdAt" | "priority"}` | (string & {})

/**
 * Which page of a task list to read, and the order of the list. Streams have no order to choose: they always sort by
 * `createdAt`, which lets them verify that the list is complete.
 *
 * @category options
 * @since 0.1.0
 */
export interface TaskPageOptions extends PageOptions {
  /** The API's default is `-createdAt`. */
  readonly sort?: TaskSort | undefined
}

const timeFields = ["created", "updated", "completed"] as const

const Range = Open.closedStruct({ min: Schema.optional(Priority), max: Schema.optional(Priority) })

const texts = (title: string) => Schema.optional(Open.oneOrSeveral(Open.condition, title))

/** Validates conditions one by one, before batches are looked up. The contract is more lenient. */
export const TaskConditions = Schema.typeSchema(
  Schema.Struct({
    status: texts("at least one status"),
    stage: Schema.optional(Open.oneOrSeveral(StageId, "at least one stage")),
    assignee: texts("at least one e-mail address"),
    reviewStatus: texts("at least one status of a review"),
    taskType: texts("at least one type of task"),
    priority: Schema.optional(Schema.Union(Priority, Range)),
    externalId: texts("at least one external id"),
    isPreLabeled: Schema.optional(Schema.Boolean),
    ...timeRangeFields(...timeFields),
    filter: Schema.optional(RawConditions),
    sort: Schema.optional(Query.WrittenSort)
  })
)

const toPriorityCondition = (priority: TaskFilter["priority"]) =>
  typeof priority === "object" ? omitUndefined({ gte: priority.min, lte: priority.max }) : priority

// By the API's field names.
const conditionsOf = (filter: TaskFilter) =>
  omitUndefined({
    status: toValueCondition(filter.status),
    stage: filter.stage === undefined ? undefined : distinctValues(filter.stage),
    batches: filter.batches,
    assignee: toValueCondition(filter.assignee),
    reviewStatus: toValueCondition(filter.reviewStatus),
    taskType: toValueCondition(filter.taskType),
    priority: toPriorityCondition(filter.priority),
    externalId: toValueCondition(filter.externalId),
    isPreLabeled: filter.isPreLabeled,
    createdAt: toTimeCondition(filter, "created"),
    updatedAt: toTimeCondition(filter, "updated"),
    completedAt: toTimeCondition(filter, "completed")
  })

const checkPriorityRange = ({ priority }: TaskFilter): Problem | undefined => {
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

/** Reports conditions that are valid one by one, but contradictory as a whole. */
export const checkTaskFilter = (filter: TaskFilter): Problem | undefined =>
  checkPriorityRange(filter) ??
  checkTimeRanges(filter, timeFields, "task") ??
  checkRepeatedConditions(conditionsOf(filter), filter.filter, {
    createdAt: "createdAfter or createdBefore",
    updatedAt: "updatedAfter or updatedBefore",
    completedAt: "completedAfter or completedBefore"
  })

/** Logs a warning for each undocumented value. */
export const warnUnknownTaskValues = (
  operation: Operation,
  { reviewStatus, status, taskType }: TaskFilter
): Effect.Effect<void> =>
  warnUnknownValues(operation, {
    status: [status, TaskStatus],
    reviewStatus: [reviewStatus, ReviewStatus],
    taskType: [taskType, TaskType]
  })

const requiredFields = ["_id", "project", "asset"]

/**
 * The query parameters of a task list: a condition that has a parameter of its own uses it, the others go into
 * `filter`. As the vendor's SDK does, `fields` adds the required fields and, unless `includeAnswer` is given, the
 * answers.
 */
export const toTaskQuery = (filter: TaskFilter) => {
  const { fields } = filter
  const { assignee, batches, stage: stages = [], status, ...others } = conditionsOf(filter)
  const [stage] = stages
  const hasOneStage = stages.length === 1
  const json = {
    ...(typeof status === "object" ? { status } : {}),
    ...(stages.length > 1 ? { stage: stages } : {}),
    ...(typeof assignee === "object" ? { assignee } : {}),
    ...others,
    ...omitUndefined(filter.filter ?? {})
  }
  return {
    ...(fields === undefined ? {} : { fields: [...new Set([...requiredFields, ...fields])] }),
    includeAnswer: filter.includeAnswer ?? fields !== undefined,
    ...(Object.keys(json).length === 0 ? {} : { filter: json }),
    ...(typeof status === "string" ? { "status[eq]": status } : {}),
    ...(batches === undefined ? {} : { batches }),
    ...(hasOneStage && stage !== undefined ? { stage } : {}),
    ...(typeof assignee === "string" ? { assignee } : {})
  }
}

/** Whether a query selects tasks by a condition. */
export const hasTaskConditions = ({
  fields: _,
  includeAnswer: __,
  ...conditions
}: ReturnType<typeof toTaskQuery>): boolean => Object.keys(conditions).length > 0

/** The fields to request for a stream, which needs the times of each row to verify that the list is complete. */
export const withTimeFields = (
  fields: ReadonlyArray<string> | undefined
): ReadonlyArray<string> | undefined =>
  fields === undefined ? undefined : [...fields, "createdAt", "updatedAt"]
