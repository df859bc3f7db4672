// The meaning of filters, evaluated plainly over the state of the emulator, without its code.
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { AssetFilter, NumberCondition, TaskFilter, TextCondition, TextRule } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

type Project = Parameters<Emulator["Type"]["state"]["projects"]["set"]>[1]
type Task = Project["tasks"][number]
type Asset = Project["assets"][number]

const isText = (condition: TextCondition | undefined, value: string | null | undefined): boolean => {
  if (condition === undefined) return true
  if (typeof condition === "string") return value === condition
  if (Array.isArray(condition)) return condition.some((one) => one === value)
  const { exists, noneOf, not, pattern } = condition as TextRule
  return (
    (not === undefined || value !== not) &&
    (noneOf === undefined || !noneOf.some((one) => one === value)) &&
    (pattern === undefined || (typeof value === "string" && new RegExp(pattern).test(value))) &&
    (exists === undefined || exists === (value !== undefined))
  )
}

const isNumber = (condition: NumberCondition | undefined, value: number | null | undefined): boolean => {
  if (condition === undefined) return true
  if (typeof condition === "number") return value === condition
  const { above, below, max, min, not } = condition
  if (not !== undefined && value === not) return false
  if (above === undefined && below === undefined && max === undefined && min === undefined) return true
  return (
    typeof value === "number" &&
    !(min !== undefined && value < min) &&
    !(max !== undefined && value > max) &&
    !(above !== undefined && value <= above) &&
    !(below !== undefined && value >= below)
  )
}

const isFlag = (condition: boolean | undefined, value: boolean | null | undefined): boolean =>
  condition === undefined || value === condition

interface Range {
  readonly after?: DateTime.DateTime | undefined
  readonly before?: DateTime.DateTime | undefined
  readonly from?: DateTime.DateTime | undefined
  readonly to?: DateTime.DateTime | undefined
}

const isBetween = (range: Range, text: string | null | undefined): boolean => {
  const ends = Object.values(range).filter((end) => end !== undefined)
  if (ends.length === 0) return true
  if (text == null) return false
  const at = Date.parse(text)
  const millis = (end: DateTime.DateTime | undefined, other: number) =>
    end === undefined ? other : DateTime.toEpochMillis(end)
  return (
    at > millis(range.after, -Infinity) &&
    at < millis(range.before, Infinity) &&
    at >= millis(range.from, -Infinity) &&
    at <= millis(range.to, Infinity)
  )
}

// Tasks contain ids of batches and assets contain names; a condition may be either.
const isIn = (wanted: string, held: ReadonlyArray<unknown>, { project }: Project): boolean =>
  (project.batches ?? []).some(
    ({ _id, name }) => [_id, name].includes(wanted) && (held.includes(_id) || held.includes(name))
  )

const isInBatches = (condition: TaskFilter["batches"], task: Task, stored: Project): boolean => {
  if (condition === undefined) return true
  const held = task.batches ?? []
  if ("length" in condition) return condition.some((wanted) => isIn(wanted, held, stored))
  const { exists, noneOf } = condition
  return (
    (noneOf === undefined || !noneOf.some((wanted) => isIn(wanted, held, stored))) &&
    (exists === undefined || exists === (task.batches !== undefined))
  )
}

const fitsTask = (filter: TaskFilter, task: Task, stored: Project): boolean =>
  isText(filter.status, task.status) &&
  isText(filter.stage, task.stage) &&
  isInBatches(filter.batches, task, stored) &&
  isText(filter.assignee, task.assignee) &&
  isText(filter.createdBy, task.createdBy) &&
  isText(filter.updatedBy, task.updatedBy) &&
  isText(filter.reviewStatus, task.review?.status) &&
  isText(filter.taskType, task.type) &&
  isNumber(filter.priority, task.priority) &&
  isText(filter.externalId, task.externalId) &&
  isNumber(filter.duration, task.duration) &&
  isNumber(filter.totalDuration, task.totalDuration) &&
  isNumber(filter.openIssuesCount, task.openIssuesCount) &&
  isFlag(filter.isDraft, task.isDraft) &&
  isFlag(filter.isSkipped, task.isSkipped) &&
  isFlag(filter.isBenchmark, task.isBenchmark) &&
  isBetween(
    {
      after: filter.createdAfter,
      before: filter.createdBefore,
      from: filter.createdFrom,
      to: filter.createdTo
    },
    task.createdAt
  ) &&
  isBetween(
    {
      after: filter.updatedAfter,
      before: filter.updatedBefore,
      from: filter.updatedFrom,
      to: filter.updatedTo
    },
    task.updatedAt
  )

const fitsAsset = (filter: AssetFilter, asset: Asset, stored: Project): boolean =>
  (filter.id === undefined || asset._id === filter.id) &&
  (filter.externalId === undefined || asset.externalId === filter.externalId) &&
  (filter.isPreLabeled === undefined || asset.isPreLabeled === filter.isPreLabeled) &&
  (filter.batches ?? []).every((wanted) => isIn(wanted, asset.batches ?? [], stored)) &&
  isBetween({ after: filter.createdAfter, before: filter.createdBefore }, asset.createdAt)

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
