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
import { validateInput } from "../../layers/transport/inputValidation.js"
import { FileAsset } from "../../schemas/AssetImport.js"
import { AssetId, type IdInput, ProjectId, StorageId } from "../../schemas/ids.js"
import { Priority } from "../../schemas/Priority.js"
import type { UploadsService } from "../../services/Uploads.js"
import { fromEither } from "../../utils/either.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import type { Lookup } from "../assetLookup.js"
import { type ContentIndex, makeContentIndex } from "../contentIndex.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import { Bulk, type Decision, rowCodec, whole } from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import { counter } from "../uploadProgress.js"
import { cloudRows, duplicate, named, operation } from "./cloudRows.js"
import type {
  FileRow,
  UploadedAsset,
  UploadFilesError,
  UploadFilesOptions,
  UploadRowError
} from "./uploadFileTypes.js"

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

/** `Uploads.files` */
export const uploadFiles = (
  { client, lookup }: { readonly client: AngoClient["Type"]; readonly lookup: Lookup },
  put: UploadsService["put"]
): UploadsService["files"] => {
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
            const known = hash === undefined ? {} : { sha256: yield* fromEither(hash) }
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
