// Whether the answer that a hub has stored is the one that was sent to it: the proof of an import that went unanswered.
import * as Predicate from "effect/Predicate"
import { toAnswer } from "../schemas/Annotation.js"
import type { Answer } from "../schemas/Answer.js"
import type { CategorySchema } from "../schemas/CategorySchema.js"
import type { LabelImport } from "../schemas/LabelImport.js"
import type { LabelTask } from "../schemas/LabelTask.js"
import { toOptionIds } from "./optionReferences.js"

/**
 * - `same`: the task has what was sent, to the letter, and nothing else;
 * - `other`: it has not: of the objectIds that were sent, which hubs keep, none is there;
 * - `unclear`: it has something else, which may be what the hub made of it.
 */
export type Likeness = "same" | "other" | "unclear"

const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

// What the hub adds to an item says nothing against it, nor does a name of its class beside the schemaId.
const holds = (stored: unknown, sent: unknown): boolean => {
  if (sent === null || sent === undefined) return true
  if (Array.isArray(sent)) {
    return (
      Array.isArray(stored) &&
      stored.length === sent.length &&
      sent.every((one, at) => holds(stored[at], one))
    )
  }
  if (!Predicate.isRecord(sent)) return stored === sent
  if (!Predicate.isRecord(stored)) return false
  return Object.entries(sent).every(([name, value]) => {
    if (name === "classifications") return holdsAll(list(stored[name]), list(value))
    if ((name === "title" || name === "tool") && sent["schemaId"] != null) return true
    return holds(stored[name], value)
  })
}

// In any order, each by one of its own.
const holdsAll = (stored: ReadonlyArray<unknown>, sent: ReadonlyArray<unknown>): boolean => {
  if (stored.length !== sent.length) return false
  const left = [...stored]
  return sent.every((item) => {
    const at = left.findIndex((one) => holds(one, item))
    if (at < 0) return false
    left.splice(at, 1)
    return true
  })
}

const itemsOf = ({ classifications, relations, tools }: Answer): ReadonlyArray<ReadonlyArray<unknown>> => [
  tools ?? [],
  classifications ?? [],
  relations ?? []
]

const idsOf = (answer: Answer): ReadonlyArray<string> =>
  itemsOf(answer)
    .flat()
    .flatMap((item) =>
      Predicate.isRecord(item) && typeof item["objectId"] === "string" ? item["objectId"] : []
    )

/** What the answer of a task says of an entry that was sent for it; options may be named by ids or by values. */
export const compare = (task: LabelTask, entry: LabelImport, ontology: CategorySchema): Likeness => {
  const { brushDataUrl, data: _, externalId: __, medicalBrushDataUrl, ...input } = entry
  const sent = toOptionIds(toAnswer(input), ontology)
  const stored = toOptionIds(task.answer ?? {}, ontology)
  const parts = itemsOf(stored)
  const isSame =
    itemsOf(sent).every((items, at) => holdsAll(parts[at] ?? [], items)) &&
    holds(task.brushDataUrl, brushDataUrl) &&
    holds(task.medicalBrushDataUrl, medicalBrushDataUrl)
  if (isSame) return "same"
  const ids = idsOf(sent)
  const there = new Set(idsOf(stored))
  return ids.length > 0 && !ids.some((id) => there.has(id)) ? "other" : "unclear"
}
