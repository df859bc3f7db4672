// The tasks that an import of pre-labels labels, and what they show afterwards.
import * as Effect from "effect/Effect"
import type { TasksApi } from "../../api/tasks.js"
import type { CallError, ListError } from "../../errors/AngoError.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import { compare } from "../../ontology/answerComparison.js"
import type { Asset } from "../../schemas/Asset.js"
import type { CategorySchema } from "../../schemas/CategorySchema.js"
import type { AssetId, IdInput, ProjectId, StageId, TaskId } from "../../schemas/ids.js"
import type { LabelImport } from "../../schemas/LabelImport.js"
import type { LabelTask } from "../../schemas/LabelTask.js"
import type { Project } from "../../schemas/Project.js"
import type { FindAssets } from "./labelAssetLookup.js"

/** The assets that an entry names, their tasks in Start, and the stages (by name) of their other tasks. */
export interface Targets {
  readonly assets: ReadonlyArray<Asset>
  readonly tasks: ReadonlyArray<TaskId>
  readonly otherStages: ReadonlyArray<string>
}

/**
 * What the hub shows of an entry that was sent. `OtherStage`: the answer is absent, and the tasks are in stages in which
 * the hub does not import pre-labels.
 */
export type TargetState =
  | {
      readonly _tag: "Present"
      readonly assets: ReadonlyArray<AssetId>
      readonly tasks: ReadonlyArray<TaskId>
    }
  | { readonly _tag: "Absent" }
  | { readonly _tag: "OtherStage"; readonly stages: ReadonlyArray<string> }
  | { readonly _tag: "Undecidable"; readonly why: string }

/** Entries whose tasks are read at the same time. */
const concurrency = 4

const tasksOf = (assets: ReadonlyArray<Asset>) => assets.flatMap(({ labelTasks }) => labelTasks ?? [])

const absent: TargetState = { _tag: "Absent" }

const undecidable = (why: string): TargetState => ({ _tag: "Undecidable", why })

/** Resolves the targets of entries in one project. */
export const makeTargetResolver = (
  client: GroupClient<typeof TasksApi>,
  { categorySchema, stages }: Project
) => {
  const ontology: CategorySchema = categorySchema ?? {}
  const stageById = new Map(stages?.map((stage) => [stage.id, stage]))

  const isStart = (id: StageId): boolean => (stageById.get(id)?.type ?? id) === "Start"
  const nameOf = (id: StageId): string => stageById.get(id)?.name ?? id

  // A task that was deleted meanwhile counts as missing.
  const readTask = (
    taskId: TaskId,
    includeAnswer: boolean
  ): Effect.Effect<LabelTask | undefined, CallError> =>
    client.tasks.get({ path: { taskId }, urlParams: { includeAnswer } }).pipe(
      Effect.map(({ data }) => data.task),
      Effect.catchTag("NotFound", () => Effect.succeed(undefined))
    )

  const readTargets = Effect.fnUntraced(function* (assets: ReadonlyArray<Asset>) {
    const tasks: Array<TaskId> = []
    const otherStages: Array<string> = []
    for (const { id, stageHistory } of tasksOf(assets)) {
      if (id === undefined) continue
      if ((stageHistory ?? []).length === 0) {
        tasks.push(id)
        continue
      }
      const task = yield* readTask(id, false)
      if (task === undefined) continue
      if (task.stage == null || isStart(task.stage)) tasks.push(id)
      else otherStages.push(nameOf(task.stage))
    }
    return { assets, tasks, otherStages }
  })

  // A task without a stage history is in Start, unless it was moved and its history removed, which the response to the
  // import shows. For other tasks the stage is read.
  const targetsOf = (assets: ReadonlyArray<Asset>): Targets | Effect.Effect<Targets, CallError> => {
    const all = tasksOf(assets)
    return all.every(({ stageHistory }) => stageHistory == null || stageHistory.length === 0)
      ? { assets, tasks: all.flatMap(({ id }) => id ?? []), otherStages: [] }
      : readTargets(assets)
  }

  const stateOf = Effect.fnUntraced(function* (
    entry: LabelImport,
    assets: ReadonlyArray<Asset>,
    readStages: boolean
  ): Effect.fn.Return<TargetState, CallError> {
    // An asset without pre-labels has no answer of an import, whatever the answers of its tasks.
    const haveNoPreLabels = assets.every(({ isPreLabeled }) => isPreLabeled === false)
    if (haveNoPreLabels && !readStages) return absent
    const present: Array<TaskId> = []
    const otherStages: Array<string> = []
    let missing = 0
    for (const asset of assets) {
      for (const { id } of asset.labelTasks ?? []) {
        const task = id === undefined ? undefined : yield* readTask(id, true)
        if (id === undefined || task === undefined) continue
        const similarity = asset.isPreLabeled === false ? "other" : compare(task, entry, ontology)
        if (similarity === "same") present.push(id)
        else if (similarity === "unclear") {
          return undecidable("its task has an answer that differs from the one that was sent.")
        } else if (task.stage == null || isStart(task.stage)) missing++
        else otherStages.push(nameOf(task.stage))
      }
    }
    if (present.length > 0) {
      return missing > 0
        ? undecidable("some of its tasks have the answer, others do not.")
        : { _tag: "Present", assets: assets.map(({ id }) => id), tasks: present }
    }
    if (missing > 0) return absent
    if (otherStages.length > 0) return { _tag: "OtherStage", stages: otherStages }
    return haveNoPreLabels ? absent : undecidable("the hub shows no task of the asset.")
  })

  return {
    ontology,

    /** The targets of each entry, given its assets. */
    targets: (
      assets: ReadonlyArray<ReadonlyArray<Asset>>
    ): Effect.Effect<ReadonlyArray<Targets>, CallError> =>
      Effect.suspend(() => {
        const all = assets.map(targetsOf)
        return all.some(Effect.isEffect)
          ? Effect.forEach(all, (one) => (Effect.isEffect(one) ? one : Effect.succeed(one)), { concurrency })
          : Effect.succeed(all as ReadonlyArray<Targets>)
      }),

    /** The state of each entry; with `readStages` also the stages of tasks whose assets have no pre-labels. */
    readStates: (
      findAssets: FindAssets,
      projectId: IdInput<ProjectId>,
      entries: ReadonlyArray<LabelImport>,
      readStages: boolean
    ): Effect.Effect<ReadonlyArray<TargetState>, ListError> =>
      Effect.flatMap(findAssets(projectId, entries), (assets) =>
        Effect.forEach(entries, (entry, index) => stateOf(entry, assets[index] ?? [], readStages), {
          concurrency
        })
      )
  }
}
