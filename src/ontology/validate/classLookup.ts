// Finds the class of the ontology that an item belongs to, and checks the fields that all items share.
import { nearest } from "../../utils/nearest.js"
import {
  addMistake,
  append,
  checkOptional,
  describeValue,
  type Fields,
  type Path,
  quote,
  quoteAll
} from "./mistake.js"
import { type Class, nameOf, type Scope } from "./ontologyIndex.js"
import type { ValidationContext } from "./validationContext.js"

const nonEmpty = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined

const titlesIn = ({ all }: Scope<Class>): ReadonlyArray<string> =>
  all.flatMap(({ title }) => (title === undefined ? [] : [title]))

const describeScope = (scope: Scope<Class>): string => {
  const names = scope.all.map(nameOf)
  return names.length === 0 ? `none: the ontology has no ${scope.noun} here` : `one of ${quoteAll(names)}`
}

const findById = <A extends Class>(
  { definitions, mistakes }: ValidationContext,
  scope: Scope<A>,
  id: string,
  title: string | undefined,
  parent: Path
): A | undefined => {
  const found = scope.byId.get(id)
  if (found === undefined) {
    const definition = definitions.get(id)
    // A title in the place of a schemaId probably means the class of that title.
    const sameTitle = scope.byTitle.get(title ?? id) ?? []
    addMistake(mistakes, {
      reason: definition === undefined ? "unknown-schema-id" : "misplaced-class",
      path: append(parent, "schemaId"),
      expected: `the schemaId of a ${scope.noun}: ${describeScope(scope)}`,
      found: quote(id),
      problem:
        definition === undefined
          ? `is ${quote(id)}, which no ${scope.noun} here has; expected ${describeScope(scope)}`
          : `belongs to ${definition}; expected ${describeScope(scope)}`,
      suggestion: sameTitle.length === 1 ? sameTitle[0]?.schemaId : undefined
    })
    return undefined
  }
  if (title === undefined || found.title === undefined || found.title === title) return found
  addMistake(mistakes, {
    reason: "contradicting-title",
    path: append(parent, "title"),
    expected: `${quote(found.title)}, which has this schemaId`,
    found: quote(title),
    problem: `is ${quote(title)}, but the schemaId is that of ${quote(found.title)}; expected the same class`
  })
  return undefined
}

const findByTitle = <A extends Class>(
  { mistakes }: ValidationContext,
  scope: Scope<A>,
  title: string,
  parent: Path
): A | undefined => {
  const [first, ...others] = scope.byTitle.get(title) ?? []
  if (first !== undefined && others.length === 0) return first
  const path = append(parent, "title")
  if (first === undefined) {
    addMistake(mistakes, {
      reason: "unknown-title",
      path,
      expected: describeScope(scope),
      found: quote(title),
      problem: `is ${quote(title)}, which no ${scope.noun} here has; expected ${describeScope(scope)}`,
      suggestion: nearest(title, titlesIn(scope))
    })
    return undefined
  }
  const ids = quoteAll(
    [first, ...others].flatMap(({ schemaId }) => (schemaId === undefined ? [] : [schemaId]))
  )
  addMistake(mistakes, {
    reason: "ambiguous-title",
    path,
    expected: `a schemaId: ${ids}`,
    found: quote(title),
    problem:
      `is ${quote(title)}, the title of ${others.length + 1} ${scope.noun}s; ` +
      `expected the schemaId of one of them: ${ids}`
  })
  return undefined
}

/** The class of an item, by its schemaId or its title; `undefined` and a mistake when it has none in this scope. */
export const findClass = <A extends Class>(
  context: ValidationContext,
  scope: Scope<A>,
  item: Fields,
  path: Path
): A | undefined => {
  const isValidId = checkOptional(item, "schemaId", "string", path, context.mistakes)
  const isValidTitle = checkOptional(item, "title", "string", path, context.mistakes)
  if (!isValidId || !isValidTitle) return undefined
  const id = nonEmpty(item["schemaId"])
  const title = nonEmpty(item["title"])
  if (id !== undefined) return findById(context, scope, id, title, path)
  if (title !== undefined) return findByTitle(context, scope, title, path)
  addMistake(context.mistakes, {
    reason: "no-class",
    path,
    expected: `a schemaId or a title: ${describeScope(scope)}`,
    found: "neither",
    problem: `has no schemaId and no title; expected ${describeScope(scope)}`
  })
  return undefined
}

/** The item with the schemaId of its class and with `changes`; the same reference when nothing differs. */
export const withSchemaId = (item: Fields, itemClass: Class | undefined, changes: Fields): Fields => {
  const id = itemClass?.schemaId ?? item["schemaId"]
  let isSame = id === item["schemaId"]
  for (const name in changes) isSame &&= changes[name] === item[name]
  if (isSame) return item
  if (id === item["schemaId"]) return { ...item, ...changes }
  return "schemaId" in item ? { ...item, ...changes, schemaId: id } : { schemaId: id, ...item, ...changes }
}

/** Checks the fields that objects, classifications and relations share. */
export const checkCommonFields = ({ mistakes }: ValidationContext, item: Fields, path: Path): void => {
  checkOptional(item, "objectId", "string", path, mistakes)
  checkOptional(item, "lock", "boolean", path, mistakes)
  checkOptional(item, "interpolationStopped", "boolean", path, mistakes)
  const page = item["page"]
  if (page === null || !("page" in item)) return
  if (typeof page === "number" && Number.isInteger(page) && page >= 0) return
  const expected = "a page or frame, counted from 0"
  addMistake(mistakes, { reason: "page", path: append(path, "page"), expected, found: describeValue(page) })
}

/** The page of an item, counted from 0; 0 when it has none. */
export const pageOf = (item: Fields): number => {
  const page = item["page"]
  return typeof page === "number" && Number.isInteger(page) && page >= 0 ? page : 0
}
