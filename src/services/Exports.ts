/**
 * Exports: everything that was labelled, as one archive.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  type CallError,
  type ExportError,
  type InvalidRequest,
  NoExportLink,
  type UnknownBatch
} from "../AngoError.js"
import type { ExportParameters } from "../api/Exports.js"
import { label, type Operation, operations } from "../api/Operations.js"
import { condition } from "../internal/batches.js"
import { between, inverted, type Within, within } from "../internal/conditions.js"
import { given } from "../internal/given.js"
import type { RowPolicy } from "../internal/listOptions.js"
import { refuse } from "../internal/refuse.js"
import { where } from "../internal/where.js"
import { AngoClient } from "../layers/AngoClient.js"
import { check } from "../layers/Check.js"
import type { ExportFormat, ExportType, TaskType, TimeRange } from "../schemas/Export.js"
import { fromInput, type IdInput, type ProjectId, StageId } from "../schemas/Id.js"
import {
  type ExportRowOptions,
  type ExportStreamOptions,
  type ReadError,
  type RowOfExport,
  reading
} from "./ExportRows.js"

export type { ExportRowOptions, ExportStreamOptions, PolicyRow, RowOfExport } from "./ExportRows.js"

/**
 * The two paths under which hubs export.
 *
 * @since 0.1.0
 */
export type ExportPath = "/export" | "/exportV3"

/**
 * What is exported, and how. Conditions combine with AND. Times are later than `createdAfter` and `updatedAfter`, and
 * earlier than `createdBefore` and `updatedBefore`, to the millisecond.
 *
 * @since 0.1.0
 */
export interface ExportOptions extends Within<"created" | "updated"> {
  /** `json` (default), `ndjson`, or `split`, one file per task. */
  readonly format?: ExportFormat | undefined
  /** The tasks with their answers (default), or the issues. */
  readonly type?: ExportType | undefined
  /**
   * Only tasks in these stages, by id; `"all"` for every stage. By default `["Complete"]` when `taskTypes` is
   * `["default"]`, and every stage otherwise. Issues cannot be narrowed by stage.
   */
  readonly stages?: "all" | ReadonlyArray<IdInput<StageId>> | undefined
  /** Only assets in these batches, by name or by id, at least one; without it, all assets. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** Default `["default"]`. */
  readonly taskTypes?: ReadonlyArray<TaskType> | undefined
  /** Who drew each object, and when; default true. */
  readonly includeMetadata?: boolean | undefined
  /** The answers of every stage that a task went through; default true. */
  readonly includeHistory?: boolean | undefined
  /** Of videos the key frames alone; default false. Needed above some 50,000 annotated frames. */
  readonly includeOnlyKeyFrames?: boolean | undefined
  /** Idle times beside the durations; default false. */
  readonly includeIdleBlurDurations?: boolean | undefined
  /** The points of segmentations, an option of older hubs (`/exportV3`); not sent by default. */
  readonly includeSegmentationPoints?: boolean | undefined
  /** Whether the hub also sends the link by e-mail; default false. */
  readonly sendEmail?: boolean | undefined
  /** Whether the hub keeps its notification to itself; default true. */
  readonly doNotNotify?: boolean | undefined
  /** Where the hub exports: `/export` (default), or `/exportV3` as older hubs do. */
  readonly path?: ExportPath | undefined
}

/** @since 0.1.0 */
export interface ExportsService {
  /**
   * Has the hub export a project, and answers with the link to the ZIP archive (`GET /export`, or
   * `GET /exportV3`; the other one when the first is not there). Batches are looked up first
   * (`GET /project/{projectId}`), and one that is not there fails with `UnknownBatch`.
   *
   * The link is pre-signed: whoever has it can read the archive, so that it is `Redacted`. It needs no key, and
   * none may be sent to it: it leads to a storage, often another company's.
   *
   * The hub answers when the archive is ready, which may take minutes: give a large project more time with
   * `Ango.withDeadline`. A hub that answers without a link fails with `NoExportLink`.
   *
   * @example
   * ```ts
   * import { Ango, Exports } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const link = Effect.gen(function*() {
   *   const exports = yield* Exports
   *   return yield* exports.request("65aa0000000000000000a001", { format: "ndjson", batches: ["Week 1"] })
   * }).pipe(Ango.withDeadline("15 minutes"))
   * ```
   */
  readonly request: (
    projectId: IdInput<ProjectId>,
    options?: ExportOptions
  ) => Effect.Effect<Redacted.Redacted, CallError | UnknownBatch | NoExportLink>

  /**
   * The rows of an export as they arrive: asks for it as `request` does, downloads the archive without the key, and
   * gives each row once it is complete, in constant memory. Each run of the stream asks for a new export.
   *
   * Rows are `ExportRow`s, with `type: "issue"` `IssueExportRow`s, with `decode: false` JSON. A stream that ends without
   * an error has given every row of the archive, whose lengths and checksums have been held to what it says of itself.
   * A download that breaks off fails with `ConnectionFailed` or `TruncatedExport` after the rows that came; a link that
   * was not used in time with `LinkExpired`; see `AngoError.ExportError` for the others. The deadline ends when the
   * download begins; then only silence ends it (`Ango.withIdleTimeout`).
   *
   * @example
   * ```ts
   * import { Exports } from "effect-ango"
   * import { Effect, Stream } from "effect"
   *
   * const boxes = Effect.flatMap(Exports, (exports) =>
   *   exports.stream("65aa0000000000000000a001", { stages: "all" }).pipe(
   *     Stream.map(({ task }) => task.tools?.length ?? 0),
   *     Stream.runSum
   *   )
   * )
   * ```
   */
  readonly stream: <
    Type extends "task" | "issue" = "task",
    Policy extends RowPolicy = "fail",
    Decoded extends boolean = true
  >(
    projectId: IdInput<ProjectId>,
    options?: ExportStreamOptions<Type, Policy, Decoded>
  ) => Stream.Stream<RowOfExport<Type, Policy, Decoded>, ExportError>

  /**
   * The rows of an archive that you have already, a file for one: read as `stream` reads them, without the hub.
   */
  readonly rows: <
    E,
    R,
    Type extends "task" | "issue" = "task",
    Policy extends RowPolicy = "fail",
    Decoded extends boolean = true
  >(
    archive: Stream.Stream<Uint8Array, E, R>,
    options?: ExportRowOptions<Type, Policy, Decoded>
  ) => Stream.Stream<RowOfExport<Type, Policy, Decoded>, E | ReadError | InvalidRequest, R>
}

const operationOf: Record<ExportPath, Operation> = {
  "/export": operations["exports.request"],
  "/exportV3": operations["exports.requestV3"]
}

const otherPath: Record<ExportPath, ExportPath> = { "/export": "/exportV3", "/exportV3": "/export" }

const times = ["updated", "created"] as const

const Times = Schema.typeSchema(Schema.Struct(within(...times)))

// The export takes its operators with `$`, unlike the lists (dossier A.7).
const range = (options: ExportOptions, time: (typeof times)[number]): TimeRange | undefined => {
  const { gt, lt } = between(options, time) ?? {}
  return gt === undefined && lt === undefined ? undefined : given({ $gt: gt, $lt: lt })
}

const Stages = Schema.typeSchema(Schema.Struct({ stages: Schema.Array(StageId) }))

// The stages to name, as the SDK has it; none means every stage.
const stageList = (
  operation: Operation,
  type: ExportType,
  taskTypes: ReadonlyArray<TaskType>,
  stages: ExportOptions["stages"]
): Effect.Effect<ReadonlyArray<string> | undefined, InvalidRequest> => {
  if (stages !== undefined && type === "issue") {
    return Effect.fail(refuse(operation, "stages", "Issues are exported of every stage: leave stages out."))
  }
  if (stages === "all") return Effect.succeed(undefined)
  if (stages !== undefined) {
    return stages.length > 0
      ? Effect.map(check(operation, Stages, { stages }), (checked) => checked.stages)
      : Effect.fail(refuse(operation, "stages", 'Expected at least one stage, or "all" for every stage.'))
  }
  const usual = type !== "issue" && taskTypes.length === 1 && taskTypes[0] === "default"
  return Effect.succeed(usual ? ["Complete"] : undefined)
}

const parametersOf = (
  operation: Operation,
  projectId: IdInput<ProjectId>,
  options: ExportOptions
): Effect.Effect<ExportParameters, InvalidRequest> =>
  Effect.gen(function* () {
    yield* check(operation, Times, options, () => inverted(options, times, "task"))
    const { format = "json", taskTypes = ["default"], type = "task" } = options
    if (taskTypes.length === 0) {
      return yield* refuse(operation, "taskTypes", "Expected at least one type of task.")
    }
    return given({
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

const isMissingPath = (error: CallError): boolean => error._tag === "NotFound" && error.status === 404

/** @since 0.1.0 */
export const make: Effect.Effect<ExportsService, never, AngoClient> = Effect.gen(function* () {
  const client = yield* AngoClient

  const ask = (path: ExportPath, parameters: ExportParameters) =>
    Effect.flatMap(
      path === "/export"
        ? client.exports.request({ urlParams: parameters })
        : client.exports.requestV3({ urlParams: parameters }),
      ({ data: { exportPath } }) => {
        if (exportPath != null && Redacted.value(exportPath) !== "") return Effect.succeed(exportPath)
        const operation = operationOf[path]
        return Effect.fail(
          new NoExportLink(
            where(
              operation,
              `${label(operation)} was answered without a link to the archive. The hub may export in the ` +
                "background: look into its notifications, or ask again later."
            )
          )
        )
      }
    )

  const request: ExportsService["request"] = Effect.fn("Exports.request")(function* (
    projectId,
    options = {}
  ) {
    const { batches, path = "/export" } = options
    const operation = operationOf[path]
    const parameters = yield* parametersOf(operation, projectId, options)
    const ids = yield* condition(operation, client, projectId, batches, "every batch")
    const whole = ids === undefined ? parameters : { ...parameters, batches: ids }
    return yield* Effect.catchIf(
      ask(path, whole),
      (error): error is CallError => error._tag !== "NoExportLink" && isMissingPath(error),
      (error) =>
        Effect.catchIf(
          ask(otherPath[path], whole),
          (second): second is CallError => second._tag !== "NoExportLink" && isMissingPath(second),
          () => Effect.fail(error)
        )
    )
  })

  const rows = reading(client)

  return {
    request,
    stream: (projectId, options = {}) =>
      rows(
        Stream.unwrap(
          Effect.map(request(projectId, { ...options, format: options.format ?? "ndjson" }), client.download)
        ),
        options
      ).pipe(Stream.withSpan("Exports.stream", { captureStackTrace: false })),
    rows
  }
})

/**
 * The exports of Ango Hub.
 *
 * @since 0.1.0
 */
export class Exports extends Context.Tag("effect-ango/Exports")<Exports, ExportsService>() {
  static readonly layer: Layer.Layer<Exports, never, AngoClient> = Layer.effect(Exports, make)
}
