/**
 * Drawn objects of an export (docs/api-notes.md#export-rows): each holds its geometry under the name of its tool.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AnnotationMetadata, ExportClassification } from "./ExportClassification.js"
import { type Angle, type Geometries, geometries, Voxel } from "./ExportGeometry.js"
import * as Open from "./open.js"

const common = {
  objectId: Open.maybe(Schema.String),
  schemaId: Open.maybe(Schema.String),
  title: Open.maybe(Schema.String),
  classifications: Open.maybe(Schema.Array(ExportClassification)),
  page: Open.maybe(Schema.Number),
  interpolationStopped: Open.maybe(Schema.Boolean),
  lock: Open.maybe(Schema.Boolean),
  metadata: Open.maybe(AnnotationMetadata)
} as const

const tools = {
  "bounding-box": Open.maybe(geometries["bounding-box"]),
  "rotated-bounding-box": Open.maybe(geometries["rotated-bounding-box"]),
  polygon: Open.maybe(geometries.polygon),
  polyline: Open.maybe(geometries.polyline),
  point: Open.maybe(geometries.point),
  segmentation: Open.maybe(geometries.segmentation),
  ner: Open.maybe(geometries.ner),
  pdf: Open.maybe(geometries.pdf),
  spline: Open.maybe(geometries.spline),
  angle: Open.maybe(
    Schema.Union(geometries.angle, Schema.Number).annotations({ title: "an angle, or its degrees" })
  ),
  vertex: Open.maybe(Open.json),
  p1: Open.maybe(Open.json),
  p2: Open.maybe(Open.json),
  "medical-brush": Open.maybe(Schema.Boolean)
} as const

/**
 * An object: which class it is of (`schemaId`, `title`), what was asked about it (`classifications`), and its geometry,
 * under the name of its tool. {@link toolOf} tells which that is.
 *
 * A geometry that is not what its tool draws is no object; an unknown tool is, and stays as it came. `page` is the page
 * of a document or the frame of a video, counted from 0; in a video, the same `objectId` comes once per key frame
 * (`Track`), and `interpolationStopped` says that it is gone from this frame on. Newer exports group the frames of an
 * object in a form that no document shows to its end: those stay as they came too.
 *
 * @remarks undocumented: whether the three points of an angle are inside of `angle` or beside it. Both are read.
 *
 * @since 0.1.0
 */
export const ExportObject = Open.struct({ ...common, ...tools }).annotations({ identifier: "ExportObject" })

/** @since 0.1.0 */
export type ExportObject = typeof ExportObject.Type

/**
 * The tool that drew an object, with its geometry. `medical-brush` has none: its voxels are in the file of the task's
 * `medicalBrushDataUrl`. Of an `unknown` tool there are the fields that this library has no name for; none at all where
 * the hub left the geometry out.
 *
 * @since 0.1.0
 */
export type Tool =
  | {
      readonly [Name in keyof Geometries]: { readonly _tag: Name; readonly geometry: Geometries[Name] }
    }[keyof Geometries]
  | { readonly _tag: "medical-brush" }
  | { readonly _tag: "unknown"; readonly fields: Readonly<Record<string, unknown>> }

const isVoxel = Schema.is(Voxel)

const angleOf = ({ angle, p1, p2, vertex }: ExportObject): Angle | undefined => {
  if (angle == null) return undefined
  if (typeof angle !== "number") return angle
  return isVoxel(vertex) && isVoxel(p1) && isVoxel(p2) ? { vertex, p1, p2, angle } : undefined
}

const plain = [
  "bounding-box",
  "polygon",
  "polyline",
  "point",
  "rotated-bounding-box",
  "segmentation",
  "ner",
  "pdf",
  "spline"
] as const

const unknownFields = (object: ExportObject): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(object).filter(
      ([name, value]) => !(Object.hasOwn(common, name) || (Object.hasOwn(tools, name) && value == null))
    )
  )

/**
 * The tool that drew an object, with its geometry.
 *
 * @example
 * ```ts
 * import { ExportObject } from "effect-ango"
 *
 * // How many square pixels a box covers; its sizes may be negative.
 * const area = (object: ExportObject.ExportObject): number => {
 *   const tool = ExportObject.toolOf(object)
 *   switch (tool._tag) {
 *     case "bounding-box":
 *     case "rotated-bounding-box":
 *       return Math.abs(tool.geometry.width * tool.geometry.height)
 *     default:
 *       return 0
 *   }
 * }
 * ```
 *
 * @since 0.1.0
 */
export const toolOf = (object: ExportObject): Tool => {
  for (const _tag of plain) {
    const geometry = object[_tag]
    // The name and the geometry belong together, which the type of a loop cannot say.
    if (geometry != null) return { _tag, geometry } as Tool
  }
  const angle = angleOf(object)
  if (angle !== undefined) return { _tag: "angle", geometry: angle }
  if (object["medical-brush"] === true) return { _tag: "medical-brush" }
  return { _tag: "unknown", fields: unknownFields(object) }
}

/**
 * The id of an object, which some PDFs have inside of their area (docs/api-notes.md#pdf-object-id).
 *
 * @since 0.1.0
 */
export const objectIdOf = ({ objectId, pdf }: ExportObject): string | undefined =>
  objectId ?? pdf?.objectId ?? undefined
