/**
 * Geometries of objects to write, one per tool (docs/api-notes.md#answer-format). Pixels count from the top left corner of
 * the image; numbers are finite.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

const Coordinate = Schema.Number.pipe(Schema.finite({ title: "a finite number" }))

/**
 * A point: x and y in pixels.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Point = Schema.Tuple(Coordinate, Coordinate).annotations({ title: "a point: [x, y]" })

/** @since 0.1.0 */
export type Point = typeof Point.Type

/**
 * A list of at least one point.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Points = Open.atLeastOne(Point, "at least one point")

/** @since 0.1.0 */
export type Points = typeof Points.Type

const box = { x: Coordinate, y: Coordinate, width: Coordinate, height: Coordinate } as const

/**
 * A box: its first corner and its size in pixels. A new box starts at its top left corner. A stored box starts where the
 * annotator started, so that sizes may be negative.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BoundingBox = Open.struct(box).annotations({ identifier: "BoundingBox" })

/** @since 0.1.0 */
export type BoundingBox = typeof BoundingBox.Type

/**
 * A box rotated by `rotation` degrees, -180 to 180.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RotatedBoundingBox = Open.struct({
  ...box,
  rotation: Coordinate.pipe(Schema.between(-180, 180, { title: "degrees from -180 to 180" }))
}).annotations({ identifier: "RotatedBoundingBox" })

/** @since 0.1.0 */
export type RotatedBoundingBox = typeof RotatedBoundingBox.Type

/**
 * Areas, each a region with any number of holes.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Segmentation = Open.struct({
  zones: Schema.Array(Open.struct({ region: Points, holes: Open.optional(Schema.Array(Points)) }))
}).annotations({ identifier: "Segmentation" })

/** @since 0.1.0 */
export type Segmentation = typeof Segmentation.Type

/**
 * A span: character indexes of a text, or seconds of an audio file. `end` is not before `start`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Span = Open.struct({ start: Coordinate, end: Coordinate }).pipe(
  Schema.filter(({ end, start }) => start <= end, { title: "a span that starts before it ends" })
)

/** @since 0.1.0 */
export type Span = typeof Span.Type

const PageNumber = Schema.Int.pipe(
  Schema.greaterThanOrEqualTo(1, { title: "a page number, counted from 1" })
).annotations({ title: "a page number, counted from 1" })

/**
 * An area of a PDF page: two opposite corners, the `width` and `height` of the page, and the text in the area.
 * `pageNumber` counts from 1. Stored areas have a `position` instead.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PdfArea = Schema.Union(
  Open.struct({
    x1: Coordinate,
    y1: Coordinate,
    x2: Coordinate,
    y2: Coordinate,
    width: Coordinate,
    height: Coordinate,
    pageNumber: PageNumber,
    text: Open.maybe(Schema.String)
  }),
  Open.struct({ position: Schema.Object })
).annotations({ identifier: "PdfArea" })

/** @since 0.1.0 */
export type PdfArea = typeof PdfArea.Type

/**
 * The geometry schemas by tool, for writing.
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
  pdf: PdfArea,
  spline: Points
} as const

/**
 * The geometries by tool, for writing.
 *
 * @category models
 * @since 0.1.0
 */
export type Geometries = { readonly [Tool in keyof typeof geometries]: (typeof geometries)[Tool]["Type"] }
