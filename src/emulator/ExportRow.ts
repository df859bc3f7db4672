/**
 * One row of an export: what is known of a task, in the shape of dossier E.2, and an issue in that of E.4.
 *
 * @remarks undocumented: without `includeMetadata` and `includeHistory` both are there, as the SDK asks for them, and
 * so are the points of segmentations; the hub measures no idle times, which are 0; it interpolates no frames, so that
 * all are key frames.
 */
import type { ExportParameters } from "../api/Exports.js"
import { toOptionValues } from "../schemas/Answer.js"
import type { WireAnswer, WireAsset, WireHistoryItem, WireIssue, WireProject, WireTask } from "./State.js"

/** Everything that a row is made from. */
export interface Source {
  readonly asset: WireAsset
  readonly task: WireTask
  readonly answer: WireAnswer | undefined
  readonly history: ReadonlyArray<WireHistoryItem>
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const numbers = (value: Fields, names: ReadonlyArray<string>): ReadonlyArray<number> | undefined => {
  const found = names.map((name) => value[name]).filter((one) => typeof one === "number")
  return found.length === names.length ? found : undefined
}

// By the published sample (dossier E.2, C37): x and y are a corner, and y counts downwards.
const withCorners = (box: Fields): Fields => {
  const [x = 0, y = 0, width = 0, height = 0, rotation = 0] =
    numbers(box, ["x", "y", "width", "height", "rotation"]) ?? []
  const angle = (rotation * Math.PI) / 180
  const along = [width * Math.cos(angle), width * Math.sin(angle)] as const
  const down = [-height * Math.sin(angle), height * Math.cos(angle)] as const
  return {
    ...box,
    corners: [
      [x, y],
      [x + down[0], y + down[1]],
      [x + down[0] + along[0], y + down[1] + along[1]],
      [x + along[0], y + along[1]]
    ]
  }
}

const positioned = (pdf: Fields): Fields => {
  const { height, objectId: _, pageNumber, text, width, x1, x2, y1, y2, ...others } = pdf
  return {
    position: { boundingRect: { x1, y1, x2, y2, width, height }, rects: [], pageNumber },
    content: { text: text ?? "" },
    ...others
  }
}

const shapes: Readonly<Record<string, (shape: Fields, options: ExportParameters) => Fields>> = {
  "rotated-bounding-box": (box) => ("corners" in box ? box : withCorners(box)),
  pdf: (pdf) => ("position" in pdf ? pdf : positioned(pdf)),
  segmentation: (shape, { includeSegmentationPoints = true }) =>
    includeSegmentationPoints ? shape : { ...shape, zones: [] }
}

const exported = (item: Fields, options: ExportParameters): Fields => {
  const { classifications, metadata, ...fields } = item
  const changed = Object.entries(fields).map(([name, value]) => {
    const shape = shapes[name]
    return [name, shape === undefined || !isFields(value) ? value : shape(value, options)]
  })
  const nested: ReadonlyArray<unknown> = Array.isArray(classifications) ? classifications : []
  return {
    ...Object.fromEntries(changed),
    classifications: nested.map((one) => (isFields(one) ? exported(one, options) : one)),
    ...(metadata === undefined || options.includeMetadata === false ? {} : { metadata })
  }
}

const exportedAll = (items: ReadonlyArray<object> | null | undefined, options: ExportParameters) =>
  (items ?? []).map((item) => exported({ ...item }, options))

// Exports name options by their values, stored answers by their ids (dossier C24).
const contentOf = (project: WireProject, answer: WireAnswer | undefined, options: ExportParameters) => {
  const { classifications, tools, ...others } = toOptionValues(answer ?? {}, project.categorySchema ?? {})
  return {
    ...others,
    tools: exportedAll(tools, options),
    classifications: exportedAll(classifications, options),
    relations: others.relations ?? []
  }
}

const brushes = (answer: Fields | undefined, task?: WireTask) => ({
  brushDataUrl: answer?.["brushDataUrl"] ?? task?.brushDataUrl ?? null,
  medicalBrushDataUrl: answer?.["medicalBrushDataUrl"] ?? task?.medicalBrushDataUrl ?? null
})

const idle = ({ includeIdleBlurDurations }: ExportParameters, ...names: ReadonlyArray<string>): Fields =>
  includeIdleBlurDurations === true ? Object.fromEntries(names.map((name) => [name, 0])) : {}

const stageName = (project: WireProject, stageId: string): string =>
  (project.stages ?? []).find(({ id }) => id === stageId)?.name ?? stageId

type Visit = NonNullable<NonNullable<NonNullable<WireAsset["labelTasks"]>[number]["stageHistory"]>[number]>

// Where a task was is known of its asset, and what was drawn there of its history.
const visitsOf = (
  project: WireProject,
  { asset, history, task }: Source,
  contents: (answer: WireAnswer | undefined) => object,
  options: ExportParameters
): ReadonlyArray<Fields> => {
  const visits: ReadonlyArray<Visit> =
    asset.labelTasks?.find(({ _id }) => _id === task._id)?.stageHistory ?? []
  return visits.map((visit) => {
    const { completedAt, completedBy, stageId, ...others } = visit
    const item = history.find((one) => one.stage === stageId && one.completedAt === completedAt)
    return {
      stage: stageName(project, stageId ?? ""),
      stageId,
      duration: item?.duration ?? 0,
      ...idle(options, "idleDuration", "blurDuration"),
      completedAt,
      ...(completedBy == null ? {} : { completedBy }),
      ...others,
      ...contents(item?.answer),
      ...brushes(item?.answer)
    }
  })
}

/** The row of a task. */
export const rowOf = (project: WireProject, source: Source, options: ExportParameters): Fields => {
  const { answer, asset, history, task } = source
  // The stages of a task often share one answer: it is written once, and told by every one of them.
  const known = new Map<WireAnswer | undefined, object>()
  const contents = (one: WireAnswer | undefined): object => {
    const found = known.get(one) ?? contentOf(project, one, options)
    known.set(one, found)
    return found
  }
  const stageId = task.stage ?? ""
  const { attachments, contextData, metadata } = asset
  const updatedBy = task.updatedBy ?? history.at(-1)?.completedBy
  return {
    asset: asset.data,
    assetId: asset._id,
    dataset: asset.dataset ?? [],
    externalId: asset.externalId,
    ...(contextData === undefined ? {} : { contextData }),
    ...(metadata === undefined ? {} : { metadata }),
    batches: asset.batches ?? [],
    ...(attachments === undefined ? {} : { attachments }),
    task: {
      taskId: task._id,
      stage: stageName(project, stageId),
      stageId,
      updatedAt: task.updatedAt ?? task.createdAt,
      ...(updatedBy === undefined ? {} : { updatedBy }),
      totalDuration: history.reduce((sum, { duration }) => sum + duration, 0),
      ...idle(options, "totalIdleDuration", "totalBlurDuration"),
      ...contents(answer),
      ...brushes(answer, task),
      ...(options.includeHistory === false
        ? {}
        : { stageHistory: visitsOf(project, source, contents, options) })
    }
  }
}

/** The row of an issue. */
export const issueRowOf = (issue: WireIssue, asset: WireAsset | undefined): Fields => ({
  ...issue,
  asset: { externalId: asset?.externalId ?? null, batches: asset?.batches ?? [] }
})
