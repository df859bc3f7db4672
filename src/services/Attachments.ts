/**
 * Attachments: files and links that annotators see next to an asset.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AssetsApi } from "../api/assets.js"
import { AttachmentsApi } from "../api/attachments.js"
import { makeAssetLookup } from "../bulk/assetLookup.js"
import { type AttachmentMethods, makeAttachments } from "../bulk/writers/attachments.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"

/**
 * The methods of {@link Attachments}.
 *
 * @category services
 * @since 0.1.0
 */
export interface AttachmentsService extends AttachmentMethods {}

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<AttachmentsService, never, AngoClient | AngoConfig> = Effect.gen(
  function* () {
    const client = (yield* AngoClient).use(AssetsApi, AttachmentsApi)
    const { pageSize } = yield* AngoConfig
    return { create: makeAttachments(client, makeAssetLookup(client, pageSize)) }
  }
)

/**
 * The attachments of assets: files and links that annotators see next to an asset.
 *
 * @category services
 * @since 0.1.0
 */
export class Attachments extends Context.Tag("effect-ango/Attachments")<Attachments, AttachmentsService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Attachments, never, AngoClient | AngoConfig> = Layer.effect(
    Attachments,
    make
  )
}
