// Checks a whole answer, or a whole entry of an import.
import { checkClassifications, checkRequired } from "./classificationCheck.js"
import {
  addMistake,
  append,
  checkOptional,
  describeValue,
  type Fields,
  isFields,
  type Mistake
} from "./mistake.js"
import { checkObjects } from "./objectCheck.js"
import type { OntologyIndex } from "./ontologyIndex.js"
import { checkRelations } from "./relationCheck.js"
import type { ValidationContext } from "./validationContext.js"

/**
 * The asset that an entry names, by external id, by data, or by both.
 *
 * @category models
 * @since 0.1.0
 */
export interface LabelledAsset {
  readonly externalId: string | undefined
  readonly data: string | undefined
}

/**
 * What a check needs besides the ontology, and how strict it is.
 *
 * @category options
 * @since 0.1.0
 */
export interface CheckOptions {
  /** Whether required classifications may be left to the annotators; default false. */
  readonly incomplete?: boolean | undefined
  /**
   * The size of an asset's image in pixels, for example from its metadata; `page` counts from 0. A geometry must be
   * inside the image. Not checked where this is not given or returns `undefined`.
   */
  readonly sizeOf?:
    | ((
        asset: LabelledAsset,
        page: number
      ) => { readonly width: number; readonly height: number } | undefined)
    | undefined
}

/** The value as it is sent (the same reference when nothing changes), and every mistake. */
export interface CheckedEntry {
  readonly value: Fields
  readonly mistakes: ReadonlyArray<Mistake>
}

const noAsset: LabelledAsset = { externalId: undefined, data: undefined }

const rejectValue = (value: unknown): CheckedEntry => {
  const mistakes: Array<Mistake> = []
  addMistake(mistakes, {
    reason: "wrong-kind",
    path: undefined,
    expected: "an object",
    found: describeValue(value)
  })
  return { value: {}, mistakes }
}

const replaceFields = (entry: Fields, fields: Fields): Fields => {
  const names = Object.keys(fields).filter((name) => fields[name] !== entry[name])
  return names.length === 0
    ? entry
    : { ...entry, ...Object.fromEntries(names.map((name) => [name, fields[name]])) }
}

const checkParts = (index: OntologyIndex, entry: Fields, context: ValidationContext): Fields => {
  const { mistakes } = context
  if (entry["tools"] != null && entry["objects"] != null) {
    addMistake(mistakes, {
      reason: "two-lists",
      path: append(undefined, "objects"),
      expected: "objects under tools or under objects, not both",
      found: "both",
      problem: "is set, and so is tools; expected one of them"
    })
  }
  const name = entry["objects"] == null && entry["tools"] != null ? "tools" : "objects"
  const objects = checkObjects(context, index.tools, entry, name)
  const classifications = checkClassifications(context, index.classifications, entry, undefined)
  checkRequired(context, index.classifications, classifications, [], append(undefined, "classifications"))
  const relations = checkRelations(context, index.relations, entry, objects)
  return replaceFields(entry, {
    [name]: objects.items,
    ...(classifications.items === undefined ? {} : { classifications: classifications.items }),
    relations
  })
}

const makeContext = (
  { definitions }: OntologyIndex,
  { incomplete = false, sizeOf }: CheckOptions,
  asset: LabelledAsset
): ValidationContext => ({
  definitions,
  mistakes: [],
  allowIncomplete: incomplete,
  imageSize: (page) => sizeOf?.(asset, page)
})

/** Checks an answer that names no asset. */
export const checkAnswerInput = (
  index: OntologyIndex,
  answer: unknown,
  options: CheckOptions
): CheckedEntry => {
  if (!isFields(answer)) return rejectValue(answer)
  const context = makeContext(index, options, noAsset)
  const value = checkParts(index, answer, context)
  return { value, mistakes: context.mistakes }
}

const nonEmpty = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined

/** Checks an entry of an import: the asset that it names, and its answer. */
export const checkEntry = (index: OntologyIndex, entry: unknown, options: CheckOptions): CheckedEntry => {
  if (!isFields(entry)) return rejectValue(entry)
  const asset = { externalId: nonEmpty(entry["externalId"]), data: nonEmpty(entry["data"]) }
  const context = makeContext(index, options, asset)
  const { mistakes } = context
  const isReadable = ["externalId", "data"].map((name) =>
    checkOptional(entry, name, "string", undefined, mistakes)
  )
  for (const name of ["brushDataUrl", "medicalBrushDataUrl"]) {
    checkOptional(entry, name, "string", undefined, mistakes)
  }
  if (asset.externalId === undefined && asset.data === undefined && !isReadable.includes(false)) {
    addMistake(mistakes, {
      reason: "no-asset",
      path: undefined,
      expected: "an externalId or data",
      found: "neither",
      problem: "names no asset; expected an externalId or data"
    })
  }
  return { value: checkParts(index, entry, context), mistakes }
}
