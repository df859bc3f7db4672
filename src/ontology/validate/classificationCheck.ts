// Checks lists of answered classifications, and which required ones have no answer.
import { type CheckedAnswer, checkAnswer, isAnswer } from "./answerCheck.js"
import { checkCommonFields, findClass, pageOf, withSchemaId } from "./classLookup.js"
import {
  addMistake,
  append,
  checkOptional,
  describeValue,
  type Fields,
  formatPath,
  isFields,
  type Path,
  quote,
  readList
} from "./mistake.js"
import { type Classification, nameOf, type Scope } from "./ontologyIndex.js"
import type { ValidationContext } from "./validationContext.js"

/** The result of checking a list of answered classifications. */
export interface CheckedClassifications {
  /** The list as it is sent; `undefined` if it is missing. */
  readonly items: unknown
  readonly answered: ReadonlySet<Classification>
  /** Whether the classification of every item is known: only then are the missing answers known. */
  readonly isIdentified: boolean
}

/** The result of an empty list. */
export const noClassifications: CheckedClassifications = {
  items: undefined,
  answered: new Set(),
  isIdentified: true
}

/** Reports each required classification without an answer. `optionIds` are the selected options that reveal some. */
export const checkRequired = (
  context: ValidationContext,
  scope: Scope<Classification>,
  { answered, isIdentified }: Pick<CheckedClassifications, "answered" | "isIdentified">,
  optionIds: ReadonlyArray<string>,
  path: Path
): void => {
  if (context.allowIncomplete || !isIdentified) return
  for (const classification of scope.all) {
    const { isRequired, parentOption } = classification
    if (!isRequired || answered.has(classification)) continue
    if (parentOption !== undefined && !optionIds.includes(parentOption.id)) continue
    const name = quote(nameOf(classification))
    addMistake(context.mistakes, {
      reason: "required",
      path,
      expected: `an answer to ${name}`,
      found: "none",
      problem: `has no answer to ${name}, which is required`
    })
  }
}

const checkVisible = (
  { mistakes }: ValidationContext,
  classification: Classification,
  optionIds: ReadonlyArray<string>,
  path: Path
): void => {
  const { parentOption } = classification
  if (parentOption === undefined || optionIds.includes(parentOption.id)) return
  const name = quote(nameOf(classification))
  addMistake(mistakes, {
    reason: "not-revealed",
    path,
    expected: `no answer to ${name}`,
    found: "an answer",
    problem: `answers ${name}, which is shown only when the option ${quote(parentOption.value)} is selected`
  })
}

const checkKind = (
  { mistakes }: ValidationContext,
  item: Fields,
  classification: Classification,
  path: Path
): void => {
  const tool = item["tool"]
  if (!checkOptional(item, "tool", "string", path, mistakes)) return
  if (tool == null || tool === "" || tool === classification.kind) return
  const found = quote(String(tool))
  addMistake(mistakes, {
    reason: "wrong-tool",
    path: append(path, "tool"),
    expected: quote(classification.kind),
    found,
    problem: `is ${found}; ${quote(nameOf(classification))} is a ${classification.kind}`
  })
}

const checkNested = (
  context: ValidationContext,
  item: Fields,
  classification: Classification,
  { optionIds, value }: CheckedAnswer,
  path: Path
): Fields => {
  const scope = classification.classifications
  const nested = checkClassifications(context, scope, item, path, optionIds)
  if (isAnswer(value)) {
    checkRequired(context, scope, nested, optionIds, append(path, "classifications"))
  }
  return { answer: value, ...(nested.items === undefined ? {} : { classifications: nested.items }) }
}

// The first answer to each classification, by page.
type FirstAnswers = Map<Classification, Map<number, Path>>

const checkOncePerPage = (
  { mistakes }: ValidationContext,
  classification: Classification,
  item: Fields,
  path: Path,
  firstAnswers: FirstAnswers
): void => {
  const pages = firstAnswers.get(classification) ?? new Map<number, Path>()
  const page = pageOf(item)
  const first = pages.get(page)
  firstAnswers.set(classification, pages.set(page, first ?? path))
  if (first === undefined || classification.isMultiple === true || classification.kind === "instance") return
  addMistake(mistakes, {
    reason: "several-answers",
    path,
    expected: "one answer to each classification per page",
    found: "a second answer",
    problem:
      `answers ${quote(nameOf(classification))}, which ${formatPath(first)} already answers; ` +
      "expected one answer per page"
  })
}

/**
 * Checks the `classifications` of an entry, an object, a relation or a classification (`owner`). `optionIds` are the
 * selected options of the enclosing classification.
 */
export const checkClassifications = (
  context: ValidationContext,
  scope: Scope<Classification>,
  owner: Fields,
  ownerPath: Path | undefined,
  optionIds: ReadonlyArray<string> = []
): CheckedClassifications => {
  const { mistakes } = context
  const list = readList(owner, "classifications", ownerPath, mistakes)
  if (list === undefined) return { ...noClassifications, isIdentified: false }
  if (list.length === 0) return noClassifications
  const listPath = append(ownerPath, "classifications")
  const answered = new Set<Classification>()
  const firstAnswers: FirstAnswers = new Map()
  let isIdentified = true
  const items = list.map((item, index): unknown => {
    const path = append(listPath, index)
    if (!isFields(item)) {
      addMistake(mistakes, { reason: "wrong-kind", path, expected: "an object", found: describeValue(item) })
      isIdentified = false
      return item
    }
    checkCommonFields(context, item, path)
    const classification = findClass(context, scope, item, path)
    if (classification === undefined) {
      isIdentified = false
      return item
    }
    checkKind(context, item, classification, path)
    checkVisible(context, classification, optionIds, path)
    if (list.length > 1) checkOncePerPage(context, classification, item, path, firstAnswers)
    const answer = checkAnswer(classification, item["answer"], append(path, "answer"), mistakes)
    if (isAnswer(answer.value)) answered.add(classification)
    return withSchemaId(item, classification, checkNested(context, item, classification, answer, path))
  })
  return { items: items.every((item, index) => item === list[index]) ? list : items, answered, isIdentified }
}
