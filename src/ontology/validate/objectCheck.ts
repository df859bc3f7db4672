// Drawn objects: of which class, with which tool, and which object is which.

import { nearest } from "../../utils/nearest.js"
import { checkCommon, classOf, pageOf, resolved, type Walk } from "./classLookup.js"
import { at, type Fields, isFields, kindOf, listAt, note, type Place, pathOf, quote } from "./finding.js"
import { checkGeometry, type Drawn, drawn, hasGeometry } from "./geometryCheck.js"
import { type Class, nameOf, type Question, type Scope } from "./ontologyIndex.js"
import { checkQuestions, checkRequired, type Replies, unasked } from "./questionCheck.js"

/** The objects as they are sent, and their ids. */
export interface Objects {
  readonly items: unknown
  readonly ids: Iterable<string>
  /** Whether every id could be read: only then is it known which objects are missing. */
  readonly isSure: boolean
}

// One object, on all pages on which it is. Mostly there is one page, and nothing to be put together.
interface Track {
  readonly place: Place
  readonly of: Class | undefined
  readonly first: Fields
  pages: Map<string, Place> | undefined
  answered: ReadonlySet<Question>
  isSure: boolean
}

const needsNoGeometry = (item: Fields): boolean => item["interpolationStopped"] === true

const checkTool = (
  { findings }: Walk,
  item: Fields,
  tools: ReadonlyArray<Drawn>,
  of: Class | undefined,
  place: Place
): void => {
  if (tools.length > 1) {
    const found = tools.join(" and ")
    const says = `has a ${found}; expected one of them`
    note(findings, { reason: "several-geometries", place, expected: "the geometry of one tool", found, says })
    return
  }
  const [tool] = tools
  if (of === undefined || tool === of.kind) return
  const owner = `${quote(nameOf(of))} is a ${of.kind}`
  if (tool !== undefined) {
    // A brush is in an image of its own; of tools that no document describes, nobody knows what they take.
    if (!hasGeometry(of.kind) && of.kind !== "brush") return
    note(findings, {
      reason: "wrong-tool",
      place: at(place, tool),
      expected: `a ${of.kind}`,
      found: `a ${tool}`,
      says: `does not fit: ${owner}`
    })
  } else if (hasGeometry(of.kind) && !needsNoGeometry(item)) {
    note(findings, {
      reason: "no-geometry",
      place,
      expected: `a ${of.kind}`,
      found: "none",
      says: `has no geometry, and ${owner}`,
      suggestion:
        nearest(
          of.kind.replaceAll("-", ""),
          Object.keys(item).map((name) => name.replaceAll(/[-_]/g, ""))
        ) === undefined
          ? undefined
          : of.kind
    })
  }
}

// Some sources have the objectId of a PDF's area inside of it, and all have its page there
// (docs/api-notes.md#pdf-object-id).
const idOf = (item: Fields): string | undefined => {
  const { objectId, pdf } = item
  const id = objectId ?? (isFields(pdf) ? pdf["objectId"] : undefined)
  return typeof id === "string" && id !== "" ? id : undefined
}

const pageKey = (item: Fields): string => {
  const { page, pdf } = item
  const number = isFields(pdf) ? pdf["pageNumber"] : undefined
  return page == null && number !== undefined ? `page ${String(number)} of the PDF` : `page ${pageOf(item)}`
}

const checkTrack = ({ findings }: Walk, track: Track, item: Fields, of: Class | undefined, place: Place) => {
  const id = idOf(item)
  const where = item["objectId"] == null ? at(at(place, "pdf"), "objectId") : at(place, "objectId")
  const page = pageKey(item)
  const found = quote(id ?? "")
  const pages = track.pages ?? new Map([[pageKey(track.first), track.place]])
  const before = pages.get(page)
  if (before !== undefined) {
    note(findings, {
      reason: "duplicate-object-id",
      place: where,
      expected: "an objectId once on a page",
      found,
      says: `is ${found}, which ${pathOf(before)} has on ${page} too`
    })
  } else if (of !== undefined && track.of !== undefined && of !== track.of) {
    note(findings, {
      reason: "mixed-track",
      place: where,
      expected: "objects of one class under one objectId",
      found,
      says:
        `is ${found}, which ${pathOf(track.place)} has as well: ` +
        `one object cannot be ${quote(nameOf(track.of))} and ${quote(nameOf(of))}`
    })
  }
  track.pages = pages.set(page, before ?? place)
}

// What changes of an object: its id is beside the area of its PDF, its questions have their schemaIds.
const fieldsOf = (item: Fields, id: string | undefined, { items }: Replies): Fields => {
  const outside = id === undefined || item["objectId"] === id ? {} : { objectId: id }
  return items === undefined ? outside : { ...outside, classifications: items }
}

/** The objects of an answer, under `tools` or `objects`. */
export const checkObjects = (walk: Walk, scope: Scope<Class>, entry: Fields, name: string): Objects => {
  const { findings } = walk
  const list = listAt(entry, name, undefined, findings)
  if (list === undefined) return { items: entry[name], ids: [], isSure: false }
  const all = at(undefined, name)
  const tracks = new Map<string, Track>()
  const nameless: Array<Track> = []
  let isSure = true
  const items = list.map((item, index): unknown => {
    const place = at(all, index)
    if (!isFields(item)) {
      note(findings, { reason: "wrong-kind", place, expected: "an object", found: kindOf(item) })
      isSure = false
      return item
    }
    checkCommon(walk, item, place)
    const of = classOf(walk, scope, item, place)
    const tools = drawn.filter((tool) => tool in item)
    checkTool(walk, item, tools, of, place)
    for (const tool of tools) checkGeometry(walk, tool, item[tool], at(place, tool), pageOf(item))
    const replies = of === undefined ? unasked : checkQuestions(walk, of.questions, item, place)
    const id = idOf(item)
    const known = id === undefined ? undefined : tracks.get(id)
    if (known === undefined) {
      const { answered, isSure } = replies
      const track = { place, of, first: item, pages: undefined, answered, isSure }
      if (id === undefined) nameless.push(track)
      else tracks.set(id, track)
    } else {
      checkTrack(walk, known, item, of, place)
      known.answered = new Set([...known.answered, ...replies.answered])
      known.isSure &&= replies.isSure
    }
    return resolved(item, of, fieldsOf(item, id, replies))
  })
  // A question about a tracked object is answered once, on whichever of its pages.
  for (const track of [...tracks.values(), ...nameless]) {
    if (track.of === undefined) continue
    checkRequired(walk, track.of.questions, track, [], at(track.place, "classifications"))
  }
  return {
    items: items.every((item, index) => item === list[index]) ? entry[name] : items,
    ids: tracks.keys(),
    isSure
  }
}
