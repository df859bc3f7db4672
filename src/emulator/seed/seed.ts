/**
 * A hub full of work, the same for the same seed: three projects that people might have, in the middle of being
 * labelled.
 */
import { PCGRandom } from "effect/Utils"
import type { HubState, StoredProject, WireHistoryItem } from "../State.js"
import { makeAnswer } from "./Answers.js"
import { objectId } from "./Ids.js"
import { seedIssues } from "./Issues.js"
import { organizationId as organization, seedOrganization } from "./Organization.js"
import { labelers, manager, members, reviewers } from "./People.js"
import { type Blueprint, blueprints } from "./Projects.js"
import { seedStorages } from "./Storages.js"

const iso = (at: number): string => new Date(at).toISOString()

const at = <A>(list: ReadonlyArray<A>, index: number, otherwise: A): A =>
  list[index % list.length] ?? otherwise

/** The id of the `index`-th project of the seed, counted from 0. */
export const seededProjectId = (index: number): string =>
  objectId("project", index + 1, blueprints[index]?.createdAt ?? 0)

// How far a task is: most are complete, some in review or rework, the rest waits for its annotator.
const progress = (random: PCGRandom): number => {
  const roll = random.integer(100)
  return roll < 55 ? 3 : roll < 70 ? 2 : roll < 75 ? 4 : roll < 95 ? 1 : 0
}

const fill = (
  state: HubState,
  random: PCGRandom,
  blueprint: Blueprint,
  number: number,
  tasks: number
): StoredProject => {
  const { createdAt } = blueprint
  const projectId = seededProjectId(number)
  const batches = blueprint.batches.map((name, index) => ({
    _id: objectId("batch", number * 100 + index + 1, createdAt),
    name
  }))
  const [start = "Start", label = "Label", review = "Review", rework = "Rework", complete = "Complete"] =
    blueprint.stages.map((stage) => stage.id)
  const where = [start, label, review, complete, rework]

  const stored: StoredProject = {
    project: {
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
      createdAt: iso(createdAt)
    },
    assets: [],
    tasks: []
  }

  for (let index = 0; index < tasks; index++) {
    const counter = number * 1_000_000 + index + 1
    const created = createdAt + 3_600_000 + index * 7_000
    const { data, externalId } = blueprint.asset(index)
    const assetId = objectId("asset", counter, created)
    const taskId = objectId("task", counter, created)
    const batch = at(batches, random.integer(batches.length), batches[0] ?? { _id: "", name: "" })
    const stage = progress(random)
    const author = at(labelers, index, manager)
    const reviewer = at(reviewers, index, manager)
    const labelled = created + 86_400_000 + random.integer(86_400) * 1000
    const duration = 4_000 + random.integer(90_000)
    const isLabelled = stage >= 2
    // Some of what is in review was rejected before, and mended.
    const isFixed = stage === 2 && index % 3 === 0

    const answer = makeAnswer(random, blueprint, counter, data, author, labelled)
    const visits: Array<WireHistoryItem> = []
    if (isLabelled) {
      const visit = (name: string, by: string, when: number, took: number) =>
        visits.push({
          id: objectId("history", counter * 4 + visits.length, when),
          labelTaskId: taskId,
          stage: name,
          answer,
          duration: took,
          completedBy: by,
          completedAt: iso(when),
          createdAt: iso(when)
        })
      visit(label, author, labelled, duration)
      if (stage >= 3 || isFixed) visit(review, reviewer, labelled + 7_200_000, Math.round(duration / 4))
      if (isFixed) visit(rework, author, labelled + 14_400_000, Math.round(duration / 3))
      state.answers.set(taskId, answer)
      state.histories.set(taskId, visits)
    }

    const isPreLabeled = random.integer(8) === 0
    stored.assets.push({
      _id: assetId,
      externalId,
      data,
      project: projectId,
      batches: [batch.name],
      ...(blueprint.image === undefined ? {} : { metadata: blueprint.image }),
      contextData: { source: number === 0 ? "dash-cam" : "archive", row: index + 1 },
      isPreLabeled,
      labelTasks: [
        {
          _id: taskId,
          stageHistory: [
            // What is still in Start has not passed it.
            ...(stage === 0 ? [] : [{ stageId: start, completedAt: iso(created) }]),
            ...visits.map(({ completedAt, completedBy, stage: stageId }) => ({
              stageId,
              completedAt,
              ...(completedBy === undefined ? {} : { completedBy })
            }))
          ]
        }
      ],
      createdAt: iso(created)
    })
    stored.tasks.push({
      _id: taskId,
      project: projectId,
      asset: { _id: assetId, externalId, data },
      stage: at(where, stage, label),
      // Labelled is completed, whether the review is over or not; what was rejected is to do again.
      status: stage === 2 || stage === 3 ? "Completed" : "TODO",
      assignee: stage === 1 || stage === 4 ? author : stage === 2 ? reviewer : null,
      externalId,
      batches: [batch._id],
      priority: index % 50 === 0 ? 10 : index % 50 === 25 ? -5 : 0,
      duration: isLabelled ? duration : 0,
      organization,
      isBenchmark: false,
      isPreLabeled,
      ...(stage === 2 ? { review: { status: isFixed ? "Fixed" : "Todo" } } : {}),
      ...(stage === 3
        ? { review: { status: "Accepted" }, completedBy: author, completedAt: iso(labelled) }
        : {}),
      ...(stage === 4 ? { review: { status: "Rejected" } } : {}),
      createdAt: iso(created),
      updatedAt: visits.at(-1)?.completedAt ?? iso(created)
    })
  }
  return stored
}

/** Ids of the seed count in millions per project: more tasks would run into those of the next one. */
export const mostTasks = 1_000_000

/** How the hub is filled. */
export interface SeedOptions {
  /** Tasks of the first project, 0 to 1,000,000; default 250. */
  readonly tasks?: number | undefined
  /** The same seed gives the same content; default 1. */
  readonly seed?: number | undefined
}

/** The state of a freshly seeded hub. */
export const seed = (options: SeedOptions = {}): HubState => {
  const state: HubState = {
    projects: new Map(),
    answers: new Map(),
    histories: new Map(),
    deletedProjects: new Map(),
    issues: new Map(),
    organization: seedOrganization(),
    storages: seedStorages(),
    files: new Map(),
    links: new Map(),
    exports: new Map()
  }
  const random = new PCGRandom(options.seed ?? 1)
  const sizes = [options.tasks ?? 250, 40, 12]
  blueprints.forEach((blueprint, number) => {
    state.projects.set(seededProjectId(number), fill(state, random, blueprint, number, sizes[number] ?? 0))
  })
  seedIssues(state)
  return state
}
