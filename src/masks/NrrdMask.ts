/**
 * Voxel brush masks as NRRD: from arrays, to voxels, and their merging. Pure functions; none is called by the services,
 * so that a program without masks contains no codec.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type { InvalidMask } from "../errors/InvalidMask.js"
import { concat } from "../utils/concat.js"
import { gunzip, gzip } from "./gzip.js"
import type { MedicalBrush, Merge } from "./Mask.js"
import { fail, ofPresent, type Result } from "./maskError.js"
import { makeNrrdHeader, type NrrdHeader, readNrrdHeader } from "./nrrdHeader.js"
import { byteCount, checkLength, toBytes } from "./sides.js"

/**
 * The voxels of a volume: one label each, an integer from 0 to 255, or `true` for 1.
 *
 * @category models
 * @since 0.1.0
 */
export interface Volume {
  /** The side along x, in voxels. */
  readonly width: number
  /** The side along y, in voxels. */
  readonly height: number
  /** The side along z, in voxels: the number of slices. */
  readonly depth: number
  /** Slice by slice, line by line: the label of voxel (x, y, z) is at `(z * height + y) * width + x`. */
  readonly data: ArrayLike<number> | ArrayLike<boolean>
}

/**
 * A decoded {@link Volume}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Voxels extends Volume {
  readonly data: Uint8Array
}

interface DecodedNrrd {
  readonly header: NrrdHeader
  readonly data: Uint8Array
}

const makeMedicalBrush = (bytes: Uint8Array, size: ReadonlyArray<number>): MedicalBrush => ({
  kind: "medicalBrush",
  size,
  bytes,
  mergeInto: (present) => merge(present, bytes)
})

const writeNrrd = ({ bytes, encoding, size }: NrrdHeader, data: Uint8Array): MedicalBrush =>
  makeMedicalBrush(concat([bytes, encoding === "gzip" ? gzip(data) : data]), size)

const readNrrd = (bytes: Uint8Array): Result<DecodedNrrd> =>
  Either.gen(function* () {
    const header = yield* readNrrdHeader(bytes)
    const count = yield* byteCount(header.size, 1)
    const content = bytes.subarray(header.bytes.length)
    if (header.encoding === "gzip") return { header, data: yield* gunzip(content, count) }
    if (content.length === count) return { header, data: content }
    const problem = `has ${content.length} bytes of data instead of ${count}`
    return yield* fail("damaged", `The NRRD ${problem}. Get the complete file.`)
  })

/**
 * Makes a mask of labels. The file is compressed, and has no fields beyond those that a volume needs. A class of the
 * ontology is found by its label: its schemaId is the label as text (docs/api-notes.md#answer-format).
 *
 * @example
 * ```ts
 * import { NrrdMask } from "effect-ango"
 *
 * const data = new Uint8Array(512 * 512 * 40)
 * const mask = NrrdMask.fromLabels({ width: 512, height: 512, depth: 40, data })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromLabels = ({
  data,
  depth,
  height,
  width
}: Volume): Either.Either<MedicalBrush, InvalidMask> =>
  Either.gen(function* () {
    const size = [width, height, depth] as const
    yield* byteCount(size, 1)
    yield* checkLength(data, size)
    return writeNrrd(makeNrrdHeader(size), yield* toBytes(data))
  })

/**
 * Makes a mask of the bytes of an NRRD file, which are decoded once to check them, and sent as they are: segments and
 * other fields of its header are kept.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromBytes = (bytes: Uint8Array): Either.Either<MedicalBrush, InvalidMask> =>
  Either.map(readNrrd(bytes), ({ header }) => makeMedicalBrush(bytes, header.size))

/**
 * Decodes the bytes of an NRRD file of three dimensions and one byte per voxel, raw or compressed with gzip. At most 1 GiB
 * of voxels; a file that is incomplete or damaged, of another type, or with its data in another file fails with
 * `InvalidMask`.
 *
 * @category codecs
 * @since 0.1.0
 */
export const decode = (bytes: Uint8Array): Either.Either<Voxels, InvalidMask> =>
  Either.map(readNrrd(bytes), ({ data, header: { size } }) => {
    const [width, height, depth] = size
    return { width, height, depth, data }
  })

/**
 * Merges two NRRD files of the same size: labels of `added` other than 0 replace those of `present`, whose header and
 * encoding are kept. With another size, the result is `added` alone, and says so. If `added` is 0 everywhere, the bytes
 * of `present` are returned unchanged.
 *
 * @category utilities
 * @since 0.1.0
 */
export const merge = (
  present: Uint8Array,
  added: Uint8Array
): Either.Either<Merge<MedicalBrush>, InvalidMask> =>
  Either.gen(function* () {
    const above = yield* readNrrd(added)
    const below = yield* ofPresent(readNrrd(present))
    const presentSize = below.header.size
    if (above.header.size.some((side, index) => side !== presentSize[index])) {
      return { mask: makeMedicalBrush(added, above.header.size), isPresentKept: false, presentSize }
    }
    const data = Uint8Array.from(below.data)
    let isChanged = false
    for (let voxel = 0; voxel < data.length; voxel++) {
      const label = above.data[voxel] ?? 0
      if (label === 0) continue
      isChanged = true
      data[voxel] = label
    }
    const mask = isChanged ? writeNrrd(below.header, data) : makeMedicalBrush(present, presentSize)
    return { mask, isPresentKept: true, presentSize }
  })
