/**
 * The initial state of a hub: three realistic projects in the middle of their work, the same for the same seed.
 */
import { PCGRandom } from "effect/Utils"
import type { HubState, StoredProject, WireAnswer, WireHistoryItem, WireProject } from "../state/HubState.js"
import { seedStorages } from "./cloudStorages.js"
import { seedIssues } from "./issues.js"
import { ComputedMap, computedList } from "./lazyCollections.js"
import { seedLlms } from "./llms.js"
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

/** A project whose tasks are computed when they are read. */
export interface ComputedProject {
  readonly seedProject: SeedProject
  readonly profileOf: (index: number) => TaskProfile
  readonly stored: StoredProject
  readonly answers: ComputedMap<WireAnswer>
  readonly histories: ComputedMap<ReadonlyArray<WireHistoryItem>>
}

/** The id of the `index`-th seeded project, from 0. */
export const seededProjectId = (index: number): string =>
  objectId("project", index + 1, blueprints[index]?.createdAt ?? 0)

/** A project with more tasks than this computes them instead of storing them. */
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
  seedProject: SeedProject,
  profileOf: (index: number) => TaskProfile,
  tasks: number
): StoredProject => {
  const stored: StoredProject = { project: projectOf(seedProject, tasks), assets: [], tasks: [] }
  for (let index = 0; index < tasks; index++) {
    const profile = profileOf(index)
    const writer = taskWriter(seedProject, index)
    stored.assets.push(assetOf(seedProject, profile, writer))
    stored.tasks.push(taskOf(seedProject, profile, writer))
    if (isLabelled(profile)) {
      const answer = answerOf(profile, writer)
      const taskId = writer.id("task")
      state.answers.set(taskId, answer)
      state.histories.set(taskId, historyOf(seedProject, profile, writer, answer))
    }
  }
  return stored
}

const computeProject = (
  seedProject: SeedProject,
  profileOf: (index: number) => TaskProfile,
  tasks: number
): ComputedProject => {
  const labelled = (taskId: string): number | undefined => {
    const index = indexOf(seedProject, "task", taskId)
    return index !== undefined && index < tasks && isLabelled(profileOf(index)) ? index : undefined
  }
  function* taskIds(): Iterable<string> {
    for (let index = 0; index < tasks; index++) {
      if (isLabelled(profileOf(index))) yield idOf(seedProject, "task", index)
    }
  }
  const of = <A>(make: (profile: TaskProfile, writer: TaskWriter) => A) =>
    new ComputedMap<A>((taskId) => {
      const index = labelled(taskId)
      return index === undefined ? undefined : make(profileOf(index), taskWriter(seedProject, index))
    }, taskIds)
  return {
    seedProject,
    profileOf,
    stored: {
      project: projectOf(seedProject, tasks),
      assets: computedList(tasks, (index) =>
        assetOf(seedProject, profileOf(index), taskWriter(seedProject, index))
      ),
      tasks: computedList(tasks, (index) =>
        taskOf(seedProject, profileOf(index), taskWriter(seedProject, index))
      )
    },
    answers: of(answerOf),
    histories: of((profile, writer) => historyOf(seedProject, profile, writer, answerOf(profile, writer)))
  }
}

/** The largest project: each has a million ids, and more tasks would use the ids of the next project. */
export const maxTasks = 1_000_000

/**
 * The initial content of the hub.
 *
 * @category options
 * @since 0.1.0
 */
export interface SeedOptions {
  /**
   * The number of tasks in the first project, 0 to 1,000,000; default 250. Above 100,000, tasks are computed on each read
   * instead of stored, which makes filters and changes over all of them slow.
   */
  readonly tasks?: number | undefined
  /** The seed of the random content; default 1. The same seed gives the same content. */
  readonly seed?: number | undefined
}

/** Makes the initial state of a hub. */
export const seed = (options: SeedOptions = {}): HubState => {
  const random = new PCGRandom(options.seed ?? 1)
  const sizes = [options.tasks ?? 250, 40, 12]
  const seedProjects = blueprints.map(seedProjectOf)
  const profiles = seedProjects.map((seedProject, number) =>
    Array.from({ length: Math.min(sizes[number] ?? 0, profileCount) }, (_, index) =>
      drawProfile(seedProject, random, index)
    )
  )
  const profileOf =
    (number: number) =>
    (index: number): TaskProfile => {
      const profile = profiles[number]?.[index % profileCount]
      if (profile === undefined) throw new RangeError(`Task ${index} has no profile.`)
      return profile
    }
  const [seedProject] = seedProjects
  const tasks = sizes[0] ?? 0
  const computed =
    seedProject === undefined || tasks <= maxStoredTasks
      ? undefined
      : computeProject(seedProject, profileOf(0), tasks)
  const state: HubState = {
    projects: new Map(),
    answers: computed?.answers ?? new Map(),
    histories: computed?.histories ?? new Map(),
    deletedProjects: new Map(),
    issues: new Map(),
    organization: seedOrganization(),
    storages: seedStorages(),
    llms: seedLlms(),
    notifications: [],
    files: new Map(),
    links: new Map(),
    exports: new Map()
  }
  seedProjects.forEach((seedProject, number) => {
    const stored =
      number === 0 && computed !== undefined
        ? computed.stored
        : storeProject(state, seedProject, profileOf(number), sizes[number] ?? 0)
    state.projects.set(seedProject.projectId, stored)
  })
  if (computed !== undefined) computedProjects.set(state, computed)
  seedIssues(state)
  return state
}

const computedProjects = new WeakMap<HubState, ComputedProject>()

/** The project whose tasks are computed, if the hub has one. */
export const computedProjectOf = (state: HubState): ComputedProject | undefined => computedProjects.get(state)
