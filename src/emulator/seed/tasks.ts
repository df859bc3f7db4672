/**
 * Seeded tasks: a random profile, and the task, asset, annotations and history that follow from it.
 *
 * Tasks with the same profile differ only in ids, times and numbers, which come from a {@link TaskWriter}. A large hub
 * therefore needs only {@link profileCount} profiles, and an export can write such tasks from a template.
 */
import type { PCGRandom } from "effect/Utils"
import type { WireAnswer, WireAsset, WireHistoryItem, WireTask } from "../state/HubState.js"
import { makeAnswer } from "./answers.js"
import { digitsFrom, objectId, shortId } from "./objectIds.js"
import { organizationId as organization } from "./organization.js"
import { labelers, manager, reviewers } from "./people.js"
import type { Blueprint } from "./projects.js"

/** A project of the seed: what all its tasks share. */
export interface SeedProject {
  readonly blueprint: Blueprint
  readonly projectId: string
  /** The index of the project in the seed, from 0. */
  readonly number: number
  readonly batches: ReadonlyArray<{ readonly _id: string; readonly name: string }>
}

/** The random choices for a task. Times are milliseconds after the task's creation. */
export interface TaskProfile {
  /** The index of the first task with this profile; the others follow at multiples of {@link profileCount}. */
  readonly index: number
  readonly batch: SeedProject["batches"][number]
  /** 0 in Start, 1 in Label, 2 in review, 3 complete, 4 in rework. */
  readonly progress: number
  /** Whether the task was rejected in review and then fixed. */
  readonly isFixed: boolean
  /** When the task was labelled. */
  readonly labelled: number
  /** Labelling time in milliseconds. */
  readonly duration: number
  readonly isPreLabeled: boolean
  /** With the ids and times of the first task with this profile. */
  readonly answer: WireAnswer
}

/** Writes the values in which tasks with the same profile differ. */
export interface TaskWriter {
  readonly id: (kind: "asset" | "task") => string
  readonly historyId: (nth: number, after: number) => string
  readonly objectId: (nth: number) => string
  /** The time `after` milliseconds after the task's creation, as ISO text. */
  readonly iso: (after: number) => string
  /** The index of the task plus `plus`, with at least `width` digits. */
  readonly digits: (plus: number, width: number) => string
  /** The number of the task, from 1. */
  readonly row: number
}

/**
 * The number of different profiles; later tasks repeat them. It is a multiple of every cycle in this file and in the
 * blueprints, so that tasks with the same profile have the same people, priority and folder.
 */
export const profileCount = 600

// Cycles through a list.
const itemAt = <A>(list: ReadonlyArray<A>, index: number, fallback: A): A =>
  list[index % list.length] ?? fallback

/** The creation time of a task, epoch milliseconds. */
export const createdAtOf = ({ blueprint }: SeedProject, index: number): number =>
  blueprint.createdAt + 3_600_000 + index * 7_000

const counterOf = ({ number }: SeedProject, index: number): number => number * 1_000_000 + index + 1

/** The index of the seeded task with this task id or asset id; `undefined` for an id that is not seeded. */
export const indexOf = (seedProject: SeedProject, kind: "asset" | "task", id: string): number | undefined => {
  const index = Number.parseInt(id.slice(-6), 16) - counterOf(seedProject, 0)
  return index >= 0 && idOf(seedProject, kind, index) === id ? index : undefined
}

/** The id of a seeded task, or of its asset. */
export const idOf = (seedProject: SeedProject, kind: "asset" | "task", index: number): string =>
  objectId(kind, counterOf(seedProject, index), createdAtOf(seedProject, index))

/** The counter of the first annotation id of a task. */
export const firstObjectNumber = (seedProject: SeedProject, index: number): number =>
  counterOf(seedProject, index) * 16

/** The writer of one task's ids, times and numbers. */
export const taskWriter = (seedProject: SeedProject, index: number): TaskWriter => {
  const created = createdAtOf(seedProject, index)
  return {
    id: (kind) => idOf(seedProject, kind, index),
    historyId: (nth, after) => objectId("history", counterOf(seedProject, index) * 4 + nth, created + after),
    objectId: (nth) => shortId("object", firstObjectNumber(seedProject, index) + nth),
    iso: (after) => new Date(created + after).toISOString(),
    digits: digitsFrom(index),
    row: index + 1
  }
}

// Most tasks are complete, some in review or rework, the rest is not labelled yet.
const progressOf = (random: PCGRandom): number => {
  const roll = random.integer(100)
  return roll < 55 ? 3 : roll < 70 ? 2 : roll < 75 ? 4 : roll < 95 ? 1 : 0
}

const authorOf = (index: number): string => itemAt(labelers, index, manager)

/** Draws the profile of a task. */
export const drawProfile = (seedProject: SeedProject, random: PCGRandom, index: number): TaskProfile => {
  const { batches, blueprint } = seedProject
  const writer = taskWriter(seedProject, index)
  const batch = itemAt(batches, random.integer(batches.length), batches[0] ?? { _id: "", name: "" })
  const progress = progressOf(random)
  const labelled = 86_400_000 + random.integer(86_400) * 1000
  const duration = 4_000 + random.integer(90_000)
  const { data } = blueprint.asset(index, writer.digits)
  const by = { author: authorOf(index), at: writer.iso(labelled), nextId: objectIdCounter(writer) }
  const answer = makeAnswer(random, blueprint, data, by)
  const isPreLabeled = random.integer(8) === 0
  // Some tasks in review were rejected before and fixed.
  const isFixed = progress === 2 && index % 3 === 0
  return { index, batch, progress, isFixed, labelled, duration, answer, isPreLabeled }
}

const objectIdCounter = (writer: TaskWriter): (() => string) => {
  let nth = 0
  return () => writer.objectId(nth++)
}

type Item = { readonly classifications?: ReadonlyArray<object> }

const withNewIds = <A extends object>(item: A, nextId: () => string): A => {
  const { classifications } = item as Item
  return {
    ...item,
    objectId: nextId(),
    ...(classifications === undefined
      ? {}
      : { classifications: classifications.map((nested) => withNewIds(nested, nextId)) })
  }
}

/** Whether a task with this profile was labelled, and so has annotations and a history. */
export const isLabelled = ({ progress }: TaskProfile): boolean => progress >= 2

/** The annotations of a task. */
export const answerOf = ({ answer, labelled }: TaskProfile, writer: TaskWriter): WireAnswer => {
  const nextId = objectIdCounter(writer)
  const createdAt = writer.iso(labelled)
  return {
    ...answer,
    tools: (answer.tools ?? []).map((tool) => {
      const own = withNewIds(tool, nextId)
      return "metadata" in own ? { ...own, metadata: { ...(own.metadata as object), createdAt } } : own
    }),
    classifications: (answer.classifications ?? []).map((one) => withNewIds(one, nextId))
  }
}

// The ids of the stages, in the order of the seeded workflow.
const stagesOf = ({ blueprint }: SeedProject) => {
  const [start = "Start", label = "Label", review = "Review", rework = "Rework", complete = "Complete"] =
    blueprint.stages.map(({ id }) => id)
  return { start, label, review, rework, complete }
}

interface Visit {
  readonly stage: string
  readonly by: string
  readonly after: number
  readonly duration: number
}

const stageVisits = (seedProject: SeedProject, profile: TaskProfile): ReadonlyArray<Visit> => {
  const { duration, index, isFixed, labelled, progress } = profile
  if (!isLabelled(profile)) return []
  const { label, review, rework } = stagesOf(seedProject)
  const author = authorOf(index)
  const reviewer = itemAt(reviewers, index, manager)
  return [
    { stage: label, by: author, after: labelled, duration: duration },
    ...(progress >= 3 || isFixed
      ? [{ stage: review, by: reviewer, after: labelled + 7_200_000, duration: Math.round(duration / 4) }]
      : []),
    ...(isFixed
      ? [{ stage: rework, by: author, after: labelled + 14_400_000, duration: Math.round(duration / 3) }]
      : [])
  ]
}

/** When a task was last updated, milliseconds after its creation. */
export const updatedAfter = (seedProject: SeedProject, profile: TaskProfile): number =>
  stageVisits(seedProject, profile).at(-1)?.after ?? 0

/** The history of a task. All its items share `answer`. */
export const historyOf = (
  seedProject: SeedProject,
  profile: TaskProfile,
  writer: TaskWriter,
  answer: WireAnswer
): ReadonlyArray<WireHistoryItem> =>
  stageVisits(seedProject, profile).map(({ after, by, stage, duration: took }, nth) => ({
    id: writer.historyId(nth, after),
    labelTaskId: writer.id("task"),
    stage,
    answer,
    duration: took,
    completedBy: by,
    completedAt: writer.iso(after),
    createdAt: writer.iso(after)
  }))

/** The asset of a task. */
export const assetOf = (seedProject: SeedProject, profile: TaskProfile, writer: TaskWriter): WireAsset => {
  const { blueprint, number, projectId } = seedProject
  const { batch, index, isPreLabeled, progress } = profile
  return {
    _id: writer.id("asset"),
    ...blueprint.asset(index, writer.digits),
    project: projectId,
    batches: [batch.name],
    ...(blueprint.image === undefined ? {} : { metadata: blueprint.image }),
    contextData: { source: number === 0 ? "dash-cam" : "archive", row: writer.row },
    isPreLabeled,
    labelTasks: [
      {
        _id: writer.id("task"),
        stageHistory: [
          // A task that is still in Start has not completed it.
          ...(progress === 0 ? [] : [{ stageId: stagesOf(seedProject).start, completedAt: writer.iso(0) }]),
          ...stageVisits(seedProject, profile).map(({ after, by, stage }) => ({
            stageId: stage,
            completedAt: writer.iso(after),
            completedBy: by
          }))
        ]
      }
    ],
    createdAt: writer.iso(0)
  }
}

/** A task. */
export const taskOf = (seedProject: SeedProject, profile: TaskProfile, writer: TaskWriter): WireTask => {
  const { blueprint, projectId } = seedProject
  const { batch, duration, index, isFixed, isPreLabeled, labelled, progress } = profile
  const { complete, label, review, rework, start } = stagesOf(seedProject)
  const { data, externalId } = blueprint.asset(index, writer.digits)
  const author = authorOf(index)
  const assignee = progress === 2 ? itemAt(reviewers, index, manager) : author
  return {
    _id: writer.id("task"),
    project: projectId,
    asset: { _id: writer.id("asset"), externalId, data },
    stage: itemAt([start, label, review, complete, rework], progress, label),
    // A labelled task is `Completed` before its review, too; a rejected one is `TODO` again.
    status: progress === 2 || progress === 3 ? "Completed" : "TODO",
    type: "default",
    assignee: progress === 0 || progress === 3 ? null : assignee,
    externalId,
    batches: [batch._id],
    priority: index % 50 === 0 ? 10 : index % 50 === 25 ? -5 : 0,
    duration: isLabelled(profile) ? duration : 0,
    totalDuration: stageVisits(seedProject, profile).reduce((total, visit) => total + visit.duration, 0),
    organization,
    isBenchmark: false,
    // In rework, some annotators have saved changes and not submitted them yet; in labelling, some skip a task.
    isDraft: progress === 4 && index % 2 === 0,
    isSkipped: progress === 1 && index % 20 === 3,
    isPreLabeled,
    ...(progress === 2 ? { review: { status: isFixed ? "Fixed" : "Todo" } } : {}),
    ...(progress === 3
      ? { review: { status: "Accepted" }, completedBy: author, completedAt: writer.iso(labelled) }
      : {}),
    ...(progress === 4 ? { review: { status: "Rejected" } } : {}),
    createdAt: writer.iso(0),
    createdBy: manager,
    updatedAt: writer.iso(updatedAfter(seedProject, profile)),
    openIssuesCount: 0
  }
}
