/**
 * Files in the hub's storage: types, names and signed links.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * The purpose of a file, such as `assets`, `brushes` or `instructions`. It determines the folder in the bucket.
 *
 * @category schemas
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

// URL parsers resolve these segments.
const isDotSegment = (segment: string): boolean => segment === "." || segment === ".."

/**
 * The name of a file in a request. It becomes the end of a URL, so that no segment may be `.` or `..`: the file would not
 * be reachable.
 *
 * @category schemas
 * @since 0.1.0
 */
export const FileName = Schema.String.pipe(
  Schema.minLength(1, { title: "a file name" }),
  Schema.filter((name) => !name.split(/[\\/]/).some(isDotSegment), {
    title: 'a file name such as cat.jpg, without "." or ".." as a segment'
  })
)

/**
 * A pre-signed link. It is a credential: anyone who has it can use it. It is `Redacted`, so that logs, spans and errors
 * show `<redacted>`; `Redacted.value` returns it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SignedLink = Schema.Redacted(Schema.String)
