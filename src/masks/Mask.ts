/**
 * Masks of a task: the brush as PNG, the voxel brush as NRRD. `PngMask` and `NrrdMask` make them; `Annotations.annotate`
 * and `Uploads.putMask` send them.
 *
 * @since 0.1.0
 */
import type * as Either from "effect/Either"
import type { InvalidMask } from "../errors/InvalidMask.js"

/**
 * A merge of two masks. With equal sides, `mask` is the present one with the pixels or voxels of the added one on top,
 * and `isPresentKept` is true. With other sides, `mask` is the added one alone, and nothing of the present one is left.
 *
 * @category models
 * @since 0.1.0
 */
export interface Merge<Kind> {
  readonly mask: Kind
  readonly isPresentKept: boolean
  /** The sides of the present mask. */
  readonly presentSize: ReadonlyArray<number>
}

/**
 * A brush mask: a PNG of the size of its image, transparent where nothing is drawn. `PngMask` makes one.
 *
 * @category models
 * @since 0.1.0
 */
export interface Brush {
  readonly kind: "brush"
  /** Width and height in pixels. */
  readonly size: ReadonlyArray<number>
  /** The PNG file. */
  readonly bytes: Uint8Array
  /** Merges it into the bytes of a present PNG; see `PngMask.merge`. */
  readonly mergeInto: (present: Uint8Array) => Either.Either<Merge<Brush>, InvalidMask>
}

/**
 * A voxel brush mask: an NRRD of one byte per voxel, 0 where nothing is drawn. `NrrdMask` makes one.
 *
 * @category models
 * @since 0.1.0
 */
export interface MedicalBrush {
  readonly kind: "medicalBrush"
  /** The sides along x, y and z in voxels. */
  readonly size: ReadonlyArray<number>
  /** The NRRD file. */
  readonly bytes: Uint8Array
  /** Merges it into the bytes of a present NRRD; see `NrrdMask.merge`. */
  readonly mergeInto: (present: Uint8Array) => Either.Either<Merge<MedicalBrush>, InvalidMask>
}

/**
 * A mask of either kind.
 *
 * @category models
 * @since 0.1.0
 */
export type Mask = Brush | MedicalBrush
