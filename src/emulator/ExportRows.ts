/**
 * The rows of an export, as they follow from what the hub holds (dossier E.2, E.4). They are made one by one, when
 * they are asked for: a hub of a million tasks need not hold its export.
 *
 * @since 0.1.0
 */
import type { ExportParameters } from "../api/Exports.js"
import type { TimeRange } from "../schemas/Export.js"
import type { ExportRow, ExportStage } from "../schemas/ExportRow.js"
import type { IssueExportRow } from "../schemas/IssueExportRow.js"
import { type AnnotationOptions, annotationsOf, classesOf } from "./ExportedAnnotations.js"
import { assetOf, type HubState, type StoredProject, type WireAsset, type WireTask } from "./State.js"

/** A row of an export of tasks. */
export type WireExportRow = typeof ExportRow.Encoded

/** A row of an export of issues. */
export type WireIssueExportRow = typeof IssueExportRow.Encoded

type WireStage = typeof ExportStage.Encoded

const isWithin = (time: string | null | undefined, range: TimeRange | undefined): boolean => {
  if (range === undefined) return true
  const at = Date.parse(time ?? "")
  return (
    (range.$gt == null || at > Date.parse(range.$gt)) && (range.$lt == null || at < Date.parse(range.$lt))
  )
}

const isAmong = (wanted: ReadonlyArray<string> | undefined, value: string): boolean =>
  wanted === undefined || wanted.length === 0 || wanted.includes(value)

// The ids of the wanted batches, each named by id or by name; undefined for all.
const batchIds = ({ project }: StoredProject, wanted: ReadonlyArray<string> | undefined) =>
  wanted === undefined || wanted.length === 0
    ? undefined
    : new Set(
        (project.batches ?? []).flatMap(({ _id, name }) =>
          wanted.includes(_id) || wanted.includes(name) ? [_id as string] : []
        )
      )

// Tasks and assets mostly are in the same place of their lists; they are looked up once they are not.
const assetFinder = ({ assets }: StoredProject) => {
  let byId: ReadonlyMap<string, WireAsset> | undefined
  return (task: WireTask, index: number): WireAsset | undefined => {
    const id = assetOf(task) ?? ""
    const beside = assets[index]
    if (beside?._id === id) return beside
    byId ??= new Map(assets.map((asset) => [asset._id, asset]))
    return byId.get(id)
  }
}

type Visit = NonNullable<NonNullable<WireAsset["labelTasks"]>[number]["stageHistory"]>[number] & {
  readonly duration?: number
  readonly reviewStatus?: string
}

// The stages that a task went through: when and by whom is with its asset, what it left them with is in its history.
const stageHistory = (
  state: HubState,
  task: WireTask,
  asset: WireAsset,
  names: ReadonlyMap<string, string>,
  options: AnnotationOptions
): ReadonlyArray<WireStage> => {
  const items = [...(state.histories.get(task._id) ?? [])]
  const visits: ReadonlyArray<Visit> =
    asset.labelTasks?.find(({ _id }) => _id === task._id)?.stageHistory ?? []
  return visits.map(({ completedAt, completedBy, duration, reviewStatus, stageId }): WireStage => {
    const place = items.findIndex((item) => item.stage === stageId && item.completedAt === completedAt)
    const [item] = place < 0 ? [] : items.splice(place, 1)
    return {
      stage: names.get(stageId ?? "") ?? stageId ?? null,
      stageId: stageId ?? null,
      duration: duration ?? item?.duration ?? 0,
      completedAt: completedAt ?? null,
      ...(completedBy == null ? {} : { completedBy }),
      ...(reviewStatus === undefined ? {} : { reviewStatus }),
      ...annotationsOf(item?.answer, options)
    }
  })
}

// The hub knows nobody who was idle or away.
const idle = { totalIdleDuration: 0, totalBlurDuration: 0 } as const

/**
 * The rows of tasks, in order of creation.
 *
 * @remarks undocumented: several batches are OR here, and what a condition that is left out means: everything. There
 * are no consensus tasks in the hub, and its videos have nothing but key frames.
 */
export function* taskRows(state: HubState, parameters: ExportParameters): Generator<WireExportRow> {
  const stored = state.projects.get(parameters.project)
  if (stored === undefined) return
  const { project, tasks } = stored
  const names = new Map<string, string>(
    (project.stages ?? []).flatMap(({ id, name }) => (name == null ? [] : [[id, name] as const]))
  )
  const ontology = project.categorySchema ?? {}
  const batches = batchIds(stored, parameters.batches)
  const findAsset = assetFinder(stored)
  const options = {
    ontology,
    classes: classesOf(ontology),
    includeMetadata: parameters.includeMetadata ?? true
  }
  for (const [index, task] of tasks.entries()) {
    if (!isAmong(parameters.stage, task.stage ?? "")) continue
    if (!isAmong(parameters.taskTypes, task.isBenchmark === true ? "benchmark" : "default")) continue
    if (batches !== undefined && !(task.batches ?? []).some((id) => id !== null && batches.has(id))) continue
    if (!isWithin(task.updatedAt, parameters.updatedAt) || !isWithin(task.createdAt, parameters.createdAt)) {
      continue
    }
    const asset = findAsset(task, index)
    if (asset === undefined) continue
    const { attachments, contextData, metadata } = asset
    const history = state.histories.get(task._id) ?? []
    const annotated = { ...options, history }
    yield {
      asset: asset.data ?? null,
      assetId: asset._id,
      dataset: asset.dataset ?? [],
      externalId: asset.externalId ?? null,
      ...(contextData == null ? {} : { contextData }),
      ...(metadata == null ? {} : { metadata }),
      batches: asset.batches ?? [],
      ...(attachments == null ? {} : { attachments }),
      task: {
        taskId: task._id,
        stage: names.get(task.stage ?? "") ?? task.stage ?? null,
        stageId: task.stage ?? null,
        updatedAt: task.updatedAt ?? null,
        ...(task.updatedBy == null ? {} : { updatedBy: task.updatedBy }),
        totalDuration: task.duration ?? 0,
        ...(parameters.includeIdleBlurDurations === true ? idle : {}),
        ...annotationsOf(state.answers.get(task._id), annotated),
        brushDataUrl: task.brushDataUrl ?? null,
        medicalBrushDataUrl: task.medicalBrushDataUrl ?? null,
        ...(parameters.includeHistory === false
          ? {}
          : { stageHistory: stageHistory(state, task, asset, names, annotated) })
      }
    }
  }
}

/**
 * The rows of issues, oldest first: those of the tasks that are still there.
 *
 * @remarks undocumented: which conditions hold for issues. Here it is batches and times, those of the issue.
 */
export function* issueRows(state: HubState, parameters: ExportParameters): Generator<WireIssueExportRow> {
  const stored = state.projects.get(parameters.project)
  if (stored === undefined) return
  const { assets, tasks } = stored
  const byTask = new Map<string, WireTask>(tasks.map((task) => [task._id, task]))
  const byId = new Map<string, WireAsset>(assets.map((asset) => [asset._id, asset]))
  const batches = batchIds(stored, parameters.batches)
  for (const issue of state.issues.values()) {
    const task = byTask.get(issue.labelTask ?? "")
    if (task === undefined) continue
    if (batches !== undefined && !(task.batches ?? []).some((id) => id !== null && batches.has(id))) continue
    const updatedAt = issue.updatedAt ?? issue.createdAt
    if (!isWithin(updatedAt, parameters.updatedAt) || !isWithin(issue.createdAt, parameters.createdAt))
      continue
    const asset = byId.get(assetOf(task) ?? "")
    const { project: _, ...shown } = issue
    yield { ...shown, asset: { externalId: asset?.externalId ?? null, batches: asset?.batches ?? [] } }
  }
}
