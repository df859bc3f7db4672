// What is wrong with an answer, and where: noted while it is walked, put into words at the end.
import * as Predicate from "effect/Predicate"

/**
 * What kind of mistake it is.
 *
 * - `no-asset`: neither externalId nor data;
 * - `wrong-kind`: JSON of another kind, where a list, an object, a text or a number is due;
 * - `two-lists`: objects under `tools` and under `objects`;
 * - `no-class`, `unknown-schema-id`, `unknown-title`, `ambiguous-title`, `contradicting-title`, `misplaced-class`: no
 *   class of the ontology, none known, several, two, or one of another place;
 * - `wrong-tool`, `no-geometry`, `several-geometries`: drawn with another tool than that of its class, with none, with
 *   several;
 * - `not-finite`, `size`, `points`, `rotation`, `span`, `page-number`, `outside-image`: a geometry that cannot be;
 * - `page`, `duplicate-object-id`, `mixed-track`: a page that cannot be, an objectId twice on a page, or on several
 *   pages for objects of different classes;
 * - `wrong-answer-kind`, `several-answers`, `unknown-option`, `ambiguous-option`, `repeated-option`, `unknown-path`,
 *   `pattern`: an answer that the question does not take;
 * - `not-revealed`, `required`: an answer to a question that is not asked, none to one that must be answered;
 * - `wrong-relation`, `unknown-object`: a relation of another kind, or with an object that is not there.
 *
 * @since 0.1.0
 */
export type Reason =
  | "no-asset"
  | "wrong-kind"
  | "two-lists"
  | "no-class"
  | "unknown-schema-id"
  | "unknown-title"
  | "ambiguous-title"
  | "contradicting-title"
  | "misplaced-class"
  | "wrong-tool"
  | "no-geometry"
  | "several-geometries"
  | "not-finite"
  | "size"
  | "points"
  | "rotation"
  | "span"
  | "page-number"
  | "outside-image"
  | "page"
  | "duplicate-object-id"
  | "mixed-track"
  | "wrong-answer-kind"
  | "several-answers"
  | "unknown-option"
  | "ambiguous-option"
  | "repeated-option"
  | "unknown-path"
  | "pattern"
  | "not-revealed"
  | "required"
  | "wrong-relation"
  | "unknown-object"

/**
 * One mistake of one entry.
 *
 * @since 0.1.0
 */
export interface LabelMistake {
  readonly reason: Reason
  /** Which entry, counted from 0. */
  readonly row: number
  /** Its externalId. */
  readonly key: string | undefined
  /** Where in the entry: `objects[3].bounding-box.width`; empty for the whole of it. */
  readonly path: string
  readonly expected: string
  /** What is there, in words: names and options are quoted, other texts are not. */
  readonly found: string
  /** The name or the option that may have been meant. */
  readonly suggestion: string | undefined
  readonly message: string
}

/** Any JSON object. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields: (value: unknown) => value is Fields = Predicate.isReadonlyRecord

/** A place in an answer, as a chain from the inside out: it is put together only where something is wrong. */
export interface Place {
  readonly within: Place | undefined
  readonly key: string | number
}

/** A place in another one; the outermost is in `undefined`. */
export const at = (within: Place | undefined, key: string | number): Place => ({ within, key })

/** The keys on the way to a place. */
export const keysOf = (place: Place | undefined): ReadonlyArray<string | number> => {
  const keys: Array<string | number> = []
  for (let here = place; here !== undefined; here = here.within) keys.push(here.key)
  return keys.reverse()
}

/** A place as it is written: `objects[3].bounding-box.width`. */
export const pathOf = (place: Place | undefined): string =>
  keysOf(place).reduce<string>(
    (path, key) => (typeof key === "number" ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
    ""
  )

/** A mistake, before it is known in which row. `says` goes on behind the path: `is 3; expected a text`. */
export interface Finding {
  readonly reason: Reason
  readonly place: Place | undefined
  readonly expected: string
  readonly found: string
  readonly says: string
  readonly suggestion: string | undefined
}

/** Adds a mistake to those that were found. */
export const note = (
  findings: Array<Finding>,
  mistake: Omit<Finding, "says" | "suggestion"> & {
    readonly says?: string
    readonly suggestion?: string | undefined
  }
): void => {
  findings.push({
    says: `is ${mistake.found}; expected ${mistake.expected}`,
    suggestion: undefined,
    ...mistake
  })
}

const longest = 60

/** A name or an option in quotation marks, cut off when it is long. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > longest ? `${Array.from(text).slice(0, longest).join("")}…` : text)

const most = 5

/** Several names; of many, the first ones. */
export const quoteAll = (names: ReadonlyArray<string>): string => {
  const more = names.length - most
  const shown = names.slice(0, most).map(quote).join(", ")
  return more > 0 ? `${shown} and ${more} more` : shown
}

/** What kind of JSON a value is, and which number, but no text: it may be somebody's. */
export const kindOf = (value: unknown): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list"
  switch (typeof value) {
    case "undefined":
      return "nothing"
    case "string":
      return value === "" ? "an empty text" : "a text"
    case "number":
    case "boolean":
      return String(value)
    default:
      return "an object"
  }
}

/** A finding in words, with what may have been meant. */
export const sentence = ({ place, says, suggestion }: Finding): string =>
  `${place === undefined ? "the entry" : pathOf(place)} ${says}.${
    suggestion === undefined ? "" : ` Did you mean ${quote(suggestion)}?`
  }`

// An externalId may hold anything.
const keyOf = (key: string): string => (/^[\w ./:@-]{1,80}$/.test(key) ? key : quote(key))

/** A finding as it is told of an entry. */
export const mistakeOf = (finding: Finding, row: number, key: string | undefined): LabelMistake => ({
  reason: finding.reason,
  row,
  key,
  path: pathOf(finding.place),
  expected: finding.expected,
  found: finding.found,
  suggestion: finding.suggestion,
  message: `Row ${row}${key === undefined ? "" : ` (${keyOf(key)})`}: ${sentence(finding)}`
})

/** A list that may be missing; nothing of one that is something else. */
export const listAt = (
  item: Fields,
  name: string,
  within: Place | undefined,
  findings: Array<Finding>
): ReadonlyArray<unknown> | undefined => {
  const value = item[name]
  if (Array.isArray(value)) return value
  if (value === null || !(name in item)) return []
  note(findings, { reason: "wrong-kind", place: at(within, name), expected: "a list", found: kindOf(value) })
  return undefined
}

/** Whether a field is missing, null or of its kind; what else it is, is noted. */
export const isMaybe = (
  item: Fields,
  name: string,
  kind: "string" | "boolean",
  within: Place | undefined,
  findings: Array<Finding>
): boolean => {
  const value = item[name]
  const isKind = kind === "string" ? typeof value === "string" : typeof value === "boolean"
  if (isKind || value === null || (value === undefined && !(name in item))) return true
  const expected = kind === "string" ? "a text" : "true or false"
  note(findings, { reason: "wrong-kind", place: at(within, name), expected, found: kindOf(value) })
  return false
}
