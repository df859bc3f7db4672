// Which tasks a change is for. The hub reads an absent or empty condition as "every task": nothing may say so by
// accident, such as a list of ids that turned out empty.
import * as Effect from "effect/Effect"
import type { Operation } from "../api/operations.js"
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
import { type BatchReads, resolve } from "./batchFilter.js"

/**
 * Conditions on tasks, combined with AND; within one list, any value will do. To the hub an empty list is no
 * condition, `{ taskIds: [], batches }` all tasks of those batches: a list without values is refused.
 *
 * @since 0.1.0
 */
export interface SelectionFilters {
  readonly taskIds?: ReadonlyArray<IdInput<TaskId>> | undefined
  readonly externalIds?: ReadonlyArray<string> | undefined
  readonly assetIds?: ReadonlyArray<IdInput<AssetId>> | undefined
  /** The stages that the tasks are in now. */
  readonly fromStageIds?: ReadonlyArray<IdInput<StageId>> | undefined
  /** By name or by id. They are looked up first, and one that is not there is an `UnknownBatch`. */
  readonly batches?: ReadonlyArray<string> | undefined
}

/**
 * Which tasks of a project: those that meet the conditions, or all.
 *
 * @since 0.1.0
 */
export interface SelectionOptions {
  readonly filters?: SelectionFilters | undefined
  /** Every task of the project, and no conditions. */
  readonly all?: boolean | undefined
}

/**
 * What else happens to a requeued task; nothing unless it is said.
 *
 * @since 0.1.0
 */
export interface RequeueChanges {
  /** Its answer is deleted. */
  readonly removeAnnotations?: boolean | undefined
  /** It is nobody's. */
  readonly removeAssignee?: boolean | undefined
  /** The stages that it went through are forgotten. */
  readonly removeStageHistory?: boolean | undefined
}

/**
 * Tasks of one stage.
 *
 * @since 0.1.0
 */
export interface StageTasks {
  /** At least one. */
  readonly tasks: ReadonlyArray<IdInput<TaskId>>
  /** The stage that the tasks are in, and that their assignee will work on. */
  readonly stage: IdInput<StageId>
}

/** Tasks of one stage as the contract takes them. */
export const inStage = (projectId: IdInput<ProjectId>, { stage, tasks }: StageTasks) => ({
  project: fromInput<ProjectId>(projectId),
  tasks: tasks.map((id) => fromInput<TaskId>(id)),
  stage: fromInput<StageId>(stage)
})

const names = ["taskIds", "externalIds", "assetIds", "fromStageIds", "batches"] as const

const known: ReadonlySet<string> = new Set(names)

/** The conditions as the contract takes them, but for the batches, which are yet to be looked up. */
export const unresolved = ({ filters = {} }: SelectionOptions): Omit<TaskSelection, "batches"> =>
  Object.fromEntries(
    names.flatMap((name) =>
      name === "batches" || filters[name] === undefined ? [] : [[name, filters[name]]]
    )
  )

/** The conditions as the contract takes them. */
export const selected = (
  operation: Operation,
  client: BatchReads,
  projectId: IdInput<ProjectId>,
  options: SelectionOptions
): Effect.Effect<TaskSelection, CallError | UnknownBatch> => {
  const { batches } = options.filters ?? {}
  const others = unresolved(options)
  return batches === undefined
    ? Effect.succeed(others)
    : Effect.map(resolve(operation, client, projectId, batches), (ids) => ({ ...others, batches: ids }))
}

/** `change` says what would happen to every task. */
export const checkSelection = (
  operation: Operation,
  { all = false, filters }: SelectionOptions,
  change: string
): Effect.Effect<void, InvalidRequest> => {
  const wrong = (parameter: string, reason: string) =>
    Effect.fail(invalidRequest(operation, parameter, reason))
  const conditions = Object.entries(filters ?? {}).filter(([, values]) => values !== undefined)
  for (const [name, values] of conditions) {
    if (!known.has(name)) {
      return wrong(`filters.${name}`, `There is no such condition; there are ${names.join(", ")}.`)
    }
    if (!Array.isArray(values)) {
      return wrong(`filters.${name}`, "Expected a list of values; leave the condition out for none.")
    }
    if (values.length === 0) {
      return wrong(
        `filters.${name}`,
        `It is an empty list, which to the hub is no condition: more tasks than you mean would ${change}. ` +
          "Give at least one value, leave the condition out, or, for every task, say all: true alone."
      )
    }
  }
  if (all && conditions.length > 0) {
    return wrong("all", "It means every task, and there are conditions. Leave out one of the two.")
  }
  if (!all && conditions.length === 0) {
    return wrong(
      "filters",
      `Without a condition every task of the project would ${change}. Give one, or say all: true.`
    )
  }
  return Effect.void
}
