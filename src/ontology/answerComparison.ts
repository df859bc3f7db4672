// Compares a stored answer with the one that was sent. A match proves that an import without a response was applied.
import * as Predicate from "effect/Predicate"
import { toAnswer } from "../schemas/Annotation.js"
import type { Answer } from "../schemas/Answer.js"
import type { CategorySchema } from "../schemas/CategorySchema.js"
import type { LabelImport } from "../schemas/LabelImport.js"
import type { LabelTask } from "../schemas/LabelTask.js"
import { toOptionIds } from "./optionReferences.js"

/**
 * - `same`: the stored answer is what was sent, apart from fields that the hub adds;
 * - `other`: it has none of the objectIds that were sent, and hubs keep objectIds;
 * - `unclear`: it differs, but may be what was sent after a change by the hub.
 */
export type Comparison = "same" | "other" | "unclear"

const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

// Fields that the hub adds do not count, nor does the title of an item that has a schemaId.
const contains = (stored: unknown, sent: unknown): boolean => {
  if (sent === null || sent === undefined) return true
  if (Array.isArray(sent)) {
    return (
      Array.isArray(stored) &&
      stored.length === sent.length &&
      sent.every((one, index) => contains(stored[index], one))
    )
  }
  if (!Predicate.isRecord(sent)) return stored === sent
  if (!Predicate.isRecord(stored)) return false
  return Object.entries(sent).every(([name, value]) => {
    if (name === "classifications") return containsAll(list(stored[name]), list(value))
    if ((name === "title" || name === "tool") && sent["schemaId"] != null) return true
    return contains(stored[name], value)
  })
}

// In any order; each stored item matches one sent item.
const containsAll = (stored: ReadonlyArray<unknown>, sent: ReadonlyArray<unknown>): boolean => {
  if (stored.length !== sent.length) return false
  const unmatched = [...stored]
  return sent.every((item) => {
    const index = unmatched.findIndex((one) => contains(one, item))
    if (index < 0) return false
    unmatched.splice(index, 1)
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

/** Compares the stored answer of a task with the entry that was sent for it. Options may be ids or values in either. */
export const compare = (task: LabelTask, entry: LabelImport, ontology: CategorySchema): Comparison => {
  const { brushDataUrl, data: _, externalId: __, medicalBrushDataUrl, ...input } = entry
  const sent = toOptionIds(toAnswer(input), ontology)
  const stored = toOptionIds(task.answer ?? {}, ontology)
  const storedItems = itemsOf(stored)
  const isSame =
    itemsOf(sent).every((items, index) => containsAll(storedItems[index] ?? [], items)) &&
    contains(task.brushDataUrl, brushDataUrl) &&
    contains(task.medicalBrushDataUrl, medicalBrushDataUrl)
  if (isSame) return "same"
  const ids = idsOf(sent)
  const storedIds = new Set(idsOf(stored))
  return ids.length > 0 && !ids.some((id) => storedIds.has(id)) ? "other" : "unclear"
}
