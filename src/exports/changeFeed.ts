/**
 * What has changed since an earlier export: the part of the service `Exports` that keeps up with a project.
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
import type { AngoClient } from "../layers/AngoClient.js"
import { operation } from "../layers/transfer/download.js"
import { withServerStartTime } from "../layers/transport/serverTime.js"
import type { Bookmark } from "../pagination/listOptions.js"
import type { Checkpoint } from "../schemas/Checkpoint.js"
import type { ExportRow } from "../schemas/ExportRow.js"
import type { IdInput, ProjectId } from "../schemas/ids.js"
import { fromEither } from "../utils/either.js"
import { type ExportOptions, nameOf, type Request } from "./exportRequest.js"
import { type UpdatedFile, updateFile } from "./file/fileUpdate.js"
import { type ExportFileOptions, sourceOf, type WriteOptions, writingOf } from "./fileExport.js"
import { makeRowStream, type ReadOptions } from "./rowStream.js"
import * as Watermark from "./watermark.js"

export type { UpdatedFile } from "./file/fileUpdate.js"

/**
 * Which changes are exported. The `stages` are `"all"` by default: a task that leaves a stage must not be missed.
 *
 * @since 0.1.0
 */
export interface ChangeFilter
  extends Omit<ExportOptions, "format" | "type" | "updatedAfter" | "updatedBefore">,
    ReadOptions<"fail" | "skip"> {
  /**
   * How long before the latest change that is known is asked for once more, since tasks that change at about the same
   * time may not be seen in their order; 1 millisecond or longer, default 1 minute.
   */
  readonly overlap?: Duration.DurationInput | undefined
}

/**
 * Where `changes` goes on.
 *
 * @since 0.1.0
 */
export interface ChangeFeedOptions extends ChangeFilter {
  /** The checkpoint of an earlier run with the same options; without one, everything is exported. */
  readonly checkpoint?: string | undefined
  /** Keeps the checkpoint from run to run (`Checkpoints.bookmark`); instead of `checkpoint`. */
  readonly resume?: Bookmark | undefined
}

/**
 * How a file is kept up to date.
 *
 * @since 0.1.0
 */
export interface UpdateOptions extends ChangeFilter, WriteOptions {}

/**
 * What was handed over: so many rows, and a checkpoint to go on from; none when no row ever told when it was updated.
 *
 * @since 0.1.0
 */
export interface ChangeFeedResult {
  readonly rows: number
  readonly checkpoint?: Checkpoint
}

/** @since 0.1.0 */
export interface ExportChangesService {
  /**
   * Keeps a file of rows up to date: the first run exports everything to it, as `toFile` does; later ones export the
   * tasks that were updated since, put each in the place of the row with its `taskId`, and new ones at the end. How far
   * that is stands beside it, in `<path>.watermark`, and is taken from the rows (the latest `updatedAt`, or when the hub was
   * asked, by its own clock, if that was before), not from a clock of this machine. Killed at any time and run again, it
   * gives the same file.
   *
   * The hub does not tell which tasks were deleted, nor which ones no longer meet the conditions (moved out of a stage or
   * batch that was asked for): their rows stay until the file is exported anew (`restart: true`).
   * Rows that somebody else takes out of the file come back when their tasks are updated, or then; a file that is empty is
   * exported anew.
   * A run reads and writes the file once; in memory are the ids of what has changed. Of tasks alone.
   *
   * Fails as `toFile` does; with `UnusableFile` too when the watermark is that of other options, or the file holds a
   * line that is no row of a task.
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
   * Hands over the rows of the tasks that were updated since an earlier run, some at a time, and keeps how far that was
   * only when all of them were handled: a run that fails or dies hands over the same rows again. Rows come at least
   * once, so that handling one twice must do no harm (an upsert by `taskId`).
   *
   * Without `checkpoint` or `resume`, and at first, every task is handed over. The hub does not tell which were deleted. A
   * checkpoint of other options is refused (`InvalidRequest`). Fails as `stream` does, with `CheckpointUnavailable`, and
   * with what `handle` fails with.
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

const overlapOf = (overlap: Duration.DurationInput = "1 minute"): Effect.Effect<number, InvalidRequest> => {
  const duration = Duration.decodeUnknown(overlap)
  return Option.isSome(duration) &&
    Duration.isFinite(duration.value) &&
    Duration.toMillis(duration.value) >= 1
    ? Effect.succeed(Duration.toMillis(duration.value))
    : Effect.fail(
        invalidRequest(
          operation,
          "overlap",
          'Expected a time of 1 millisecond or longer, for example "1 minute".'
        )
      )
}

const after = (millis: number | undefined): Pick<ExportOptions, "updatedAfter"> =>
  millis === undefined ? {} : { updatedAfter: DateTime.unsafeMake(millis) }

// What was saved, or given, as an instant.
const begin = (name: string, { checkpoint, resume }: ChangeFeedOptions) =>
  Effect.gen(function* () {
    if (checkpoint !== undefined && resume !== undefined) {
      return yield* invalidRequest(
        operation,
        "checkpoint",
        "There is resume as well: leave out one of the two."
      )
    }
    const saved = resume === undefined ? Option.none() : yield* resume.load
    const text = Option.getOrElse(
      Option.map(saved, (bookmarked) => bookmarked.checkpoint as string),
      () => checkpoint
    )
    if (text === undefined) return undefined
    return yield* Effect.mapError(fromEither(Watermark.read(name, text)), (problem) =>
      invalidRequest(operation, resume === undefined ? "checkpoint" : "resume", problem)
    )
  })

/** Keeps up with projects. */
export const makeChangeFeed = (client: AngoClient["Type"], request: Request): ExportChangesService => ({
  update: Effect.fn("Exports.update")(function* (projectId, path, options = {}) {
    const { overlap, ...asked } = options
    const all: ExportFileOptions = { ...asked, stages: asked.stages ?? "all", format: "ndjson" }
    return yield* updateFile(path, {
      name: yield* nameOf(projectId, all),
      overlap: yield* overlapOf(overlap),
      source: (millis) => sourceOf(client, request, projectId, { ...all, ...after(millis) }),
      writing: writingOf(all)
    })
  }),

  changes: Effect.fn("Exports.changes")(function* (projectId, handle, options = {}) {
    const { checkpoint: _, overlap, resume, ...asked } = options
    const all = { ...asked, stages: asked.stages ?? ("all" as const) }
    const name = yield* nameOf(projectId, all)
    const before = yield* overlapOf(overlap)
    const watermark = yield* begin(name, options)
    let latest: number | undefined
    let rows = 0
    const since = after(watermark === undefined ? undefined : watermark - before)
    let begunAt: number | undefined
    const archive = Effect.map(
      withServerStartTime(request(projectId, { ...all, ...since, format: "ndjson" })),
      (asked) => {
        begunAt = asked.begunAt
        return client.download(asked.value)
      }
    )
    const changed = makeRowStream(client)(Stream.unwrap(archive), all)
    yield* Stream.runForEachChunk(changed, (chunk) => {
      for (const row of chunk) latest = Watermark.later(latest, Watermark.taskOf(row).updatedAt)
      rows += Chunk.size(chunk)
      return Chunk.isEmpty(chunk) ? Effect.void : handle(Chunk.toReadonlyArray(chunk))
    })
    const known = Watermark.later(watermark, Watermark.known(latest, begunAt))
    if (known === undefined) return { rows }
    const checkpoint = Watermark.write(name, known)
    if (resume !== undefined) yield* resume.save(checkpoint)
    return { rows, checkpoint }
  })
})
