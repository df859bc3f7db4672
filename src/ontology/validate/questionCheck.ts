// Answered questions, and those that should have been.
import { checkAnswer, isAnswer } from "./answerCheck.js"
import { checkCommon, classOf, pageOf, resolved, type Walk } from "./classLookup.js"
import {
  at,
  type Fields,
  isFields,
  isMaybe,
  kindOf,
  listAt,
  note,
  type Place,
  pathOf,
  quote
} from "./finding.js"
import { nameOf, type Question, type Scope } from "./ontologyIndex.js"

/** What a list of answers came to. */
export interface Replies {
  /** The list as it is sent. */
  readonly items: unknown
  readonly answered: ReadonlySet<Question>
  /** Whether it is known of each item which question it answers: only then is it known which are open. */
  readonly isSure: boolean
}

/** What no list came to. */
export const unasked: Replies = { items: undefined, answered: new Set(), isSure: true }

/** Notes the questions that must be answered and are not; `chosen` are the options of the question around them. */
export const checkRequired = (
  walk: Walk,
  scope: Scope<Question>,
  { answered, isSure }: Pick<Replies, "answered" | "isSure">,
  chosen: ReadonlyArray<string>,
  place: Place
): void => {
  if (walk.mayBeIncomplete || !isSure) return
  for (const question of scope.all) {
    const { isRequired, revealedBy } = question
    if (!isRequired || answered.has(question)) continue
    if (revealedBy !== undefined && !chosen.includes(revealedBy)) continue
    const name = quote(nameOf(question))
    const expected = `an answer to ${name}`
    const says = `has no answer to ${name}, which is required`
    note(walk.findings, { reason: "required", place, expected, found: "none", says })
  }
}

const checkRevealed = (
  { findings }: Walk,
  question: Question,
  chosen: ReadonlyArray<string>,
  place: Place
): void => {
  const { revealedBy } = question
  if (revealedBy === undefined || chosen.includes(revealedBy)) return
  const name = quote(nameOf(question))
  note(findings, {
    reason: "not-revealed",
    place,
    expected: `no answer to ${name}`,
    found: "an answer",
    says: `answers ${name}, which is asked only when another option is chosen`
  })
}

const checkKind = ({ findings }: Walk, item: Fields, question: Question, within: Place): void => {
  const tool = item["tool"]
  if (!isMaybe(item, "tool", "string", within, findings)) return
  if (tool == null || tool === "" || tool === question.kind) return
  const expected = quote(question.kind)
  const found = quote(String(tool))
  const says = `is ${found}, and ${quote(nameOf(question))} is a ${question.kind}`
  note(findings, { reason: "wrong-tool", place: at(within, "tool"), expected, found, says })
}

const nested = (
  walk: Walk,
  item: Fields,
  question: Question,
  { chosen, value }: { readonly chosen: ReadonlyArray<string>; readonly value: unknown },
  place: Place
): Fields => {
  const inner = checkQuestions(walk, question.questions, item, place, chosen)
  if (isAnswer(value)) {
    checkRequired(walk, question.questions, inner, chosen, at(place, "classifications"))
  }
  return { answer: value, ...(inner.items === undefined ? {} : { classifications: inner.items }) }
}

const checkOnce = (
  { findings }: Walk,
  question: Question,
  item: Fields,
  place: Place,
  places: Map<Question, Map<number, Place>>
): void => {
  const before = places.get(question) ?? new Map<number, Place>()
  const page = pageOf(item)
  const first = before.get(page)
  places.set(question, before.set(page, first ?? place))
  if (first === undefined || question.isMultiple === true || question.kind === "instance") return
  note(findings, {
    reason: "several-answers",
    place,
    expected: "one answer to each question of a page",
    found: "another one",
    says: `answers ${quote(nameOf(question))} again; ${pathOf(first)} did`
  })
}

/** The classifications of an item, of an answer or of a whole entry; `chosen` are the options that reveal some. */
export const checkQuestions = (
  walk: Walk,
  scope: Scope<Question>,
  holder: Fields,
  within: Place | undefined,
  chosen: ReadonlyArray<string> = []
): Replies => {
  const { findings } = walk
  const list = listAt(holder, "classifications", within, findings)
  if (list === undefined) return { ...unasked, isSure: false }
  if (list.length === 0) return unasked
  const all = at(within, "classifications")
  const answered = new Set<Question>()
  const places = new Map<Question, Map<number, Place>>()
  let isSure = true
  const items = list.map((item, index): unknown => {
    const place = at(all, index)
    if (!isFields(item)) {
      note(findings, { reason: "wrong-kind", place, expected: "an object", found: kindOf(item) })
      isSure = false
      return item
    }
    checkCommon(walk, item, place)
    const question = classOf(walk, scope, item, place)
    if (question === undefined) {
      isSure = false
      return item
    }
    checkKind(walk, item, question, place)
    checkRevealed(walk, question, chosen, place)
    if (list.length > 1) checkOnce(walk, question, item, place, places)
    const reply = checkAnswer(question, item["answer"], at(place, "answer"), findings)
    if (isAnswer(reply.value)) answered.add(question)
    return resolved(item, question, nested(walk, item, question, reply, place))
  })
  return { items: items.every((item, index) => item === list[index]) ? list : items, answered, isSure }
}
