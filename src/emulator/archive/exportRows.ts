/**
 * The rows of an export, built from the hub's state (docs/api-notes.md#export-rows, #issue-export-rows). They are built
 * one at a time when they are needed, so that the export of a large project need not fit into memory.
 *
 * @since 0.1.0
 */
import type { ExportParameters } from "../../api/exports.js"
import type { TimeRange } from "../../schemas/Export.js"
import type { ExportRow, ExportStage } from "../../schemas/ExportRow.js"
import type { IssueExportRow } from "../../schemas/IssueExportRow.js"
import {
  assetIdOf,
  type HubState,
  type StoredProject,
  type WireAnswer,
  type WireAsset,
  type WireHistoryItem,
  type WireProject,
  type WireTask
} from "../state/HubState.js"
import { type AnnotationOptions, annotationsOf, classesOf } from "./annotationRows.js"

/** A row of an export of tasks. */
export type WireExportRow = typeof ExportRow.Encoded

/** A row of an export of issues. */
export type WireIssueExportRow = typeof IssueExportRow.Encoded

type WireStage = typeof ExportStage.Encoded

const isWithin = (at: number, range: TimeRange | undefined): boolean =>
  (range?.$gt == null || at > Date.parse(range.$gt)) && (range?.$lt == null || at < Date.parse(range.$lt))

/** Whether times in epoch milliseconds lie in the requested ranges. */
export const isInTimeRanges = (parameters: ExportParameters, createdAt: number, updatedAt: number): boolean =>
  isWithin(createdAt, parameters.createdAt) && isWithin(updatedAt, parameters.updatedAt)

type Times = { readonly createdAt?: string | null; readonly updatedAt?: string | null }

/** Whether a document lies in the requested time ranges. Without `updatedAt`, `createdAt` counts. */
export const matchesTimeRanges = (parameters: ExportParameters, { createdAt, updatedAt }: Times): boolean =>
  isInTimeRanges(parameters, Date.parse(createdAt ?? ""), Date.parse(updatedAt ?? createdAt ?? ""))

const allows = (wanted: ReadonlyArray<string> | undefined, value: string): boolean =>
  wanted === undefined || wanted.length === 0 || wanted.includes(value)

const allowsStatus = (wanted: string | undefined, value: string | null | undefined): boolean =>
  wanted === undefined || wanted.toLowerCase() === value?.toLowerCase()

// The ids of the requested batches, which are given by id or by name; `undefined` for all batches.
const batchIds = ({ project }: StoredProject, wanted: ReadonlyArray<string> | undefined) =>
  wanted === undefined || wanted.length === 0
    ? undefined
    : new Set(
        (project.batches ?? []).flatMap(({ _id, name }) =>
          wanted.includes(_id) || wanted.includes(name) ? [_id as string] : []
        )
      )

// A task and its asset mostly have the same index; the lookup map is only built when they do not.
const makeAssetFinder = ({ assets }: StoredProject) => {
  let byId: ReadonlyMap<string, WireAsset> | undefined
  return (task: WireTask, index: number): WireAsset | undefined => {
    const id = assetIdOf(task) ?? ""
    const candidate = assets[index]
    if (candidate?._id === id) return candidate
    byId ??= new Map(assets.map((asset) => [asset._id, asset]))
    return byId.get(id)
  }
}

type Visit = NonNullable<NonNullable<WireAsset["labelTasks"]>[number]["stageHistory"]>[number] & {
  readonly duration?: number
  readonly reviewStatus?: string
}

// The completed stages of a task: times and people come from its asset, annotations from its history.
const stageHistory = (
  { asset, history, task }: RowSource,
  names: ReadonlyMap<string, string>,
  options: AnnotationOptions
): ReadonlyArray<WireStage> => {
  const items = [...history]
  const visits: ReadonlyArray<Visit> =
    asset.labelTasks?.find(({ _id }) => _id === task._id)?.stageHistory ?? []
  return visits.map(({ completedAt, completedBy, duration, reviewStatus, stageId }): WireStage => {
    const index = items.findIndex((item) => item.stage === stageId && item.completedAt === completedAt)
    const [item] = index < 0 ? [] : items.splice(index, 1)
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

// The hub does not track idle time.
const idle = { totalIdleDuration: 0, totalBlurDuration: 0 } as const

/** The documents that a row is built from. */
export interface RowSource {
  readonly asset: WireAsset
  readonly task: WireTask
  readonly answer: WireAnswer | undefined
  readonly history: ReadonlyArray<WireHistoryItem>
}

/** Makes a function that builds the rows of a project's tasks. */
export const makeRowBuilder = (
  project: WireProject,
  parameters: ExportParameters
): ((source: RowSource) => WireExportRow) => {
  const names = new Map<string, string>(
    (project.stages ?? []).flatMap(({ id, name }) => (name == null ? [] : [[id, name] as const]))
  )
  const ontology = project.categorySchema ?? {}
  const options = {
    ontology,
    classes: classesOf(ontology),
    includeMetadata: parameters.includeMetadata ?? true,
    includeSegmentationPoints: parameters.includeSegmentationPoints ?? true
  }
  return (source) => {
    const { answer, asset, history, task } = source
    const { attachments, contextData, metadata } = asset
    const annotationOptions = { ...options, history }
    return {
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
        ...annotationsOf(answer, annotationOptions),
        brushDataUrl: task.brushDataUrl ?? null,
        medicalBrushDataUrl: task.medicalBrushDataUrl ?? null,
        ...(parameters.includeHistory === false
          ? {}
          : { stageHistory: stageHistory(source, names, annotationOptions) })
      }
    }
  }
}

/**
 * Makes the filter of an export's tasks, without its time ranges.
 *
 * @remarks undocumented: several batches are combined with OR; an omitted condition matches everything.
 */
export const makeTaskFilter = (
  stored: StoredProject,
  parameters: ExportParameters
): ((task: WireTask) => boolean) => {
  const batches = batchIds(stored, parameters.batches)
  return (task) =>
    allows(parameters.stage, task.stage ?? "") &&
    allows(parameters.taskTypes, task.isBenchmark === true ? "benchmark" : "default") &&
    allowsStatus(parameters.status, task.status) &&
    (batches === undefined || (task.batches ?? []).some((id) => id !== null && batches.has(id)))
}

/** The sources of an export's rows, in order of creation. */
export function* rowSources(state: HubState, parameters: ExportParameters): Generator<RowSource> {
  const stored = state.projects.get(parameters.project)
  if (stored === undefined) return
  const isSelected = makeTaskFilter(stored, parameters)
  const findAsset = makeAssetFinder(stored)
  for (const [index, task] of stored.tasks.entries()) {
    if (!isSelected(task) || !matchesTimeRanges(parameters, task)) continue
    const asset = findAsset(task, index)
    if (asset === undefined) continue
    const history = state.histories.get(task._id) ?? []
    yield { asset, task, answer: state.answers.get(task._id), history }
  }
}

/**
 * The rows of tasks, in order of creation.
 *
 * @remarks undocumented: the hub has no consensus tasks, and its videos have key frames only.
 */
export function* taskRows(state: HubState, parameters: ExportParameters): Generator<WireExportRow> {
  const project = state.projects.get(parameters.project)?.project
  if (project === undefined) return
  const rowOf = makeRowBuilder(project, parameters)
  for (const source of rowSources(state, parameters)) yield rowOf(source)
}

/**
 * The rows of issues whose tasks exist, oldest first.
 *
 * @remarks undocumented: which conditions apply to issues. Here: batches, and status and times of the issue.
 */
export function* issueRows(state: HubState, parameters: ExportParameters): Generator<WireIssueExportRow> {
  const stored = state.projects.get(parameters.project)
  if (stored === undefined) return
  const issues = [...state.issues.values()]
  // Most tasks have no issue and are left out of the map.
  const ids = new Set<string>(issues.flatMap(({ labelTask }) => labelTask ?? []))
  const byTask = new Map<string, WireTask>()
  for (const task of stored.tasks) if (ids.has(task._id)) byTask.set(task._id, task)
  const assetIds = new Set<string>(Array.from(byTask.values(), (task) => assetIdOf(task) ?? ""))
  const byId = new Map<string, WireAsset>()
  for (const asset of stored.assets) if (assetIds.has(asset._id)) byId.set(asset._id, asset)
  const batches = batchIds(stored, parameters.batches)
  for (const issue of issues) {
    const task = byTask.get(issue.labelTask ?? "")
    if (task === undefined) continue
    if (batches !== undefined && !(task.batches ?? []).some((id) => id !== null && batches.has(id))) continue
    if (!allowsStatus(parameters.status, issue.status) || !matchesTimeRanges(parameters, issue)) continue
    const asset = byId.get(assetIdOf(task) ?? "")
    const { project: _, ...shown } = issue
    yield { ...shown, asset: { externalId: asset?.externalId ?? null, batches: asset?.batches ?? [] } }
  }
}
