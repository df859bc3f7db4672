// The meaning of filters, evaluated plainly over the state of the emulator, without its code.
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { AssetFilter, TaskFilter } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

type Project = Parameters<Emulator["Type"]["state"]["projects"]["set"]>[1]
type Task = Project["tasks"][number]
type Asset = Project["assets"][number]

const list = <A>(condition: A | ReadonlyArray<A>): ReadonlyArray<A> =>
  Array.isArray(condition) ? condition : [condition as A]

const isAny = <A>(condition: A | ReadonlyArray<A> | undefined, value: unknown): boolean =>
  condition === undefined || list(condition).some((one) => one === value)

const isAnyWord = (condition: string | ReadonlyArray<string> | undefined, value: string | null | undefined) =>
  condition === undefined ||
  list(condition).some((word) => word.toLowerCase() === (value ?? undefined)?.toLowerCase())

const isBetween = (
  after: DateTime.DateTime | undefined,
  before: DateTime.DateTime | undefined,
  text: string | null | undefined
): boolean => {
  if (after === undefined && before === undefined) return true
  if (text == null) return false
  const at = Date.parse(text)
  return (
    (after === undefined || at > DateTime.toEpochMillis(after)) &&
    (before === undefined || at < DateTime.toEpochMillis(before))
  )
}

const isInRange = (condition: TaskFilter["priority"], priority: number | null | undefined): boolean => {
  if (condition === undefined) return true
  if (typeof condition === "number") return priority === condition
  const { max = 1000, min = -1000 } = condition
  return priority != null && priority >= min && priority <= max
}

// Tasks contain ids of batches and assets contain names; a condition may be either.
const isInAll = (wanted: ReadonlyArray<string> = [], held: ReadonlyArray<unknown>, { project }: Project) =>
  wanted.every((one) =>
    (project.batches ?? []).some(
      ({ _id, name }) => [_id, name].includes(one) && (held.includes(_id) || held.includes(name))
    )
  )

const fitsTask = (filter: TaskFilter, task: Task, stored: Project): boolean =>
  isAnyWord(filter.status, task.status) &&
  isAny(filter.stage, task.stage) &&
  isInAll(filter.batches, task.batches ?? [], stored) &&
  isAnyWord(filter.assignee, task.assignee) &&
  isAnyWord(filter.reviewStatus, task.review?.status) &&
  isAnyWord(filter.taskType, task.isBenchmark === true ? "benchmark" : "default") &&
  isInRange(filter.priority, task.priority) &&
  isAny(filter.externalId, task.externalId) &&
  isAny(filter.isPreLabeled, task.isPreLabeled) &&
  isBetween(filter.createdAfter, filter.createdBefore, task.createdAt) &&
  isBetween(filter.updatedAfter, filter.updatedBefore, task.updatedAt) &&
  isBetween(filter.completedAfter, filter.completedBefore, task.completedAt)

const fitsAsset = (filter: AssetFilter, asset: Asset, stored: Project): boolean =>
  isAny(filter.id, asset._id) &&
  isAny(filter.externalId, asset.externalId) &&
  isAny(filter.isPreLabeled, asset.isPreLabeled) &&
  isInAll(filter.batches, asset.batches ?? [], stored) &&
  isBetween(filter.createdAfter, filter.createdBefore, asset.createdAt)

/** The first project of the seed. */
export const stored = Effect.map(Emulator, ({ state }) => {
  const project = state.projects.get(AngoTest.projectId)
  if (project === undefined) throw new Error("the seed has no first project")
  return project
})

/** The tasks that a filter selects, oldest first; raw conditions are ignored. */
export const tasksBy = (filter: TaskFilter) =>
  Effect.map(stored, (project) =>
    project.tasks.filter((task) => fitsTask(filter, task, project)).map(({ _id }) => _id)
  )

/** The assets that a filter selects, oldest first. */
export const assetsBy = (filter: AssetFilter) =>
  Effect.map(stored, (project) =>
    project.assets.filter((asset) => fitsAsset(filter, asset, project)).map(({ _id }) => _id)
  )
