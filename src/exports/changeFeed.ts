/**
 * Changes since an earlier export: `Exports.update` and `Exports.changes`.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ExportError, FileError, InvalidRequest, StoreUnavailable } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import type { Files } from "../files/localFile.js"
import { operation } from "../layers/transfer/signedDownload.js"
import { withServerStartTime } from "../layers/transport/serverTime.js"
import type { Bookmark } from "../pagination/listOptions.js"
import type { Checkpoint } from "../schemas/Checkpoint.js"
import type { ExportRow } from "../schemas/ExportRow.js"
import type { IdInput, ProjectId } from "../schemas/ids.js"
import { fromEither } from "../utils/either.js"
import type { ExportClient } from "./exportClient.js"
import { type ExportOptions, fingerprintOf, makeExportCheck, type RequestExport } from "./exportRequest.js"
import { type UpdatedFile, updateFile } from "./file/updateRun.js"
import { type ExportFileOptions, makeSource, type WriteOptions, writeSettings } from "./fileExport.js"
import { makeRowStream, type ReadOptions } from "./rowStream.js"
import * as Watermark from "./watermark.js"

export type { UpdatedFile } from "./file/updateRun.js"

/**
 * Which changes are exported. `stages` is `"all"` by default, so that a task that leaves a stage is not missed.
 *
 * @category options
 * @since 0.1.0
 */
export interface ChangeFilter
  extends Omit<ExportOptions, "format" | "type" | "updatedAfter" | "updatedBefore">,
    ReadOptions<"fail" | "skip"> {
  /**
   * How long before the latest known change the next export starts, because tasks that change at about the same time
   * may become visible out of order; at least 1 millisecond, default 1 minute.
   */
  readonly overlap?: Duration.DurationInput | undefined
}

/**
 * Which changes `Exports.changes` exports, and where it resumes.
 *
 * @category options
 * @since 0.1.0
 */
export interface ChangeFeedOptions extends ChangeFilter {
  /** The checkpoint of an earlier run with the same options; without it, all tasks are exported. */
  readonly checkpoint?: string | undefined
  /** Stores the checkpoint between runs (`Checkpoints.bookmark`); cannot be combined with `checkpoint`. */
  readonly resume?: Bookmark | undefined
}

/**
 * Which changes `Exports.update` merges into a file, and how the file is written.
 *
 * @category options
 * @since 0.1.0
 */
export interface UpdateOptions extends ChangeFilter, WriteOptions {}

/**
 * The result of a change feed: the number of rows, and the checkpoint for the next run. There is no checkpoint while no
 * row has had an `updatedAt`.
 *
 * @category models
 * @since 0.1.0
 */
export interface ChangeFeedResult {
  readonly rows: number
  readonly checkpoint?: Checkpoint
}

/**
 * The methods of `Exports` that export changes.
 *
 * @category services
 * @since 0.1.0
 */
export interface ExportChangesService {
  /**
   * Keeps a file of rows up to date. The first run exports all tasks to it, as `toFile` does. Later runs export the
   * tasks that were updated since: each row replaces the row with the same `taskId`, and rows of new tasks are
   * appended.
   * `<path>.watermark` stores the instant up to which changes are known: the earlier of the latest `updatedAt` of the
   * rows and the hub's time of the request. The clock of this machine is not used. A run that is killed at any moment
   * and run again produces the same file.
   *
   * The hub does not report deleted tasks, nor tasks that no longer match the filter (moved to another stage or batch):
   * their rows stay until the file is exported again (`restart: true`). Rows that you delete from the file reappear when
   * their tasks change. A file that is empty is exported again.
   *
   * A run reads and writes the file once; the ids of changed tasks are held in memory. Issues are not supported.
   *
   * Fails as `toFile` does; also with `FileError` when the watermark belongs to other options (`other-export`), or when
   * the file has a line that is not a row of a task (`unknown-content`).
   *
   * @example
   * ```ts
   * import { Exports } from "effect-ango"
   * import { Effect, Schedule } from "effect"
   *
   * const hourly = Effect.flatMap(Exports, (exports) =>
   *   exports.update("65aa0000000000000000a001", "tasks.ndjson").pipe(
   *     Effect.tap(({ added, replaced }) => Effect.log(`${added} new rows, ${replaced} changed`)),
   *     Effect.repeat(Schedule.spaced("1 hour"))
   *   )
   * )
   * ```
   */
  readonly update: (
    projectId: IdInput<ProjectId>,
    path: string,
    options?: UpdateOptions
  ) => Effect.Effect<UpdatedFile, ExportError | FileError, Files>

  /**
   * Passes the rows of the tasks that were updated since an earlier run to `handle`, in chunks. The checkpoint is saved
   * only after all rows were handled: after a failure or a crash, the next run passes the same rows again. Delivery is
   * at least once, so `handle` must be idempotent (an upsert by `taskId`). It must not export the same project itself: it
   * would wait for this export without end.
   *
   * Without `checkpoint` and `resume`, and in the first run, all tasks are exported. The hub does not report deleted
   * tasks. Fails with `InvalidRequest` when the checkpoint belongs to other options; as `stream` does; with
   * `StoreUnavailable`; and with the errors of `handle`.
   *
   * @example
   * ```ts
   * import { KeyValueStore } from "@effect/platform"
   * import { Checkpoints, Exports } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const nightly = Effect.gen(function*() {
   *   const exports = yield* Exports
   *   const resume = yield* Checkpoints.bookmark("warehouse")
   *   return yield* exports.changes(
   *     "65aa0000000000000000a001",
   *     (rows) => Effect.forEach(rows, ({ task }) => Effect.log(`upsert ${task.taskId}`), { discard: true }),
   *     { resume }
   *   )
   * }).pipe(Effect.provide(KeyValueStore.layerFileSystem("checkpoints")))
   * ```
   */
  readonly changes: <E, R>(
    projectId: IdInput<ProjectId>,
    handle: (rows: ReadonlyArray<ExportRow>) => Effect.Effect<void, E, R>,
    options?: ChangeFeedOptions
  ) => Effect.Effect<ChangeFeedResult, ExportError | StoreUnavailable | E, R>
}

const overlapMillis = (
  overlap: Duration.DurationInput = "1 minute"
): Effect.Effect<number, InvalidRequest> => {
  const duration = Duration.decodeUnknown(overlap)
  return Option.isSome(duration) &&
    Duration.isFinite(duration.value) &&
    Duration.toMillis(duration.value) >= 1
    ? Effect.succeed(Duration.toMillis(duration.value))
    : Effect.fail(
        invalidRequest(
          operation,
          "overlap",
          'Expected a duration of at least 1 millisecond, for example "1 minute".'
        )
      )
}

const updatedAfter = (millis: number | undefined): Pick<ExportOptions, "updatedAfter"> =>
  millis === undefined ? {} : { updatedAfter: DateTime.unsafeMake(millis) }

// The watermark of the checkpoint that was passed or stored, in epoch milliseconds; `undefined` without one.
const loadWatermark = (fingerprint: string, { checkpoint, resume }: ChangeFeedOptions) =>
  Effect.gen(function* () {
    if (checkpoint !== undefined && resume !== undefined) {
      return yield* invalidRequest(
        operation,
        "checkpoint",
        "It cannot be combined with resume: leave out one of the two."
      )
    }
    const saved = resume === undefined ? Option.none() : yield* resume.load
    const text = Option.getOrElse(
      Option.map(saved, (bookmarked) => bookmarked.checkpoint as string),
      () => checkpoint
    )
    if (text === undefined) return undefined
    return yield* Effect.mapError(fromEither(Watermark.decode(fingerprint, text)), ({ message }) =>
      invalidRequest(operation, resume === undefined ? "checkpoint" : "resume", message)
    )
  })

/** Makes the methods that export changes. */
export const makeChangeFeed = (client: ExportClient, request: RequestExport): ExportChangesService => ({
  update: Effect.fn("Exports.update")(function* (projectId, path, options = {}) {
    const { overlap, ...rest } = options
    const fileOptions: ExportFileOptions = { ...rest, stages: rest.stages ?? "all", format: "ndjson" }
    return yield* updateFile(path, {
      fingerprint: yield* fingerprintOf(projectId, fileOptions),
      overlap: yield* overlapMillis(overlap),
      source: (millis) => makeSource(client, request, projectId, { ...fileOptions, ...updatedAfter(millis) }),
      settings: writeSettings(fileOptions)
    })
  }),

  changes: Effect.fn("Exports.changes")(function* (projectId, handle, options = {}) {
    const { checkpoint: _, overlap, resume, ...rest } = options
    const exportOptions = { ...rest, stages: rest.stages ?? ("all" as const) }
    const fingerprint = yield* fingerprintOf(projectId, exportOptions)
    const overlapped = yield* overlapMillis(overlap)
    const watermark = yield* loadWatermark(fingerprint, options)
    const since = updatedAfter(watermark === undefined ? undefined : watermark - overlapped)
    let latest: number | undefined
    let rows = 0
    let requestedAt: number | undefined
    const archive = Effect.map(
      withServerStartTime(request(projectId, { ...exportOptions, ...since, format: "ndjson" })),
      ({ begunAt, value: link }) => {
        requestedAt = begunAt
        return client.download(link)
      }
    )
    const changed = makeRowStream(client)(
      client.exportLock.stream(projectId)(Stream.unwrap(archive)),
      exportOptions,
      yield* makeExportCheck(client, projectId, { ...exportOptions, ...since })
    )
    yield* Stream.runForEachChunk(changed, (chunk) => {
      for (const row of chunk) latest = Watermark.later(latest, Watermark.taskOf(row).updatedAt)
      rows += Chunk.size(chunk)
      return Chunk.isEmpty(chunk) ? Effect.void : handle(Chunk.toReadonlyArray(chunk))
    })
    const complete = Watermark.later(watermark, Watermark.completeUntil(latest, requestedAt))
    if (complete === undefined) return { rows }
    const checkpoint = Watermark.encode(fingerprint, complete)
    if (resume !== undefined) yield* resume.save(checkpoint)
    return { rows, checkpoint }
  })
})
