/**
 * Attachments: what annotators see beside an asset.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { CallError } from "../AngoError.js"
import { operations } from "../api/Operations.js"
import { AngoClient } from "../layers/AngoClient.js"
import { check } from "../layers/Check.js"
import { AssetAttachments, type AttachmentCounts } from "../schemas/Attachments.js"
import { fromInput, type IdInput, type ProjectId } from "../schemas/Id.js"
import * as Open from "../schemas/Open.js"

/** @since 0.1.0 */
export interface AttachmentsService {
  /**
   * Attaches images, videos and texts to assets that are in the project (`POST /attachments`). Each entry names
   * its asset by `externalId`, `data` or both and has at least one attachment, else `InvalidRequest`. The counts
   * tell how many were imported: an entry whose asset is not there is no error of the hub.
   *
   * An image (`.png`, `.jpg`) or a video (`.mp4`) is given by its URL, which for a private storage ends in
   * `?storageId=<id>` and for S3 names the region; a text is given as it is.
   *
   * @example
   * ```ts
   * import { Attachments } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const hint = Effect.gen(function*() {
   *   const attachments = yield* Attachments
   *   return yield* attachments.create("65aa0000000000000000a001", [
   *     { externalId: "tom.jpg", attachments: [{ type: "TEXT", value: "The left cat only." }] }
   *   ])
   * })
   * ```
   */
  readonly create: (
    projectId: IdInput<ProjectId>,
    attachments: ReadonlyArray<AssetAttachments>
  ) => Effect.Effect<AttachmentCounts, CallError>
}

const Nested = Schema.Struct({
  attachments: Open.atLeastOne(AssetAttachments, "at least one asset with attachments")
})

/** @since 0.1.0 */
export const make: Effect.Effect<AttachmentsService, never, AngoClient> = Effect.gen(function* () {
  const { attachments: client } = yield* AngoClient

  return {
    create: Effect.fn("Attachments.create")(function* (projectId, attachments) {
      // The contract also knows the flat form, and would explain a mistake by what that one lacks.
      const checked = yield* check(operations["attachments.create"], Schema.typeSchema(Nested), {
        attachments
      })
      const { data } = yield* client.create({ payload: { project: fromInput(projectId), ...checked } })
      return data.project
    })
  }
})

/**
 * The attachments of Ango Hub.
 *
 * @since 0.1.0
 */
export class Attachments extends Context.Tag("effect-ango/Attachments")<Attachments, AttachmentsService>() {
  static readonly layer: Layer.Layer<Attachments, never, AngoClient> = Layer.effect(Attachments, make)
}
