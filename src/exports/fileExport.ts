/**
 * Exports to files: the part of the service `Exports` that writes them.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { ExportError, FileError, RowDecodeError } from "../errors/AngoError.js"
import type { Files } from "../files/localFile.js"
import type { AngoClient } from "../layers/AngoClient.js"
import { operation } from "../layers/transfer/download.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { withServerStartTime } from "../layers/transport/serverTime.js"
import type { IdInput, ProjectId } from "../schemas/ids.js"
import { type ExportOptions, nameOf, type Request } from "./exportRequest.js"
import * as File from "./file/exportFile.js"
import { checked, type ExportRowOptions, RowStream } from "./rowStream.js"
import { type Limits, unzip } from "./zip/unzip.js"

export type { ExportedFile, FileProgress } from "./file/exportFile.js"

/**
 * How an export is written to a file.
 *
 * @since 0.1.0
 */
export interface WriteOptions {
  /**
   * After how many bytes, of the archive and of the rows together, what was written is made to survive a loss of power:
   * a number above 0, default 32 MiB. So much at most is downloaded again after a crash.
   */
  readonly syncEvery?: number | undefined
  /** Whether what an earlier run left is thrown away; default false. */
  readonly restart?: boolean | undefined
  /** Runs as the file grows, for each part of the archive. */
  readonly onProgress?: ((progress: File.FileProgress) => Effect.Effect<void>) | undefined
}

/**
 * What is exported to a file, and how. The `format` is `ndjson` by default; the rows are the same in each.
 *
 * @since 0.1.0
 */
export interface ExportFileOptions
  extends Omit<ExportOptions, "type">,
    ExportRowOptions<"task" | "issue", "fail" | "skip", boolean>,
    WriteOptions {
  /** One JSON text per row and line (default), or the ZIP archive as it came, held to its checksums. */
  readonly output?: "rows" | "archive" | undefined
}

/** @since 0.1.0 */
export interface ExportFilesService {
  /**
   * Exports to a file, which appears under its name when it is whole, in place of a file that may be there, with the rights
   * of that (of a symbolic link the link is replaced). Run again after a crash, a failure or a loss of power, it goes on
   * where it was: of the archive only what is not here is downloaded, by the same link as long as that is good for it
   * and the storage gives parts; by a new export otherwise. A run whose download breaks off goes on in the same way, as
   * often as the retry policy says.
   *
   * As long as it is under way there are beside the file `<path>.part`, `<path>.archive.part` (the archive, as it came),
   * `<path>.lock` and `<path>.journal`. The journal holds the pre-signed link, by which whoever reads it can read the
   * export: it is for its owner alone (mode 0600). All are gone at the end. A journal of another export is not
   * overwritten (`UnusableFile`); a second run at the same file fails (`FileUnavailable`, `in-use`) while the first is in
   * the same process, or in another one of the same machine (a container counts as a machine of its own). A file that is
   * there already says nothing of being whole: a new run exports anew.
   *
   * Lines are rows as the export has them, each digit of a number too, decoded only to be checked (`decode: false` spares
   * that); a row that cannot be read fails the export or is left out (`onRowError`). It fails when the archive is here and was
   * found to be whole, and the archive is kept: with other options the next run needs no download. An archive that is
   * corrupt or truncated is not kept: the next run asks for a new export. The file is compared by length and CRC-32, which
   * finds accidents and is no seal.
   *
   * Needs a `FileSystem` (`NodeContext.layer` for one). Fails as `stream` does, and with `FileUnavailable` and
   * `UnusableFile`.
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
  ) => Effect.Effect<File.ExportedFile, ExportError | FileError, Files>
}

const Written = Schema.Struct({
  ...RowStream.fields,
  onRowError: Schema.optional(Schema.Literal("fail", "skip").annotations({ title: "fail or skip" })),
  output: Schema.optional(Schema.Literal("rows", "archive").annotations({ title: "rows or archive" })),
  syncEvery: Schema.optional(
    Schema.Number.pipe(Schema.positive()).annotations({ title: "a number above 0" })
  ),
  restart: Schema.optional(Schema.Boolean),
  onProgress: Schema.optional(
    Schema.declare(Predicate.isFunction, { title: "a function that gives an effect" })
  )
})

const encoder = new TextEncoder()

// A line break in a JSON text is never part of a value: in a string it is written in another way.
const lineOf = (text: string): string => `${text.replace(/[\r\n][\t\n\r ]*/g, "")}\n`

// The text as it came: parsed and written again, a number of many digits would be another one.
const linesOf = (rows: Chunk.Chunk<string>, skipped: number): File.Piece => ({
  bytes: encoder.encode(Chunk.toReadonlyArray(rows).map(lineOf).join("")),
  rows: Chunk.size(rows),
  skipped
})

// The lines of an archive's rows, and how many rows were left out up to there.
const lines =
  (client: AngoClient["Type"], options: ExportFileOptions): File.Source["read"] =>
  (archive) =>
    Stream.suspend(() => {
      let skipped = 0
      let told = 0
      const piece = (rows: Chunk.Chunk<string>) => {
        told = skipped
        return Chunk.of(linesOf(rows, skipped))
      }
      const onSkip = (row: RowDecodeError) =>
        Effect.suspend(() => {
          skipped++
          return options.onSkip?.(row) ?? Effect.void
        })
      return Stream.concat(
        Stream.mapChunks(checked(client)(archive, { ...options, onSkip }), piece),
        // Behind the last line.
        Stream.suspend(() => (told === skipped ? Stream.empty : Stream.fromChunk(piece(Chunk.empty()))))
      )
    })

// Entries that nobody reads are held to their checksums all the same.
const whole = <E, R>(archive: Stream.Stream<Uint8Array, E, R>, limits: Limits | undefined) =>
  Stream.drain(unzip(archive, limits))

/** What is exported by these options, once they are found to be usable. */
export const sourceOf = (
  client: AngoClient["Type"],
  request: Request,
  projectId: IdInput<ProjectId>,
  options: ExportFileOptions
) =>
  Effect.gen(function* () {
    yield* validateInput(operation, Written, options)
    const asked = { ...options, format: options.format ?? ("ndjson" as const) }
    const { output: as = "rows", decode = true, limits, onRowError: rows = "fail" } = options
    const source: File.Source = {
      names: {
        export: yield* nameOf(projectId, asked),
        reading: `${rows} ${decode ? "decoded" : "as it is"}`
      },
      request: withServerStartTime(request(projectId, asked)),
      rest: client.resumableDownload,
      read: as === "archive" ? (archive) => whole(archive, limits) : lines(client, options),
      examine: (archive) => whole(archive, limits)
    }
    return source
  })

/** How it is written, with what is usual where the options say nothing. */
export const writingOf = (options: ExportFileOptions): File.Writing => ({
  as: options.output ?? "rows",
  syncEvery: options.syncEvery ?? 32 * 1024 * 1024,
  restart: options.restart ?? false,
  onProgress: options.onProgress ?? (() => Effect.void)
})

/** Exports to files. */
export const makeFileExport = (client: AngoClient["Type"], request: Request): ExportFilesService => ({
  toFile: Effect.fn("Exports.toFile")(function* (projectId, path, options = {}) {
    const source = yield* sourceOf(client, request, projectId, options)
    return yield* File.toFile(path, source, writingOf(options))
  })
})
