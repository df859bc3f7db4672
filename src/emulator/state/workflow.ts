/**
 * How tasks go through the stages of their project.
 *
 * @since 0.1.0
 */

import { manager } from "../seed/people.js"
import type { HubState, StoredProject, WireHistoryItem, WireTask } from "./HubState.js"

type WireStage = NonNullable<StoredProject["project"]["stages"]>[number]

/** The user whose key the hub takes. */
export const keyUser: string = manager

/** A task where it is kept. */
export interface TaskPlace {
  readonly stored: StoredProject
  readonly index: number
  readonly task: WireTask
}

/** Where a task is kept. */
export const placeOf = (state: HubState, taskId: string): TaskPlace | undefined => {
  for (const stored of state.projects.values()) {
    const index = stored.tasks.findIndex((task) => task._id === taskId)
    const task = stored.tasks[index]
    if (task !== undefined) return { stored, index, task }
  }
  return undefined
}

/** The stage of a project by its id. */
export const stageOf = (
  { project }: StoredProject,
  stageId: string | null | undefined
): WireStage | undefined => (project.stages ?? []).find(({ id }) => id === stageId)

// What nobody works on is passed through at once.
const automatic: ReadonlySet<string> = new Set(["Logic", "Plugin", "Webhook"])

const after = (stage: WireStage, isRejected: boolean): string | undefined => {
  const next = stage.next ?? []
  if (stage.type === "Logic") return next.at(-1) ?? undefined
  return (stage.type === "Review" && isRejected ? next[1] : next[0]) ?? undefined
}

/**
 * The stages that a task passes on its way out of its stage, that one first, and where it comes to rest. Nowhere
 * when no stage follows.
 *
 * @remarks undocumented: plugins and webhooks let every task pass, and logic sends it the way of its last branch,
 * the else; conditions are not evaluated.
 */
export const route = (
  stored: StoredProject,
  task: WireTask
): { readonly passed: ReadonlyArray<string>; readonly target: WireStage } | undefined => {
  const passed: Array<string> = []
  let stage = stageOf(stored, task.stage)
  while (stage !== undefined && !passed.includes(stage.id)) {
    const target = stageOf(stored, after(stage, task.review?.status === "Rejected"))
    if (target === undefined) return undefined
    passed.push(stage.id)
    if (!automatic.has(target.type)) return { passed, target }
    stage = target
  }
  return undefined
}

const finished: ReadonlySet<string> = new Set(["Review", "Complete"])

/** What a task is once it has come to a stage: labelled or to do, nobody's, and completed at the end. */
export const arrived = (task: WireTask, stage: WireStage, at: string): WireTask => {
  const { completedAt, completedBy, ...rest } = task
  return {
    ...rest,
    stage: stage.id,
    status: finished.has(stage.type) ? "Completed" : "TODO",
    assignee: null,
    updatedAt: at,
    ...(stage.type === "Complete" ? { completedBy: keyUser, completedAt: at } : {})
  }
}

/** Adds to what happened to a task. */
export const remember = (state: HubState, item: WireHistoryItem): void => {
  state.histories.set(item.labelTaskId, [...(state.histories.get(item.labelTaskId) ?? []), item])
}

type Visits = NonNullable<
  NonNullable<NonNullable<StoredProject["assets"][number]["labelTasks"]>[number]["stageHistory"]>
>

/** Changes the stages that some tasks went through, as their assets tell them. */
export const changeVisits = (
  stored: StoredProject,
  taskIds: ReadonlySet<string>,
  change: (visits: Visits) => Visits
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
 * Submits the stored task to the next stage of its workflow: the stages passed are in the history of its asset. A
 * task that nothing follows stays where it is.
 */
export const submit = (
  { index, stored }: TaskPlace,
  visit: { readonly at: string; readonly duration: number }
): void => {
  const task = stored.tasks[index]
  const way = task === undefined ? undefined : route(stored, task)
  if (task === undefined || way === undefined) return
  const isReview = stageOf(stored, task.stage)?.type === "Review"
  const review =
    isReview && task.review?.status !== "Rejected" ? { ...task.review, status: "Accepted" } : task.review
  stored.tasks[index] = arrived({ ...task, ...(review == null ? {} : { review }) }, way.target, visit.at)
  changeVisits(stored, new Set([task._id]), (visits) => [
    ...visits,
    ...way.passed.map((stageId, step) => ({
      stageId,
      completedAt: visit.at,
      // What nobody worked on was completed by nobody.
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
