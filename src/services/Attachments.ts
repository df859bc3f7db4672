/**
 * Attachments: what annotators see beside an asset.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import { assetLookup } from "../bulk/assetLookup.js"
import type { RowOutcome } from "../bulk/RowOutcome.js"
import {
  type AttachedAssets,
  type AttachmentRowError,
  type AttachmentsError,
  type AttachmentsOptions,
  makeAttachmentsWrite
} from "../bulk/writers/attachments.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import type { AssetAttachments } from "../schemas/AssetAttachments.js"
import type { IdInput, ProjectId } from "../schemas/ids.js"

/** @since 0.1.0 */
export interface AttachmentsService {
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

/** @since 0.1.0 */
export const make: Effect.Effect<AttachmentsService, never, AngoClient | AngoConfig> = Effect.gen(
  function* () {
    const client = yield* AngoClient
    const { pageSize } = yield* AngoConfig
    return { create: makeAttachmentsWrite(client, assetLookup(client, pageSize)) }
  }
)

/**
 * The attachments of Ango Hub.
 *
 * @since 0.1.0
 */
export class Attachments extends Context.Tag("effect-ango/Attachments")<Attachments, AttachmentsService>() {
  static readonly layer: Layer.Layer<Attachments, never, AngoClient | AngoConfig> = Layer.effect(
    Attachments,
    make
  )
}
