/**
 * Where the objects of an export are: one shape per tool (docs/api-notes.md#export-rows). Pixels count from the
 * image's top left corner, x to the right and y down.
 *
 * These are for reading millions of objects and say what a shape is made of; `Geometry` has those for writing, which
 * say what is allowed in it too.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * A point: x and y in pixels.
 *
 * @since 0.1.0
 */
export const Point = Schema.Tuple(Schema.Number, Schema.Number).annotations({ title: "a point: [x, y]" })

/** @since 0.1.0 */
export type Point = typeof Point.Type

const Points = Schema.Array(Point)

const box = { x: Schema.Number, y: Schema.Number, width: Schema.Number, height: Schema.Number } as const

/**
 * A box by the corner where the annotator first clicked, and the way from there in pixels: `width` is negative where
 * it went to the left, `height` where it went up. {@link normalizeBox} turns it over.
 *
 * @since 0.1.0
 */
export const BoundingBox = Open.struct(box).annotations({ identifier: "ExportBoundingBox" })

/** @since 0.1.0 */
export type BoundingBox = typeof BoundingBox.Type

/**
 * A box turned by `rotation` degrees, clockwise, and where its corners are then: {@link cornersOf} reads them.
 *
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
 * Areas, each one region with any number of holes. Hubs that are asked for segmentation points have an option for it,
 * so that `zones` may be missing.
 *
 * @since 0.1.0
 */
export const Segmentation = Open.struct({
  zones: Open.maybe(Schema.Array(Open.struct({ region: Points, holes: Open.maybe(Schema.Array(Points)) })))
}).annotations({ identifier: "ExportSegmentation" })

/** @since 0.1.0 */
export type Segmentation = typeof Segmentation.Type

/**
 * A span: character indexes of a text, seconds of a sound.
 *
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

// Some sources have the objectId in here instead of beside it (docs/api-notes.md#pdf-object-id).
const objectId = Open.maybe(Schema.String)

/**
 * An area of a PDF page, of which it holds the text or a picture (a `data:` URL). Exports tell its `position`; import
 * files tell it in one level. {@link areaOf} reads both.
 *
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
 * A place in a volume: coronal, sagittal and axial index, counted from 0.
 *
 * @since 0.1.0
 */
export const Voxel = Schema.Tuple(Schema.Number, Schema.Number, Schema.Number).annotations({
  title: "a voxel: [coronal, sagittal, axial]"
})

/** @since 0.1.0 */
export type Voxel = typeof Voxel.Type

/**
 * An angle in a volume: where its two legs meet, where they end, and how many degrees are between them.
 *
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
 * Every tool of which a document shows the geometry. Brushes are in files of their own, and the shapes of other tools
 * (`message`, `pct`, circles, lines, boxes in space) are told nowhere.
 *
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

/** @since 0.1.0 */
export type Geometries = { readonly [Tool in keyof typeof geometries]: (typeof geometries)[Tool]["Type"] }

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * The same box from its top left corner, with sizes of 0 or more, whichever corner was clicked first. It is for boxes
 * that stand upright: a rotated one turns about its first corner.
 *
 * @example
 * ```ts
 * import { ExportGeometry } from "effect-ango"
 *
 * ExportGeometry.normalizeBox({ x: 30, y: 20, width: -10, height: 5 }) // { x: 20, y: 20, width: 10, height: 5 }
 * ```
 *
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
 * The four corners of a rotated box in pixels: the first one clicked, and from there along the height, across, and
 * back along the width. They are those that the hub wrote down; without them they follow from the box, which turns
 * about its first corner by `rotation` degrees, clockwise.
 *
 * @remarks undocumented: about which point it turns. The import page says its centre; what exports were seen to hold
 * says its first corner (docs/api-notes.md#rotated-box-pivot).
 *
 * @example
 * ```ts
 * import { ExportGeometry } from "effect-ango"
 *
 * ExportGeometry.cornersOf({ x: 5, y: 5, width: 4, height: 2, rotation: 0 }) // [[5, 5], [5, 7], [9, 7], [9, 5]]
 * ```
 *
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
 * An area of a PDF page in one level: two corners in a page of `width` by `height`, `pageNumber` counted from 1, and
 * the text or the picture in it.
 *
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
 * Where an area of a PDF is and what it holds, from either of its forms.
 *
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
