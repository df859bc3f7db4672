// Relations between the objects of an answer.

import { nearest } from "../../utils/nearest.js"
import { checkCommon, classOf, resolved, type Walk } from "./classLookup.js"
import { at, type Fields, isFields, kindOf, listAt, note, type Place, quote } from "./finding.js"
import type { Objects } from "./objectCheck.js"
import { type Class, nameOf, type Scope } from "./ontologyIndex.js"
import { checkQuestions, checkRequired } from "./questionCheck.js"

const directions: ReadonlyArray<unknown> = [null, "straight", "reverse", "bidirectional"]

type Known = ReadonlySet<string> | undefined

const checkEnd = ({ findings }: Walk, id: unknown, known: Known, place: Place): void => {
  if (typeof id !== "string") {
    note(findings, { reason: "wrong-kind", place, expected: "an objectId", found: kindOf(id) })
  } else if (known !== undefined && !known.has(id)) {
    note(findings, {
      reason: "unknown-object",
      place,
      expected: "the objectId of an object of this entry",
      found: quote(id),
      says: `is ${quote(id)}, which no object of this entry has`,
      suggestion: nearest(id, known)
    })
  }
}

const misfit = (walk: Walk, of: Class | undefined, place: Place, expected: string, found: string): void => {
  const owner = of === undefined ? "" : `; ${quote(nameOf(of))} is a relation of kind ${of.kind}`
  const says = `has ${found}, expected ${expected}${owner}`
  note(walk.findings, { reason: "wrong-relation", place, expected, found, says })
}

const checkGroup = (walk: Walk, group: unknown, known: Known, place: Place): void => {
  if (!Array.isArray(group)) {
    const expected = "a list of objectIds"
    note(walk.findings, { reason: "wrong-kind", place, expected, found: kindOf(group) })
    return
  }
  group.forEach((id, index) => {
    checkEnd(walk, id, known, at(place, index))
  })
  if (group.length > 0) return
  const expected = "at least one objectId"
  note(walk.findings, { reason: "wrong-relation", place, expected, found: kindOf(group) })
}

const checkLink = (walk: Walk, item: Fields, of: Class | undefined, known: Known, place: Place): void => {
  const { direction, from, group, to } = item
  if (group != null) {
    if (of?.kind === "one-to-one") misfit(walk, of, at(place, "group"), "from and to", "a group")
    checkGroup(walk, group, known, at(place, "group"))
  } else if (from == null && to == null) {
    misfit(walk, of, place, of?.kind === "group" ? "a group" : "from and to", "no objects")
  } else {
    if (of?.kind === "group") misfit(walk, of, place, "a group", "from and to")
    checkEnd(walk, from, known, at(place, "from"))
    checkEnd(walk, to, known, at(place, "to"))
  }
  if (!("direction" in item) || directions.includes(direction)) return
  const expected = "straight, reverse or bidirectional"
  const found = typeof direction === "string" ? quote(direction) : kindOf(direction)
  note(walk.findings, { reason: "wrong-relation", place: at(place, "direction"), expected, found })
}

/** The relations of an answer, between these objects. */
export const checkRelations = (walk: Walk, scope: Scope<Class>, entry: Fields, objects: Objects): unknown => {
  const { findings } = walk
  const list = listAt(entry, "relations", undefined, findings)
  if (list === undefined || list.length === 0) return entry["relations"]
  const known = objects.isSure ? new Set(objects.ids) : undefined
  const items = list.map((item, index): unknown => {
    const place = at(at(undefined, "relations"), index)
    if (!isFields(item)) {
      note(findings, { reason: "wrong-kind", place, expected: "an object", found: kindOf(item) })
      return item
    }
    checkCommon(walk, item, place)
    const of = classOf(walk, scope, item, place)
    checkLink(walk, item, of, known, place)
    if (of === undefined) return item
    const replies = checkQuestions(walk, of.questions, item, place)
    checkRequired(walk, of.questions, replies, [], at(place, "classifications"))
    return resolved(item, of, replies.items === undefined ? {} : { classifications: replies.items })
  })
  return items.every((item, index) => item === list[index]) ? list : items
}
