/**
 * Geometries of exported objects, one per tool (docs/api-notes.md#export-rows). Pixels count from the top left corner of
 * the image, x to the right and y down.
 *
 * These schemas check only the structure, so that reading millions of objects is fast. The schemas of `Geometry`, for
 * writing, also check the values.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * A point: x and y in pixels.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Point = Schema.Tuple(Schema.Number, Schema.Number).annotations({ title: "a point: [x, y]" })

/** @since 0.1.0 */
export type Point = typeof Point.Type

const Points = Schema.Array(Point)

const box = { x: Schema.Number, y: Schema.Number, width: Schema.Number, height: Schema.Number } as const

/**
 * A box: the corner where the annotator started, and the extent from there in pixels. `width` is negative when the box
 * extends to the left, `height` when it extends upwards. {@link normalizeBox} makes them positive.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BoundingBox = Open.struct(box).annotations({ identifier: "ExportBoundingBox" })

/** @since 0.1.0 */
export type BoundingBox = typeof BoundingBox.Type

/**
 * A box rotated clockwise by `rotation` degrees, and its corners, which {@link cornersOf} reads or computes.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RotatedBoundingBox = Open.struct({
  ...box,
  rotation: Schema.Number,
  corners: Open.maybe(Schema.Tuple(Point, Point, Point, Point).annotations({ title: "four corners" }))
}).annotations({ identifier: "ExportRotatedBoundingBox" })

/** @since 0.1.0 */
export type RotatedBoundingBox = typeof RotatedBoundingBox.Type

/**
 * Areas, each a region with any number of holes. `zones` is missing when the export does not include segmentation
 * points.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Segmentation = Open.struct({
  zones: Open.maybe(Schema.Array(Open.struct({ region: Points, holes: Open.maybe(Schema.Array(Points)) })))
}).annotations({ identifier: "ExportSegmentation" })

/** @since 0.1.0 */
export type Segmentation = typeof Segmentation.Type

/**
 * A span: character indexes of a text, or seconds of an audio file.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Span = Open.struct({ start: Schema.Number, end: Schema.Number }).annotations({
  identifier: "ExportSpan"
})

/** @since 0.1.0 */
export type Span = typeof Span.Type

const rectangle = {
  x1: Schema.Number,
  y1: Schema.Number,
  x2: Schema.Number,
  y2: Schema.Number,
  width: Schema.Number,
  height: Schema.Number
} as const

// Some sources have the objectId in the area instead of in the object (docs/api-notes.md#pdf-object-id).
const objectId = Open.maybe(Schema.String)

/**
 * An area of a PDF page with its text or its image (a `data:` URL). Exports nest the coordinates in `position`, import
 * files do not. {@link areaOf} reads both.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Pdf = Schema.Union(
  Open.struct({
    position: Open.struct({
      boundingRect: Open.struct(rectangle),
      rects: Open.maybe(Schema.Array(Open.json)),
      pageNumber: Schema.Number
    }),
    content: Open.maybe(Open.struct({ text: Open.maybe(Schema.String), image: Open.maybe(Schema.String) })),
    objectId
  }),
  Open.struct({ ...rectangle, pageNumber: Schema.Number, text: Open.maybe(Schema.String), objectId })
).annotations({ identifier: "ExportPdf" })

/** @since 0.1.0 */
export type Pdf = typeof Pdf.Type

/**
 * A voxel of a volume: coronal, sagittal and axial index, counted from 0.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Voxel = Schema.Tuple(Schema.Number, Schema.Number, Schema.Number).annotations({
  title: "a voxel: [coronal, sagittal, axial]"
})

/** @since 0.1.0 */
export type Voxel = typeof Voxel.Type

/**
 * An angle in a volume: the vertex, the ends of the two legs, and the degrees between them.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Angle = Open.struct({
  vertex: Voxel,
  p1: Voxel,
  p2: Voxel,
  angle: Open.maybe(Schema.Number)
}).annotations({ identifier: "ExportAngle" })

/** @since 0.1.0 */
export type Angle = typeof Angle.Type

/**
 * The geometry schemas by tool. Brush strokes are in separate files; the geometries of other tools (`message`, `pct`,
 * circles, lines, 3D boxes) are not documented.
 *
 * @category schemas
 * @since 0.1.0
 */
export const geometries = {
  "bounding-box": BoundingBox,
  "rotated-bounding-box": RotatedBoundingBox,
  polygon: Points,
  polyline: Points,
  point: Point,
  segmentation: Segmentation,
  ner: Span,
  pdf: Pdf,
  spline: Points,
  angle: Angle
} as const

/**
 * The geometries by tool.
 *
 * @category models
 * @since 0.1.0
 */
export type Geometries = { readonly [Tool in keyof typeof geometries]: (typeof geometries)[Tool]["Type"] }

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * Converts a box so that it starts at its top left corner, with sizes of 0 or more. Not for rotated boxes, whose first
 * corner is the pivot.
 *
 * @example
 * ```ts
 * import { ExportGeometry } from "effect-ango"
 *
 * ExportGeometry.normalizeBox({ x: 30, y: 20, width: -10, height: 5 }) // { x: 20, y: 20, width: 10, height: 5 }
 * ```
 *
 * @category utilities
 * @since 0.1.0
 */
export const normalizeBox = <A extends Box>(box: A): A => ({
  ...box,
  x: box.width < 0 ? box.x + box.width : box.x,
  y: box.height < 0 ? box.y + box.height : box.y,
  width: Math.abs(box.width),
  height: Math.abs(box.height)
})

/**
 * Returns the four corners of a rotated box in pixels: the first corner, then along the height, along the width, and back
 * along the height. Uses the `corners` of the export; without them, rotates the box clockwise about its first corner.
 *
 * @remarks undocumented: the pivot. The import page says the centre; observed exports use the first corner
 * (docs/api-notes.md#rotated-box-pivot).
 *
 * @example
 * ```ts
 * import { ExportGeometry } from "effect-ango"
 *
 * ExportGeometry.cornersOf({ x: 5, y: 5, width: 4, height: 2, rotation: 0 }) // [[5, 5], [5, 7], [9, 7], [9, 5]]
 * ```
 *
 * @category utilities
 * @since 0.1.0
 */
export const cornersOf = (box: RotatedBoundingBox): readonly [Point, Point, Point, Point] => {
  if (box.corners != null) return box.corners
  const radians = (box.rotation * Math.PI) / 180
  const cosine = Math.cos(radians)
  const sine = Math.sin(radians)
  const at = (across: number, down: number): Point => [
    box.x + across * cosine - down * sine,
    box.y + across * sine + down * cosine
  ]
  return [at(0, 0), at(0, box.height), at(box.width, box.height), at(box.width, 0)]
}

/**
 * An area of a PDF page: two opposite corners, the `width` and `height` of the page, `pageNumber` counted from 1, and the
 * text or the image in it.
 *
 * @category models
 * @since 0.1.0
 */
export interface PdfArea {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
  readonly width: number
  readonly height: number
  readonly pageNumber: number
  readonly text?: string
  readonly image?: string
}

/**
 * Reads the area of a PDF from either of its forms.
 *
 * @category utilities
 * @since 0.1.0
 */
export const areaOf = (pdf: Pdf): PdfArea => {
  const isStored = "position" in pdf
  const { height, width, x1, x2, y1, y2 } = isStored ? pdf.position.boundingRect : pdf
  const { pageNumber } = isStored ? pdf.position : pdf
  const text = isStored ? pdf.content?.text : pdf.text
  const image = isStored ? pdf.content?.image : undefined
  return {
    ...{ x1, y1, x2, y2, width, height, pageNumber },
    ...(text == null ? {} : { text }),
    ...(image == null ? {} : { image })
  }
}
