/**
 * Which tasks an import of pre-labels is for, and what they show of it afterwards.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { CallError, ListError } from "../../errors/AngoError.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { compare } from "../../ontology/answerComparison.js"
import type { Asset } from "../../schemas/Asset.js"
import type { CategorySchema } from "../../schemas/CategorySchema.js"
import type { AssetId, IdInput, ProjectId, StageId, TaskId } from "../../schemas/ids.js"
import type { LabelImport } from "../../schemas/LabelImport.js"
import type { LabelTask } from "../../schemas/LabelTask.js"
import type { Project } from "../../schemas/Project.js"
import type { FindAssets } from "./labelAssets.js"

/** What an entry is for: assets, their tasks in Start, and the names of the stages that its other tasks are in. */
export interface Targets {
  readonly assets: ReadonlyArray<Asset>
  readonly tasks: ReadonlyArray<TaskId>
  readonly elsewhere: ReadonlyArray<string>
}

/** What the hub shows of an entry that was sent. */
export type TargetState =
  | {
      readonly _tag: "Present"
      readonly assets: ReadonlyArray<AssetId>
      readonly tasks: ReadonlyArray<TaskId>
    }
  | { readonly _tag: "Absent" }
  /** It is not there, and its tasks are in these stages, where the hub takes none. */
  | { readonly _tag: "Elsewhere"; readonly stages: ReadonlyArray<string> }
  | { readonly _tag: "Undecidable"; readonly why: string }

/** So many tasks are read at a time. */
const concurrency = 4

const absent: TargetState = { _tag: "Absent" }

const unclear = (why: string): TargetState => ({ _tag: "Undecidable", why })

/** The stages of a project, and its tasks. */
export const makeTargetResolver = (client: AngoClient["Type"], { categorySchema, stages }: Project) => {
  const ontology: CategorySchema = categorySchema ?? {}
  const byId = new Map(stages?.map((stage) => [stage.id, stage]))

  const isStart = (id: StageId): boolean => (byId.get(id)?.type ?? id) === "Start"
  const nameOf = (id: StageId): string => byId.get(id)?.name ?? id

  // A task that was deleted meanwhile is none.
  const read = (taskId: TaskId, includeAnswer: boolean): Effect.Effect<LabelTask | undefined, CallError> =>
    client.tasks.get({ path: { taskId }, urlParams: { includeAnswer } }).pipe(
      Effect.map(({ data }) => data.task),
      Effect.catchTag("NotFound", () => Effect.succeed(undefined))
    )

  const stageOf = ({ stage }: LabelTask): StageId | undefined => (stage == null ? undefined : stage)

  /**
   * The targets of an entry. A task that went through no stage is in Start, unless it was put elsewhere with its
   * history removed, which the hub's answer to the import shows; of the others the stage is read.
   */
  const targetsOf = (assets: ReadonlyArray<Asset>): Effect.Effect<Targets, CallError> =>
    Effect.gen(function* () {
      const tasks: Array<TaskId> = []
      const elsewhere: Array<string> = []
      for (const { id, stageHistory } of assets.flatMap(({ labelTasks }) => labelTasks ?? [])) {
        if (id === undefined) continue
        if ((stageHistory ?? []).length === 0) {
          tasks.push(id)
          continue
        }
        const task = yield* read(id, false)
        if (task === undefined) continue
        const stage = stageOf(task)
        if (stage === undefined || isStart(stage)) tasks.push(id)
        else elsewhere.push(nameOf(stage))
      }
      return { assets, tasks, elsewhere }
    })

  // An asset that no import has labelled has no answer of ours, whatever its tasks hold.
  const seenOf = (
    entry: LabelImport,
    assets: ReadonlyArray<Asset>,
    hasStages: boolean
  ): Effect.Effect<TargetState, CallError> =>
    Effect.gen(function* () {
      const isFresh = assets.every(({ isPreLabeled }) => isPreLabeled === false)
      if (isFresh && !hasStages) return absent
      const present: Array<TaskId> = []
      const stages: Array<string> = []
      let missing = 0
      for (const asset of assets) {
        for (const { id } of asset.labelTasks ?? []) {
          const task = id === undefined ? undefined : yield* read(id, true)
          if (id === undefined || task === undefined) continue
          const likeness = asset.isPreLabeled === false ? "other" : compare(task, entry, ontology)
          const stage = stageOf(task)
          if (likeness === "same") present.push(id)
          else if (likeness === "unclear") {
            return unclear("its task has an answer that is not the one that was sent, to the letter.")
          } else if (stage === undefined || isStart(stage)) missing++
          else stages.push(nameOf(stage))
        }
      }
      if (present.length > 0) {
        return missing > 0
          ? unclear("some of its tasks have the answer, and others have not.")
          : { _tag: "Present", assets: assets.map(({ id }) => id), tasks: present }
      }
      if (missing > 0) return absent
      if (stages.length > 0) return { _tag: "Elsewhere", stages }
      return isFresh ? absent : unclear("the hub tells no task of the asset.")
    })

  /** What the hub shows of entries that were sent; `hasStages` reads the stages too of tasks that have nothing. */
  const seen = (
    find: FindAssets,
    projectId: IdInput<ProjectId>,
    entries: ReadonlyArray<LabelImport>,
    hasStages: boolean
  ): Effect.Effect<ReadonlyArray<TargetState>, ListError> =>
    Effect.flatMap(find(projectId, entries), (found) =>
      Effect.forEach(entries, (entry, at) => seenOf(entry, found[at] ?? [], hasStages), { concurrency })
    )

  return {
    ontology,
    seen,
    targets: (found: ReadonlyArray<ReadonlyArray<Asset>>) => Effect.forEach(found, targetsOf, { concurrency })
  }
}
