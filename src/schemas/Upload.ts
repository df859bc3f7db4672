/**
 * Files on their way to the hub's storage, and back.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

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

// A URL that has one loses it, and what is before it, wherever it is parsed.
const isDots = (segment: string): boolean => segment === "." || segment === ".."

/**
 * The name of a file, as an input. It becomes the end of a URL: none of its segments may be `.` or `..`, under which
 * the file could not be reached.
 *
 * @since 0.1.0
 */
export const FileName = Schema.String.pipe(
  Schema.minLength(1, { title: "a file name" }),
  Schema.filter((name) => !name.split(/[\\/]/).some(isDots), {
    title: 'a file name such as cat.jpg, in which neither "." nor ".." is a folder or the whole'
  })
)

/**
 * A pre-signed link: whoever has it may use it, so that it is a credential. It is `Redacted`, and prints as
 * `<redacted>` in logs, spans and errors; `Redacted.value` opens it.
 *
 * @since 0.1.0
 */
export const SignedLink = Schema.Redacted(Schema.String)
