/**
 * Pre-labels held to the ontology of their project before anything is sent. Pure: no hub is asked.
 *
 * @example
 * ```ts
 * import { Labels, type CategorySchema } from "effect-ango"
 * import { Either, Stream } from "effect"
 *
 * // All mistakes of a file of predictions, however long it is.
 * const mistakesOf = (ontology: CategorySchema.CategorySchema, rows: Stream.Stream<unknown>) => {
 *   const classes = Labels.compile(ontology)
 *   return rows.pipe(
 *     Stream.zipWithIndex,
 *     Stream.map(([entry, row]) => Labels.check(classes, entry, { row })),
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
import { mistakeOf } from "./validate/finding.js"
import { type Classes, classesOf } from "./validate/ontologyIndex.js"

export type { LabelMistake, Reason } from "../errors/LabelMistake.js"
export type { CheckOptions, LabelledAsset } from "./validate/entryCheck.js"

/**
 * An ontology made ready for checking any number of entries: look-ups instead of searches. Made by {@link compile}.
 *
 * @since 0.1.0
 */
export interface Compiled {
  /** @internal */
  readonly classes: Classes
}

/**
 * Makes an ontology ready, once for all entries.
 *
 * @since 0.1.0
 */
export const compile = (ontology: CategorySchema): Compiled => ({ classes: classesOf(ontology) })

/**
 * A value of whatever shape, such as a line of a file, as a row for `Annotations.importLabels`, which finds out what is
 * wrong with it. Checks nothing itself.
 *
 * @since 0.1.0
 */
export const unchecked = (value: unknown): LabelImport => value as LabelImport

const more = (count: number): string =>
  count === 0 ? "" : ` And ${count} more ${count === 1 ? "mistake" : "mistakes"} in this row.`

/**
 * One entry of an import, of whatever shape, held to an ontology: the entry as it is sent, or `InvalidLabels` with
 * every mistake in it. Takes some microseconds and changes nothing of what it is given.
 *
 * As it is sent, what was named by a title has the schemaId of its class, options that were named by their schemaIds
 * are named by their values, as import files have them, and the objectId of a PDF's area is beside it. Everything else
 * is as it was, fields that nobody knows included.
 *
 * `row` is which entry it is, counted from 0, as its mistakes tell it; default 0. What is required is every question
 * that the ontology says so of and that is asked: those of an object when it is there, those behind an option when it
 * is chosen. A tracked object answers its questions on whichever of its pages. Tools and relations are never required,
 * and a `multiple` of `false` counts for trees only: hubs write it beside classes of which there are several.
 *
 * @since 0.1.0
 */
export const check = (
  ontology: Compiled,
  entry: unknown,
  options: CheckOptions & { readonly row?: number | undefined } = {}
): Either.Either<LabelImport, InvalidLabels> => {
  const { findings, value } = checkEntry(ontology.classes, entry, options)
  if (findings.length === 0) return Either.right(value as LabelImport)
  const { row = 0 } = options
  const { externalId } = value
  const key = typeof externalId === "string" && externalId !== "" ? externalId : undefined
  const mistakes = findings.map((finding) => mistakeOf(finding, row, key))
  return Either.left(
    new InvalidLabels({
      row,
      ...(key === undefined ? {} : { key }),
      mistakes,
      message: `${mistakes[0]?.message ?? ""}${more(mistakes.length - 1)}`
    })
  )
}

/**
 * All entries of an import, each as {@link check} has it, in their order.
 *
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
