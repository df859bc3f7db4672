// Checks drawn objects: class, tool, geometry, and objects that share an objectId.
import { nearest } from "../../utils/nearest.js"
import {
  type CheckedClassifications,
  checkClassifications,
  checkRequired,
  noClassifications
} from "./classificationCheck.js"
import { checkCommonFields, findClass, pageOf, withSchemaId } from "./classLookup.js"
import { checkGeometry, type GeometryTool, geometryTools, isGeometryTool } from "./geometryCheck.js"
import {
  addMistake,
  append,
  describeValue,
  type Fields,
  formatPath,
  isFields,
  type Path,
  quote,
  readList
} from "./mistake.js"
import { type Class, type Classification, nameOf, type Scope } from "./ontologyIndex.js"
import type { ValidationContext } from "./validationContext.js"

/** The result of checking the objects of an answer. */
export interface CheckedObjects {
  /** The list as it is sent. */
  readonly items: unknown
  readonly ids: Iterable<string>
  /** Whether every item was readable: only then are missing objects known. */
  readonly isIdentified: boolean
}

// One object on all of its pages. Most objects have one page: `pages` is filled only when a second item is found.
interface Track {
  readonly path: Path
  readonly class: Class | undefined
  readonly first: Fields
  pages: Map<string, Path> | undefined
  answered: ReadonlySet<Classification>
  isIdentified: boolean
}

// The item that ends a track has no geometry.
const needsNoGeometry = (item: Fields): boolean => item["interpolationStopped"] === true

const checkTool = (
  { mistakes }: ValidationContext,
  item: Fields,
  tools: ReadonlyArray<GeometryTool>,
  itemClass: Class | undefined,
  path: Path
): void => {
  if (tools.length > 1) {
    const found = tools.join(" and ")
    const problem = `has the geometries ${found}; expected one`
    addMistake(mistakes, {
      reason: "several-geometries",
      path,
      expected: "the geometry of one tool",
      found,
      problem
    })
    return
  }
  const [tool] = tools
  if (itemClass === undefined || tool === itemClass.kind) return
  const { kind } = itemClass
  const rule = `${quote(nameOf(itemClass))} is a ${kind}`
  if (tool !== undefined) {
    // Brush strokes are in a separate image; the geometries of other tools are not documented, so that any may be right.
    if (!isGeometryTool(kind) && kind !== "brush") return
    addMistake(mistakes, {
      reason: "wrong-tool",
      path: append(path, tool),
      expected: `a ${kind}`,
      found: `a ${tool}`,
      problem: `is the geometry of another tool: ${rule}`
    })
  } else if (isGeometryTool(kind) && !needsNoGeometry(item)) {
    const similar = nearest(
      kind.replaceAll("-", ""),
      Object.keys(item).map((name) => name.replaceAll(/[-_]/g, ""))
    )
    addMistake(mistakes, {
      reason: "no-geometry",
      path,
      expected: `a ${kind}`,
      found: "none",
      problem: `has no geometry: ${rule}`,
      suggestion: similar === undefined ? undefined : kind
    })
  }
}

// Some sources put the objectId of a PDF area inside of it; all put its page there (docs/api-notes.md#pdf-object-id).
const objectIdOf = (item: Fields): string | undefined => {
  const { objectId, pdf } = item
  const id = objectId ?? (isFields(pdf) ? pdf["objectId"] : undefined)
  return typeof id === "string" && id !== "" ? id : undefined
}

const pageKey = (item: Fields): string => {
  const { page, pdf } = item
  const number = isFields(pdf) ? pdf["pageNumber"] : undefined
  return page == null && number !== undefined ? `page ${String(number)} of the PDF` : `page ${pageOf(item)}`
}

const checkTrack = (
  { mistakes }: ValidationContext,
  track: Track,
  item: Fields,
  itemClass: Class | undefined,
  path: Path
) => {
  const idPath = item["objectId"] == null ? append(append(path, "pdf"), "objectId") : append(path, "objectId")
  const page = pageKey(item)
  const found = quote(objectIdOf(item) ?? "")
  const pages = track.pages ?? new Map([[pageKey(track.first), track.path]])
  const earlier = pages.get(page)
  if (earlier !== undefined) {
    addMistake(mistakes, {
      reason: "duplicate-object-id",
      path: idPath,
      expected: "each objectId once per page",
      found,
      problem: `is ${found}, which ${formatPath(earlier)} already has on ${page}; expected each objectId once per page`
    })
  } else if (itemClass !== undefined && track.class !== undefined && itemClass !== track.class) {
    addMistake(mistakes, {
      reason: "mixed-track",
      path: idPath,
      expected: "objects of one class under one objectId",
      found,
      problem:
        `is ${found}, which ${formatPath(track.path)} already has: ` +
        `one object cannot be both ${quote(nameOf(track.class))} and ${quote(nameOf(itemClass))}`
    })
  }
  track.pages = pages.set(page, earlier ?? path)
}

// An object is sent with the objectId of its PDF area, and with the schemaIds of its classifications.
const sentFields = (item: Fields, id: string | undefined, { items }: CheckedClassifications): Fields => {
  const idField = id === undefined || item["objectId"] === id ? {} : { objectId: id }
  return items === undefined ? idField : { ...idField, classifications: items }
}

/** Checks the objects of an answer; `name` is the field that holds them, `tools` or `objects`. */
export const checkObjects = (
  context: ValidationContext,
  scope: Scope<Class>,
  entry: Fields,
  name: string
): CheckedObjects => {
  const { mistakes } = context
  const list = readList(entry, name, undefined, mistakes)
  if (list === undefined) return { items: entry[name], ids: [], isIdentified: false }
  const listPath = append(undefined, name)
  const tracks = new Map<string, Track>()
  const tracksWithoutId: Array<Track> = []
  let isIdentified = true
  const items = list.map((item, index): unknown => {
    const path = append(listPath, index)
    if (!isFields(item)) {
      addMistake(mistakes, { reason: "wrong-kind", path, expected: "an object", found: describeValue(item) })
      isIdentified = false
      return item
    }
    checkCommonFields(context, item, path)
    const itemClass = findClass(context, scope, item, path)
    const tools = geometryTools.filter((tool) => tool in item)
    checkTool(context, item, tools, itemClass, path)
    for (const tool of tools) checkGeometry(context, tool, item[tool], append(path, tool), pageOf(item))
    const classifications =
      itemClass === undefined
        ? noClassifications
        : checkClassifications(context, itemClass.classifications, item, path)
    const id = objectIdOf(item)
    const track = id === undefined ? undefined : tracks.get(id)
    if (track === undefined) {
      const { answered, isIdentified } = classifications
      const newTrack = { path, class: itemClass, first: item, pages: undefined, answered, isIdentified }
      if (id === undefined) tracksWithoutId.push(newTrack)
      else tracks.set(id, newTrack)
    } else {
      checkTrack(context, track, item, itemClass, path)
      track.answered = new Set([...track.answered, ...classifications.answered])
      track.isIdentified &&= classifications.isIdentified
    }
    return withSchemaId(item, itemClass, sentFields(item, id, classifications))
  })
  // A tracked object answers its classifications on any one of its pages.
  for (const track of [...tracks.values(), ...tracksWithoutId]) {
    if (track.class === undefined) continue
    checkRequired(context, track.class.classifications, track, [], append(track.path, "classifications"))
  }
  return {
    items: items.every((item, index) => item === list[index]) ? entry[name] : items,
    ids: tracks.keys(),
    isIdentified
  }
}
