/**
 * A mask that cannot be encoded, decoded or merged.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * A mask cannot be used. Nothing of it is sent. `mask` says which of two: the `added` one, or the `present` one of a
 * merge. `reason` says why:
 *
 * - `size`: a side is not a positive integer, or the number of values does not match the sides.
 * - `value`: a value is not an integer from 0 to 255, a label has no colour, or a colour is not `#rrggbb`.
 * - `format`: the bytes are neither a PNG nor an NRRD.
 * - `damaged`: the file is incomplete, or does not match its checksum or its header.
 * - `unsupported`: the file is valid, and of a kind that is not read, such as an NRRD with detached data.
 * - `too-large`: the header claims more than 1 GiB of pixels or voxels. Nothing was allocated for them.
 * - `other-size`: the present mask has other sides than the added one, which cannot be merged into it.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidMask extends Data.TaggedError("InvalidMask")<{
  readonly reason: "size" | "value" | "format" | "damaged" | "unsupported" | "too-large" | "other-size"
  readonly mask: "added" | "present"
  readonly message: string
}> {}
