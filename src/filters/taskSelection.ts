// Selects the tasks to change. The API reads an absent or empty condition as "every task", so that a list of ids that
// happens to be empty would change the whole project. Such selections are refused.
import * as Effect from "effect/Effect"
import type { Operation } from "../api/operation.js"
import type { CallError, InvalidRequest, UnknownBatch } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import {
  type AssetId,
  fromInput,
  type IdInput,
  type ProjectId,
  type StageId,
  type TaskId
} from "../schemas/ids.js"
import type { TaskSelection } from "../schemas/TaskChange.js"
import { type BatchClient, resolveBatches } from "./batchNames.js"

/**
 * Conditions on the tasks to change. They combine with AND, several values of one condition with OR. Each list needs at
 * least one value: the API reads an empty list as no condition.
 *
 * @category options
 * @since 0.1.0
 */
export interface SelectionFilters {
  /** Task ids. */
  readonly taskIds?: ReadonlyArray<IdInput<TaskId>> | undefined
  /** External ids of the assets. */
  readonly externalIds?: ReadonlyArray<string> | undefined
  /** Ids of the assets. */
  readonly assetIds?: ReadonlyArray<IdInput<AssetId>> | undefined
  /** Ids of the stages that the tasks are in now. */
  readonly fromStageIds?: ReadonlyArray<IdInput<StageId>> | undefined
  /** Names or ids of batches. They are looked up first; a batch that does not exist fails with `UnknownBatch`. */
  readonly batches?: ReadonlyArray<string> | undefined
}

/**
 * The tasks to change: those that match `filters`, or all tasks of the project. Exactly one of the two is required.
 *
 * @category options
 * @since 0.1.0
 */
export interface SelectionOptions {
  /** The conditions; at least one. */
  readonly filters?: SelectionFilters | undefined
  /** Selects every task of the project, without conditions; default false. */
  readonly all?: boolean | undefined
}

/**
 * What a requeue changes besides the stage; by default nothing.
 *
 * @category options
 * @since 0.1.0
 */
export interface RequeueChanges {
  /** Deletes the answer of the task; default false. */
  readonly removeAnnotations?: boolean | undefined
  /** Removes the assignee; default false. */
  readonly removeAssignee?: boolean | undefined
  /** Deletes the history of stages; default false. */
  readonly removeStageHistory?: boolean | undefined
}

/**
 * Tasks of one stage.
 *
 * @category options
 * @since 0.1.0
 */
export interface StageTasks {
  /** Task ids, at least one. */
  readonly tasks: ReadonlyArray<IdInput<TaskId>>
  /** Id of the stage that the tasks are in. */
  readonly stage: IdInput<StageId>
}

/** The payload of tasks of one stage. */
export const toStagePayload = (projectId: IdInput<ProjectId>, { stage, tasks }: StageTasks) => ({
  project: fromInput<ProjectId>(projectId),
  tasks: tasks.map((id) => fromInput<TaskId>(id)),
  stage: fromInput<StageId>(stage)
})

const names = ["taskIds", "externalIds", "assetIds", "fromStageIds", "batches"] as const

const knownNames: ReadonlySet<string> = new Set(names)

/** The conditions of a selection without the batches, which have to be looked up. */
export const conditionsWithoutBatches = ({
  filters = {}
}: SelectionOptions): Omit<TaskSelection, "batches"> =>
  Object.fromEntries(
    names.flatMap((name) =>
      name === "batches" || filters[name] === undefined ? [] : [[name, filters[name]]]
    )
  )

/** The conditions of a selection, with the ids of its batches. */
export const resolveSelection = (
  operation: Operation,
  client: BatchClient,
  projectId: IdInput<ProjectId>,
  options: SelectionOptions
): Effect.Effect<TaskSelection, CallError | UnknownBatch> => {
  const { batches } = options.filters ?? {}
  const others = conditionsWithoutBatches(options)
  return batches === undefined
    ? Effect.succeed(others)
    : Effect.map(resolveBatches(operation, client, projectId, batches), (ids) => ({
        ...others,
        batches: ids
      }))
}

/** Refuses a selection that is empty or contradictory. `change` says what would happen to the tasks: `be moved`. */
export const validateSelection = (
  operation: Operation,
  { all = false, filters }: SelectionOptions,
  change: string
): Effect.Effect<void, InvalidRequest> => {
  const invalid = (parameter: string, reason: string) =>
    Effect.fail(invalidRequest(operation, parameter, reason))
  const conditions = Object.entries(filters ?? {}).filter(([, values]) => values !== undefined)
  for (const [name, values] of conditions) {
    if (!knownNames.has(name)) {
      return invalid(`filters.${name}`, `Unknown condition; there are ${names.join(", ")}.`)
    }
    if (!Array.isArray(values)) {
      return invalid(`filters.${name}`, "Expected a list of values; leave it out for no condition.")
    }
    if (values.length === 0) {
      return invalid(
        `filters.${name}`,
        "It is an empty list, which the API reads as no condition: " +
          `more tasks than intended would ${change}. ` +
          "Give at least one value, leave the condition out, or select every task with all: true alone."
      )
    }
  }
  if (all && conditions.length > 0) {
    return invalid("all", "It selects every task, but there are conditions. Remove one of the two.")
  }
  if (!all && conditions.length === 0) {
    return invalid(
      "filters",
      `Without a condition every task of the project would ${change}. Give a condition, or all: true.`
    )
  }
  return Effect.void
}
