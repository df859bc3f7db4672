// What the checks of one entry share.
import type { Mistake } from "./mistake.js"

/** The size of an image in pixels. */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

/** The mistakes of one entry, and what its checks need to know besides the ontology. */
export interface ValidationContext {
  /** The class that each schemaId belongs to, in words, for schemaIds that are used in the wrong scope. */
  readonly definitions: ReadonlyMap<string, string>
  /** The checks append to this list. */
  readonly mistakes: Array<Mistake>
  /** Whether required classifications may be left without an answer. */
  readonly allowIncomplete: boolean
  /** The size of the image on a page (counted from 0); `undefined` when unknown. */
  readonly imageSize: (page: number) => ImageSize | undefined
}
