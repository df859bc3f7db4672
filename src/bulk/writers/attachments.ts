/**
 * How attachments get to their assets: the bulk write of the service `Attachments`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { label, operations } from "../../api/operations.js"
import { type ListError, RowRejected } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import type { Asset } from "../../schemas/Asset.js"
import { AssetAttachments, type AttachmentCounts } from "../../schemas/AssetAttachments.js"
import { AssetId, fromInput, type IdInput, ProjectId } from "../../schemas/ids.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import type { Lookup } from "../assetLookup.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import {
  Bulk,
  type BulkOptions,
  type BulkResponse,
  type Decision,
  type ReadBack,
  type Result,
  type RowError,
  rowCodec,
  type Stop,
  type Writer
} from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"

/**
 * The assets that a row is meant for; without their ids when it names its asset by `data`, where no list shows them.
 *
 * @since 0.1.0
 */
export interface AttachedAssets {
  readonly assets?: ReadonlyArray<AssetId>
}

type Own = ListError | RowRejected

/**
 * What one row of `Attachments.create` can fail with.
 *
 * @since 0.1.0
 */
export type AttachmentRowError = RowError<Own>

/**
 * What ends it as a whole.
 *
 * @since 0.1.0
 */
export type AttachmentsError = Stop<Own>

/**
 * How attachments are created.
 *
 * @since 0.1.0
 */
export interface AttachmentsOptions extends BulkOptions {
  /** Runs after each request with what the hub counted. */
  readonly onResponse?: ((counts: AttachmentCounts) => Effect.Effect<void>) | undefined
}

/**
 * The bulk write of the service `Attachments`.
 *
 * @category services
 * @since 0.1.0
 */
export interface AttachmentMethods {
  /**
   * Attaches images, videos and texts to assets that are in the project (`POST /attachments`), any number of rows,
   * with one outcome per row: `Updated`, or `Skipped` (`exists`) when its asset shows these attachments already. Each
   * row names its asset by `externalId`, `data` or both and has at least one attachment, else `InvalidRequest`; all
   * assets of an external id get them. A row whose asset is not there is `Failed` with `UnknownAsset`, and not sent.
   *
   * An image (`.png`, `.jpg`) or a video (`.mp4`) is given by its URL, which for a private storage ends in
   * `?storageId=<id>` and for S3 names the region; a text is given as it is.
   *
   * Assets are looked up by their external ids, chunk by chunk (`GET /project/{projectId}/assets`), and again after
   * an answer that is lost or counts too few: a row is `Unknown` when the list does not tell. By `data` no list is
   * searched: such rows are sent one asset at a time, `Failed` with `RowLeftOut` when the hub counts nothing. A row
   * that stands in the input twice is `Skipped` (`duplicate`); another one for the same asset is not. The rest is as
   * in `Assets.importFromCloud`; `chunk` is 1000 by default.
   *
   * @example
   * ```ts
   * import { Attachments, RowOutcome } from "effect-ango"
   * import { Effect, Stream } from "effect"
   *
   * const hints = Effect.gen(function*() {
   *   const attachments = yield* Attachments
   *   return yield* attachments.create("65aa0000000000000000a001", [
   *     { externalId: "tom.jpg", attachments: [{ type: "TEXT", value: "The left cat only." }] }
   *   ]).pipe(Stream.run(RowOutcome.summarize))
   * })
   * ```
   */
  readonly create: {
    (
      projectId: IdInput<ProjectId>,
      rows: Iterable<AssetAttachments>,
      options?: AttachmentsOptions
    ): Stream.Stream<RowOutcome<AttachedAssets, AttachmentRowError>, AttachmentsError>
    <E, R>(
      projectId: IdInput<ProjectId>,
      rows: Stream.Stream<AssetAttachments, E, R>,
      options?: AttachmentsOptions
    ): Stream.Stream<RowOutcome<AttachedAssets, AttachmentRowError>, E | AttachmentsError, R>
  }
}

const operation = operations["attachments.create"]

const Attached = Schema.Struct({ assets: Schema.optionalWith(Schema.Array(AssetId), { exact: true }) })

const Row = Schema.typeSchema(Schema.Struct({ row: AssetAttachments }))

const Options = Schema.typeSchema(
  Schema.Struct({
    ...Bulk,
    project: ProjectId,
    onResponse: Schema.optional(
      Schema.declare(Predicate.isFunction, { title: "a function that gives an effect" })
    )
  })
)

/** A row on its way; what it is meant for is known once it was looked up. */
interface Item {
  readonly row: AssetAttachments
  readonly meant?: ReadonlyArray<AssetId>
  /** How many attachments that had before. */
  readonly held?: number
}

// An empty external id names nothing.
const named = ({ externalId }: AssetAttachments): string | undefined =>
  externalId == null || externalId === "" ? undefined : externalId

const heldBy = (assets: ReadonlyArray<Asset>): number =>
  assets.reduce((sum, { attachments }) => sum + (attachments?.length ?? 0), 0)

const isShownBy = (assets: ReadonlyArray<Asset>, row: AssetAttachments): boolean =>
  assets.every(({ attachments }) =>
    row.attachments.every(({ type, value }) =>
      attachments?.some((shown) => shown.type === type && shown.value === value)
    )
  )

const toValue = (assets: ReadonlyArray<Asset>): AttachedAssets => ({ assets: assets.map(({ id }) => id) })

/** `Attachments.create` */
export const makeAttachmentsWrite = (
  client: AngoClient["Type"],
  lookup: Lookup
): AttachmentMethods["create"] => {
  const writing = (
    projectId: IdInput<ProjectId>,
    { onResponse }: AttachmentsOptions
  ): Writer<AssetAttachments, Item, AttachedAssets, Own> => {
    // That no attachments are shown means something where others are.
    let areShown = false

    // By data alone no list is searched, and it may write a URL in another way than the row.
    const meantBy = (
      items: ReadonlyArray<Item>
    ): Effect.Effect<ReadonlyArray<ReadonlyArray<Asset> | undefined>, ListError> =>
      Effect.map(
        lookup(
          projectId,
          items.flatMap(({ row }) => named(row) ?? [])
        ),
        (found) => {
          const all = new Map<string, Array<Asset>>()
          for (const asset of found) {
            areShown ||= heldBy([asset]) > 0
            const same = all.get(asset.externalId ?? "")
            if (same === undefined) all.set(asset.externalId ?? "", [asset])
            else same.push(asset)
          }
          return items.map(({ row }) => {
            const key = named(row)
            if (key === undefined) return undefined
            const same = all.get(key) ?? []
            if (row.data == null || same.length === 0) return same
            const narrowed = same.filter(({ data }) => data === row.data)
            return narrowed.length === 0 ? undefined : narrowed
          })
        }
      )

    const look = (items: ReadonlyArray<Item>) =>
      Effect.map(meantBy(items), (all) =>
        items.map(({ row }, at): Decision<Item, AttachedAssets, RowRejected> => {
          const assets = all[at]
          if (assets === undefined) return { _tag: "Go", item: { row } }
          const key = named(row) ?? ""
          if (assets.length === 0) {
            const message =
              `${label(operation)} was not sent for this row: the project has no asset with the external id ` +
              `${JSON.stringify(key)}. Import it first (Assets.importFromCloud), or correct the id.`
            return {
              _tag: "Refuse",
              error: new RowRejected({
                reason: "unknown-asset",
                ...operationContext(operation, message),
                key
              })
            }
          }
          if (isShownBy(assets, row)) {
            const message = `The asset with the external id ${JSON.stringify(key)} shows these attachments already.`
            return { _tag: "Skip", reason: "exists", message, value: toValue(assets) }
          }
          return {
            _tag: "Go",
            item: { row, meant: assets.map(({ id }) => id), held: heldBy(assets) }
          }
        })
      )

    const finding = (
      { held = 0, row }: Item,
      assets: ReadonlyArray<Asset> | undefined
    ): ReadBack<AttachedAssets> => {
      if (assets === undefined) {
        return { _tag: "Undecidable", why: "no list shows the asset, which is named by its data." }
      }
      if (assets.length === 0) return { _tag: "Absent" }
      if (isShownBy(assets, row)) return { _tag: "Present", value: toValue(assets) }
      if (!areShown && assets.some(({ attachments }) => attachments == null)) {
        return { _tag: "Undecidable", why: "the list of assets shows no attachments." }
      }
      // A hub may show a URL in another way than it was sent.
      return heldBy(assets) > held
        ? { _tag: "Undecidable", why: "its asset shows attachments, and not all of these." }
        : { _tag: "Absent" }
    }

    const find = (items: ReadonlyArray<Item>) =>
      Effect.map(meantBy(items), (all) => items.map((item, at) => finding(item, all[at])))

    // The hub passes over what it has no asset for, and counts the rest.
    const judged = (
      items: ReadonlyArray<Item>,
      imported: number | null | undefined
    ): Effect.Effect<BulkResponse<AttachedAssets, Own>> => {
      const wanted = items.reduce(
        (sum, { meant, row }) => sum + row.attachments.length * (meant?.length ?? 1),
        0
      )
      const isWhole = imported == null ? items.every(({ meant }) => meant !== undefined) : imported >= wanted
      if (isWhole) return Effect.succeed({ _tag: "Done" })
      const leftOut = (taken: number): Result<AttachedAssets, Own> => ({
        _tag: "Refused",
        error: new RowRejected({
          reason: "not-applied",
          ...operationContext(
            operation,
            `${label(operation)} was sent with ${items.length} rows, of which the hub took ${taken}, and not this ` +
              "one. Look whether the project has its asset (Assets.page), or run it again."
          ),
          sent: items.length,
          accepted: taken
        }),
        retryable: true
      })
      if (imported === 0) return Effect.succeed({ _tag: "Each", results: items.map(() => leftOut(0)) })
      return Effect.match(find(items), {
        onFailure: ({ _tag }): BulkResponse<AttachedAssets, Own> => {
          const why = `the hub took the request in part, and the assets could not be read (${_tag}).`
          return { _tag: "Each", results: items.map(() => ({ _tag: "Undecidable", why })) }
        },
        onSuccess: (findings): BulkResponse<AttachedAssets, Own> => {
          const taken = findings.filter(({ _tag }) => _tag === "Present").length
          return {
            _tag: "Each",
            results: findings.map((one) => (one._tag === "Absent" ? leftOut(taken) : one))
          }
        }
      })
    }

    return {
      operation,
      of: `${operation.name} of project ${projectId}`,
      makes: "Updated",
      keyOf: named,
      isUnique: true,
      // An asset may get attachments from several rows, but not the same ones.
      subjectOf: (row) => row,
      toItem: (row) => Effect.map(validateInput(operation, Row, { row }), (checked): Item => checked),
      decide: look,
      // Only the count of a request tells of an asset that cannot be looked up, so that it has one of its own.
      groupOf: ({ meant, row }) =>
        meant === undefined ? JSON.stringify([row.data, row.externalId]) : "looked up",
      send: (items) =>
        client.attachments
          .create({
            payload: { project: fromInput(projectId), attachments: items.map(({ row }) => row) }
          })
          .pipe(
            Effect.tap(({ data }) => (onResponse === undefined ? Effect.void : onResponse(data.project))),
            Effect.flatMap(({ data }) => judged(items, data.project.attachmentsImported))
          ),
      readBack: find,
      before: {
        note: ({ held }) => held,
        recall: (item, held) => (typeof held === "number" ? { ...item, held } : item)
      },
      readsBack: false,
      toValue: ({ meant }) => (meant === undefined ? {} : { assets: meant }),
      codec: rowCodec(Attached)
    }
  }

  const create = <E, R>(
    projectId: IdInput<ProjectId>,
    rows: Rows<AssetAttachments, E, R>,
    options: AttachmentsOptions = {}
  ): Stream.Stream<RowOutcome<AttachedAssets, AttachmentRowError>, E | AttachmentsError, R> =>
    Stream.unwrap(
      Effect.map(validateInput(operation, Options, omitUndefined({ ...options, project: projectId })), () =>
        write(writing(projectId, options), rows, options)
      )
    ).pipe(Stream.withSpan("Attachments.create"))

  // The overloads say that what is only iterable cannot fail, which the one implementation cannot.
  return create as AttachmentMethods["create"]
}
