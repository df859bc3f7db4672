/**
 * Imports assets into a project, each with a task.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { NotFound } from "../../api/envelope.js"
import type { CloudAsset, ImportCounts } from "../../schemas/AssetImport.js"
import { findBatches } from "./batchList.js"
import type { StoredProject, WireAnswer, WireAsset } from "./HubState.js"
import type { HubService } from "./hubService.js"
import { keyUser } from "./stageTransitions.js"

// New tasks are in the Start stage, or in the next one if the Start stage forwards them automatically.
const entryStage = (stored: StoredProject) => {
  const start = stored.project.stages?.find(({ type }) => type === "Start")
  const forwards = start !== undefined && "autoForward" in start && start.autoForward === true
  const startId = start?.id ?? "Start"
  return { start: startId, entry: forwards ? (start.next?.[0] ?? startId) : startId }
}

const fileNameOf = (text: string): string => text.replace(/[?#].*$/s, "").replace(/^.*\//s, "")

const isInOntology = (
  stored: StoredProject,
  label: { readonly schemaId?: unknown; readonly title?: unknown }
) =>
  (stored.project.categorySchema?.classifications ?? []).some(
    (question) =>
      question.schemaId === label.schemaId || (label.schemaId == null && question.title === label.title)
  )

/**
 * Creates an asset and a task for each entry. The batches of an entry override those of the import.
 *
 * Whether the file exists is not checked, as in the vendor's SDK (docs/api-notes.md#unchecked-uploads): the link of an
 * asset whose file was never uploaded leads to a 404.
 *
 * @remarks undocumented: the external id of an entry without one is its file name; an entry with classifications is
 * pre-labelled; a classification is valid if the project's ontology contains its question.
 */
export const importAssets = (
  hub: HubService,
  stored: StoredProject,
  entries: ReadonlyArray<CloudAsset>,
  options: { readonly batches: ReadonlyArray<string>; readonly priority: number }
): Effect.Effect<ImportCounts, NotFound> =>
  Effect.gen(function* () {
    const batchesOfEntries = yield* Effect.forEach(entries, (entry) =>
      findBatches(stored, entry.batches ?? options.batches)
    )
    const assetIds = yield* Effect.replicateEffect(hub.newId("asset"), entries.length)
    const taskIds = yield* Effect.replicateEffect(hub.newId("task"), entries.length)
    const now = yield* hub.now
    const { entry: stage, start } = entryStage(stored)
    const { project } = stored
    const labels = entries.map(({ classifications }) => classifications ?? [])

    entries.forEach((entry, index) => {
      const { batches: _, classifications: __, ...assetFields } = entry
      const _id = assetIds[index] ?? ""
      const taskId = taskIds[index] ?? ""
      const batches = batchesOfEntries[index] ?? []
      const data = entry.data ?? entry.dataset?.[0] ?? ""
      const externalId = entry.externalId ?? fileNameOf(data)
      const isPreLabeled = (labels[index] ?? []).length > 0
      const asset: WireAsset = {
        ...assetFields,
        _id,
        externalId,
        data,
        project: project._id,
        batches: batches.map(({ name }) => name),
        isPreLabeled,
        labelTasks: [
          { _id: taskId, stageHistory: stage === start ? [] : [{ stageId: start, completedAt: now }] }
        ],
        createdAt: now
      }
      stored.assets.push(asset)
      stored.tasks.push({
        _id: taskId,
        project: project._id,
        asset: { _id, externalId, data },
        stage,
        status: "TODO",
        type: "default",
        assignee: null,
        externalId,
        batches: batches.map(({ _id }) => _id),
        priority: options.priority,
        duration: 0,
        totalDuration: 0,
        ...(project.organization == null ? {} : { organization: project.organization }),
        isBenchmark: false,
        isDraft: false,
        isSkipped: false,
        isPreLabeled,
        createdAt: now,
        createdBy: keyUser,
        updatedAt: now
      })
      if (isPreLabeled) {
        const answer: WireAnswer = { tools: [], classifications: labels[index] ?? [], relations: [] }
        hub.state.answers.set(taskId, answer)
      }
    })
    stored.project = { ...project, assetCount: stored.assets.length }

    const all = labels.flat()
    return {
      assetsCreated: entries.length,
      tasksCreated: entries.length,
      preLabelsCount: all.length,
      validPreLabelsCount: all.filter((label) => isInOntology(stored, label)).length
    }
  })
