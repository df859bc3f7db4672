// The bulk upload of the service `Uploads`: files are stored, then become assets.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { AssetsApi } from "../../api/assets.js"
import type { BatchesApi } from "../../api/batches.js"
import type { ProjectsApi } from "../../api/projects.js"
import type {
  FileError,
  InvalidRequest,
  ListError,
  UnknownBatch,
  UploadError
} from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { batchesInProject } from "../../filters/batchNames.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import { type FileSource, sha256 } from "../../layers/transfer/FileSource.js"
import type { PutOptions } from "../../layers/transfer/uploadBody.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import { FileAsset } from "../../schemas/AssetImport.js"
import { AssetId, fromInput, type IdInput, ProjectId, StorageId } from "../../schemas/ids.js"
import { Priority } from "../../schemas/Priority.js"
import type { Project } from "../../schemas/Project.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import type { Lookup } from "../assetLookup.js"
import { type ContentIndex, makeContentIndex } from "../contentIndex.js"
import { type BulkOptions, bulkOptionFields, optionalCallback, optionalCount } from "../engine/bulkOptions.js"
import { type Rows, toStream, write } from "../engine/bulkWrite.js"
import { rowValidation } from "../engine/rowValidation.js"
import { type Decision, type RowError, rowCodec, type StopError } from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import { makeUploadCounter } from "../uploadCounter.js"
import { duplicateError, externalIdOf, makeAssetWriter, operation } from "./assetWriter.js"
import type { CloudAssetInput } from "./cloudImport.js"

/**
 * A file that becomes an asset.
 *
 * @category models
 * @since 0.1.0
 */
export interface FileRow
  extends Pick<CloudAssetInput, "attachments" | "batches" | "contextData" | "externalId" | "metadata"> {
  readonly source: FileSource
  /** The file name, with its extension; by default that of the source. */
  readonly name?: string | undefined
  /** Your name for the asset, which identifies it in later runs; by default the file name. */
  readonly externalId?: string | undefined
}

/**
 * The progress of an upload of many files. At the end `sent` and `skipped` add up to `total`.
 *
 * @category models
 * @since 0.1.0
 */
export interface UploadProgress {
  /** Files stored so far. */
  readonly files: number
  /** Bytes sent of stored files and of files in progress; it decreases when a file is sent again. */
  readonly sent: number
  /** Bytes of files that were skipped or have failed. */
  readonly skipped: number
  /** Bytes of all files, if the rows are an array. */
  readonly total?: number
}

/**
 * The options of an upload, for all its files.
 *
 * @category options
 * @since 0.1.0
 */
export interface UploadFilesOptions extends Pick<BulkOptions, "ledger" | "onSummary"> {
  /** By name or id. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** Your own storage, instead of that of the hub. */
  readonly storage?: IdInput<StorageId> | undefined
  readonly bucket?: string | undefined
  /** -1000 to 1000, default 0; higher comes first. */
  readonly priority?: number | undefined
  /** Files in progress, 1 to 64; default 16. Each takes about 256 kB of memory. */
  readonly concurrency?: number | undefined
  /**
   * Files that become assets with one request, 1 to 10,000; default 100. None of them is an asset before all of them
   * are stored or have failed: use a small number for large files.
   */
  readonly chunk?: number | undefined
  /**
   * What to do with a row whose external id (compared exactly) an asset of the project or an earlier row has:
   *
   * - `"skip"` (default): `Skipped`, its file not sent. A row with the same external id as an earlier row is `Failed`
   *   with `RowRejected` (`duplicate`), unless the rows are equal and known to have the same content (`duplicatesBy`).
   * - `"refuse"`: `Failed` with `RowRejected` (`duplicate`) if the project has it; in the input as with `"skip"`.
   * - `"allow"`: it becomes another asset. Nothing is looked up, and rows whose response is lost stay `Unknown`.
   */
  readonly duplicates?: "skip" | "refuse" | "allow" | undefined
  /**
   * `"content"`: of several files with the same bytes (by SHA-256), the first is uploaded, whatever their names, and
   * the others are `Skipped` or refused. Each file is read once more for that before it is sent. The hub has no hashes:
   * files are compared to those of this input and, with a ledger, to those that were uploaded with this option before.
   * Not with `duplicates: "allow"`. Default `"externalId"`.
   */
  readonly duplicatesBy?: "externalId" | "content" | undefined
  /**
   * Whether to read the new assets back for their ids, which the response lacks; default `true`. `false` saves about
   * one request per hundred files. Has no effect with `duplicates: "allow"`.
   */
  readonly readBackIds?: boolean | undefined
  /** Runs after each part of a file that is sent (see `PutOptions`), and when files are skipped. */
  readonly onProgress?: ((progress: UploadProgress) => Effect.Effect<void>) | undefined
}

/**
 * An uploaded asset. `id` is there if the asset was read back or existed before; `fileUrl` is the address of its file;
 * `sha256` is the hash of what was sent, with `duplicatesBy: "content"`.
 *
 * @category models
 * @since 0.1.0
 */
export interface UploadedAsset {
  readonly id?: AssetId
  readonly externalId?: string
  readonly fileUrl?: string
  readonly sha256?: string
}

type WriterError = UploadError | UnknownBatch

/**
 * What one file of an upload can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type UploadRowError = RowError<WriterError>

/**
 * What ends an upload of many files as a whole.
 *
 * @category errors
 * @since 0.1.0
 */
export type UploadFilesError = StopError<WriterError>

/**
 * The bulk upload of the service `Uploads`.
 *
 * @category services
 * @since 0.1.0
 */
export interface FileUploadMethods {
  /**
   * Uploads files, and creates an asset with a task for each. Takes rows from a stream or an iterable, and returns one
   * outcome per row, in order. See `RowOutcome`.
   *
   * Each file is stored as by `Uploads.put` (a link from `GET /getUploadUrl`, then the bytes); the stored files of a
   * chunk then become assets (`POST /project/{projectId}/cloud`). A file that cannot be read, or that the storage does
   * not accept, is `Failed` and becomes no asset.
   *
   * The project is read first, once (`GET /project/{projectId}`). One of point clouds (type `pct`) is refused with
   * `InvalidRequest` before a byte is sent: its assets are folders of a storage, for `Assets.importFromCloud`
   * (docs/api-notes.md#point-clouds).
   *
   * Rows are looked up by external id before anything is sent, batches once per upload, and chunks are halved and read
   * back, as in `Assets.importFromCloud`. With a ledger each asset is created exactly once, however often the program
   * is killed and run again, provided that one process at a time uploads and the reads of the hub show its writes. A
   * file that was stored but not an asset yet when the program was killed is stored again under another name; nothing
   * refers to the first one. Rows without a name and an external id cannot be read back: if their response is lost,
   * they are `Unknown`. The ledger identifies a file by external id, size and type (with `duplicatesBy: "content"` also
   * by its bytes): a changed file with the same three counts as uploaded, and so does one whose asset exists.
   *
   * The stream fails, after the outcomes of the rows so far, with an error that affects every row: an invalid option
   * (`InvalidRequest`), a rejected key, a missing project, a ledger that cannot be written, five transient failures of
   * files or requests in a row, or fifty rejected ones in a row.
   *
   * Links count towards the rate limit: with the default, a hundred files per minute. Memory holds a few parts of each
   * file in progress, a few chunks of rows, and about a hundred bytes plus the key of each row.
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

const codec = rowCodec(Uploaded)

const validateRow = rowValidation(operation, Schema.Struct({ row: FileAsset }))

const Options = Schema.typeSchema(
  Schema.Struct({
    chunk: bulkOptionFields.chunk,
    concurrency: optionalCount(64),
    ledger: bulkOptionFields.ledger,
    onSummary: bulkOptionFields.onSummary,
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
    onProgress: optionalCallback
  })
)

const contradictionIn = ({ duplicates, duplicatesBy }: UploadFilesOptions) =>
  duplicates === "allow" && duplicatesBy === "content"
    ? {
        parameter: "duplicatesBy",
        reason: "It has no effect if duplicates are allowed: omit one of the two."
      }
    : undefined

/** A row of the input with its position, and the hash of its content if duplicates are found by content. */
interface NumberedRow {
  readonly index: number
  readonly source: FileSource
  readonly asset: Pick<FileRow, "attachments" | "batches" | "contextData" | "externalId" | "metadata">
  readonly hash?: Either.Either<string, FileError>
  /** The name of an earlier file with the same content. */
  readonly duplicateOf?: string | undefined
  /** The content by which a ledger identifies the row. */
  readonly toJSON: () => unknown
}

/** A valid row; `data` is the address of its file once it is stored. */
interface Item {
  readonly index: number
  readonly source: FileSource
  readonly asset: FileAsset
  readonly data?: string
  readonly sha256?: string
  readonly duplicateOf?: string | undefined
}

const nameOf = ({ asset, index }: NumberedRow | Item): string => externalIdOf(asset) ?? `#${index}`

const rename = (source: FileSource, name: string): FileSource => ({
  name,
  size: source.size,
  contentType: source.contentType,
  stream: () => source.stream(),
  bytes: source.bytes?.bind(source)
})

const toNumberedRow = ({ externalId, name, source, ...others }: FileRow, index: number): NumberedRow => {
  const file = name === undefined ? source : rename(source, name)
  const asset = omitUndefined({
    ...others,
    externalId: externalIdOf({ externalId: externalId ?? file.name })
  })
  const { contentType, size } = file
  return {
    index,
    source: file,
    asset,
    toJSON: () => ({ ...asset, name: file.name, size, contentType })
  }
}

/** Hashes files, several at a time, and compares them in the order of the input: the first of equal files counts. */
const findDuplicates =
  ({ duplicateOf }: ContentIndex, concurrency: number) =>
  <E, R>(rows: Stream.Stream<NumberedRow, E, R>): Stream.Stream<NumberedRow, E, R> =>
    rows.pipe(
      Stream.mapEffect((row) => Effect.map(Effect.either(sha256(row.source)), (hash) => ({ ...row, hash })), {
        concurrency
      }),
      Stream.map((row): NumberedRow => {
        if (Either.isLeft(row.hash)) return row
        const hash = row.hash.right
        return {
          ...row,
          duplicateOf: duplicateOf(hash, nameOf(row)),
          toJSON: () => [row.toJSON(), hash]
        }
      })
    )

type LookUp = (
  items: ReadonlyArray<Item>
) => Effect.Effect<ReadonlyArray<Decision<Item, UploadedAsset, WriterError>>, WriterError | ListError>

/** Skips or rejects files with the content of an earlier file, and looks only the others up. */
const withoutDuplicates =
  (lookUp: LookUp, duplicates: UploadFilesOptions["duplicates"]): LookUp =>
  (items) =>
    Effect.map(lookUp(items.filter(({ duplicateOf }) => duplicateOf === undefined)), (decisions) => {
      let next = 0
      return items.map((item): Decision<Item, UploadedAsset, WriterError> => {
        if (item.duplicateOf === undefined) return decisions[next++] ?? { _tag: "Send", item }
        const name = nameOf(item)
        const message = `${JSON.stringify(name)} has the same content as ${JSON.stringify(item.duplicateOf)}.`
        return duplicates === "refuse"
          ? { _tag: "Reject", error: duplicateError(name, "input", message) }
          : { _tag: "Skip", reason: "duplicate", message }
      })
    })

/** Fails for a project of point clouds, whose assets are folders of a storage and not files. */
const checkProjectType = ({ type }: Project): Effect.Effect<void, InvalidRequest> =>
  type === "pct"
    ? Effect.fail(
        invalidRequest(
          operation,
          "project",
          "It is a project of point clouds (type pct), into which files cannot be uploaded. Put each point cloud " +
            'into a folder of a connected storage, and import it with Assets.importFromCloud: data "<storage ' +
            'name>/<folder>", editorType "pct".'
        )
      )
    : Effect.void

/** Stores one file, and returns its address. */
type PutFile = (
  projectId: IdInput<ProjectId>,
  source: FileSource,
  options: PutOptions & Pick<UploadFilesOptions, "bucket" | "storage">
) => Effect.Effect<{ readonly fileUrl: string }, UploadError>

/** Makes `Uploads.files`. */
export const makeFileUpload = (
  {
    client,
    lookup
  }: {
    readonly client: GroupClient<typeof AssetsApi | typeof BatchesApi | typeof ProjectsApi>
    readonly lookup: Lookup
  },
  put: PutFile
): FileUploadMethods["files"] => {
  const files = <E, R>(
    projectId: IdInput<ProjectId>,
    rows: Rows<FileRow, E, R>,
    options: UploadFilesOptions = {}
  ): Stream.Stream<RowOutcome<UploadedAsset, UploadRowError>, E | UploadFilesError, R> => {
    const { bucket, chunk = 100, concurrency = 16, duplicates = "skip", storage } = options

    return Stream.unwrap(
      Effect.gen(function* () {
        const input = omitUndefined({ ...options, project: projectId })
        yield* validateInput(operation, Options, input, () => contradictionIn(options))
        // Read for its type; it also has the batches that the rows name.
        const path = { projectId: fromInput<ProjectId>(projectId) }
        const { project } = (yield* client.projects.get({ path })).data
        yield* checkProjectType(project)
        const { batchIds, lookUp, ...hub } = yield* makeAssetWriter<Item, UploadedAsset>(
          { client, lookup, projectBatches: batchesInProject(client, project) },
          projectId,
          { ...options, uploadLocal: true },
          {
            externalIdOf: ({ asset }) => externalIdOf(asset),
            assetOf: ({ asset, data }) => ({ ...asset, ...omitUndefined({ data }) }),
            toValue: ({ data, ...shown }, item) =>
              omitUndefined({ ...shown, fileUrl: item.data ?? data, sha256: item.data && item.sha256 })
          }
        )
        // Shared by all chunks, each of which prepares its rows concurrently.
        const slots = yield* Effect.makeSemaphore(concurrency)
        const contents = options.duplicatesBy === "content" ? makeContentIndex() : undefined
        const counter = makeUploadCounter()
        const total = Array.isArray(rows)
          ? (rows as ReadonlyArray<FileRow>).reduce((sum, { source }) => sum + source.size, 0)
          : undefined
        const reportProgress = Effect.suspend(() =>
          options.onProgress === undefined
            ? Effect.void
            : options.onProgress(omitUndefined({ ...counter.counts(), total }))
        )
        const count = (update: () => void) => Effect.zipRight(Effect.sync(update), reportProgress)

        const toItem = ({
          asset,
          duplicateOf,
          hash,
          index,
          source
        }: NumberedRow): Effect.Effect<Item, WriterError> => {
          const checked = validateRow({ row: storage === undefined ? asset : { ...asset, storage } })
          if (Either.isLeft(checked)) return Either.left(checked.left)
          if (hash !== undefined && Either.isLeft(hash)) return Either.left(hash.left)
          const { row } = checked.right
          const item: Item = {
            index,
            source,
            asset: row,
            duplicateOf,
            ...(hash === undefined ? {} : { sha256: hash.right })
          }
          return asset.batches === undefined
            ? Either.right(item)
            : Effect.map(batchIds(asset.batches), (batches) => ({ ...item, asset: { ...row, batches } }))
        }

        const store = (item: Item): Effect.Effect<Item, WriterError> =>
          put(projectId, item.source, {
            bucket,
            storage,
            onProgress: ({ sent }) => count(() => counter.setSent(item.index, sent))
          }).pipe(
            Effect.tapBoth({
              onFailure: () => count(() => counter.setFailed(item.index)),
              onSuccess: () => count(() => counter.setStored(item.index))
            }),
            Effect.map(({ fileUrl }) => ({ ...item, data: fileUrl })),
            slots.withPermits(1)
          )

        const numberedRows = toStream(rows).pipe(
          Stream.mapAccum(0, (index, row): [number, NumberedRow] => {
            counter.add(index, row.source.size)
            return [index + 1, toNumberedRow(row, index)]
          })
        )

        return write(
          {
            operation,
            name: `uploads.files of project ${projectId}`,
            outcome: "Created",
            input: {
              keyOf: ({ asset }: NumberedRow) => externalIdOf(asset),
              isUnique: duplicates !== "allow",
              // Files of the same name and size can differ; only hashes show that they do not.
              isContentComplete: contents !== undefined,
              toItem
            },
            ...hub,
            ...(lookUp === undefined ? {} : { lookUp: withoutDuplicates(lookUp, duplicates) }),
            preparation: { prepare: store, concurrency },
            value: {
              of: ({ asset, data, sha256: hash }) =>
                omitUndefined({ externalId: externalIdOf(asset), fileUrl: data, sha256: hash }),
              codec
            }
          },
          contents === undefined ? numberedRows : findDuplicates(contents, 4)(numberedRows),
          {
            chunk,
            // Enough chunks for `concurrency` files, and one more that is becoming assets meanwhile.
            concurrency: Math.ceil(concurrency / chunk) + 1,
            onSummary: options.onSummary,
            ledger:
              contents !== undefined && options.ledger !== undefined
                ? contents.withLedger(
                    options.ledger,
                    (value) => Option.getOrUndefined(codec.decode(value))?.sha256
                  )
                : options.ledger
          }
        ).pipe(
          Stream.mapChunksEffect((outcomes) =>
            Effect.suspend(() => {
              let isNewlySkipped = false
              for (const { index } of outcomes) isNewlySkipped = counter.remove(index) || isNewlySkipped
              return Effect.as(isNewlySkipped ? reportProgress : Effect.void, outcomes)
            })
          )
        )
      })
    ).pipe(Stream.withSpan("Uploads.files"))
  }

  // The implementation cannot express that rows of an iterable do not fail; the overloads do.
  return files as FileUploadMethods["files"]
}
