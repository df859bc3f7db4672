/**
 * What chance decides about a task, and the task with everything around it that follows from it.
 *
 * Everything that tells one task from another with the same draw (its ids, its times, its number) comes from a
 * {@link TaskWriter}: so that a task can be written down without being made, and one draw serve many.
 */
import type { PCGRandom } from "effect/Utils"
import type { WireAnswer, WireAsset, WireHistoryItem, WireTask } from "../state/HubState.js"
import { makeAnswer } from "./answers.js"
import { digitsFrom, objectId, shortId } from "./objectIds.js"
import { organizationId as organization } from "./organization.js"
import { labelers, manager, reviewers } from "./people.js"
import type { Blueprint } from "./projects.js"

/** What the tasks of a project have in common. */
export interface SeedProject {
  readonly blueprint: Blueprint
  readonly projectId: string
  /** Which project of the seed it is, from 0. */
  readonly number: number
  readonly batches: ReadonlyArray<{ readonly _id: string; readonly name: string }>
}

/** What chance decided. Times are milliseconds after the task's creation. */
export interface TaskProfile {
  /** The number of the task for which it was drawn; others that share it differ by multiples of {@link profileCount}. */
  readonly index: number
  readonly batch: SeedProject["batches"][number]
  /** 0 in Start, 1 to label, 2 in review, 3 complete, 4 in rework. */
  readonly progress: number
  readonly isFixed: boolean
  readonly labelled: number
  readonly duration: number
  readonly isPreLabeled: boolean
  /** With the ids and times of the first task that has it. */
  readonly answer: WireAnswer
}

/** Writes what is different from task to task. */
export interface TaskWriter {
  readonly id: (kind: "asset" | "task") => string
  readonly historyId: (nth: number, after: number) => string
  readonly objectId: (nth: number) => string
  /** The instant so many milliseconds after the task's creation. */
  readonly iso: (after: number) => string
  /** The number of the task plus something, in at least so many digits. */
  readonly digits: (plus: number, width: number) => string
  /** The number of the task, from 1. */
  readonly row: number
}

/**
 * How many different draws there are: tasks above repeat them. A multiple of every cycle in this file and in the
 * blueprints, so that tasks with the same draw have the same people, priority and folder.
 */
export const profileCount = 600

const itemAt = <A>(list: ReadonlyArray<A>, index: number, otherwise: A): A =>
  list[index % list.length] ?? otherwise

/** When a task was created, epoch milliseconds. */
export const createdAtOf = ({ blueprint }: SeedProject, index: number): number =>
  blueprint.createdAt + 3_600_000 + index * 7_000

const counterOf = ({ number }: SeedProject, index: number): number => number * 1_000_000 + index + 1

/** The number of the task that an id says it is of, if it is one of the seed. */
export const indexOf = (frame: SeedProject, kind: "asset" | "task", id: string): number | undefined => {
  const index = Number.parseInt(id.slice(-6), 16) - counterOf(frame, 0)
  return index >= 0 && idOf(frame, kind, index) === id ? index : undefined
}

/** The id of the asset or the task of a number. */
export const idOf = (frame: SeedProject, kind: "asset" | "task", index: number): string =>
  objectId(kind, counterOf(frame, index), createdAtOf(frame, index))

/** The first of the ids of a task's objects, as a number. */
export const firstObjectNumber = (frame: SeedProject, index: number): number => counterOf(frame, index) * 16

/** What is different about one task. */
export const taskWriter = (frame: SeedProject, index: number): TaskWriter => {
  const created = createdAtOf(frame, index)
  return {
    id: (kind) => idOf(frame, kind, index),
    historyId: (nth, after) => objectId("history", counterOf(frame, index) * 4 + nth, created + after),
    objectId: (nth) => shortId("object", firstObjectNumber(frame, index) + nth),
    iso: (after) => new Date(created + after).toISOString(),
    digits: digitsFrom(index),
    row: index + 1
  }
}

// How far a task is: most are complete, some in review or rework, the rest waits for its annotator.
const progressOf = (random: PCGRandom): number => {
  const roll = random.integer(100)
  return roll < 55 ? 3 : roll < 70 ? 2 : roll < 75 ? 4 : roll < 95 ? 1 : 0
}

const authorOf = (index: number): string => itemAt(labelers, index, manager)

/** Draws what a task is like. */
export const drawProfile = (frame: SeedProject, random: PCGRandom, index: number): TaskProfile => {
  const { batches, blueprint } = frame
  const hand = taskWriter(frame, index)
  const batch = itemAt(batches, random.integer(batches.length), batches[0] ?? { _id: "", name: "" })
  const progress = progressOf(random)
  const labelled = 86_400_000 + random.integer(86_400) * 1000
  const duration = 4_000 + random.integer(90_000)
  const { data } = blueprint.asset(index, hand.digits)
  const by = { author: authorOf(index), at: hand.iso(labelled), nextId: objectIdCounter(hand) }
  const answer = makeAnswer(random, blueprint, data, by)
  const isPreLabeled = random.integer(8) === 0
  // Some of what is in review was rejected before, and mended.
  const isFixed = progress === 2 && index % 3 === 0
  return { index, batch, progress, isFixed, labelled, duration, answer, isPreLabeled }
}

const objectIdCounter = (hand: TaskWriter): (() => string) => {
  let nth = 0
  return () => hand.objectId(nth++)
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

/** Whether a task of this draw was labelled: it has an answer and a history then. */
export const isLabelled = ({ progress }: TaskProfile): boolean => progress >= 2

/** The answer of a task. */
export const answerOf = ({ answer, labelled }: TaskProfile, hand: TaskWriter): WireAnswer => {
  const nextId = objectIdCounter(hand)
  const createdAt = hand.iso(labelled)
  return {
    ...answer,
    tools: (answer.tools ?? []).map((tool) => {
      const own = withNewIds(tool, nextId)
      return "metadata" in own ? { ...own, metadata: { ...(own.metadata as object), createdAt } } : own
    }),
    classifications: (answer.classifications ?? []).map((one) => withNewIds(one, nextId))
  }
}

// The stages as they are ordered in the workflow of the seed.
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

const stageVisits = (frame: SeedProject, drawn: TaskProfile): ReadonlyArray<Visit> => {
  const { duration, index, isFixed, labelled, progress } = drawn
  if (!isLabelled(drawn)) return []
  const { label, review, rework } = stagesOf(frame)
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

/** When a task was touched last, milliseconds after its creation. */
export const updatedAfter = (frame: SeedProject, drawn: TaskProfile): number =>
  stageVisits(frame, drawn).at(-1)?.after ?? 0

/** What happened to a task; its `answer` is given, since all visits share it. */
export const historyOf = (
  frame: SeedProject,
  drawn: TaskProfile,
  hand: TaskWriter,
  answer: WireAnswer
): ReadonlyArray<WireHistoryItem> =>
  stageVisits(frame, drawn).map(({ after, by, stage, duration: took }, nth) => ({
    id: hand.historyId(nth, after),
    labelTaskId: hand.id("task"),
    stage,
    answer,
    duration: took,
    completedBy: by,
    completedAt: hand.iso(after),
    createdAt: hand.iso(after)
  }))

/** The asset of a task. */
export const assetOf = (frame: SeedProject, drawn: TaskProfile, hand: TaskWriter): WireAsset => {
  const { blueprint, number, projectId } = frame
  const { batch, index, isPreLabeled, progress } = drawn
  return {
    _id: hand.id("asset"),
    ...blueprint.asset(index, hand.digits),
    project: projectId,
    batches: [batch.name],
    ...(blueprint.image === undefined ? {} : { metadata: blueprint.image }),
    contextData: { source: number === 0 ? "dash-cam" : "archive", row: hand.row },
    isPreLabeled,
    labelTasks: [
      {
        _id: hand.id("task"),
        stageHistory: [
          // What is still in Start has not passed it.
          ...(progress === 0 ? [] : [{ stageId: stagesOf(frame).start, completedAt: hand.iso(0) }]),
          ...stageVisits(frame, drawn).map(({ after, by, stage }) => ({
            stageId: stage,
            completedAt: hand.iso(after),
            completedBy: by
          }))
        ]
      }
    ],
    createdAt: hand.iso(0)
  }
}

/** A task. */
export const taskOf = (frame: SeedProject, drawn: TaskProfile, hand: TaskWriter): WireTask => {
  const { blueprint, projectId } = frame
  const { batch, duration, index, isFixed, isPreLabeled, labelled, progress } = drawn
  const { complete, label, review, rework, start } = stagesOf(frame)
  const { data, externalId } = blueprint.asset(index, hand.digits)
  const author = authorOf(index)
  const assignee = progress === 2 ? itemAt(reviewers, index, manager) : author
  return {
    _id: hand.id("task"),
    project: projectId,
    asset: { _id: hand.id("asset"), externalId, data },
    stage: itemAt([start, label, review, complete, rework], progress, label),
    // Labelled is completed, whether the review is over or not; what was rejected is to do again.
    status: progress === 2 || progress === 3 ? "Completed" : "TODO",
    assignee: progress === 0 || progress === 3 ? null : assignee,
    externalId,
    batches: [batch._id],
    priority: index % 50 === 0 ? 10 : index % 50 === 25 ? -5 : 0,
    duration: isLabelled(drawn) ? duration : 0,
    organization,
    isBenchmark: false,
    isPreLabeled,
    ...(progress === 2 ? { review: { status: isFixed ? "Fixed" : "Todo" } } : {}),
    ...(progress === 3
      ? { review: { status: "Accepted" }, completedBy: author, completedAt: hand.iso(labelled) }
      : {}),
    ...(progress === 4 ? { review: { status: "Rejected" } } : {}),
    createdAt: hand.iso(0),
    updatedAt: hand.iso(updatedAfter(frame, drawn)),
    openIssuesCount: 0
  }
}
