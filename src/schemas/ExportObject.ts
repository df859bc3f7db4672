/**
 * Drawn objects of an export (docs/api-notes.md#export-rows), with the geometry in a field named after the tool.
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
 * An object: its class (`schemaId`, `title`), its answered `classifications`, and its geometry in the field named after
 * its tool, which {@link toolOf} reads.
 *
 * Decoding fails for a geometry that does not match its tool; unknown tools are kept unchanged. `page` is the page of a
 * document or the frame of a video, counted from 0. In a video, the same `objectId` occurs once per key frame (see
 * `Track`), and `interpolationStopped` says that the object ends before this frame. Newer exports group the frames of an
 * object in a form that is not fully documented; they are kept unchanged, too.
 *
 * @remarks undocumented: whether the three points of an angle are inside of `angle` or next to it. Both are read.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ExportObject = Open.struct({ ...common, ...tools }).annotations({ identifier: "ExportObject" })

/** @since 0.1.0 */
export type ExportObject = typeof ExportObject.Type

/**
 * The tool of an object, with its geometry. A `medical-brush` has none: its voxels are in the file at the task's
 * `medicalBrushDataUrl`. An `unknown` tool has the fields that this library does not know; none when the hub omitted the
 * geometry.
 *
 * @category models
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

const simpleTools = [
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
 * Reads the tool of an object and its geometry.
 *
 * @example
 * ```ts
 * import { ExportObject } from "effect-ango"
 *
 * // The area of a box in square pixels; sizes may be negative.
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
 * @category utilities
 * @since 0.1.0
 */
export const toolOf = (object: ExportObject): Tool => {
  for (const _tag of simpleTools) {
    const geometry = object[_tag]
    // The tag is the field of the geometry, which the type of the loop does not express.
    if (geometry != null) return { _tag, geometry } as Tool
  }
  const angle = angleOf(object)
  if (angle !== undefined) return { _tag: "angle", geometry: angle }
  if (object["medical-brush"] === true) return { _tag: "medical-brush" }
  return { _tag: "unknown", fields: unknownFields(object) }
}

/**
 * Reads the id of an object, which some PDF areas contain (docs/api-notes.md#pdf-object-id).
 *
 * @category utilities
 * @since 0.1.0
 */
export const objectIdOf = ({ objectId, pdf }: ExportObject): string | undefined =>
  objectId ?? pdf?.objectId ?? undefined
