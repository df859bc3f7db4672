/**
 * Endpoints of annotations: annotate a task, import labels.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { toOptionIds } from "../../ontology/optionReferences.js"
import { rowsToApply } from "../faults/partialWrite.js"
import { HubApi, success } from "../server/hubApi.js"
import type { StoredProject, WireAnswer, WireAsset } from "../state/HubState.js"
import { notFound, unknownProject } from "../state/hubErrors.js"
import { Hub, type HubService } from "../state/hubService.js"
import { addHistoryItem, findStage, keyUser, locateTask, submitTask } from "../state/stageTransitions.js"

type Fields = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const recordsIn = (value: unknown): ReadonlyArray<Fields> =>
  Array.isArray(value) ? value.filter((item) => isRecord(item)) : []

/** The ids of the ontology's classes by title. Of several classes with one title, the first counts. */
const idsByTitle = ({ project }: StoredProject): ReadonlyMap<unknown, string> => {
  const { classifications, relations, tools } = project.categorySchema ?? {}
  const classes = [...(tools ?? []), ...(classifications ?? []), ...(relations ?? [])].toReversed()
  return new Map(
    classes.flatMap(({ schemaId, title }) => (schemaId == null || title == null ? [] : [[title, schemaId]]))
  )
}

/**
 * Converts sent annotations to the stored form: objects under `tools`, options as ids
 * (docs/api-notes.md#option-answers), every item with an objectId, its author and its creation time (ISO text;
 * #annotation-dates).
 *
 * @remarks undocumented: which of several classes with one title is used. Here it is the first.
 */
const toStoredAnswer = (
  { newId, now }: HubService,
  stored: StoredProject,
  answer: { readonly [name: string]: unknown },
  createdBy: string
): Effect.Effect<WireAnswer> =>
  Effect.gen(function* () {
    const createdAt = yield* now
    const titles = idsByTitle(stored)
    const toStoredItems = (items: ReadonlyArray<Fields>) =>
      Effect.forEach(items, (item) =>
        Effect.map(newId("object"), (id) => {
          const schemaId = item["schemaId"] ?? titles.get(item["title"])
          return {
            metadata: { createdAt, createdBy },
            ...item,
            ...(schemaId === undefined ? {} : { schemaId }),
            objectId: item["objectId"] ?? id
          } as Fields
        })
      )
    const storedAnswer = {
      tools: yield* toStoredItems(recordsIn(answer["objects"] ?? answer["tools"])),
      classifications: yield* toStoredItems(recordsIn(answer["classifications"])),
      relations: yield* toStoredItems(recordsIn(answer["relations"]))
    }
    return toOptionIds(storedAnswer as WireAnswer, stored.project.categorySchema ?? {})
  })

const brushFields = (source: Fields) =>
  Object.fromEntries(
    ["brushDataUrl", "medicalBrushDataUrl"].flatMap((name) => (name in source ? [[name, source[name]]] : []))
  )

interface Annotation {
  readonly answer: Fields
  readonly duration?: number
}

/**
 * Stores the annotations of a task in any stage, and submits the task if `nextStage` is set.
 *
 * @remarks undocumented: a duration other than 0 replaces the task's; omitted brushes stay; submitting a task in
 * `Complete` does nothing.
 */
const annotate = (hub: HubService, taskId: string, nextStage: boolean, body: Annotation & Fields) =>
  Effect.gen(function* () {
    const { newId, now, state } = hub
    const before = locateTask(state, taskId)
    if (before === undefined) return yield* notFound("Task")
    const { classifications, objects, relations, tools, ...others } = body.answer
    const answer = { ...others, ...(yield* toStoredAnswer(hub, before.stored, body.answer, keyUser)) }
    const at = yield* now
    const id = yield* newId("history")
    // Located again, because the list may have changed. From here on nothing yields.
    const location = locateTask(state, taskId)
    if (location === undefined) return yield* notFound("Task")
    const { index, stored, task } = location
    const duration = body.duration ?? 0
    state.answers.set(taskId, answer)
    stored.tasks[index] = {
      ...task,
      ...brushFields(body),
      ...(duration === 0 ? {} : { duration, totalDuration: (task.totalDuration ?? 0) + duration }),
      updatedAt: at,
      updatedBy: keyUser
    }
    addHistoryItem(state, {
      id,
      labelTaskId: taskId,
      stage: task.stage ?? "",
      answer,
      duration,
      completedBy: keyUser,
      completedAt: at,
      createdAt: at
    })
    if (nextStage) submitTask(location, { at, duration })
    return { label: { ...stored.tasks[index], answer } }
  })

// Finds assets by any of their identifiers, so that a large import does not search every asset for every entry.
const makeAssetFinder = (assets: ReadonlyArray<WireAsset>) => {
  const indexes = new Map<unknown, Array<number>>()
  assets.forEach(({ _id, data, externalId }, index) => {
    for (const key of new Set([_id, data, externalId])) {
      const found = indexes.get(key)
      if (found === undefined) indexes.set(key, [index])
      else found.push(index)
    }
  })
  return (entry: Fields): ReadonlyArray<number> =>
    indexes.get([entry["externalId"], entry["data"], entry["assetId"]].find(hasValue)) ?? []
}

const hasValue = (value: unknown): boolean => value !== undefined && value !== null && value !== ""

const matches = (entry: Fields, { _id, data, externalId }: WireAsset): boolean => {
  const identifiers = [
    [entry["externalId"], externalId],
    [entry["data"], data],
    [entry["assetId"], _id]
  ].filter(([value]) => hasValue(value))
  return identifiers.length > 0 && identifiers.every(([value, actual]) => value === actual)
}

/**
 * Imports labels for the assets that the entries identify. Only tasks in a Start stage are labelled.
 *
 * @remarks undocumented: an entry without a known asset counts as one task that is not labelled; a second import replaces
 * the first.
 */
const importLabels = (hub: HubService, projectId: string, entries: ReadonlyArray<Fields>) =>
  Effect.gen(function* () {
    const { now, state } = hub
    const stored = state.projects.get(projectId)
    if (stored === undefined) return yield* unknownProject(projectId)
    const answers = yield* Effect.forEach(entries, (entry) =>
      toStoredAnswer(hub, stored, isRecord(entry["answer"]) ? entry["answer"] : entry, "import")
    )
    const at = yield* now
    const entriesToApply = new Set(yield* rowsToApply(entries))
    const taskIndexes = new Map(stored.tasks.map((task, index) => [task._id as string, index]))
    const findAssets = makeAssetFinder(stored.assets)
    let labeled = 0
    let total = 0
    entries.forEach((entry, number) => {
      let taskCount = 0
      for (const assetIndex of findAssets(entry)) {
        const asset = stored.assets[assetIndex]
        if (asset === undefined || !matches(entry, asset)) continue
        const before = labeled
        for (const { _id = "" } of asset.labelTasks ?? []) {
          const index = taskIndexes.get(_id)
          const task = index === undefined ? undefined : stored.tasks[index]
          const answer = answers[number]
          if (index === undefined || task === undefined || answer === undefined) continue
          taskCount++
          if (findStage(stored, task.stage)?.type !== "Start" || !entriesToApply.has(entry)) continue
          labeled++
          state.answers.set(_id, answer)
          stored.tasks[index] = { ...task, ...brushFields(entry), isPreLabeled: true, updatedAt: at }
        }
        if (labeled > before) stored.assets[assetIndex] = { ...asset, isPreLabeled: true }
      }
      total += Math.max(1, taskCount)
    })
    return { project: `${labeled} / ${total} tasks are labeled.` }
  })

/** The handlers of the group. */
export const layer = HttpApiBuilder.group(HubApi, "annotations", (handlers) =>
  Effect.map(Hub, (hub) =>
    handlers
      .handle("annotate", ({ path, payload, urlParams }) =>
        Effect.map(annotate(hub, path.taskId, urlParams.nextStage ?? false, { ...payload }), (data) =>
          success(data)
        )
      )
      .handle("importLabels", ({ payload }) =>
        Effect.map(
          importLabels(
            hub,
            payload.project,
            recordsIn("labels" in payload ? payload.labels : payload.jsonContent)
          ),
          (data) => success(data)
        )
      )
  )
)
