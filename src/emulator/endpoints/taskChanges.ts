/**
 * Changes of tasks: assignment, requeue, priority, review, benchmarks.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { BadRequest, NotFound } from "../../api/envelope.js"
import type { BenchmarkChange, RequeueOptions } from "../../schemas/TaskChange.js"
import { rowsToApply } from "../faults/partialWrite.js"
import type { HubState, StoredProject, WireTask } from "../state/HubState.js"
import { badRequest, notFound, unknownProject } from "../state/hubErrors.js"
import type { HubService } from "../state/hubService.js"
import {
  addHistoryItem,
  findStage,
  keyUser,
  locateTask,
  moveToStage,
  submitTask,
  updateStageHistory
} from "../state/stageTransitions.js"

/** Conditions on tasks: combined with AND, the values of a list with OR. An empty list is not a condition. */
export interface Conditions {
  readonly taskIds?: ReadonlyArray<string>
  readonly externalIds?: ReadonlyArray<string>
  readonly assetIds?: ReadonlyArray<string>
  readonly fromStageIds?: ReadonlyArray<string>
  readonly batches?: ReadonlyArray<string>
}

const matchesAny = (
  wanted: ReadonlyArray<string> | undefined,
  values: ReadonlyArray<string | null | undefined>
): boolean =>
  wanted === undefined ||
  wanted.length === 0 ||
  values.some((value) => value != null && wanted.includes(value))

const toBatchIds = (stored: StoredProject, wanted: ReadonlyArray<string> | undefined) =>
  wanted?.map(
    (one) => (stored.project.batches ?? []).find(({ _id, name }) => _id === one || name === one)?._id ?? one
  )

// The indexes of the tasks that meet the conditions, found in one pass.
const findTaskIndexes = (stored: StoredProject, conditions: Conditions): ReadonlyArray<number> => {
  const { assetIds, externalIds, fromStageIds, taskIds } = conditions
  const batches = toBatchIds(stored, conditions.batches)
  const meets = ({ _id, asset, batches: taskBatches, externalId, stage }: WireTask) =>
    matchesAny(taskIds, [_id]) &&
    matchesAny(fromStageIds, [stage]) &&
    matchesAny(batches, taskBatches ?? []) &&
    matchesAny(assetIds, [typeof asset === "string" ? asset : asset?._id]) &&
    matchesAny(externalIds, [externalId, typeof asset === "string" ? undefined : asset?.externalId])
  return stored.tasks.flatMap((task, index) => (meets(task) ? [index] : []))
}

interface Assignment {
  readonly project: string
  readonly tasks: ReadonlyArray<string>
  readonly stage: string
  readonly user?: string | null
}

/** The body of the SDK 1.0 (docs/api-notes.md#assign-tasks). */
interface TaskUser {
  readonly task: string
  readonly user?: string | null
  readonly username?: string | null
}

// One task is assigned in the stage that it is in.
const toAssignment = (
  state: HubState,
  { task: taskId, user, username }: TaskUser
): Effect.Effect<Assignment, NotFound> => {
  const location = locateTask(state, taskId)
  if (location === undefined) return notFound("Task")
  const emailOrId = username ?? user ?? null
  const member = state.organization.members.find(({ _id }) => _id === emailOrId)
  return Effect.succeed({
    project: location.stored.project._id,
    tasks: [taskId],
    stage: location.task.stage ?? "",
    user: member?.email ?? emailOrId
  })
}

/**
 * Assigns tasks to a member of the project, or unassigns them.
 *
 * @remarks undocumented: tasks in another stage are skipped; a user who is not a member of the project is an error; the
 * response.
 */
export const assign = (
  { now, state }: HubService,
  payload: Assignment | TaskUser
): Effect.Effect<object, BadRequest | NotFound> =>
  Effect.gen(function* () {
    const at = yield* now
    const body = "task" in payload ? yield* toAssignment(state, payload) : payload
    const stored = state.projects.get(body.project)
    if (stored === undefined) return yield* unknownProject(body.project)
    if (findStage(stored, body.stage) === undefined) return yield* badRequest(`Invalid stage: ${body.stage}.`)
    const user = body.user == null || body.user === "" ? null : body.user
    const { assignedTo, owner } = stored.project
    if (user !== null && user !== owner && !assignedTo?.some(({ assignee }) => assignee === user)) {
      return yield* badRequest(`Invalid user: ${user}.`)
    }
    const indexes = findTaskIndexes(stored, { taskIds: body.tasks })
    if (indexes.length < new Set(body.tasks).size) return yield* notFound("Task")
    const assigned = yield* rowsToApply(indexes.filter((index) => stored.tasks[index]?.stage === body.stage))
    updateTasks(stored, assigned, (task) => ({ ...task, assignee: user, updatedAt: at }))
    return { message: `${assigned.length} tasks are ${user === null ? "un" : ""}assigned.` }
  })

const updateTasks = (
  stored: StoredProject,
  indexes: ReadonlyArray<number>,
  update: (task: WireTask) => WireTask
) => {
  for (const index of indexes) {
    const task = stored.tasks[index]
    if (task !== undefined) stored.tasks[index] = update(task)
  }
}

/**
 * Moves tasks to a stage.
 *
 * @remarks undocumented: a task keeps its assignee, annotations and review unless an option removes them; the move becomes
 * an item of its history, unless the history is removed; a stage with `preventRequeue` keeps its tasks.
 */
export const requeue = (
  { newId, now, state }: HubService,
  projectId: string,
  body: {
    readonly toStageId: string
    readonly filters?: Conditions
    readonly options?: RequeueOptions
  }
): Effect.Effect<object, BadRequest> =>
  Effect.gen(function* () {
    const stored = state.projects.get(projectId)
    if (stored === undefined) return yield* unknownProject(projectId)
    const target = findStage(stored, body.toStageId)
    if (target === undefined) return yield* badRequest(`Invalid stage: ${body.toStageId}.`)
    const { removeAnnotations, removeAssignee, removeStageHistory } = body.options ?? {}
    const at = yield* now
    const locked = new Set(
      (stored.project.stages ?? []).flatMap((stage) =>
        "preventRequeue" in stage && stage.preventRequeue === true ? [stage.id as string] : []
      )
    )
    const indexes = yield* rowsToApply(
      findTaskIndexes(stored, body.filters ?? {}).filter(
        (index) => !locked.has(stored.tasks[index]?.stage ?? "")
      )
    )
    const ids = yield* Effect.forEach(indexes, () => newId("history"))
    const moved = new Set<string>()
    indexes.forEach((index, number) => {
      const task = stored.tasks[index]
      if (task === undefined) return
      const taskId = task._id
      moved.add(taskId)
      if (removeStageHistory === true) state.histories.delete(taskId)
      else {
        addHistoryItem(state, {
          id: ids[number] ?? "",
          labelTaskId: taskId,
          stage: task.stage ?? "",
          answer: state.answers.get(taskId) ?? { tools: [], classifications: [], relations: [] },
          duration: 0,
          rework: true,
          completedBy: keyUser,
          completedAt: at,
          createdAt: at
        })
      }
      if (removeAnnotations === true) state.answers.delete(taskId)
      const { assignee = null } = task
      stored.tasks[index] = {
        ...moveToStage(task, target, at),
        ...(removeAssignee === true ? {} : { assignee }),
        ...(removeAnnotations === true ? { brushDataUrl: null, medicalBrushDataUrl: null } : {})
      }
    })
    if (removeStageHistory === true) updateStageHistory(stored, moved, () => [])
    return { modifiedCount: { modified: moved.size, toStageId: target.id } }
  })

/**
 * Sets the priority of tasks, which is their order in the queue (`sort=-priority`).
 *
 * @remarks undocumented: the content of `result`, which every source cuts off (docs/api-notes.md#priority-result).
 */
export const updatePriority = (
  { now, state }: HubService,
  projectId: string,
  body: { readonly priority: number; readonly filters?: Conditions }
): Effect.Effect<object, BadRequest> =>
  Effect.flatMap(now, (at) => {
    const stored = state.projects.get(projectId)
    if (stored === undefined) return unknownProject(projectId)
    const indexes = findTaskIndexes(stored, body.filters ?? {})
    updateTasks(stored, indexes, (task) => ({ ...task, priority: body.priority, updatedAt: at }))
    return Effect.succeed({ result: { modified: indexes.length } })
  })

/**
 * Makes tasks benchmark tasks, or default tasks again.
 *
 * @remarks undocumented: the response; a task that is not in the project is a 404, and no task is changed.
 */
export const setBenchmark = (
  { now, state }: HubService,
  projectId: string,
  { isBenchmark, tasks }: BenchmarkChange
): Effect.Effect<object, BadRequest | NotFound> =>
  Effect.gen(function* () {
    const at = yield* now
    const stored = state.projects.get(projectId)
    if (stored === undefined) return yield* unknownProject(projectId)
    const indexes = findTaskIndexes(stored, { taskIds: tasks })
    if (indexes.length < new Set<string>(tasks).size) return yield* notFound("Task")
    const type = isBenchmark ? "benchmark" : "default"
    updateTasks(stored, indexes, (task) => ({ ...task, isBenchmark, type, updatedAt: at }))
    return { message: `${indexes.length} tasks are ${type} tasks.` }
  })

/**
 * Sets the review status of a task.
 *
 * @remarks undocumented: accepting or rejecting a task in a review stage moves it to the stage's next stage for that
 * result; elsewhere only the status is stored; the response.
 */
export const review = (
  { newId, now, state }: HubService,
  taskId: string,
  body: { readonly reviewStatus: string; readonly pctDetails?: Readonly<Record<string, unknown>> }
): Effect.Effect<object, NotFound> =>
  Effect.gen(function* () {
    const at = yield* now
    const id = yield* newId("history")
    const location = locateTask(state, taskId)
    if (location === undefined) return yield* notFound("Task")
    const { index, stored, task } = location
    const { pctDetails, reviewStatus } = body
    stored.tasks[index] = {
      ...task,
      review: { status: reviewStatus, ...(pctDetails === undefined ? {} : { pctDetails }) },
      updatedAt: at,
      updatedBy: keyUser
    }
    const isDecided = reviewStatus === "Accepted" || reviewStatus === "Rejected"
    if (isDecided && findStage(stored, task.stage)?.type === "Review") {
      addHistoryItem(state, {
        id,
        labelTaskId: taskId,
        stage: task.stage ?? "",
        answer: state.answers.get(taskId) ?? { tools: [], classifications: [], relations: [] },
        duration: 0,
        completedBy: keyUser,
        completedAt: at,
        createdAt: at
      })
      submitTask(location, { at, duration: 0 })
    }
    return { label: stored.tasks[index] }
  })
