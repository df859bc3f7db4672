// The filter of task lists, and its form in requests.
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Operation } from "../api/operation.js"
import * as Query from "../api/queryEncoding.js"
import type { Problem } from "../layers/transport/inputValidation.js"
import type { PageOptions } from "../pagination/listOptions.js"
import type { RowCondition } from "../pagination/rowCheck.js"
import { TaskType } from "../schemas/Export.js"
import { type IdInput, StageId } from "../schemas/ids.js"
import { ReviewStatus, TaskStatus } from "../schemas/LabelTask.js"
import * as Open from "../schemas/open.js"
import { Priority } from "../schemas/Priority.js"
import { omitUndefined } from "../utils/omitUndefined.js"
import {
  type BatchCondition,
  type BatchRule,
  batchCondition,
  checkNumberRange,
  checkRawOperators,
  checkRepeatedConditions,
  checkTimeRanges,
  type DocumentCondition,
  includedEndFields,
  isRule,
  type NumberCondition,
  numberCondition,
  RawConditions,
  type TextCondition,
  type TextRule,
  type TimeRange,
  textCondition,
  timeRangeFields,
  toNumberCondition,
  toTextCondition,
  toTimeCondition
} from "./conditions.js"
import { type ConditionBatch, readAny, readField, toRowConditions } from "./rowConditions.js"
import { warnUnknownValues } from "./unknownValues.js"

/**
 * Selects tasks of a project, and the fields to return. Conditions combine with AND, several values of one condition
 * with OR. An empty text, an empty list or an empty range fails with `InvalidRequest` before any request.
 *
 * The ends of `createdAfter`, `createdBefore`, `updatedAfter` and `updatedBefore` are excluded, those of `createdFrom`,
 * `createdTo`, `updatedFrom` and `updatedTo` included, to the millisecond.
 *
 * All conditions are sent in the JSON of the parameter `filter`, as the vendor's SDK does
 * (docs/api-notes.md#task-filters). Each row that comes back is compared with them: a row that contradicts one fails the
 * list with `FilterNotApplied`, so that a hub which ignores a condition never returns a list that is too long.
 *
 * @category options
 * @since 0.1.0
 */
export interface TaskFilter extends TimeRange<"created" | "updated"> {
  /** Task statuses. An unknown value is sent too, and logged as a warning. */
  readonly status?: TextCondition<TaskStatus> | undefined
  /** Ids of the stages that the tasks are in. */
  readonly stage?: TextCondition<IdInput<StageId>> | undefined
  /**
   * Names or ids of batches, at least one: tasks that are in any of them. `{ noneOf: […] }` selects tasks that are in
   * none. They are looked up once (`GET /project/{projectId}`); a batch that does not exist fails with `UnknownBatch`.
   */
  readonly batches?: BatchCondition | undefined
  /** E-mail addresses of assignees. */
  readonly assignee?: TextCondition | undefined
  /** E-mail addresses of those who created the tasks. */
  readonly createdBy?: TextCondition | undefined
  /** E-mail addresses of those who last updated the tasks. */
  readonly updatedBy?: TextCondition | undefined
  /** Results of the review. An unknown value is sent too, and logged as a warning. */
  readonly reviewStatus?: TextCondition<ReviewStatus> | undefined
  /** Task types. An unknown value is sent too, and logged as a warning. */
  readonly taskType?: TextCondition<TaskType> | undefined
  /** A priority or a range of priorities: whole numbers from -1000 to 1000. */
  readonly priority?: NumberCondition | undefined
  /** External ids of the assets. They need not be unique: several tasks may match one. */
  readonly externalId?: TextCondition | undefined
  /** The `duration` of the tasks, in the unit of the hub ({@link LabelTask}). */
  readonly duration?: NumberCondition | undefined
  /** The `totalDuration` of the tasks, in the unit of the hub. */
  readonly totalDuration?: NumberCondition | undefined
  /** The number of open issues. */
  readonly openIssuesCount?: NumberCondition | undefined
  /** Whether the answer was saved, and not submitted. */
  readonly isDraft?: boolean | undefined
  /** Whether the annotator skipped the task. */
  readonly isSkipped?: boolean | undefined
  /** Whether the task is a benchmark. */
  readonly isBenchmark?: boolean | undefined
  /**
   * More conditions, in the form of the API's `filter` parameter (`{"priority":{"$gte":5}}`); merged with the others. A
   * condition that is also given as an option, an operator without `$` and a list without `$in` fail with
   * `InvalidRequest`.
   *
   * @remarks undocumented: fields that have no option here. A hub may ignore a condition that it does not know, which
   * the rows show (`FilterNotApplied`), or find nothing, which they do not: check the result.
   */
  readonly filter?: Readonly<Record<string, unknown>> | undefined
  /**
   * The fields to return. `_id`, `project`, `asset` and the fields of the conditions are always returned, and answers
   * unless `includeAnswer` is false, as with the vendor's SDK.
   */
  readonly fields?: ReadonlyArray<string> | undefined
  /** Whether to return the answers; default false, or true if `fields` is given. */
  readonly includeAnswer?: boolean | undefined
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

const timeFields = ["created", "updated"] as const

const texts = (title: string) => Schema.optional(textCondition(Open.condition, title))

const Size = Schema.NonNegative.annotations({ title: "a number of 0 or more" })

const flag = Schema.optional(Schema.Boolean)

/** Validates conditions one by one, before batches are looked up. The contract is more lenient. */
export const TaskConditions = Schema.typeSchema(
  Schema.Struct({
    status: texts("at least one status"),
    stage: Schema.optional(textCondition(StageId, "at least one stage")),
    batches: Schema.optional(batchCondition),
    assignee: texts("at least one e-mail address"),
    createdBy: texts("at least one e-mail address"),
    updatedBy: texts("at least one e-mail address"),
    reviewStatus: texts("at least one status of a review"),
    taskType: texts("at least one type of task"),
    priority: Schema.optional(numberCondition(Schema.typeSchema(Priority))),
    externalId: texts("at least one external id"),
    duration: Schema.optional(numberCondition(Size)),
    totalDuration: Schema.optional(numberCondition(Size)),
    openIssuesCount: Schema.optional(numberCondition(Size)),
    isDraft: flag,
    isSkipped: flag,
    isBenchmark: flag,
    ...timeRangeFields(...timeFields),
    ...includedEndFields(...timeFields),
    filter: Schema.optional(RawConditions),
    sort: Schema.optional(Query.WrittenSort)
  })
)

/** The batches of a condition, by name or id. */
export const batchesOf = ({ batches }: TaskFilter): ReadonlyArray<string> | undefined =>
  batches === undefined || !isRule<BatchRule>(batches) ? batches : batches.noneOf

// The condition on batches, with the ids of those that were looked up.
const toBatchCondition = (
  batches: BatchCondition | undefined,
  ids: ReadonlyArray<string>
): DocumentCondition | undefined => {
  if (batches === undefined) return undefined
  return isRule<BatchRule>(batches)
    ? omitUndefined({ $nin: batches.noneOf === undefined ? undefined : ids, $exists: batches.exists })
    : { $in: ids }
}

const toFlag = (flag: boolean | undefined): DocumentCondition | undefined =>
  flag === undefined ? undefined : { $eq: flag }

// By the API's field names, in the order of the SDK's parameters.
const conditionsOf = (filter: TaskFilter, batchIds: ReadonlyArray<string>) =>
  omitUndefined({
    stage: toTextCondition(filter.stage),
    batches: toBatchCondition(filter.batches, batchIds),
    status: toTextCondition(filter.status),
    reviewStatus: toTextCondition(filter.reviewStatus),
    type: toTextCondition(filter.taskType),
    assignee: toTextCondition(filter.assignee),
    externalId: toTextCondition(filter.externalId),
    createdBy: toTextCondition(filter.createdBy),
    updatedBy: toTextCondition(filter.updatedBy),
    createdAt: toTimeCondition(filter, "created"),
    updatedAt: toTimeCondition(filter, "updated"),
    priority: toNumberCondition(filter.priority),
    openIssuesCount: toNumberCondition(filter.openIssuesCount),
    duration: toNumberCondition(filter.duration),
    totalDuration: toNumberCondition(filter.totalDuration),
    isDraft: toFlag(filter.isDraft),
    isSkipped: toFlag(filter.isSkipped),
    isBenchmark: toFlag(filter.isBenchmark)
  })

const optionNames: Readonly<Record<string, string>> = {
  type: "taskType",
  createdAt: "createdAfter or createdBefore",
  updatedAt: "updatedAfter or updatedBefore"
}

/** Reports conditions that are valid one by one, but contradictory as a whole. */
export const checkTaskFilter = (filter: TaskFilter): Problem | undefined =>
  checkNumberRange("priority", filter.priority) ??
  checkNumberRange("duration", filter.duration) ??
  checkNumberRange("totalDuration", filter.totalDuration) ??
  checkNumberRange("openIssuesCount", filter.openIssuesCount) ??
  checkTimeRanges(filter, timeFields, "task") ??
  checkRawOperators(filter.filter) ??
  checkRepeatedConditions(conditionsOf(filter, []), filter.filter, optionNames)

// Texts of a condition that are sent as they are.
const wordsOf = <A extends string>(condition: TextCondition<A> | undefined) =>
  condition === undefined || !isRule<TextRule<A>>(condition)
    ? condition
    : [condition.not ?? [], condition.noneOf ?? []].flat()

/** Logs a warning for each undocumented value. */
export const warnUnknownTaskValues = (
  operation: Operation,
  { reviewStatus, status, taskType }: TaskFilter
): Effect.Effect<void> =>
  warnUnknownValues(operation, {
    status: [wordsOf(status), TaskStatus],
    reviewStatus: [wordsOf(reviewStatus), ReviewStatus],
    taskType: [wordsOf(taskType), TaskType]
  })

const requiredFields = ["_id", "project", "asset"]

// The fields of a task that a condition reads.
const fieldOf = (condition: string): string => (condition === "reviewStatus" ? "review" : condition)

/**
 * The query parameters of a task list. As the vendor's SDK does, one stage is a plain text in the JSON, and `fields` adds
 * the required fields and, unless `includeAnswer` is given, the answers. `batchIds` are those of the condition.
 */
export const toTaskQuery = (filter: TaskFilter, batchIds: ReadonlyArray<string>) => {
  const { fields } = filter
  const conditions = conditionsOf(filter, batchIds)
  const { $eq: stage, ...otherStages } = conditions.stage ?? {}
  const json: Readonly<Record<string, unknown>> = {
    ...conditions,
    ...(stage === undefined || Object.keys(otherStages).length > 0 ? {} : { stage }),
    ...omitUndefined(filter.filter ?? {})
  }
  return {
    ...(fields === undefined
      ? {}
      : { fields: [...new Set([...requiredFields, ...fields, ...Object.keys(json).map(fieldOf)])] }),
    includeAnswer: filter.includeAnswer ?? fields !== undefined,
    ...(Object.keys(json).length === 0 ? {} : { filter: json })
  }
}

/** The conditions of a query that each row can be compared with. `batches` are those of the condition. */
export const toTaskRowConditions = (
  { filter }: { readonly filter?: Readonly<Record<string, unknown>> },
  raw: Readonly<Record<string, unknown>> | undefined,
  batches: ReadonlyArray<ConditionBatch>
): ReadonlyArray<RowCondition> =>
  toRowConditions(filter ?? {}, {
    batches,
    parameterOf: (name) =>
      raw !== undefined && Object.hasOwn(raw, name) ? `filter.${name}` : (optionNames[name] ?? name),
    read: (row, name) => {
      if (name === "reviewStatus") return readAny(row, ["review", "status"], ["reviewStatus"])
      return name === "externalId"
        ? readAny(row, ["externalId"], ["asset", "externalId"])
        : readField(row, name)
    }
  })

/** The fields to request for a stream, which needs the times of each row to verify that the list is complete. */
export const withTimeFields = (
  fields: ReadonlyArray<string> | undefined
): ReadonlyArray<string> | undefined =>
  fields === undefined ? undefined : [...fields, "createdAt", "updatedAt"]
