/**
 * Validates pre-labels against the ontology of their project. Pure: no request is sent.
 *
 * @example
 * ```ts
 * import { Labels, type CategorySchema } from "effect-ango"
 * import { Either, Stream } from "effect"
 *
 * // All mistakes in a stream of predictions, of any length.
 * const mistakesOf = (ontology: CategorySchema.CategorySchema, rows: Stream.Stream<unknown>) => {
 *   const compiled = Labels.compile(ontology)
 *   return rows.pipe(
 *     Stream.zipWithIndex,
 *     Stream.map(([entry, row]) => Labels.check(compiled, entry, { row })),
 *     Stream.filterMap(Either.getLeft)
 *   )
 * }
 * ```
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { InvalidLabels } from "../errors/AngoError.js"
import type { CategorySchema } from "../schemas/CategorySchema.js"
import type { LabelImport } from "../schemas/LabelImport.js"
import { type CheckOptions, checkEntry } from "./validate/entryCheck.js"
import { toLabelMistake } from "./validate/mistake.js"
import { indexOntology, type OntologyIndex } from "./validate/ontologyIndex.js"

export type { LabelMistake, Reason } from "../errors/LabelMistake.js"
export type { CheckOptions, LabelledAsset } from "./validate/entryCheck.js"

/**
 * An ontology indexed for checking any number of entries. Made by {@link compile}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Compiled {
  /** @internal */
  readonly index: OntologyIndex
}

/**
 * Indexes an ontology: once, before any number of {@link check}s.
 *
 * @category constructors
 * @since 0.1.0
 */
export const compile = (ontology: CategorySchema): Compiled => ({ index: indexOntology(ontology) })

/**
 * Passes any value, such as a line of a file, as a row for `Annotations.importLabels`, which validates it. Checks
 * nothing itself.
 *
 * @category utilities
 * @since 0.1.0
 */
export const unchecked = (value: unknown): LabelImport => value as LabelImport

const remaining = (count: number): string =>
  count === 0 ? "" : ` And ${count} more ${count === 1 ? "mistake" : "mistakes"} in this row.`

/**
 * Validates one entry of an import against an ontology. Returns the entry as it is sent, or `InvalidLabels` with every
 * mistake. Takes microseconds and does not modify its input.
 *
 * In the returned entry, items named by a title have the `schemaId` of their class, options named by `schemaId` have
 * their value, as in import files, and the `objectId` of a PDF area is a field of its object. Everything else is
 * unchanged, unknown fields included.
 *
 * `row` is the index of the entry in its mistakes, counted from 0; default 0. A required classification needs an answer
 * where it is shown: in every object of its tool, or when its parent option is selected. A tracked object answers its
 * classifications on any one of its pages. `required` is ignored for tools and relations, and `multiple: false` for all
 * classes but trees: hubs also write it where several objects are allowed.
 *
 * @category utilities
 * @since 0.1.0
 */
export const check = (
  ontology: Compiled,
  entry: unknown,
  options: CheckOptions & { readonly row?: number | undefined } = {}
): Either.Either<LabelImport, InvalidLabels> => {
  const { mistakes: found, value } = checkEntry(ontology.index, entry, options)
  if (found.length === 0) return Either.right(value as LabelImport)
  const { row = 0 } = options
  const { externalId } = value
  const key = typeof externalId === "string" && externalId !== "" ? externalId : undefined
  const mistakes = found.map((mistake) => toLabelMistake(mistake, row, key))
  return Either.left(
    new InvalidLabels({
      row,
      ...(key === undefined ? {} : { key }),
      mistakes,
      message: `${mistakes[0]?.message ?? ""}${remaining(mistakes.length - 1)}`
    })
  )
}

/**
 * Validates all entries of an import, each as {@link check} does, in order.
 *
 * @category utilities
 * @since 0.1.0
 */
export const checkAll = (
  ontology: CategorySchema,
  entries: Iterable<unknown>,
  options: CheckOptions = {}
): ReadonlyArray<Either.Either<LabelImport, InvalidLabels>> => {
  const compiled = compile(ontology)
  return Array.from(entries, (entry, row) => check(compiled, entry, { ...options, row }))
}
