/**
 * How tasks move through the stages of their project's workflow.
 *
 * @since 0.1.0
 */

import { manager } from "../seed/people.js"
import type { HubState, StoredProject, WireHistoryItem, WireTask } from "./HubState.js"

type WireStage = NonNullable<StoredProject["project"]["stages"]>[number]

/** The user whom the hub's API key belongs to. */
export const keyUser: string = manager

/** A task and its index in its project. */
export interface TaskLocation {
  readonly stored: StoredProject
  readonly index: number
  readonly task: WireTask
}

/** Finds a task in any project. */
export const locateTask = (state: HubState, taskId: string): TaskLocation | undefined => {
  for (const stored of state.projects.values()) {
    const index = stored.tasks.findIndex((task) => task._id === taskId)
    const task = stored.tasks[index]
    if (task !== undefined) return { stored, index, task }
  }
  return undefined
}

/** Finds a stage of a project by its id. */
export const findStage = (
  { project }: StoredProject,
  stageId: string | null | undefined
): WireStage | undefined => (project.stages ?? []).find(({ id }) => id === stageId)

// Nobody works in these stages: tasks pass through them at once.
const automaticStages: ReadonlySet<string> = new Set(["Logic", "Plugin", "Webhook"])

const nextStageId = (stage: WireStage, isRejected: boolean): string | undefined => {
  const next = stage.next ?? []
  if (stage.type === "Logic") return next.at(-1) ?? undefined
  return (stage.type === "Review" && isRejected ? next[1] : next[0]) ?? undefined
}

/**
 * The stages that a task leaves when it is submitted, its current one first, and the stage where it stops. `undefined`
 * if no stage follows.
 *
 * @remarks undocumented: plugins and webhooks let every task pass; logic stages send every task to their last branch,
 * the "else", because conditions are not evaluated.
 */
export const routeTask = (
  stored: StoredProject,
  task: WireTask
): { readonly passed: ReadonlyArray<string>; readonly target: WireStage } | undefined => {
  const passed: Array<string> = []
  let stage = findStage(stored, task.stage)
  while (stage !== undefined && !passed.includes(stage.id)) {
    const target = findStage(stored, nextStageId(stage, task.review?.status === "Rejected"))
    if (target === undefined) return undefined
    passed.push(stage.id)
    if (!automaticStages.has(target.type)) return { passed, target }
    stage = target
  }
  return undefined
}

const completedStages: ReadonlySet<string> = new Set(["Review", "Complete"])

/**
 * The task after its move to a stage: unassigned; its status is `Completed` in review and complete stages and `TODO`
 * elsewhere; in a complete stage it also has `completedBy` and `completedAt`.
 */
export const moveToStage = (task: WireTask, stage: WireStage, at: string): WireTask => {
  const { completedAt, completedBy, ...rest } = task
  return {
    ...rest,
    stage: stage.id,
    status: completedStages.has(stage.type) ? "Completed" : "TODO",
    assignee: null,
    updatedAt: at,
    ...(stage.type === "Complete" ? { completedBy: keyUser, completedAt: at } : {})
  }
}

/** Adds an item to a task's history. */
export const addHistoryItem = (state: HubState, item: WireHistoryItem): void => {
  state.histories.set(item.labelTaskId, [...(state.histories.get(item.labelTaskId) ?? []), item])
}

type StageHistory = NonNullable<
  NonNullable<NonNullable<StoredProject["assets"][number]["labelTasks"]>[number]["stageHistory"]>
>

/** Changes the stage histories of tasks, which are stored with their assets. */
export const updateStageHistory = (
  stored: StoredProject,
  taskIds: ReadonlySet<string>,
  change: (stageHistory: StageHistory) => StageHistory
): void => {
  stored.assets.forEach((asset, index) => {
    if (asset.labelTasks?.some(({ _id }) => _id !== undefined && taskIds.has(_id)) !== true) return
    stored.assets[index] = {
      ...asset,
      labelTasks: asset.labelTasks.map((task) =>
        task._id !== undefined && taskIds.has(task._id)
          ? { ...task, stageHistory: change(task.stageHistory ?? []) }
          : task
      )
    }
  })
}

/**
 * Submits a task to the next stage of its workflow, and adds the stages that it left to its stage history. A task in a
 * last stage stays there. `index` is used instead of `task`, which may be outdated.
 */
export const submitTask = (
  { index, stored }: TaskLocation,
  visit: { readonly at: string; readonly duration: number }
): void => {
  const task = stored.tasks[index]
  const path = task === undefined ? undefined : routeTask(stored, task)
  if (task === undefined || path === undefined) return
  const isReview = findStage(stored, task.stage)?.type === "Review"
  const review =
    isReview && task.review?.status !== "Rejected" ? { ...task.review, status: "Accepted" } : task.review
  stored.tasks[index] = moveToStage({ ...task, ...(review == null ? {} : { review }) }, path.target, visit.at)
  updateStageHistory(stored, new Set([task._id]), (stageHistory) => [
    ...stageHistory,
    ...path.passed.map((stageId, step) => ({
      stageId,
      completedAt: visit.at,
      // Only the first stage had somebody who worked on the task.
      ...(step === 0
        ? {
            completedBy: keyUser,
            duration: visit.duration,
            ...(isReview ? { reviewStatus: review?.status } : {})
          }
        : {})
    }))
  ])
}
