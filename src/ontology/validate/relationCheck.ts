// Checks the relations between the objects of an answer.
import { nearest } from "../../utils/nearest.js"
import { checkClassifications, checkRequired } from "./classificationCheck.js"
import { checkCommonFields, findClass, withSchemaId } from "./classLookup.js"
import {
  addMistake,
  append,
  describeValue,
  type Fields,
  isFields,
  type Path,
  quote,
  readList
} from "./mistake.js"
import type { CheckedObjects } from "./objectCheck.js"
import { type Class, nameOf, type Scope } from "./ontologyIndex.js"
import type { ValidationContext } from "./validationContext.js"

const directions: ReadonlyArray<unknown> = [null, "straight", "reverse", "bidirectional"]

// The objectIds of the answer; `undefined` when some objects were not readable.
type ObjectIds = ReadonlySet<string> | undefined

const checkObjectId = ({ mistakes }: ValidationContext, id: unknown, ids: ObjectIds, path: Path): void => {
  if (typeof id !== "string") {
    addMistake(mistakes, { reason: "wrong-kind", path, expected: "an objectId", found: describeValue(id) })
  } else if (ids !== undefined && !ids.has(id)) {
    addMistake(mistakes, {
      reason: "unknown-object",
      path,
      expected: "the objectId of an object of this entry",
      found: quote(id),
      problem: `is ${quote(id)}, which no object of this entry has; expected the objectId of one`,
      suggestion: nearest(id, ids)
    })
  }
}

const rejectEnds = (
  context: ValidationContext,
  relation: Class | undefined,
  path: Path,
  expected: string,
  found: string
): void => {
  const rule = relation === undefined ? "" : `: ${quote(nameOf(relation))} is a ${relation.kind} relation`
  const problem = `has ${found}; expected ${expected}${rule}`
  addMistake(context.mistakes, { reason: "wrong-relation", path, expected, found, problem })
}

const checkGroup = (context: ValidationContext, group: unknown, ids: ObjectIds, path: Path): void => {
  if (!Array.isArray(group)) {
    const expected = "a list of objectIds"
    addMistake(context.mistakes, { reason: "wrong-kind", path, expected, found: describeValue(group) })
    return
  }
  group.forEach((id, index) => {
    checkObjectId(context, id, ids, append(path, index))
  })
  if (group.length > 0) return
  const expected = "at least one objectId"
  addMistake(context.mistakes, { reason: "wrong-relation", path, expected, found: describeValue(group) })
}

const checkEnds = (
  context: ValidationContext,
  item: Fields,
  relation: Class | undefined,
  ids: ObjectIds,
  path: Path
): void => {
  const { direction, from, group, to } = item
  if (group != null) {
    const groupPath = append(path, "group")
    if (relation?.kind === "one-to-one") rejectEnds(context, relation, groupPath, "from and to", "a group")
    checkGroup(context, group, ids, groupPath)
  } else if (from == null && to == null) {
    rejectEnds(context, relation, path, relation?.kind === "group" ? "a group" : "from and to", "no objects")
  } else {
    if (relation?.kind === "group") rejectEnds(context, relation, path, "a group", "from and to")
    checkObjectId(context, from, ids, append(path, "from"))
    checkObjectId(context, to, ids, append(path, "to"))
  }
  if (!("direction" in item) || directions.includes(direction)) return
  const expected = "straight, reverse or bidirectional"
  const found = typeof direction === "string" ? quote(direction) : describeValue(direction)
  addMistake(context.mistakes, {
    reason: "wrong-relation",
    path: append(path, "direction"),
    expected,
    found
  })
}

/** Checks the relations of an answer, and returns them as they are sent. */
export const checkRelations = (
  context: ValidationContext,
  scope: Scope<Class>,
  entry: Fields,
  objects: CheckedObjects
): unknown => {
  const { mistakes } = context
  const list = readList(entry, "relations", undefined, mistakes)
  if (list === undefined || list.length === 0) return entry["relations"]
  const ids = objects.isIdentified ? new Set(objects.ids) : undefined
  const items = list.map((item, index): unknown => {
    const path = append(append(undefined, "relations"), index)
    if (!isFields(item)) {
      addMistake(mistakes, { reason: "wrong-kind", path, expected: "an object", found: describeValue(item) })
      return item
    }
    checkCommonFields(context, item, path)
    const relation = findClass(context, scope, item, path)
    checkEnds(context, item, relation, ids, path)
    if (relation === undefined) return item
    const classifications = checkClassifications(context, relation.classifications, item, path)
    checkRequired(context, relation.classifications, classifications, [], append(path, "classifications"))
    return withSchemaId(
      item,
      relation,
      classifications.items === undefined ? {} : { classifications: classifications.items }
    )
  })
  return items.every((item, index) => item === list[index]) ? list : items
}
