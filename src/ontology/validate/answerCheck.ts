// Checks the answer to one classification.
import type { LabelOption } from "../../schemas/CategorySchema.js"
import { nearest } from "../../utils/nearest.js"
import {
  addMistake,
  append,
  describeValue,
  isFields,
  type Mistake,
  type Path,
  quote,
  quoteAll
} from "./mistake.js"
import { type Classification, nameOf } from "./ontologyIndex.js"

/** An answer as it is sent, and the ids of the options that it selects. */
export interface CheckedAnswer {
  readonly value: unknown
  readonly optionIds: ReadonlyArray<string>
}

type Check = (
  classification: Classification,
  value: unknown,
  path: Path,
  mistakes: Array<Mistake>
) => CheckedAnswer

const noOptions: ReadonlyArray<string> = []

const unchanged = (value: unknown): CheckedAnswer => ({ value, optionIds: noOptions })

const rejectKind: (expected: string) => Check = (expected) => (classification, value, path, mistakes) => {
  const found = typeof value === "string" ? `the text ${quote(value)}` : describeValue(value)
  addMistake(mistakes, {
    reason: "wrong-answer-kind",
    path,
    expected,
    found,
    problem: `is ${found}; ${quote(nameOf(classification))} (${classification.kind}) takes ${expected}`
  })
  return unchanged(value)
}

const optionId = ({ schemaId, value }: LabelOption): string => (schemaId ? schemaId : value)

const rejectOption = (
  classification: Classification,
  text: string,
  path: Path,
  mistakes: Array<Mistake>
): void => {
  const values = [...classification.options.byValue.keys()]
  const isTree = classification.kind === "tree-dropdown"
  const expected =
    values.length === 0
      ? "no answer: it has no options"
      : `${isTree ? "a path of the tree" : "an option"}: ${quoteAll(values)}`
  addMistake(mistakes, {
    reason: isTree ? "unknown-path" : "unknown-option",
    path,
    expected,
    found: quote(text),
    problem: `is ${quote(text)}, which ${quote(nameOf(classification))} does not have; expected ${expected}`,
    suggestion: nearest(text, values)
  })
}

const findOption = (
  classification: Classification,
  text: string,
  path: Path,
  mistakes: Array<Mistake>
): LabelOption | undefined => {
  const { byId, byValue } = classification.options
  const option = byId.get(text)
  if (option !== undefined) return option
  const [first, ...others] = byValue.get(text) ?? []
  if (first === undefined) rejectOption(classification, text, path, mistakes)
  if (others.length === 0) return first
  const ids = quoteAll([first, ...others].flatMap((one) => (one?.schemaId ? [one.schemaId] : [])))
  addMistake(mistakes, {
    reason: "ambiguous-option",
    path,
    expected: `the schemaId of an option: ${ids}`,
    found: quote(text),
    problem:
      `is ${quote(text)}, the value of ${others.length + 1} options; ` +
      `expected the schemaId of one of them: ${ids}`
  })
  return undefined
}

// Import files name options by value, stored answers by id. The value is sent, unless several options share it.
const optionText = ({ options }: Classification, text: string, { value }: LabelOption): string =>
  (options.byValue.get(value)?.length ?? 0) > 1 ? text : value

const checkSingleOption: Check = (classification, value, path, mistakes) => {
  if (Array.isArray(value)) {
    if (classification.isMultiple === true) return checkOptionList(classification, value, path, mistakes)
    if (value.length < 2) return rejectKind("one option as a text")(classification, value, path, mistakes)
    addMistake(mistakes, {
      reason: "several-answers",
      path,
      expected: "one option",
      found: `${value.length} answers`,
      problem: `is a list of ${value.length}; ${quote(nameOf(classification))} (${classification.kind}) takes one option`
    })
    return unchanged(value)
  }
  if (typeof value !== "string") {
    return rejectKind("one option as a text")(classification, value, path, mistakes)
  }
  const option = findOption(classification, value, path, mistakes)
  return option === undefined
    ? unchanged(value)
    : { value: optionText(classification, value, option), optionIds: [optionId(option)] }
}

const checkOptionList: Check = (classification, value, path, mistakes) => {
  if (!Array.isArray(value)) return rejectKind("a list of options")(classification, value, path, mistakes)
  const optionIds: Array<string> = []
  const texts = value.map((text: unknown, index): unknown => {
    const itemPath = append(path, index)
    if (typeof text !== "string") {
      rejectKind("an option as a text")(classification, text, itemPath, mistakes)
      return text
    }
    const option = findOption(classification, text, itemPath, mistakes)
    if (option === undefined) return text
    const id = optionId(option)
    if (optionIds.includes(id)) {
      addMistake(mistakes, {
        reason: "repeated-option",
        path: itemPath,
        expected: "each option once",
        found: quote(text),
        problem: `repeats ${quote(text)}; expected each option once`
      })
    }
    optionIds.push(id)
    return optionText(classification, text, option)
  })
  return { value: texts.every((text, index) => text === value[index]) ? value : texts, optionIds }
}

// A tree with one choice: an answer may also list the nodes above the selected one.
const checkTreePaths: Check = (classification, value, path, mistakes) => {
  const answer = checkOptionList(classification, value, path, mistakes)
  if (classification.isMultiple !== false || !Array.isArray(answer.value)) return answer
  const paths = answer.value.filter(
    (text) => typeof text === "string" && classification.options.byValue.has(text)
  )
  const leaves = paths.filter(
    (text) => !paths.some((other) => other !== text && String(other).startsWith(`${text} / `))
  )
  if (new Set(leaves).size > 1) {
    const found = quoteAll(leaves.map(String))
    addMistake(mistakes, {
      reason: "several-answers",
      path,
      expected: "one node, optionally with the nodes above it",
      found,
      problem: `is ${found}; ${quote(nameOf(classification))} takes one node of the tree`
    })
  }
  return answer
}

const checkText: Check = (classification, value, path, mistakes) => {
  if (typeof value !== "string") return rejectKind("a text")(classification, value, path, mistakes)
  const { pattern } = classification
  if (pattern !== undefined && !pattern.test(value)) {
    // The text itself may be personal data.
    const found = `a text of ${value.length} characters`
    const expected = `a text that matches ${quote(pattern.source)}`
    const problem = `is ${found} that does not match ${quote(pattern.source)}`
    addMistake(mistakes, { reason: "pattern", path, expected, found, problem })
  }
  return unchanged(value)
}

const checkBoolean: Check = (classification, value, path, mistakes) => {
  if (typeof value === "boolean") return unchanged(value)
  if (typeof value !== "string") return rejectKind("true or false")(classification, value, path, mistakes)
  if (/^(true|false)$/i.test(value)) return unchanged(value)
  return classification.options.byValue.size === 0
    ? rejectKind("true or false")(classification, value, path, mistakes)
    : checkSingleOption(classification, value, path, mistakes)
}

// No document describes the answers of other kinds; every form of an answer is accepted.
const checkOtherKind: Check = (classification, value, path, mistakes) =>
  typeof value === "string" ||
  typeof value === "boolean" ||
  isFields(value) ||
  (Array.isArray(value) && value.every((one) => typeof one === "string"))
    ? unchanged(value)
    : rejectKind("an option, a list of options, a text, true or false")(classification, value, path, mistakes)

const checks = new Map<string, Check>([
  ["radio", checkSingleOption],
  ["single-dropdown", checkSingleOption],
  ["checkbox", checkOptionList],
  ["multi-dropdown", checkOptionList],
  ["rank", checkOptionList],
  ["tree-dropdown", checkTreePaths],
  ["text", checkText],
  ["boolean", checkBoolean]
])

/** Whether an answer is not empty. */
export const isAnswer = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)

const takesList = ({ kind }: Classification): boolean => {
  const check = checks.get(kind)
  return check === checkOptionList || check === checkTreePaths
}

// An empty list is an empty answer where a list is expected, an empty text anywhere else.
const isEmpty = (classification: Classification, value: unknown): boolean =>
  value === null || (takesList(classification) ? Array.isArray(value) && value.length === 0 : value === "")

/** Checks an answer against its classification. An empty answer is not a mistake. */
export const checkAnswer: Check = (classification, value, path, mistakes) =>
  isEmpty(classification, value)
    ? unchanged(value)
    : (checks.get(classification.kind) ?? checkOtherKind)(classification, value, path, mistakes)
