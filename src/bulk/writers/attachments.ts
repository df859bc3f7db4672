// The bulk write of the service `Attachments`.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { AttachmentsApi } from "../../api/attachments.js"
import { label } from "../../api/operation.js"
import { type ListError, RowRejected } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import type { Asset } from "../../schemas/Asset.js"
import { AssetAttachments, type AttachmentCounts } from "../../schemas/AssetAttachments.js"
import { AssetId, fromInput, type IdInput, ProjectId } from "../../schemas/ids.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import { makeAssetCache } from "../assetCache.js"
import type { Lookup, LookupOptions } from "../assetLookup.js"
import { type BulkOptions, bulkOptionFields, optionalCallback } from "../engine/bulkOptions.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import { rowValidation } from "../engine/rowValidation.js"
import {
  type BulkResponse,
  type Decision,
  type ReadBack,
  type RowError,
  type RowResult,
  rowCodec,
  type StopError,
  type Writer
} from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import { externalIdOf } from "./assetWriter.js"

/**
 * The assets that got the attachments of a row; without ids if the row names its asset by `data`.
 *
 * @category models
 * @since 0.1.0
 */
export interface AttachedAssets {
  readonly assets?: ReadonlyArray<AssetId>
}

type WriterError = ListError | RowRejected

/**
 * What one row of `Attachments.create` can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type AttachmentRowError = RowError<WriterError>

/**
 * What ends `Attachments.create` as a whole.
 *
 * @category errors
 * @since 0.1.0
 */
export type AttachmentsError = StopError<WriterError>

/**
 * The options of `Attachments.create`.
 *
 * @category options
 * @since 0.1.0
 */
export interface AttachmentsOptions extends BulkOptions {
  /** Runs after each accepted request, with its counts. */
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
   * Attaches images, videos, texts and HTML to existing assets (`POST /attachments`), any number of rows with one outcome per
   * row. `Updated`, or `Skipped` (`exists`) if the asset already shows these attachments. Each row names its asset by
   * `externalId`, `data` or both and has at least one attachment, otherwise it fails with `InvalidRequest`; all assets
   * with an external id get the attachments. A row without an asset is `Failed` with `RowRejected` (`unknown-asset`),
   * and not sent.
   *
   * An image (`.png`, `.jpg`) or video (`.mp4`) is given by URL, which ends in `?storageId=<id>` for a private storage
   * and contains the region for S3; a text or HTML is given as it is.
   *
   * Assets are looked up by external id or by one pass over the list, as in `Annotations.importLabels`
   * (`GET /project/{projectId}/assets`), and again after a response
   * that is lost or counts too few: a row is `Unknown` if the list does not show it. No list can be filtered by `data`:
   * such rows are sent with one request per asset, and `Failed` with `RowRejected` (`not-applied`) if the hub counts
   * nothing. A row that is in the input twice is `Skipped` (`duplicate`); other attachments for the same asset are not.
   * Otherwise as `Assets.importFromCloud`.
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

const operation = AttachmentsApi.operations.create

const Attached = Schema.Struct({ assets: Schema.optionalWith(Schema.Array(AssetId), { exact: true }) })

const validateRow = rowValidation(operation, Schema.Struct({ row: AssetAttachments }))

const Options = Schema.typeSchema(
  Schema.Struct({ ...bulkOptionFields, project: ProjectId, onResponse: optionalCallback })
)

/** A row; with its assets and their number of attachments once it was looked up, unless it names them by data. */
interface Item {
  readonly row: AssetAttachments
  readonly assets?: ReadonlyArray<AssetId>
  readonly attachmentsBefore?: number
}

const countAttachments = (assets: ReadonlyArray<Asset>): number =>
  assets.reduce((sum, { attachments }) => sum + (attachments?.length ?? 0), 0)

const showAttachments = (assets: ReadonlyArray<Asset>, row: AssetAttachments): boolean =>
  assets.every(({ attachments }) =>
    row.attachments.every(({ type, value }) =>
      attachments?.some((shown) => shown.type === type && shown.value === value)
    )
  )

const toValue = (assets: ReadonlyArray<Asset>): AttachedAssets => ({ assets: assets.map(({ id }) => id) })

const unknownAsset = (key: string): RowRejected =>
  new RowRejected({
    reason: "unknown-asset",
    ...operationContext(
      operation,
      `${label(operation)} was not sent for this row: the project has no asset with the external id ` +
        `${JSON.stringify(key)}. Import it first (Assets.importFromCloud), or correct the id.`
    ),
    key
  })

const notApplied = (sent: number, accepted: number): RowRejected =>
  new RowRejected({
    reason: "not-applied",
    ...operationContext(
      operation,
      `${label(operation)} was sent with ${sent} rows. The hub applied ${accepted} of them, not this one. Check that ` +
        "the project has its asset (Assets.page), or run it again."
    ),
    sent,
    accepted
  })

const makeWriter = (
  client: GroupClient<typeof AttachmentsApi>,
  lookup: Lookup,
  projectId: IdInput<ProjectId>,
  { onResponse }: AttachmentsOptions
): Writer<AssetAttachments, Item, AttachedAssets, WriterError> => {
  const cache = makeAssetCache(({ attachments, data, externalId, id }) =>
    omitUndefined({ id, externalId, data, attachments })
  )
  // An asset without attachments proves something only if the list shows those of others.
  let listShowsAttachments = false

  // `undefined` for rows whose asset no list shows: those without an external id, and those whose data the hub may
  // write in another way than the row.
  const assetsOf = (
    items: ReadonlyArray<Item>,
    options?: LookupOptions
  ): Effect.Effect<ReadonlyArray<ReadonlyArray<Asset> | undefined>, ListError> =>
    Effect.map(
      lookup(
        projectId,
        items.flatMap(({ row }) => externalIdOf(row) ?? []),
        options
      ),
      (assets) => {
        const byExternalId = new Map<string, Array<Asset>>()
        for (const asset of assets) {
          listShowsAttachments ||= countAttachments([asset]) > 0
          const group = byExternalId.get(asset.externalId ?? "")
          if (group === undefined) byExternalId.set(asset.externalId ?? "", [asset])
          else group.push(asset)
        }
        return items.map(({ row }) => {
          const key = externalIdOf(row)
          if (key === undefined) return undefined
          const group = byExternalId.get(key) ?? []
          if (row.data == null || group.length === 0) return group
          const withData = group.filter(({ data }) => data === row.data)
          return withData.length === 0 ? undefined : withData
        })
      }
    )

  const lookUp = (items: ReadonlyArray<Item>) =>
    Effect.map(assetsOf(items, { cache }), (all) =>
      items.map(({ row }, index): Decision<Item, AttachedAssets, RowRejected> => {
        const assets = all[index]
        if (assets === undefined) return { _tag: "Send", item: { row } }
        const key = externalIdOf(row) ?? ""
        if (assets.length === 0) return { _tag: "Reject", error: unknownAsset(key) }
        if (showAttachments(assets, row)) {
          const message = `The asset with the external id ${JSON.stringify(key)} already shows these attachments.`
          return { _tag: "Skip", reason: "exists", message, value: toValue(assets) }
        }
        return {
          _tag: "Send",
          item: { row, assets: assets.map(({ id }) => id), attachmentsBefore: countAttachments(assets) }
        }
      })
    )

  const stateOf = (
    { attachmentsBefore = 0, row }: Item,
    assets: ReadonlyArray<Asset> | undefined
  ): ReadBack<AttachedAssets> => {
    if (assets === undefined) {
      return {
        _tag: "Undecidable",
        why: "the row names its asset by data, and no list can be filtered by data."
      }
    }
    if (assets.length === 0) return { _tag: "Absent" }
    if (showAttachments(assets, row)) return { _tag: "Present", value: toValue(assets) }
    if (!listShowsAttachments && assets.some(({ attachments }) => attachments == null)) {
      return { _tag: "Undecidable", why: "the list of assets shows no attachments." }
    }
    // The hub may show a URL in another way than it was sent.
    return countAttachments(assets) > attachmentsBefore
      ? { _tag: "Undecidable", why: "its asset shows new attachments, but not exactly these." }
      : { _tag: "Absent" }
  }

  const read = (items: ReadonlyArray<Item>) =>
    Effect.map(assetsOf(items), (all) => items.map((item, index) => stateOf(item, all[index])))

  // The hub ignores rows without an asset, and counts the others.
  const toResponse = (
    items: ReadonlyArray<Item>,
    imported: number | null | undefined
  ): Effect.Effect<BulkResponse<AttachedAssets, WriterError>> => {
    const expected = items.reduce(
      (sum, { assets, row }) => sum + row.attachments.length * (assets?.length ?? 1),
      0
    )
    const isComplete =
      imported == null ? items.every(({ assets }) => assets !== undefined) : imported >= expected
    if (isComplete) return Effect.succeed({ _tag: "Done" })
    const rejected = (accepted: number): RowResult<AttachedAssets, WriterError> => ({
      _tag: "Rejected",
      error: notApplied(items.length, accepted),
      retryable: true
    })
    if (imported === 0) return Effect.succeed({ _tag: "PerRow", results: items.map(() => rejected(0)) })
    return Effect.match(read(items), {
      onFailure: ({ _tag }): BulkResponse<AttachedAssets, WriterError> => {
        const why = `the hub applied a part of the request, and reading the assets failed (${_tag}).`
        return { _tag: "PerRow", results: items.map(() => ({ _tag: "Undecidable", why })) }
      },
      onSuccess: (states): BulkResponse<AttachedAssets, WriterError> => {
        const accepted = states.filter(({ _tag }) => _tag === "Present").length
        return {
          _tag: "PerRow",
          results: states.map((state) => (state._tag === "Absent" ? rejected(accepted) : state))
        }
      }
    })
  }

  return {
    operation,
    name: `${operation.name} of project ${projectId}`,
    outcome: "Updated",
    input: {
      keyOf: externalIdOf,
      isUnique: true,
      // Several rows can add attachments to one asset, but not the same ones.
      identityOf: (row) => row,
      toItem: (row) => validateRow({ row })
    },
    lookUp,
    request: {
      // For an asset that cannot be looked up, the count is all there is to know: it needs its own request.
      groupOf: ({ assets, row }) =>
        assets === undefined ? JSON.stringify([row.data, row.externalId]) : "looked up",
      send: (items) =>
        client.attachments
          .create({
            payload: { project: fromInput(projectId), attachments: items.map(({ row }) => row) }
          })
          .pipe(
            Effect.tap(({ data }) => (onResponse === undefined ? Effect.void : onResponse(data.project))),
            Effect.flatMap(({ data }) => toResponse(items, data.project.attachmentsImported))
          )
    },
    readBack: {
      read,
      afterSuccess: false,
      snapshot: {
        save: ({ attachmentsBefore }) => attachmentsBefore,
        restore: (item, saved) => (typeof saved === "number" ? { ...item, attachmentsBefore: saved } : item)
      }
    },
    value: {
      of: ({ assets }) => (assets === undefined ? {} : { assets }),
      codec: rowCodec(Attached)
    }
  }
}

/** Makes `Attachments.create`. */
export const makeAttachments = (
  client: GroupClient<typeof AttachmentsApi>,
  lookup: Lookup
): AttachmentMethods["create"] => {
  const create = <E, R>(
    projectId: IdInput<ProjectId>,
    rows: Rows<AssetAttachments, E, R>,
    options: AttachmentsOptions = {}
  ): Stream.Stream<RowOutcome<AttachedAssets, AttachmentRowError>, E | AttachmentsError, R> =>
    Stream.unwrap(
      Effect.map(validateInput(operation, Options, omitUndefined({ ...options, project: projectId })), () =>
        write(makeWriter(client, lookup, projectId, options), rows, options)
      )
    ).pipe(Stream.withSpan("Attachments.create"))

  // The implementation cannot express that rows of an iterable do not fail; the overloads do.
  return create as AttachmentMethods["create"]
}
