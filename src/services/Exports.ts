/**
 * Exports: everything that was labelled, as one archive.
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
import { type ExportOptions, makeExportRequest } from "../exports/exportRequest.js"
import { type ExportFilesService, makeFileExport } from "../exports/fileExport.js"
import {
  type ExportedRow,
  type ExportRowOptions,
  type ExportStreamOptions,
  makeRowStream,
  type ReadError
} from "../exports/rowStream.js"
import { AngoClient } from "../layers/AngoClient.js"
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

/** @since 0.1.0 */
export interface ExportsService extends ExportFilesService, ExportChangesService {
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
  ) => Effect.Effect<Redacted.Redacted, CallError | UnknownBatch | TransferError>

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
  ) => Stream.Stream<ExportedRow<Type, Policy, Decoded>, ExportError>

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
  ) => Stream.Stream<ExportedRow<Type, Policy, Decoded>, E | ReadError | InvalidRequest, R>
}

/** @since 0.1.0 */
export const make: Effect.Effect<ExportsService, never, AngoClient> = Effect.gen(function* () {
  const client = yield* AngoClient

  const request = makeExportRequest(client)
  const rows = makeRowStream(client)

  const stream: ExportsService["stream"] = (projectId, options = {}) =>
    rows(
      Stream.unwrap(
        Effect.map(request(projectId, { ...options, format: options.format ?? "ndjson" }), client.download)
      ),
      options
    ).pipe(Stream.withSpan("Exports.stream", { captureStackTrace: false }))

  return {
    request,
    stream,
    rows,
    ...makeFileExport(client, request),
    ...makeChangeFeed(client, request)
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
