// Mistakes in an answer: collected during validation, put into words at the end.
import * as Predicate from "effect/Predicate"
import type { LabelMistake, Reason } from "../../errors/LabelMistake.js"

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields: (value: unknown) => value is Fields = Predicate.isReadonlyRecord

/** A path in an answer, linked from the innermost key outwards: it is joined only when there is a mistake. */
export interface Path {
  readonly parent: Path | undefined
  readonly key: string | number
}

/** The path of a key below `parent`; `undefined` is the root. */
export const append = (parent: Path | undefined, key: string | number): Path => ({ parent, key })

/** The keys of a path, outermost first. */
export const pathKeys = (path: Path | undefined): ReadonlyArray<string | number> => {
  const keys: Array<string | number> = []
  for (let part = path; part !== undefined; part = part.parent) keys.push(part.key)
  return keys.reverse()
}

/** A path as text: `objects[3].bounding-box.width`. */
export const formatPath = (path: Path | undefined): string =>
  pathKeys(path).reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`),
    ""
  )

/** A mistake without its row. `problem` continues a sentence that starts with the path: `is 3; expected a text`. */
export interface Mistake {
  readonly reason: Reason
  readonly path: Path | undefined
  readonly expected: string
  readonly found: string
  readonly problem: string
  readonly suggestion: string | undefined
}

/** Adds a mistake to a list; the default `problem` names what was found and what is expected. */
export const addMistake = (
  mistakes: Array<Mistake>,
  mistake: Omit<Mistake, "problem" | "suggestion"> & {
    readonly problem?: string
    readonly suggestion?: string | undefined
  }
): void => {
  mistakes.push({
    problem: `is ${mistake.found}; expected ${mistake.expected}`,
    suggestion: undefined,
    ...mistake
  })
}

const maxQuoteLength = 60

/** A name or an option in quotation marks, cut when it is long. */
export const quote = (text: string): string =>
  JSON.stringify(
    text.length > maxQuoteLength ? `${Array.from(text).slice(0, maxQuoteLength).join("")}…` : text
  )

const maxQuotedNames = 5

/** The first few names in quotation marks, and how many more there are. */
export const quoteAll = (names: ReadonlyArray<string>): string => {
  const more = names.length - maxQuotedNames
  const shown = names.slice(0, maxQuotedNames).map(quote).join(", ")
  return more > 0 ? `${shown} and ${more} more` : shown
}

/** A JSON value in words. Numbers are shown, texts are not: they may be personal data. */
export const describeValue = (value: unknown): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list"
  switch (typeof value) {
    case "undefined":
      return "missing"
    case "string":
      return value === "" ? "an empty text" : "a text"
    case "number":
    case "boolean":
      return String(value)
    default:
      return "an object"
  }
}

/** A mistake as a sentence, with the suggestion as a question. */
export const formatMistake = ({ path, problem, suggestion }: Mistake): string =>
  `${path === undefined ? "the entry" : formatPath(path)} ${problem}.${
    suggestion === undefined ? "" : ` Did you mean ${quote(suggestion)}?`
  }`

// An externalId may contain control characters.
const formatKey = (key: string): string => (/^[\w ./:@-]{1,80}$/.test(key) ? key : quote(key))

/** A mistake of the entry in row `row`, whose externalId is `key`. */
export const toLabelMistake = (mistake: Mistake, row: number, key: string | undefined): LabelMistake => ({
  reason: mistake.reason,
  row,
  key,
  path: formatPath(mistake.path),
  expected: mistake.expected,
  found: mistake.found,
  suggestion: mistake.suggestion,
  message: `Row ${row}${key === undefined ? "" : ` (${formatKey(key)})`}: ${formatMistake(mistake)}`
})

/** The list in a field: empty when the field is missing or null, `undefined` and a mistake when it is not a list. */
export const readList = (
  item: Fields,
  name: string,
  parent: Path | undefined,
  mistakes: Array<Mistake>
): ReadonlyArray<unknown> | undefined => {
  const value = item[name]
  if (Array.isArray(value)) return value
  if (value === null || !(name in item)) return []
  const path = append(parent, name)
  addMistake(mistakes, { reason: "wrong-kind", path, expected: "a list", found: describeValue(value) })
  return undefined
}

/** Whether a field is missing, null or of this type; adds a mistake otherwise. */
export const checkOptional = (
  item: Fields,
  name: string,
  type: "string" | "boolean",
  parent: Path | undefined,
  mistakes: Array<Mistake>
): boolean => {
  const value = item[name]
  const isType = type === "string" ? typeof value === "string" : typeof value === "boolean"
  if (isType || value === null || (value === undefined && !(name in item))) return true
  const expected = type === "string" ? "a text" : "true or false"
  addMistake(mistakes, {
    reason: "wrong-kind",
    path: append(parent, name),
    expected,
    found: describeValue(value)
  })
  return false
}
