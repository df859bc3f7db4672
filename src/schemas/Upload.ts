/**
 * Files on their way to the hub's storage, and back.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.js"

/**
 * What a file is for; it decides about its place in the bucket.
 *
 * @since 0.1.0
 */
export const FileType = Open.enumOf(
  "assets",
  "segmentationModels",
  "brushes",
  "medicalBrushes",
  "exports",
  "instructions"
)

/** @since 0.1.0 */
export type FileType = typeof FileType.Type

/**
 * A pre-signed link: whoever has it may use it, so that it is a credential. It is `Redacted`, and prints as
 * `<redacted>` in logs, spans and errors; `Redacted.value` opens it.
 *
 * @since 0.1.0
 */
export const SignedLink = Schema.Redacted(Schema.String)
