/**
 * How the hub changes tasks: assignment, requeue, priority, review.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { BadRequest, type NotFound } from "../../api/envelope.js"
import type { RequeueOptions } from "../../schemas/taskChange.js"
import { rowsToApply } from "../faults/partialWrite.js"
import type { StoredProject, WireTask } from "../state/HubState.js"
import { notFound, unknownProject } from "../state/hubErrors.js"
import type { HubService } from "../state/hubService.js"
import {
  addHistoryItem,
  findStage,
  keyUser,
  locateTask,
  moveToStage,
  submitTask,
  updateStageHistory
} from "../state/workflow.js"

/** Conditions on tasks: AND between them, OR inside a list; an empty list is no condition. */
export interface Conditions {
  readonly taskIds?: ReadonlyArray<string>
  readonly externalIds?: ReadonlyArray<string>
  readonly assetIds?: ReadonlyArray<string>
  readonly fromStageIds?: ReadonlyArray<string>
  readonly batches?: ReadonlyArray<string>
}

const invalid = (message: string): Effect.Effect<never, BadRequest> =>
  Effect.fail(new BadRequest({ status: "fail", message }))

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

// The places of the tasks that meet the conditions, in one pass: a project may have a hundred thousand.
const findTaskIndexes = (stored: StoredProject, conditions: Conditions): ReadonlyArray<number> => {
  const { assetIds, externalIds, fromStageIds, taskIds } = conditions
  const batches = toBatchIds(stored, conditions.batches)
  const meets = ({ _id, asset, batches: held, externalId, stage }: WireTask) =>
    matchesAny(taskIds, [_id]) &&
    matchesAny(fromStageIds, [stage]) &&
    matchesAny(batches, held ?? []) &&
    matchesAny(assetIds, [typeof asset === "string" ? asset : asset?._id]) &&
    matchesAny(externalIds, [externalId, typeof asset === "string" ? undefined : asset?.externalId])
  return stored.tasks.flatMap((task, index) => (meets(task) ? [index] : []))
}

/**
 * Gives tasks to a member of the project, or to nobody.
 *
 * @remarks undocumented: tasks that are in another stage are left alone, and somebody who is no member of the
 * project is refused; so is what is answered.
 */
export const assign = (
  { now, state }: HubService,
  body: {
    readonly project: string
    readonly tasks: ReadonlyArray<string>
    readonly stage: string
    readonly user?: string | null
  }
): Effect.Effect<object, BadRequest | NotFound> =>
  Effect.gen(function* () {
    const at = yield* now
    const stored = state.projects.get(body.project)
    if (stored === undefined) return yield* unknownProject(body.project)
    if (findStage(stored, body.stage) === undefined) return yield* invalid(`Invalid stage: ${body.stage}.`)
    const user = body.user == null || body.user === "" ? null : body.user
    const { assignedTo, owner } = stored.project
    if (user !== null && user !== owner && !assignedTo?.some(({ assignee }) => assignee === user)) {
      return yield* invalid(`Invalid user: ${user}.`)
    }
    const found = findTaskIndexes(stored, { taskIds: body.tasks })
    if (found.length < new Set(body.tasks).size) return yield* notFound("Task")
    const here = yield* rowsToApply(found.filter((index) => stored.tasks[index]?.stage === body.stage))
    updateTasks(stored, here, (task) => ({ ...task, assignee: user, updatedAt: at }))
    return { message: `${here.length} tasks are ${user === null ? "un" : ""}assigned.` }
  })

const updateTasks = (
  stored: StoredProject,
  places: ReadonlyArray<number>,
  how: (task: WireTask) => WireTask
) => {
  for (const index of places) {
    const task = stored.tasks[index]
    if (task !== undefined) stored.tasks[index] = how(task)
  }
}

/**
 * Moves tasks to a stage.
 *
 * @remarks undocumented: a task keeps its assignee, answer and review unless an option says otherwise; the move is
 * an item of its history, unless that is removed; a stage with `preventRequeue` keeps its tasks.
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
    if (target === undefined) return yield* invalid(`Invalid stage: ${body.toStageId}.`)
    const { removeAnnotations, removeAssignee, removeStageHistory } = body.options ?? {}
    const at = yield* now
    const locked = new Set(
      (stored.project.stages ?? []).flatMap((stage) =>
        "preventRequeue" in stage && stage.preventRequeue === true ? [stage.id as string] : []
      )
    )
    const places = yield* rowsToApply(
      findTaskIndexes(stored, body.filters ?? {}).filter(
        (index) => !locked.has(stored.tasks[index]?.stage ?? "")
      )
    )
    const ids = yield* Effect.forEach(places, () => newId("history"))
    const moved = new Set<string>()
    places.forEach((index, number) => {
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
 * Gives tasks a place in the queue, which is the order of `sort=-priority`.
 *
 * @remarks undocumented: what `result` holds, which was cut in every source (docs/api-notes.md#priority-result).
 */
export const updatePriority = (
  { now, state }: HubService,
  projectId: string,
  body: { readonly priority: number; readonly filters?: Conditions }
): Effect.Effect<object, BadRequest> =>
  Effect.flatMap(now, (at) => {
    const stored = state.projects.get(projectId)
    if (stored === undefined) return unknownProject(projectId)
    const places = findTaskIndexes(stored, body.filters ?? {})
    updateTasks(stored, places, (task) => ({ ...task, priority: body.priority, updatedAt: at }))
    return Effect.succeed({ result: { modified: places.length } })
  })

/**
 * Writes down a verdict.
 *
 * @remarks undocumented: a task in a review stage that is accepted or rejected goes the way that its stage has for
 * that; everywhere else the verdict is only written down. So is what is answered.
 */
export const review = (
  { newId, now, state }: HubService,
  taskId: string,
  body: { readonly reviewStatus: string; readonly pctDetails?: Readonly<Record<string, unknown>> }
): Effect.Effect<object, NotFound> =>
  Effect.gen(function* () {
    const at = yield* now
    const id = yield* newId("history")
    const place = locateTask(state, taskId)
    if (place === undefined) return yield* notFound("Task")
    const { index, stored, task } = place
    const { pctDetails, reviewStatus } = body
    stored.tasks[index] = {
      ...task,
      review: { status: reviewStatus, ...(pctDetails === undefined ? {} : { pctDetails }) },
      updatedAt: at,
      updatedBy: keyUser
    }
    const isOver = reviewStatus === "Accepted" || reviewStatus === "Rejected"
    if (isOver && findStage(stored, task.stage)?.type === "Review") {
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
      submitTask(place, { at, duration: 0 })
    }
    return { label: stored.tasks[index] }
  })
