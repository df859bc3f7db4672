// Which class of the ontology an item is of.

import { nearest } from "../../utils/nearest.js"
import {
  at,
  type Fields,
  type Finding,
  isMaybe,
  kindOf,
  note,
  type Place,
  quote,
  quoteAll
} from "./finding.js"
import type { Class, Scope } from "./ontologyIndex.js"
import { nameOf } from "./ontologyIndex.js"

/** What is known while the answer of a row is walked. */
export interface Walk {
  readonly homes: ReadonlyMap<string, string>
  readonly findings: Array<Finding>
  /** Whether questions that must be answered may be left open. */
  readonly mayBeIncomplete: boolean
  /** The size of the image on a page; nothing when it is not known. */
  readonly sizeAt: (page: number) => { readonly width: number; readonly height: number } | undefined
}

const given = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined

const titlesOf = ({ all }: Scope<Class>): ReadonlyArray<string> =>
  all.flatMap(({ title }) => (title === undefined ? [] : [title]))

const oneOf = (scope: Scope<Class>): string => {
  const names = scope.all.map(nameOf)
  return names.length === 0 ? `no ${scope.noun}: there is none here` : `one of ${quoteAll(names)}`
}

const byId = <A extends Class>(
  { findings, homes }: Walk,
  scope: Scope<A>,
  id: string,
  title: string | undefined,
  within: Place
): A | undefined => {
  const known = scope.byId.get(id)
  if (known === undefined) {
    const home = homes.get(id)
    // Somebody who writes a title where the schemaId is due means the class of that title.
    const titled = scope.byTitle.get(title ?? id) ?? []
    const expected = `the schemaId of a ${scope.noun}: ${oneOf(scope)}`
    note(findings, {
      reason: home === undefined ? "unknown-schema-id" : "misplaced-class",
      place: at(within, "schemaId"),
      expected,
      found: quote(id),
      says:
        home === undefined
          ? `is ${quote(id)}, which no ${scope.noun} here has; expected ${oneOf(scope)}`
          : `is that of ${home}; expected ${oneOf(scope)}`,
      suggestion: titled.length === 1 ? titled[0]?.schemaId : undefined
    })
    return undefined
  }
  if (title === undefined || known.title === undefined || known.title === title) return known
  note(findings, {
    reason: "contradicting-title",
    place: at(within, "title"),
    expected: `${quote(known.title)}, which has this schemaId`,
    found: quote(title),
    says: `is ${quote(title)}, and the schemaId beside it is that of ${quote(known.title)}`
  })
  return undefined
}

const byTitle = <A extends Class>(
  { findings }: Walk,
  scope: Scope<A>,
  title: string,
  within: Place
): A | undefined => {
  const [first, ...others] = scope.byTitle.get(title) ?? []
  if (first !== undefined && others.length === 0) return first
  const ids = [first, ...others].flatMap((one) => (one?.schemaId === undefined ? [] : [one.schemaId]))
  note(
    findings,
    first === undefined
      ? {
          reason: "unknown-title",
          place: at(within, "title"),
          expected: oneOf(scope),
          found: quote(title),
          says: `is ${quote(title)}, which no ${scope.noun} here has; expected ${oneOf(scope)}`,
          suggestion: nearest(title, titlesOf(scope))
        }
      : {
          reason: "ambiguous-title",
          place: at(within, "title"),
          expected: `a schemaId: ${quoteAll(ids)}`,
          found: quote(title),
          says:
            `is ${quote(title)}, which ${others.length + 1} ${scope.noun}s have; ` +
            `say which by its schemaId: ${quoteAll(ids)}`
        }
  )
  return undefined
}

/** The class of an item, by its schemaId or its title; what is wrong with those is noted, and there is none. */
export const classOf = <A extends Class>(
  walk: Walk,
  scope: Scope<A>,
  item: Fields,
  within: Place
): A | undefined => {
  const hasId = isMaybe(item, "schemaId", "string", within, walk.findings)
  const hasTitle = isMaybe(item, "title", "string", within, walk.findings)
  if (!hasId || !hasTitle) return undefined
  const id = given(item["schemaId"])
  const title = given(item["title"])
  if (id !== undefined) return byId(walk, scope, id, title, within)
  if (title !== undefined) return byTitle(walk, scope, title, within)
  note(walk.findings, {
    reason: "no-class",
    place: within,
    expected: `a schemaId or a title: ${oneOf(scope)}`,
    found: "neither",
    says: `has no schemaId and no title; expected ${oneOf(scope)}`
  })
  return undefined
}

/** The item with the schemaId of its class, and these fields instead of its own; the same one when nothing changes. */
export const resolved = (item: Fields, named: Class | undefined, changes: Fields): Fields => {
  const id = named?.schemaId ?? item["schemaId"]
  let isSame = id === item["schemaId"]
  for (const name in changes) isSame &&= changes[name] === item[name]
  if (isSame) return item
  if (id === item["schemaId"]) return { ...item, ...changes }
  return "schemaId" in item ? { ...item, ...changes, schemaId: id } : { schemaId: id, ...item, ...changes }
}

/** What every item may say of itself, as far as it is not of its kind. */
export const checkCommon = ({ findings }: Walk, item: Fields, within: Place): void => {
  isMaybe(item, "objectId", "string", within, findings)
  isMaybe(item, "lock", "boolean", within, findings)
  isMaybe(item, "interpolationStopped", "boolean", within, findings)
  const page = item["page"]
  if (page === null || !("page" in item)) return
  if (typeof page === "number" && Number.isInteger(page) && page >= 0) return
  const expected = "a page or frame, counted from 0"
  note(findings, { reason: "page", place: at(within, "page"), expected, found: kindOf(page) })
}

/** The page of an item, from 0; 0 where it is none. */
export const pageOf = (item: Fields): number => {
  const page = item["page"]
  return typeof page === "number" && Number.isInteger(page) && page >= 0 ? page : 0
}
