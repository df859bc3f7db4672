/**
 * How assets, and a task for each, come into a project of the hub.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { NotFound } from "../../api/envelope.js"
import type { CloudAsset, ImportCounts } from "../../schemas/AssetImport.js"
import { batchesNamed } from "./batchList.js"
import type { StoredProject, WireAnswer, WireAsset } from "./HubState.js"
import type { HubService } from "./hub.js"

// New tasks are in the Start stage, or in the one after it when the workflow forwards them by itself.
const entryStage = (stored: StoredProject) => {
  const start = stored.project.stages?.find(({ type }) => type === "Start")
  const forwards = start !== undefined && "autoForward" in start && start.autoForward === true
  const first = start?.id ?? "Start"
  return { start: first, entry: forwards ? (start.next?.[0] ?? first) : first }
}

const lastSegment = (text: string): string => text.replace(/[?#].*$/s, "").replace(/^.*\//s, "")

const isValid = (stored: StoredProject, label: { readonly schemaId?: unknown; readonly title?: unknown }) =>
  (stored.project.categorySchema?.classifications ?? []).some(
    (known) => known.schemaId === label.schemaId || (label.schemaId == null && known.title === label.title)
  )

/**
 * Makes an asset and a task of each entry; batches of an entry count instead of those of the import.
 *
 * A file is not looked for: the asset of one that was never uploaded is there all the same, as the vendor's SDK makes
 * them (docs/api-notes.md#unchecked-uploads), and the link to it leads to nothing.
 *
 * @remarks undocumented: an entry without an external id is called after its file; what came with its own answers
 * is pre-labelled, and an answer is valid when the project's ontology has its question.
 */
export const importAssets = (
  hub: HubService,
  stored: StoredProject,
  entries: ReadonlyArray<CloudAsset>,
  options: { readonly batches: ReadonlyArray<string>; readonly priority: number }
): Effect.Effect<ImportCounts, NotFound> =>
  Effect.gen(function* () {
    const groups = yield* Effect.forEach(entries, (entry) =>
      batchesNamed(stored, entry.batches ?? options.batches)
    )
    const assetIds = yield* Effect.replicateEffect(hub.newId("asset"), entries.length)
    const taskIds = yield* Effect.replicateEffect(hub.newId("task"), entries.length)
    const now = yield* hub.now
    const { entry: stage, start } = entryStage(stored)
    const { project } = stored
    const labels = entries.map(({ classifications }) => classifications ?? [])

    entries.forEach((entry, index) => {
      const { batches: _, classifications: __, ...given } = entry
      const _id = assetIds[index] ?? ""
      const taskId = taskIds[index] ?? ""
      const batches = groups[index] ?? []
      const data = entry.data ?? entry.dataset?.[0] ?? ""
      const externalId = entry.externalId ?? lastSegment(data)
      const isPreLabeled = (labels[index] ?? []).length > 0
      const asset: WireAsset = {
        ...given,
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
        assignee: null,
        externalId,
        batches: batches.map(({ _id }) => _id),
        priority: options.priority,
        duration: 0,
        ...(project.organization == null ? {} : { organization: project.organization }),
        isBenchmark: false,
        isPreLabeled,
        createdAt: now,
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
      validPreLabelsCount: all.filter((label) => isValid(stored, label)).length
    }
  })
