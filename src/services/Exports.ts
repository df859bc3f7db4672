/**
 * Exports: the labels of a project as an archive, as rows, as a file, or as changes since the last run.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type {
  CallError,
  ExportError,
  InvalidRequest,
  TransferError,
  UnknownBatch
} from "../errors/AngoError.js"
import { type ExportChangesService, makeChangeFeed } from "../exports/changeFeed.js"
import { makeExportClient } from "../exports/exportClient.js"
import { type ExportOptions, makeExportCheck, makeExportRequest } from "../exports/exportRequest.js"
import { type ExportFilesService, makeFileExport } from "../exports/fileExport.js"
import {
  type ExportedRow,
  type ExportRowOptions,
  type ExportStreamOptions,
  makeRowStream,
  type ReadError
} from "../exports/rowStream.js"
import type { AngoClient } from "../layers/AngoClient.js"
import type { RowPolicy } from "../pagination/listOptions.js"
import type { IdInput, ProjectId } from "../schemas/ids.js"

export type {
  ChangeFeedOptions,
  ChangeFeedResult,
  ChangeFilter,
  UpdatedFile,
  UpdateOptions
} from "../exports/changeFeed.js"
export type { ExportOptions, ExportPath } from "../exports/exportRequest.js"
export type { ExportedFile, ExportFileOptions, FileProgress, WriteOptions } from "../exports/fileExport.js"
export type { ExportedRow, ExportRowOptions, ExportStreamOptions, PolicyRow } from "../exports/rowStream.js"

/**
 * The methods of {@link Exports}.
 *
 * @category services
 * @since 0.1.0
 */
export interface ExportsService extends ExportFilesService, ExportChangesService {
  /**
   * Requests an export of a project, and returns the link to the ZIP archive. Tries `options.path` first (`GET /export`
   * by default), then the other of `/export` and `/exportV3` if the hub does not have the first. Batches are looked up
   * before (`GET /project/{projectId}`); one that does not exist fails with `UnknownBatch`.
   *
   * The link is pre-signed and gives access to the archive, so it is `Redacted`. It usually points to a cloud storage,
   * not to the hub: download it without the API key.
   *
   * The hub keeps one export file per project: the next export of the project may replace what the link leads to. The
   * other methods run one at a time for this reason; this one cannot, because it returns before the download
   * (docs/api-notes.md#concurrent-exports). Download the link before you export the project again.
   *
   * The API responds when the archive is ready, which may take minutes: give a large project more time with
   * `Ango.withDeadline`. A response without a link fails with `TransferError`, reason `link-missing`.
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
  ) => Effect.Effect<Redacted.Redacted, CallError | UnknownBatch | TransferError>

  /**
   * Streams the rows of an export while the archive is downloaded, in constant memory. The export is requested as in
   * `request`, with `format: "ndjson"` by default, and the archive is downloaded without the API key. The request waits
   * until no other export of the project is running in this process, or in those with the same shared store: two streams
   * of one project that are read together (`Stream.zip`, or one inside the other) wait for each other without end.
   *
   * The stream cannot be resumed: each run requests a new export, so that a retry yields the rows from the beginning
   * again. `toFile` resumes.
   *
   * Rows are `ExportRow`s; `IssueExportRow`s with `type: "issue"`; undecoded JSON with `decode: false`. If the stream
   * ends without an error, it has returned every row, and all lengths and checksums of the archive matched. A broken
   * download fails after the rows that arrived, with `ConnectionFailed` or `ArchiveError`; an expired link with
   * `TransferError`, reason `link-expired`; `AngoError.ExportError` lists all errors. The deadline covers the time
   * until the download starts; after that only the idle timeout applies (`Ango.withIdleTimeout`).
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
  ) => Stream.Stream<ExportedRow<Type, Policy, Decoded>, ExportError>

  /**
   * Streams the rows of an archive that was downloaded before, such as a file; like `stream`, without a request.
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
  ) => Stream.Stream<ExportedRow<Type, Policy, Decoded>, E | ReadError | InvalidRequest, R>
}

/**
 * Makes the service from the client of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<ExportsService, never, AngoClient> = Effect.gen(function* () {
  const client = yield* makeExportClient

  const request = makeExportRequest(client)
  const rows = makeRowStream(client)

  const stream: ExportsService["stream"] = (projectId, options = {}) =>
    Stream.unwrap(
      Effect.map(makeExportCheck(client, projectId, options), (check) =>
        rows(
          Stream.unwrap(
            Effect.map(
              request(projectId, { ...options, format: options.format ?? "ndjson" }),
              client.download
            )
          ).pipe(client.exportLock.stream(projectId)),
          options,
          check
        )
      )
    ).pipe(Stream.withSpan("Exports.stream", { captureStackTrace: false }))

  return {
    request,
    stream,
    rows: (archive, options) => rows(archive, options),
    ...makeFileExport(client, request),
    ...makeChangeFeed(client, request)
  }
})

/**
 * The exports of a project: request, stream and save them, and follow changes.
 *
 * @category services
 * @since 0.1.0
 */
export class Exports extends Context.Tag("effect-ango/Exports")<Exports, ExportsService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Exports, never, AngoClient> = Layer.effect(Exports, make)
}
