// What a question is answered with.
import type { LabelOption } from "../../schemas/CategorySchema.js"
import { nearest } from "../../utils/nearest.js"
import { at, type Finding, isFields, kindOf, note, type Place, quote, quoteAll } from "./finding.js"
import { nameOf, type Question } from "./ontologyIndex.js"

/** An answer as it is sent, and the options that it chose, by their ids. */
export interface Answered {
  readonly value: unknown
  readonly chosen: ReadonlyArray<string>
}

type Check = (question: Question, value: unknown, place: Place, findings: Array<Finding>) => Answered

const nothingChosen: ReadonlyArray<string> = []

const asItIs = (value: unknown): Answered => ({ value, chosen: nothingChosen })

const wrongKind: (expected: string) => Check = (expected) => (question, value, place, findings) => {
  const found = typeof value === "string" ? `the text ${quote(value)}` : kindOf(value)
  note(findings, {
    reason: "wrong-answer-kind",
    place,
    expected,
    found,
    says: `is ${found}; ${quote(nameOf(question))} (${question.kind}) takes ${expected}`
  })
  return asItIs(value)
}

const idOf = ({ schemaId, value }: LabelOption): string => (schemaId ? schemaId : value)

const unknown = (question: Question, text: string, place: Place, findings: Array<Finding>): void => {
  const values = [...question.options.byValue.keys()]
  const isTree = question.kind === "tree-dropdown"
  const owner = quote(nameOf(question))
  note(findings, {
    reason: isTree ? "unknown-path" : "unknown-option",
    place,
    expected:
      values.length === 0
        ? "no answer: there are no options"
        : `${isTree ? "a path of the tree" : "an option"}: ${quoteAll(values)}`,
    found: quote(text),
    says: `is ${quote(text)}, which ${owner} does not have`,
    suggestion: nearest(text, values)
  })
}

// Import files name options by their values, stored answers by their ids: what is sent is the value, but where two
// options share it.
const option = (
  question: Question,
  text: string,
  place: Place,
  findings: Array<Finding>
): LabelOption | undefined => {
  const { byId, byValue } = question.options
  const named = byId.get(text)
  if (named !== undefined) return named
  const [first, ...others] = byValue.get(text) ?? []
  if (first === undefined) unknown(question, text, place, findings)
  if (others.length === 0) return first
  const ids = [first, ...others].flatMap((one) => (one?.schemaId ? [one.schemaId] : []))
  note(findings, {
    reason: "ambiguous-option",
    place,
    expected: `the schemaId of an option: ${quoteAll(ids)}`,
    found: quote(text),
    says: `is ${quote(text)}, which ${others.length + 1} options are; say which by its schemaId: ${quoteAll(ids)}`
  })
  return undefined
}

const sent = ({ options }: Question, text: string, { value }: LabelOption): string =>
  (options.byValue.get(value)?.length ?? 0) > 1 ? text : value

const one: Check = (question, value, place, findings) => {
  if (Array.isArray(value)) {
    if (question.isMultiple === true) return several(question, value, place, findings)
    if (value.length < 2) return wrongKind("one option as a text")(question, value, place, findings)
    note(findings, {
      reason: "several-answers",
      place,
      expected: "one option",
      found: `${value.length} answers`,
      says: `is a list of ${value.length}, and ${quote(nameOf(question))} (${question.kind}) takes one answer`
    })
    return asItIs(value)
  }
  if (typeof value !== "string") return wrongKind("one option as a text")(question, value, place, findings)
  const found = option(question, value, place, findings)
  return found === undefined ? asItIs(value) : { value: sent(question, value, found), chosen: [idOf(found)] }
}

const several: Check = (question, value, place, findings) => {
  if (!Array.isArray(value)) return wrongKind("a list of options")(question, value, place, findings)
  const chosen: Array<string> = []
  const texts = value.map((text: unknown, index): unknown => {
    const here = at(place, index)
    if (typeof text !== "string") {
      wrongKind("an option as a text")(question, text, here, findings)
      return text
    }
    const found = option(question, text, here, findings)
    if (found === undefined) return text
    const id = idOf(found)
    if (chosen.includes(id)) {
      note(findings, {
        reason: "repeated-option",
        place: here,
        expected: "each option once",
        found: quote(text),
        says: `is ${quote(text)} once more; each option may be named once`
      })
    }
    chosen.push(id)
    return sent(question, text, found)
  })
  return { value: texts.every((text, index) => text === value[index]) ? value : texts, chosen }
}

// A tree of one choice: what is named beside the choice are the nodes on the way to it.
const path: Check = (question, value, place, findings) => {
  const answered = several(question, value, place, findings)
  if (question.isMultiple !== false || !Array.isArray(answered.value)) return answered
  const paths = answered.value.filter(
    (text) => typeof text === "string" && question.options.byValue.has(text)
  )
  const ends = paths.filter(
    (text) => !paths.some((other) => other !== text && String(other).startsWith(`${text} / `))
  )
  if (new Set(ends).size > 1) {
    note(findings, {
      reason: "several-answers",
      place,
      expected: "one node, and those above it",
      found: quoteAll(ends.map(String)),
      says: `is ${quoteAll(ends.map(String))}, and ${quote(nameOf(question))} takes one node of the tree`
    })
  }
  return answered
}

const text: Check = (question, value, place, findings) => {
  if (typeof value !== "string") return wrongKind("a text")(question, value, place, findings)
  const { pattern } = question
  if (pattern !== undefined && !pattern.test(value)) {
    // What people wrote is not repeated.
    const found = `a text of ${value.length} characters`
    const expected = `a text like ${quote(pattern.source)}`
    const says = `is ${found} that does not match ${quote(pattern.source)}`
    note(findings, { reason: "pattern", place, expected, found, says })
  }
  return asItIs(value)
}

const truth: Check = (question, value, place, findings) => {
  if (typeof value === "boolean") return asItIs(value)
  if (typeof value !== "string") return wrongKind("true or false")(question, value, place, findings)
  if (/^(true|false)$/i.test(value)) return asItIs(value)
  return question.options.byValue.size === 0
    ? wrongKind("true or false")(question, value, place, findings)
    : one(question, value, place, findings)
}

// No document describes what these take: whatever an answer may be.
const anything: Check = (question, value, place, findings) =>
  typeof value === "string" ||
  typeof value === "boolean" ||
  isFields(value) ||
  (Array.isArray(value) && value.every((one) => typeof one === "string"))
    ? asItIs(value)
    : wrongKind("an option, a list of options, a text, true or false")(question, value, place, findings)

const checks = new Map<string, Check>([
  ["radio", one],
  ["single-dropdown", one],
  ["checkbox", several],
  ["multi-dropdown", several],
  ["rank", several],
  ["tree-dropdown", path],
  ["text", text],
  ["boolean", truth]
])

/** Whether an answer says something at all. */
export const isAnswer = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)

const isList = ({ kind }: Question): boolean => checks.get(kind) === several || checks.get(kind) === path

// An empty list is for those who choose from a list, an empty text for all others.
const isNothing = (question: Question, value: unknown): boolean =>
  value === null || (isList(question) ? Array.isArray(value) && value.length === 0 : value === "")

/** An answer, checked. What says nothing is no mistake. */
export const checkAnswer: Check = (question, value, place, findings) =>
  isNothing(question, value)
    ? asItIs(value)
    : (checks.get(question.kind) ?? anything)(question, value, place, findings)
