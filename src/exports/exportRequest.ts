/**
 * Requests exports from the hub: `Exports.request`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { ExportParameters } from "../api/exports.js"
import { ExportsApi } from "../api/exports.js"
import { label, type Operation } from "../api/operation.js"
import {
  type CallError,
  type FilterNotApplied,
  type InvalidRequest,
  TransferError,
  type UnknownBatch
} from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { operationContext } from "../errors/OperationContext.js"
import { type FoundBatch, findBatches, resolveBatchCondition } from "../filters/batchNames.js"
import { checkTimeRanges, type TimeBounds, timeRangeFields, toTimeCondition } from "../filters/conditions.js"
import { isId } from "../filters/rowConditions.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { makeRowCheck } from "../pagination/rowCheck.js"
import type { ExportFormat, ExportType, TaskType, TimeRange } from "../schemas/Export.js"
import { fromInput, type IdInput, type ProjectId, StageId } from "../schemas/ids.js"
import { digest } from "../utils/digest.js"
import { omitUndefined } from "../utils/omitUndefined.js"
import type { ExportClient } from "./exportClient.js"
import { toExportConditions } from "./exportConditions.js"

/**
 * The two paths of the export endpoint.
 *
 * @category models
 * @since 0.1.0
 */
export type ExportPath = "/export" | "/exportV3"

/**
 * What is exported, and how. Conditions combine with AND. Time ranges are exclusive, to the millisecond: later than
 * `createdAfter` and `updatedAfter`, earlier than `createdBefore` and `updatedBefore`.
 *
 * @category options
 * @since 0.1.0
 */
export interface ExportOptions extends TimeBounds<"created" | "updated"> {
  /** `json`, `ndjson`, or `split` (one file per task). Default `json` in `request`, `ndjson` in `stream` and `toFile`. */
  readonly format?: ExportFormat | undefined
  /** The tasks with their answers (default), or the issues. */
  readonly type?: ExportType | undefined
  /**
   * Only tasks in these stages, by id; `"all"` for every stage. By default `["Complete"]` when `taskTypes` is
   * `["default"]`, and every stage otherwise. Issues cannot be filtered by stage.
   */
  readonly stages?: "all" | ReadonlyArray<IdInput<StageId>> | undefined
  /**
   * Only assets in these batches, by name or id (at least one); by default all assets. Rows show names: for batches by id,
   * the project is read once more to compare the rows.
   */
  readonly batches?: ReadonlyArray<string> | undefined
  /** Default `["default"]`. */
  readonly taskTypes?: ReadonlyArray<TaskType> | undefined
  /** Whether rows say who drew each object, and when; default true. */
  readonly includeMetadata?: boolean | undefined
  /** Whether rows have the answers of every stage that a task went through; default true. */
  readonly includeHistory?: boolean | undefined
  /** Whether videos are exported with key frames only; default false. Needed above some 50,000 annotated frames. */
  readonly includeOnlyKeyFrames?: boolean | undefined
  /** Whether rows have idle times next to durations; default false. */
  readonly includeIdleBlurDurations?: boolean | undefined
  /** Whether rows have the points of segmentations; an option of older hubs (`/exportV3`), not sent by default. */
  readonly includeSegmentationPoints?: boolean | undefined
  /** Whether the hub also sends the link by e-mail; default false. */
  readonly sendEmail?: boolean | undefined
  /** Whether the hub suppresses its notification; default true. */
  readonly doNotNotify?: boolean | undefined
  /** The path that is tried first: `/export` (default), or `/exportV3` for older hubs. */
  readonly path?: ExportPath | undefined
}

/** Requests an export of a project; returns the pre-signed link to the archive. */
export type RequestExport = (
  projectId: IdInput<ProjectId>,
  options?: ExportOptions
) => Effect.Effect<Redacted.Redacted, CallError | UnknownBatch | TransferError>

const operationOf: Record<ExportPath, Operation> = {
  "/export": ExportsApi.operations.request,
  "/exportV3": ExportsApi.operations.requestV3
}

const otherPath: Record<ExportPath, ExportPath> = { "/export": "/exportV3", "/exportV3": "/export" }

const times = ["updated", "created"] as const

const Times = Schema.typeSchema(Schema.Struct(timeRangeFields(...times)))

const range = (options: ExportOptions, time: (typeof times)[number]): TimeRange | undefined => {
  const { $gt, $lt } = toTimeCondition(options, time) ?? {}
  return $gt === undefined && $lt === undefined ? undefined : omitUndefined({ $gt, $lt })
}

const Stages = Schema.typeSchema(
  Schema.Struct({
    stages: Schema.Array(StageId).annotations({ title: '"all", or an array of stage ids such as ["Label"]' })
  })
)

// The stages to send, with the defaults of the vendor's SDK; `undefined` means every stage.
const stageList = (
  operation: Operation,
  type: ExportType,
  taskTypes: ReadonlyArray<TaskType>,
  stages: ExportOptions["stages"]
): Effect.Effect<ReadonlyArray<string> | undefined, InvalidRequest> => {
  if (stages !== undefined && type === "issue") {
    return Effect.fail(
      invalidRequest(operation, "stages", "Issues cannot be filtered by stage: leave stages out.")
    )
  }
  if (stages === "all") return Effect.succeed(undefined)
  if (stages !== undefined) {
    return stages.length > 0
      ? Effect.map(validateInput(operation, Stages, { stages }), (checked) => checked.stages)
      : Effect.fail(
          invalidRequest(operation, "stages", 'Expected at least one stage, or "all" for every stage.')
        )
  }
  const isDefault = type !== "issue" && taskTypes.length === 1 && taskTypes[0] === "default"
  return Effect.succeed(isDefault ? ["Complete"] : undefined)
}

const parametersOf = (
  operation: Operation,
  projectId: IdInput<ProjectId>,
  options: ExportOptions
): Effect.Effect<ExportParameters, InvalidRequest> =>
  Effect.gen(function* () {
    yield* validateInput(operation, Times, options, () => checkTimeRanges(options, times, "task"))
    const { format = "json", taskTypes = ["default"], type = "task" } = options
    if (taskTypes.length === 0) {
      return yield* invalidRequest(operation, "taskTypes", "Expected at least one task type.")
    }
    return omitUndefined({
      project: fromInput(projectId),
      format,
      type,
      stage: yield* stageList(operation, type, taskTypes, options.stages),
      taskTypes,
      sendEmail: options.sendEmail ?? false,
      doNotNotify: options.doNotNotify ?? true,
      includeMetadata: options.includeMetadata ?? true,
      includeHistory: options.includeHistory ?? true,
      includeOnlyKeyFrames: options.includeOnlyKeyFrames ?? false,
      includeIdleBlurDurations: options.includeIdleBlurDurations ?? false,
      includeSegmentationPoints: options.includeSegmentationPoints,
      updatedAt: range(options, "updated"),
      createdAt: range(options, "created")
    })
  })

/** Compares rows of an export with its conditions. Looks batches up first, if some were given by id. */
export type ExportCheck = (
  rows: ReadonlyArray<unknown>
) => Effect.Effect<void, CallError | FilterNotApplied | UnknownBatch>

/** Makes the check of an export's rows. Fails with `InvalidRequest` when the options are invalid. */
export const makeExportCheck = (
  client: ExportClient,
  projectId: IdInput<ProjectId>,
  options: ExportOptions
): Effect.Effect<ExportCheck, InvalidRequest> =>
  Effect.gen(function* () {
    const { batches, path = "/export" } = options
    const operation = operationOf[path]
    const parameters = yield* parametersOf(operation, projectId, options)
    const makeCheck = (ids: ReadonlyArray<string> | undefined, known: ReadonlyArray<FoundBatch>) =>
      makeRowCheck(operation, toExportConditions(omitUndefined({ ...parameters, batches: ids }), known))
    // Rows show batches by name.
    if (batches === undefined || !batches.some(isId)) {
      const check = makeCheck(batches, [])
      return (rows) => check(undefined, rows)
    }
    const lookedUp = yield* Effect.cached(
      Effect.map(findBatches(operation, client, projectId, batches), (found) =>
        makeCheck(
          found.map(({ id }) => id),
          found
        )
      )
    )
    return (rows) => Effect.flatMap(lookedUp, (check) => check(undefined, rows))
  })

const isMissingPath = (error: CallError): boolean => error._tag === "NotFound" && error.status === 404

/**
 * A hash that identifies an export by its project and options; options that only affect notifications do not count.
 * Fails with `InvalidRequest` when the options are invalid. Sends no request.
 */
export const fingerprintOf = (
  projectId: IdInput<ProjectId>,
  options: ExportOptions
): Effect.Effect<string, InvalidRequest> =>
  Effect.gen(function* () {
    const { batches, path = "/export" } = options
    const {
      doNotNotify: _,
      sendEmail: __,
      ...parameters
    } = yield* parametersOf(operationOf[path], projectId, options)
    const sorted = { ...parameters, stage: parameters.stage?.toSorted(), batches: batches?.toSorted(), path }
    return yield* digest(Redacted.make(JSON.stringify(sorted)))
  })

/** Makes the function that requests exports. */
export const makeExportRequest = (client: ExportClient): RequestExport => {
  const send = (path: ExportPath, parameters: ExportParameters) =>
    Effect.flatMap(
      path === "/export"
        ? client.exports.request({ urlParams: parameters })
        : client.exports.requestV3({ urlParams: parameters }),
      ({ data: { exportPath } }) => {
        if (exportPath != null && Redacted.value(exportPath) !== "") return Effect.succeed(exportPath)
        const operation = operationOf[path]
        return Effect.fail(
          new TransferError({
            direction: "download",
            reason: "link-missing",
            ...operationContext(
              operation,
              `${label(operation)} returned no link to the archive. The hub may export in the background: check its ` +
                "notifications, or request the export again later."
            )
          })
        )
      }
    )

  return Effect.fn("Exports.request")(function* (projectId: IdInput<ProjectId>, options: ExportOptions = {}) {
    const { batches, path = "/export" } = options
    const operation = operationOf[path]
    const parameters = yield* parametersOf(operation, projectId, options)
    const ids = yield* resolveBatchCondition(operation, client, projectId, batches, "every batch")
    const query = ids === undefined ? parameters : { ...parameters, batches: ids }
    return yield* Effect.catchIf(
      send(path, query),
      (error): error is CallError => error._tag !== "TransferError" && isMissingPath(error),
      (error) =>
        Effect.catchIf(
          send(otherPath[path], query),
          (second): second is CallError => second._tag !== "TransferError" && isMissingPath(second),
          () => Effect.fail(error)
        )
    )
  })
}
