/**
 * Exports to files: `Exports.toFile`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { ExportError, FileError } from "../errors/AngoError.js"
import type { Files } from "../files/localFile.js"
import { operation } from "../layers/transfer/signedDownload.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { withServerStartTime } from "../layers/transport/serverTime.js"
import type { IdInput, ProjectId } from "../schemas/ids.js"
import type { ExportClient } from "./exportClient.js"
import {
  type ExportCheck,
  type ExportOptions,
  fingerprintOf,
  makeExportCheck,
  type RequestExport
} from "./exportRequest.js"
import * as FileWriter from "./file/fileWriter.js"
import { type ExportRowOptions, RowOptionsSchema, streamBatches } from "./rowStream.js"
import { linesOf } from "./rows/rowLines.js"
import { type Limits, unzip } from "./zip/unzip.js"

export type { ExportedFile, FileProgress } from "./file/fileWriter.js"

/**
 * How an export is written to a file.
 *
 * @category options
 * @since 0.1.0
 */
export interface WriteOptions {
  /**
   * How many bytes (archive and rows together) are written between two flushes to disk: a number above 0, default
   * 32 MiB. At most this much is downloaded again after a power loss.
   */
  readonly syncEvery?: number | undefined
  /** Whether to start again and discard what an earlier run has written; default false. */
  readonly restart?: boolean | undefined
  /** Runs as the file grows, for each chunk of the archive. */
  readonly onProgress?: ((progress: FileWriter.FileProgress) => Effect.Effect<void>) | undefined
}

/**
 * What is exported to a file, and how. `format` is `ndjson` by default; every format contains the same rows.
 *
 * @category options
 * @since 0.1.0
 */
export interface ExportFileOptions
  extends Omit<ExportOptions, "type">,
    ExportRowOptions<"task" | "issue", "fail" | "skip", boolean>,
    WriteOptions {
  /**
   * `rows`: one line of JSON per row (default). `archive`: the ZIP archive as downloaded, with verified checksums; its
   * rows are not read, and so not compared with the conditions.
   */
  readonly output?: "rows" | "archive" | undefined
}

/**
 * The method of `Exports` that writes files.
 *
 * @category services
 * @since 0.1.0
 */
export interface ExportFilesService {
  /**
   * Exports to a file. The file appears under its name once it is complete; it replaces an existing file and keeps that
   * file's mode (a symbolic link is itself replaced). After a crash, a failure or a power loss, run it again with the
   * same options: it resumes. It downloads only the missing bytes of the archive, by the same link while that is valid
   * and the storage supports ranges, and by a new export otherwise. A broken download is resumed within a run too, as
   * often as the retry policy allows.
   *
   * While it runs, these files exist: `<path>.part`, `<path>.archive.part` (the archive as downloaded), `<path>.lock`
   * and `<path>.journal`. The journal contains the pre-signed link, with which anyone can read the export; it is
   * readable by its owner alone (mode 0600). All of them are deleted at the end. A journal of another export is not
   * overwritten (`FileError`, `other-export`). A second run for the same file fails (`FileError`, `in-use`) while the
   * first one is running in the same process or in another process of the same machine (a container counts as another
   * machine). An existing file is not assumed to be complete: a new run exports it again.
   *
   * Each line is a row as the export contains it, with all digits of its numbers; rows are decoded only to validate
   * them (`decode: false` skips that). An unreadable row fails the export or is skipped (`onRowError`). When it fails,
   * the archive is complete and verified, and it is kept: the next run can use another `onRowError` without a download.
   * A corrupt or truncated archive is not kept: the next run requests a new export. Files are compared by length and
   * CRC-32, which detects accidental changes and not deliberate ones.
   *
   * Waits until no other export of the project is running, as `stream` does. Needs a `FileSystem` (for example
   * `NodeContext.layer`). Fails as `stream` does, and with `FileError`.
   *
   * @example
   * ```ts
   * import { Exports } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const exported = Effect.gen(function*() {
   *   const exports = yield* Exports
   *   const { bytes, rows } = yield* exports.toFile("65aa0000000000000000a001", "tasks.ndjson", { stages: "all" })
   *   yield* Effect.log(`${rows} rows, ${bytes} bytes`)
   * })
   * ```
   */
  readonly toFile: (
    projectId: IdInput<ProjectId>,
    path: string,
    options?: ExportFileOptions
  ) => Effect.Effect<FileWriter.ExportedFile, ExportError | FileError, Files>
}

const FileOptionsSchema = Schema.Struct({
  ...RowOptionsSchema.fields,
  onRowError: Schema.optional(Schema.Literal("fail", "skip").annotations({ title: "fail or skip" })),
  output: Schema.optional(Schema.Literal("rows", "archive").annotations({ title: "rows or archive" })),
  syncEvery: Schema.optional(
    Schema.Number.pipe(Schema.positive()).annotations({ title: "a number above 0" })
  ),
  restart: Schema.optional(Schema.Boolean),
  onProgress: Schema.optional(
    Schema.declare(Predicate.isFunction, { title: "a function that returns an effect" })
  )
})

const readBlocks =
  (client: ExportClient, options: ExportFileOptions, check: ExportCheck): FileWriter.ExportSource["read"] =>
  (archive) =>
    Stream.suspend(() => {
      let skipped = 0
      return Stream.map(streamBatches(client)(archive, options, check), (batch): FileWriter.RowBlock => {
        skipped += batch.unreadable.size
        return { bytes: linesOf(batch), rows: batch.values.length - batch.unreadable.size, skipped }
      })
    })

// Checksums are verified even of entries that are not read.
const verifyArchive = <E, R>(archive: Stream.Stream<Uint8Array, E, R>, limits: Limits | undefined) =>
  Stream.drain(unzip(archive, limits))

/** The export that the options describe. Fails with `InvalidRequest` when they are invalid. */
export const makeSource = (
  client: ExportClient,
  request: RequestExport,
  projectId: IdInput<ProjectId>,
  options: ExportFileOptions
) =>
  Effect.gen(function* () {
    yield* validateInput(operation, FileOptionsSchema, options)
    const exportOptions = { ...options, format: options.format ?? ("ndjson" as const) }
    const check = yield* makeExportCheck(client, projectId, exportOptions)
    const { decode = true, limits, onRowError = "fail", output = "rows" } = options
    const source: FileWriter.ExportSource = {
      identity: {
        fingerprint: yield* fingerprintOf(projectId, exportOptions),
        rowPolicy: `${onRowError} ${decode ? "decoded" : "raw"}`
      },
      request: Effect.map(
        withServerStartTime(request(projectId, exportOptions)),
        ({ begunAt, value: link }) => ({ link, requestedAt: begunAt })
      ),
      whileLocked: client.exportLock.effect(projectId),
      download: client.resumableDownload,
      read:
        output === "archive"
          ? (archive) => verifyArchive(archive, limits)
          : readBlocks(client, options, check),
      verify: (archive) => verifyArchive(archive, limits)
    }
    return source
  })

/** How the file is written, with defaults. */
export const writeSettings = (options: ExportFileOptions): FileWriter.WriteSettings => ({
  output: options.output ?? "rows",
  syncEvery: options.syncEvery ?? 32 * 1024 * 1024,
  restart: options.restart ?? false,
  onProgress: options.onProgress ?? (() => Effect.void)
})

/** Makes the method that exports to files. */
export const makeFileExport = (client: ExportClient, request: RequestExport): ExportFilesService => ({
  toFile: Effect.fn("Exports.toFile")(function* (projectId, path, options = {}) {
    const source = yield* makeSource(client, request, projectId, options)
    return yield* FileWriter.writeFile(path, source, writeSettings(options))
  })
})
