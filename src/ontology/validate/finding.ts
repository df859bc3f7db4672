// What is wrong with an answer, and where: noted while it is walked, put into words at the end.
import * as Predicate from "effect/Predicate"
import type { LabelMistake, Reason } from "../../errors/LabelMistake.js"

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
