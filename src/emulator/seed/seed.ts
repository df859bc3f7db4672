/**
 * A hub full of work, the same for the same seed: three projects that people might have, in the middle of being
 * labelled.
 */
import { PCGRandom } from "effect/Utils"
import type { HubState, StoredProject, WireAnswer, WireHistoryItem, WireProject } from "../state/HubState.js"
import { seedStorages } from "./cloudStorages.js"
import { seedIssues } from "./issues.js"
import { ComputedMap, computedList } from "./lazyCollections.js"
import { objectId } from "./objectIds.js"
import { organizationId as organization, seedOrganization } from "./organization.js"
import { manager, members } from "./people.js"
import { type Blueprint, blueprints } from "./projects.js"
import {
  answerOf,
  assetOf,
  drawProfile,
  historyOf,
  idOf,
  indexOf,
  isLabelled,
  profileCount,
  type SeedProject,
  type TaskProfile,
  type TaskWriter,
  taskOf,
  taskWriter
} from "./tasks.js"

type Filled = Pick<HubState, "answers" | "histories">

/** A project whose tasks are computed. */
export interface ComputedProject {
  readonly seedProject: SeedProject
  readonly profileOf: (index: number) => TaskProfile
  readonly stored: StoredProject
  readonly answers: ComputedMap<WireAnswer>
  readonly histories: ComputedMap<ReadonlyArray<WireHistoryItem>>
}

/** The id of the `index`-th project of the seed, counted from 0. */
export const seededProjectId = (index: number): string =>
  objectId("project", index + 1, blueprints[index]?.createdAt ?? 0)

/** A project with more tasks than this computes them, instead of keeping them all. */
const maxStoredTasks = 100_000

const seedProjectOf = (blueprint: Blueprint, number: number): SeedProject => ({
  blueprint,
  projectId: seededProjectId(number),
  number,
  batches: blueprint.batches.map((name, index) => ({
    _id: objectId("batch", number * 100 + index + 1, blueprint.createdAt),
    name
  }))
})

const projectOf = ({ batches, blueprint, projectId }: SeedProject, tasks: number): WireProject => ({
  _id: projectId,
  name: blueprint.name,
  description: blueprint.description,
  type: "ango",
  owner: manager,
  organization,
  categorySchema: blueprint.categorySchema,
  stages: blueprint.stages,
  assignedTo: members,
  batches,
  role: "Manager",
  queueVersion: 2,
  assetCount: tasks,
  benchmarkEnabled: false,
  benchmarkRatio: 10,
  ocrLanguage: "eng",
  deleted: false,
  createdAt: new Date(blueprint.createdAt).toISOString()
})

const storeProject = (
  state: Filled,
  frame: SeedProject,
  drawOf: (index: number) => TaskProfile,
  tasks: number
): StoredProject => {
  const stored: StoredProject = { project: projectOf(frame, tasks), assets: [], tasks: [] }
  for (let index = 0; index < tasks; index++) {
    const drawn = drawOf(index)
    const hand = taskWriter(frame, index)
    stored.assets.push(assetOf(frame, drawn, hand))
    stored.tasks.push(taskOf(frame, drawn, hand))
    if (isLabelled(drawn)) {
      const answer = answerOf(drawn, hand)
      const taskId = hand.id("task")
      state.answers.set(taskId, answer)
      state.histories.set(taskId, historyOf(frame, drawn, hand, answer))
    }
  }
  return stored
}

const computeProject = (
  frame: SeedProject,
  drawOf: (index: number) => TaskProfile,
  tasks: number
): ComputedProject => {
  const labelled = (taskId: string): number | undefined => {
    const index = indexOf(frame, "task", taskId)
    return index !== undefined && index < tasks && isLabelled(drawOf(index)) ? index : undefined
  }
  function* taskIds(): Iterable<string> {
    for (let index = 0; index < tasks; index++) {
      if (isLabelled(drawOf(index))) yield idOf(frame, "task", index)
    }
  }
  const of = <A>(make: (drawn: TaskProfile, hand: TaskWriter) => A) =>
    new ComputedMap<A>((taskId) => {
      const index = labelled(taskId)
      return index === undefined ? undefined : make(drawOf(index), taskWriter(frame, index))
    }, taskIds)
  return {
    seedProject: frame,
    profileOf: drawOf,
    stored: {
      project: projectOf(frame, tasks),
      assets: computedList(tasks, (index) => assetOf(frame, drawOf(index), taskWriter(frame, index))),
      tasks: computedList(tasks, (index) => taskOf(frame, drawOf(index), taskWriter(frame, index)))
    },
    answers: of(answerOf),
    histories: of((drawn, hand) => historyOf(frame, drawn, hand, answerOf(drawn, hand)))
  }
}

/** Ids of the seed count in millions per project: more tasks would run into those of the next one. */
export const maxTasks = 1_000_000

/** How the hub is filled. */
export interface SeedOptions {
  /**
   * Tasks of the first project, 0 to 1,000,000; default 250. More than 100,000 are not kept but computed whenever
   * somebody looks: what changes all of them at once, or asks for all by a condition, takes as long as it takes.
   */
  readonly tasks?: number | undefined
  /** The same seed gives the same content; default 1. */
  readonly seed?: number | undefined
}

/** The state of a freshly seeded hub. */
export const seed = (options: SeedOptions = {}): HubState => {
  const random = new PCGRandom(options.seed ?? 1)
  const sizes = [options.tasks ?? 250, 40, 12]
  const frames = blueprints.map(seedProjectOf)
  const drawn = frames.map((frame, number) =>
    Array.from({ length: Math.min(sizes[number] ?? 0, profileCount) }, (_, index) =>
      drawProfile(frame, random, index)
    )
  )
  const drawOf =
    (number: number) =>
    (index: number): TaskProfile => {
      const found = drawn[number]?.[index % profileCount]
      if (found === undefined) throw new RangeError(`No task ${index} was drawn.`)
      return found
    }
  const [frame] = frames
  const tasks = sizes[0] ?? 0
  const computed =
    frame === undefined || tasks <= maxStoredTasks ? undefined : computeProject(frame, drawOf(0), tasks)
  const state: HubState = {
    projects: new Map(),
    answers: computed?.answers ?? new Map(),
    histories: computed?.histories ?? new Map(),
    deletedProjects: new Map(),
    issues: new Map(),
    organization: seedOrganization(),
    storages: seedStorages(),
    files: new Map(),
    links: new Map(),
    exports: new Map()
  }
  frames.forEach((frame, number) => {
    const stored =
      number === 0 && computed !== undefined
        ? computed.stored
        : storeProject(state, frame, drawOf(number), sizes[number] ?? 0)
    state.projects.set(frame.projectId, stored)
  })
  if (computed !== undefined) computedProjects.set(state, computed)
  seedIssues(state)
  return state
}

const computedProjects = new WeakMap<HubState, ComputedProject>()

/** How the tasks of a large project are computed, if the hub has one. */
export const computedProjectOf = (state: HubState): ComputedProject | undefined => computedProjects.get(state)
