/**
 * How many files become assets: the bulk write of the service `Uploads`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { FileError, ListError, UnknownBatch, UploadError } from "../../errors/AngoError.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { type FileSource, sha256 } from "../../layers/transfer/FileSource.js"
import type { PutOptions } from "../../layers/transfer/uploadRequest.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import { FileAsset } from "../../schemas/AssetImport.js"
import { AssetId, type IdInput, ProjectId, StorageId } from "../../schemas/ids.js"
import { Priority } from "../../schemas/Priority.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import type { Lookup } from "../assetLookup.js"
import { type ContentIndex, makeContentIndex } from "../contentIndex.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import {
  Bulk,
  type BulkOptions,
  type Decision,
  type RowError,
  rowCodec,
  type Stop,
  whole
} from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import { counter } from "../uploadProgress.js"
import type { CloudAssetInput } from "./cloudImport.js"
import { cloudRows, duplicate, named, operation } from "./cloudRows.js"

/**
 * A file that is to become an asset.
 *
 * @since 0.1.0
 */
export interface FileRow
  extends Pick<CloudAssetInput, "attachments" | "batches" | "contextData" | "externalId" | "metadata"> {
  readonly source: FileSource
  /** What it is called, with its extension; by default as its source says. */
  readonly name?: string | undefined
  /** Your own name for it, by which it is known again; by default its name. */
  readonly externalId?: string | undefined
}

/**
 * How far an upload of many files is. `sent` and `skipped` make `total` in the end.
 *
 * @since 0.1.0
 */
export interface UploadProgress {
  /** How many files are stored by now. */
  readonly files: number
  /** Bytes of the files that are stored, and of those under way: fewer again when one has to be sent anew. */
  readonly sent: number
  /** Bytes of the files that were not to be sent, or could not be. */
  readonly skipped: number
  /** Bytes of all files, when the rows are an array. */
  readonly total?: number
}

/**
 * What holds for all files of an upload, and how it goes.
 *
 * @since 0.1.0
 */
export interface UploadFilesOptions extends Pick<BulkOptions, "ledger" | "onSummary"> {
  /** By name or by id. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** A storage of your own instead of the hub's. */
  readonly storage?: IdInput<StorageId> | undefined
  readonly bucket?: string | undefined
  /** -1000 to 1000, default 0; tasks with a higher one come first. */
  readonly priority?: number | undefined
  /** Files under way at a time, 1 to 64; default 16. Of each some 64 kB are in memory, or 256 kB of a small one. */
  readonly concurrency?: number | undefined
  /**
   * Files that are made assets by one request, 1 to 10,000; default 100. None of them is an asset before all of them are
   * stored or have failed: take a few where files are large.
   */
  readonly chunk?: number | undefined
  /**
   * What becomes of a row whose external id, compared to the letter, is that of an asset of the project, or of a row
   * before it:
   *
   * - `"skip"` (default): it is `Skipped`, and its file not sent; another row of the same external id in the same input
   *   is `Failed` with `DuplicateRow`, unless it says the same of what is known to be the same file (`duplicatesBy`).
   * - `"refuse"`: it is `Failed` with `DuplicateRow` when the project has it, and as under `"skip"` in the input.
   * - `"allow"`: it makes another asset. Nothing is looked up; a row of which the answer was lost stays `Unknown`.
   */
  readonly duplicates?: "skip" | "refuse" | "allow" | undefined
  /**
   * `"content"`: beside that, of several files of the same bytes (by SHA-256) the first counts, whatever they are called,
   * and the others are `Skipped` or refused. Each file is read once more for that, before anything is sent of it. The hub
   * tells no hashes: known are the files of this input and, with a ledger, those that it says were done so. Not together
   * with `duplicates: "allow"`. Default `"externalId"`.
   */
  readonly duplicatesBy?: "externalId" | "content" | undefined
  /**
   * Whether the new assets are read back for their ids, which the hub's answer does not tell; default `true`, and
   * `false` saves a request for every hundred files or so. Not under `duplicates: "allow"`.
   */
  readonly readBackIds?: boolean | undefined
  /** Runs after each part of a file that is sent, of 64 kB at most, and when files were left out. */
  readonly onProgress?: ((progress: UploadProgress) => Effect.Effect<void>) | undefined
}

/**
 * What is known of a file that is an asset: its id when it was read back, or stood in the project before; the address of
 * its file; and under `duplicatesBy: "content"` the SHA-256 of what was sent.
 *
 * @since 0.1.0
 */
export interface UploadedAsset {
  readonly id?: AssetId
  readonly externalId?: string
  readonly fileUrl?: string
  readonly sha256?: string
}

/**
 * What one file of an upload can fail with.
 *
 * @since 0.1.0
 */
export type UploadRowError = RowError<UploadError | UnknownBatch>

/**
 * What ends an upload of many files as a whole.
 *
 * @since 0.1.0
 */
export type UploadFilesError = Stop<UploadError | UnknownBatch>

/**
 * The bulk upload of the service `Uploads`.
 *
 * @category services
 * @since 0.1.0
 */
export interface FileUploadMethods {
  /**
   * Makes assets, and a task for each, of files that are on this machine or made on the way: rows in, from a stream or
   * anything iterable, and one outcome for each row out, in their order. See `RowOutcome`.
   *
   * For each row: a link (`GET /getUploadUrl`), and the bytes behind it as `Uploads.put` has it; then, by
   * the chunk, the assets of those that are stored (`POST /project/{projectId}/cloud`), and no others. A file that cannot
   * be read, or that the storage does not take, is `Failed` and becomes no asset.
   *
   * Rows are looked up by their external ids before anything is sent of them, batches once for all, and chunks are
   * halved and read back as in `Assets.importFromCloud`. With a ledger an asset is made exactly once, however often the
   * program is killed and run again, as long as one process at a time uploads and the hub's reads show its writes. What
   * was stored and was no asset yet when the program died is stored again under another name: the first one stays in the
   * storage, and nothing points to it. Rows without a name or an external id cannot be read back: after a lost answer
   * they are `Unknown`. The ledger knows a file by its external id, size and type (under
   * `duplicatesBy: "content"` by its bytes too): one that was changed and keeps them is done, and so is one whose asset
   * is there.
   *
   * The stream fails, after the outcomes that are known, with what no other row could escape: a bad option
   * (`InvalidRequest`), a key or a project that the hub does not take, five files or requests in a row that failed for
   * reasons that may pass, fifty in a row that were refused, or a ledger that cannot be written.
   *
   * Links count for the rate limit: with the default one, a hundred files in a minute. Memory holds a few parts of each
   * file that is under way, the rows of a few chunks, and of each row its key with about a hundred bytes.
   *
   * @example
   * ```ts
   * import { FileSource, RowOutcome, Uploads } from "effect-ango"
   * import { Effect, Stream } from "effect"
   *
   * const uploaded = Effect.gen(function*() {
   *   const uploads = yield* Uploads
   *   const rows = Stream.make("photos/cat.jpg", "photos/dog.jpg").pipe(
   *     Stream.mapEffect((path) => FileSource.file(path)),
   *     Stream.map((source) => ({ source, contextData: { site: "A" } }))
   *   )
   *   return yield* uploads.files("65aa0000000000000000a001", rows, { batches: ["Week 1"] }).pipe(
   *     Stream.run(RowOutcome.summarize)
   *   )
   * })
   * ```
   */
  readonly files: {
    (
      projectId: IdInput<ProjectId>,
      rows: Iterable<FileRow>,
      options?: UploadFilesOptions
    ): Stream.Stream<RowOutcome<UploadedAsset, UploadRowError>, UploadFilesError>
    <E, R>(
      projectId: IdInput<ProjectId>,
      rows: Stream.Stream<FileRow, E, R>,
      options?: UploadFilesOptions
    ): Stream.Stream<RowOutcome<UploadedAsset, UploadRowError>, E | UploadFilesError, R>
  }
}

const Uploaded = Schema.Struct({
  id: Schema.optionalWith(AssetId, { exact: true }),
  externalId: Schema.optionalWith(Schema.String, { exact: true }),
  fileUrl: Schema.optionalWith(Schema.String, { exact: true }),
  sha256: Schema.optionalWith(Schema.String, { exact: true })
})
const keeping = rowCodec(Uploaded)

const Row = Schema.typeSchema(Schema.Struct({ row: FileAsset }))

const { ledger, onSummary } = Bulk

const Options = Schema.typeSchema(
  Schema.Struct({
    ledger,
    onSummary,
    chunk: Bulk.chunk,
    concurrency: whole(64),
    project: ProjectId,
    batches: Schema.optional(Schema.Array(Schema.String)),
    storage: Schema.optional(StorageId),
    bucket: Schema.optional(Schema.String),
    priority: Schema.optional(Priority),
    duplicates: Schema.optional(
      Schema.Literal("skip", "refuse", "allow").annotations({ title: "skip, refuse or allow" })
    ),
    duplicatesBy: Schema.optional(
      Schema.Literal("externalId", "content").annotations({ title: "externalId or content" })
    ),
    readBackIds: Schema.optional(Schema.Boolean),
    onProgress: Schema.optional(
      Schema.declare(Predicate.isFunction, { title: "a function that gives an effect" })
    )
  })
)

const problemOf = ({ duplicates, duplicatesBy }: UploadFilesOptions) =>
  duplicates === "allow" && duplicatesBy === "content"
    ? { parameter: "duplicatesBy", reason: "Where duplicates are allowed, there is nothing to tell them by." }
    : undefined

/** A row with its place, and its content where that is asked for. */
interface Numbered {
  readonly number: number
  readonly source: FileSource
  readonly asset: Pick<FileRow, "attachments" | "batches" | "contextData" | "externalId" | "metadata">
  readonly hash?: Either.Either<string, FileError>
  /** The row with the same content that counts. */
  readonly twin?: string | undefined
  /** What a ledger tells its content by. */
  readonly toJSON: () => unknown
}

/** A file on its way, and where it is stored once it is. */
interface Item {
  readonly number: number
  readonly source: FileSource
  readonly asset: FileAsset
  readonly data?: string
  readonly sha256?: string
  readonly twin?: string | undefined
}

type Own = UploadError | UnknownBatch

const called = (source: FileSource, name: string): FileSource => ({
  name,
  size: source.size,
  contentType: source.contentType,
  stream: () => source.stream()
})

const numbered = ({ externalId, name, source, ...told }: FileRow, number: number): Numbered => {
  const file = name === undefined ? source : called(source, name)
  const asset = omitUndefined({ ...told, externalId: named({ externalId: externalId ?? file.name }) })
  const { contentType, size } = file
  return {
    number,
    source: file,
    asset,
    toJSON: () => ({ ...asset, name: file.name, size, contentType })
  }
}

const told = (row: Numbered, hash: string, twin: string | undefined): Numbered => ({
  ...row,
  twin,
  toJSON: () => [row.toJSON(), hash]
})

// In the order of the input, so that it does not depend on their sizes which of two files counts.
const hashed =
  ({ duplicateOf: twinOf }: ContentIndex, concurrency: number) =>
  <E, R>(rows: Stream.Stream<Numbered, E, R>): Stream.Stream<Numbered, E, R> =>
    rows.pipe(
      Stream.mapEffect((row) => Effect.map(Effect.either(sha256(row.source)), (hash) => ({ ...row, hash })), {
        concurrency
      }),
      Stream.map((row) =>
        Either.isLeft(row.hash)
          ? row
          : told(row, row.hash.right, twinOf(row.hash.right, named(row.asset) ?? `#${row.number}`))
      )
    )

type Looking = (
  items: ReadonlyArray<Item>
) => Effect.Effect<ReadonlyArray<Decision<Item, UploadedAsset, Own>>, Own | ListError>

// A file that is not to be sent is not looked up either.
const withoutTwins =
  (look: Looking, duplicates: UploadFilesOptions["duplicates"]): Looking =>
  (items) =>
    Effect.map(look(items.filter(({ twin }) => twin === undefined)), (looks) => {
      let next = 0
      return items.map((item): Decision<Item, UploadedAsset, Own> => {
        const { asset, number, twin } = item
        if (twin === undefined) return looks[next++] ?? { _tag: "Go", item }
        const key = named(asset) ?? `#${number}`
        const message = `${JSON.stringify(key)} has the same content as ${JSON.stringify(twin)}.`
        return duplicates === "refuse"
          ? { _tag: "Refuse", error: duplicate(key, "input", message) }
          : { _tag: "Skip", reason: "duplicate", message }
      })
    })

/** Stores one file, and returns its address. */
type PutFile = (
  projectId: IdInput<ProjectId>,
  source: FileSource,
  options: PutOptions & Pick<UploadFilesOptions, "bucket" | "storage">
) => Effect.Effect<{ readonly fileUrl: string }, UploadError>

/** `Uploads.files` */
export const uploadFiles = (
  { client, lookup }: { readonly client: AngoClient["Type"]; readonly lookup: Lookup },
  put: PutFile
): FileUploadMethods["files"] => {
  function files(
    projectId: IdInput<ProjectId>,
    rows: Iterable<FileRow>,
    options?: UploadFilesOptions
  ): Stream.Stream<RowOutcome<UploadedAsset, UploadRowError>, UploadFilesError>
  function files<E, R>(
    projectId: IdInput<ProjectId>,
    rows: Stream.Stream<FileRow, E, R>,
    options?: UploadFilesOptions
  ): Stream.Stream<RowOutcome<UploadedAsset, UploadRowError>, E | UploadFilesError, R>
  function files<E, R>(
    projectId: IdInput<ProjectId>,
    rows: Rows<FileRow, E, R>,
    options: UploadFilesOptions = {}
  ): Stream.Stream<RowOutcome<UploadedAsset, UploadRowError>, E | UploadFilesError, R> {
    const { bucket, chunk = 100, concurrency = 16, duplicates = "skip", storage } = options

    return Stream.unwrap(
      Effect.gen(function* () {
        const settings = omitUndefined({ ...options, project: projectId })
        yield* validateInput(operation, Options, settings, () => problemOf(options))
        const {
          idsOf,
          decide: look,
          ...hub
        } = yield* cloudRows<Item, UploadedAsset>(
          { client, lookup },
          projectId,
          { ...options, uploadLocal: true },
          {
            externalIdOf: ({ asset }) => named(asset),
            assetOf: ({ asset, data }) => ({ ...asset, ...omitUndefined({ data }) }),
            valueOf: ({ data, ...shown }, item) =>
              omitUndefined({ ...shown, fileUrl: item.data ?? data, sha256: item.data && item.sha256 })
          }
        )
        const slots = yield* Effect.makeSemaphore(concurrency)
        const bytes = counter()
        const same = options.duplicatesBy === "content" ? makeContentIndex() : undefined
        const total = Array.isArray(rows)
          ? (rows as ReadonlyArray<FileRow>).reduce((sum, { source }) => sum + source.size, 0)
          : undefined
        const tell = Effect.suspend(() =>
          options.onProgress === undefined
            ? Effect.void
            : options.onProgress(omitUndefined({ ...bytes.count(), total }))
        )

        const prepare = ({ asset, hash, number, source, twin }: Numbered): Effect.Effect<Item, Own> =>
          Effect.gen(function* () {
            const about = yield* validateInput(operation, Row, { row: omitUndefined({ ...asset, storage }) })
            const known = hash === undefined ? {} : { sha256: yield* hash }
            const batches = asset.batches === undefined ? {} : { batches: yield* idsOf(asset.batches) }
            return { number, source, asset: { ...about.row, ...batches }, twin, ...known }
          })

        const ready = (item: Item): Effect.Effect<Item, Own> =>
          put(projectId, item.source, {
            bucket,
            storage,
            onProgress: ({ sent }) =>
              Effect.zipRight(
                Effect.sync(() => bytes.moves(item.number, sent)),
                tell
              )
          }).pipe(
            Effect.tapBoth({
              onFailure: () =>
                Effect.zipRight(
                  Effect.sync(() => bytes.failed(item.number)),
                  tell
                ),
              onSuccess: () =>
                Effect.zipRight(
                  Effect.sync(() => bytes.stored(item.number)),
                  tell
                )
            }),
            Effect.map(({ fileUrl }) => ({ ...item, data: fileUrl })),
            slots.withPermits(1)
          )

        const input = (
          Predicate.hasProperty(rows, Stream.StreamTypeId) ? rows : Stream.fromIterable(rows)
        ).pipe(
          Stream.mapAccum(0, (number, row): [number, Numbered] => {
            bytes.begins(number, row.source.size)
            return [number + 1, numbered(row, number)]
          })
        )

        return write(
          {
            operation,
            of: `uploads.files of project ${projectId}`,
            makes: "Created",
            keyOf: ({ asset }) => named(asset),
            isUnique: duplicates !== "allow",
            // Files of one name and size may hold anything: only their hashes tell.
            isWhole: same !== undefined,
            toItem: prepare,
            ...(look === undefined ? {} : { decide: withoutTwins(look, duplicates) }),
            prepare: ready,
            perRow: concurrency,
            ...hub,
            readsBack: options.readBackIds ?? true,
            toValue: ({ asset, data, sha256: hash }) =>
              omitUndefined({ externalId: named(asset), fileUrl: data, sha256: hash }),
            codec: keeping
          },
          same === undefined ? input : hashed(same, 4)(input),
          {
            chunk,
            // Enough chunks for as many files at a time, and one that is being made assets meanwhile.
            concurrency: Math.ceil(concurrency / chunk) + 1,
            onSummary: options.onSummary,
            ledger:
              same !== undefined && options.ledger !== undefined
                ? same.with(options.ledger, (value) => Option.getOrUndefined(keeping.read(value))?.sha256)
                : options.ledger
          }
        ).pipe(
          Stream.mapChunksEffect((some) =>
            Effect.suspend(() => {
              let isNews = false
              for (const { index } of some) isNews = bytes.ends(index) || isNews
              return Effect.as(isNews ? tell : Effect.void, some)
            })
          )
        )
      })
    ).pipe(Stream.withSpan("Uploads.files"))
  }
  return files
}
