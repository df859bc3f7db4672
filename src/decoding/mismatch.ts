// Where a value differs from its schema, in words that quote no text: responses can hold personal data and keys.
import type { Mismatch } from "../errors/AngoError.js"
import { locateIssues, type ParseIssue, type PathStep } from "../schemas/parseIssue.js"

const maxMismatches = 5

/** The description of an input that is probably a name, where an id is expected. */
export const textWithSpaces = "a string with spaces"

// Longer text may be anything, such as a key.
const isShortWord = (text: string): boolean => /^[\w-]{1,20}$/.test(text)

const describeText = (text: string, isInput: boolean, isOption: boolean): string => {
  if (text === "") return "an empty string"
  if (isOption && isShortWord(text)) return JSON.stringify(text)
  return isInput && /\S\s+\S/.test(text) ? textWithSpaces : "a string"
}

const describeValue = (value: unknown, isInput: boolean, isOption: boolean): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array"
  switch (typeof value) {
    case "undefined":
      return "nothing"
    case "object":
      return "an object"
    case "string":
      return describeText(value, isInput, isOption)
    case "number":
      return isInput ? String(value) : "a number"
    default:
      return `a ${typeof value}`
  }
}

const formatPath = (path: ReadonlyArray<PathStep>, showRecordKeys: boolean): string =>
  path.reduce<string>((text, { isData, key }) => {
    if (typeof key === "number") return `${text}[${key}]`
    const name = isData && !showRecordKeys ? "*" : String(key)
    return text === "" ? name : `${text}.${name}`
  }, "")

// The id of the innermost document on the path.
const itemId = (root: unknown, path: ReadonlyArray<PathStep>): string | undefined => {
  let current = root
  let id: string | undefined
  for (const { key } of path) {
    if (typeof current !== "object" || current === null) break
    current = (current as Record<PropertyKey, unknown>)[key]
    const own = (current as { readonly _id?: unknown } | null | undefined)?._id
    if (typeof own === "string" && /^[\w-]{1,128}$/.test(own)) id = own
  }
  return id
}

/**
 * The first five mismatches, deepest path first, one per path. `root` is the decoded response: numbers are not quoted
 * and keys of records are `*`. Without `root` the mismatches are those of an input: its numbers, its record keys and
 * short values of options with a fixed set of values are quoted.
 */
export const mismatches = (issue: ParseIssue, root: unknown): ReadonlyArray<Mismatch> => {
  const isInput = root === undefined
  const byPath = new Map<string, Mismatch>()
  for (const { actual, expected, isOption, path } of locateIssues(issue).toSorted(
    (a, b) => b.path.length - a.path.length
  )) {
    const text = formatPath(path, isInput)
    if (byPath.has(text)) continue
    const item = itemId(root, path)
    byPath.set(text, {
      path: text,
      expected,
      found: describeValue(actual, isInput, isInput && isOption),
      ...(item === undefined ? {} : { item })
    })
    if (byPath.size === maxMismatches) break
  }
  return Array.from(byPath.values())
}
