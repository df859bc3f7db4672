// Which tasks a change is for. The hub reads an absent or empty condition as "every task": nothing may say so by
// accident, such as a list of ids that turned out empty.
import * as Effect from "effect/Effect"
import type { InvalidRequest } from "../AngoError.js"
import type { Operation } from "../api/Operations.js"
import {
  type AssetId,
  type BatchId,
  fromInput,
  type IdInput,
  type ProjectId,
  type StageId,
  type TaskId
} from "../schemas/Id.js"
import type { TaskSelection } from "../schemas/TaskChange.js"
import { refuse } from "./refuse.js"

/**
 * Conditions on tasks, combined with AND; within one list, any value will do. To the hub an empty list is no
 * condition: `{ taskIds: [], batches }` means all tasks of those batches.
 *
 * @since 0.1.0
 */
export interface SelectionFilters {
  readonly taskIds?: ReadonlyArray<IdInput<TaskId>> | undefined
  readonly externalIds?: ReadonlyArray<string> | undefined
  readonly assetIds?: ReadonlyArray<IdInput<AssetId>> | undefined
  /** The stages that the tasks are in now. */
  readonly fromStageIds?: ReadonlyArray<IdInput<StageId>> | undefined
  /** Batch ids. */
  readonly batches?: ReadonlyArray<IdInput<BatchId>> | undefined
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
export interface TasksOfStage {
  /** At least one. */
  readonly tasks: ReadonlyArray<IdInput<TaskId>>
  /** The stage that the tasks are in, and that their assignee will work on. */
  readonly stage: IdInput<StageId>
}

/** Tasks of one stage as the contract takes them. */
export const ofStage = (projectId: IdInput<ProjectId>, { stage, tasks }: TasksOfStage) => ({
  project: fromInput<ProjectId>(projectId),
  tasks: tasks.map((id) => fromInput<TaskId>(id)),
  stage: fromInput<StageId>(stage)
})

const names = ["taskIds", "externalIds", "assetIds", "fromStageIds", "batches"] as const

const known: ReadonlySet<string> = new Set(names)

/** The conditions as the contract takes them. */
export const selected = ({ filters = {} }: SelectionOptions): TaskSelection =>
  Object.fromEntries(
    names.flatMap((name) => (filters[name] === undefined ? [] : [[name, filters[name]]]))
  ) as TaskSelection

/** `change` says what would happen to every task. */
export const checkSelection = (
  operation: Operation,
  { all = false, filters = {} }: SelectionOptions,
  change: string
): Effect.Effect<void, InvalidRequest> => {
  const given = Object.entries(filters).filter(([, values]) => values !== undefined)
  const stranger = given.find(([name]) => !known.has(name))
  if (stranger !== undefined) {
    return Effect.fail(
      refuse(
        operation,
        `filters.${stranger[0]}`,
        `There is no such condition; there are ${names.join(", ")}.`
      )
    )
  }
  const conditions = given.filter(([, values]) => values.length > 0)
  if (all && conditions.length > 0) {
    return Effect.fail(
      refuse(operation, "all", "It means every task, and there are conditions. Leave out one of the two.")
    )
  }
  if (!all && conditions.length === 0) {
    return Effect.fail(
      refuse(
        operation,
        "filters",
        `Without a condition, and an empty list is none, every task of the project would ${change}. ` +
          "Give one, or say all: true."
      )
    )
  }
  return Effect.void
}
