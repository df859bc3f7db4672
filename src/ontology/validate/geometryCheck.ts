// Whether a geometry can be: its numbers, its sizes, and whether it is inside of the image.

import type { Reason } from "../../errors/LabelMistake.js"
import { cornersOf } from "../../schemas/ExportGeometry.js"
import { type Geometries, geometries } from "../../schemas/Geometry.js"
import type { Walk } from "./classLookup.js"
import { at, type Fields, isFields, isMaybe, kindOf, note, type Place } from "./finding.js"

/** The name of a tool whose geometry is known. */
export type Drawn = keyof Geometries

/** The tools whose geometry is known. */
export const drawn = Object.keys(geometries) as ReadonlyArray<Drawn>

const isDrawn: ReadonlySet<string> = new Set(drawn)

/** Whether the geometry of a tool is known. */
export const hasGeometry = (kind: string): kind is Drawn => isDrawn.has(kind)

type Point = readonly [number, number]

type Check = (walk: Walk, value: unknown, place: Place, page: number) => void

const wrong = (
  { findings }: Walk,
  place: Place,
  expected: string,
  value: unknown,
  reason: Reason = "wrong-kind"
) => note(findings, { reason, place, expected, found: kindOf(value) })

const isNumber = (walk: Walk, value: unknown, place: Place): value is number => {
  if (typeof value === "number" && Number.isFinite(value)) return true
  wrong(walk, place, "a finite number", value, typeof value === "number" ? "not-finite" : "wrong-kind")
  return false
}

const numbers = <Name extends string>(
  walk: Walk,
  value: Fields,
  names: ReadonlyArray<Name>,
  place: Place
): Readonly<Record<Name, number>> | undefined => {
  let isRight = true
  for (const name of names) isRight = isNumber(walk, value[name], at(place, name)) && isRight
  return isRight ? (value as Readonly<Record<Name, number>>) : undefined
}

const sizes = (walk: Walk, value: Fields, place: Place, hint: string): boolean => {
  let isRight = true
  for (const name of ["width", "height"]) {
    const size = value[name]
    if (typeof size !== "number" || !Number.isFinite(size) || size > 0) continue
    wrong(walk, at(place, name), `a size above 0${hint}`, size, "size")
    isRight = false
  }
  return isRight
}

// Sums of decimals may be off by a little.
const slack = 1e-6

const isInside = ([x, y]: Point, size: { readonly width: number; readonly height: number }): boolean =>
  x >= -slack && y >= -slack && x <= size.width + slack && y <= size.height + slack

const checkInside = (
  { findings, sizeAt }: Walk,
  points: ReadonlyArray<Point>,
  place: Place,
  page: number
): void => {
  const size = sizeAt(page)
  const outside = size === undefined ? undefined : points.find((point) => !isInside(point, size))
  if (size === undefined || outside === undefined) return
  const expected = `inside of the image of ${size.width} by ${size.height}`
  const found = `[${outside.join(", ")}]`
  const says = `reaches ${found}; expected a place ${expected}`
  note(findings, { reason: "outside-image", place, expected, found, says })
}

const cornersOfBox = ({ height, width, x, y }: Readonly<Record<"x" | "y" | "width" | "height", number>>) =>
  [
    [x, y],
    [x + width, y + height]
  ] as const

const stored = "; ExportGeometry.normalizeBox turns a stored box over"

const boundingBox: Check = (walk, value, place, page) => {
  if (!isFields(value)) return wrong(walk, place, "an object of x, y, width and height", value)
  const box = numbers(walk, value, ["x", "y", "width", "height"], place)
  const isSized = sizes(walk, value, place, stored)
  if (box !== undefined && isSized) checkInside(walk, cornersOfBox(box), place, page)
}

const rotatedBox: Check = (walk, value, place, page) => {
  if (!isFields(value)) return wrong(walk, place, "an object of x, y, width, height and rotation", value)
  const box = numbers(walk, value, ["x", "y", "width", "height", "rotation"], place)
  const isSized = sizes(walk, value, place, stored)
  const { rotation } = value
  if (typeof rotation === "number" && Number.isFinite(rotation) && Math.abs(rotation) > 180) {
    return wrong(walk, at(place, "rotation"), "degrees of -180 to 180", rotation, "rotation")
  }
  const size = walk.sizeAt(page)
  if (box === undefined || !isSized || size === undefined) return
  // Sources do not agree whether it turns about its first corner or its centre (docs/api-notes.md#rotated-box-pivot):
  // it is outside where it is so either way.
  const { height, width, x, y } = box
  const aboutCorner = cornersOf({ x, y, width, height, rotation: box.rotation })
  const [[cornerX, cornerY], , [endX, endY]] = aboutCorner
  const across = x + width / 2 - (cornerX + endX) / 2
  const down = y + height / 2 - (cornerY + endY) / 2
  const aboutCentre = aboutCorner.map(([left, top]): Point => [left + across, top + down])
  if (aboutCentre.every((point) => isInside(point, size))) return
  checkInside(walk, aboutCorner, place, page)
}

const isPoint = (walk: Walk, value: unknown, place: Place): value is Point => {
  if (!Array.isArray(value) || value.length !== 2) {
    wrong(walk, place, "a point: [x, y]", value)
    return false
  }
  const isRight = isNumber(walk, value[0], at(place, 0))
  return isNumber(walk, value[1], at(place, 1)) && isRight
}

const chain =
  (least: number): Check =>
  (walk, value, place, page) => {
    if (!Array.isArray(value)) return wrong(walk, place, "a list of points", value)
    if (value.length < least) {
      const found = value.length === 1 ? "1 point" : `${value.length} points`
      const expected = `at least ${least} points`
      const says = `has ${found}; expected ${expected}`
      note(walk.findings, { reason: "points", place, expected, found, says })
    }
    const points = value.filter((point, index): point is Point => isPoint(walk, point, at(place, index)))
    checkInside(walk, points, place, page)
  }

const outline = chain(3)

const checkZone: Check = (walk, zone, place, page) => {
  if (!isFields(zone)) return wrong(walk, place, "an object with a region", zone)
  outline(walk, zone["region"], at(place, "region"), page)
  if (!("holes" in zone)) return
  const { holes } = zone
  if (!Array.isArray(holes)) return wrong(walk, at(place, "holes"), "a list of holes", holes)
  holes.forEach((hole, index) => {
    outline(walk, hole, at(at(place, "holes"), index), page)
  })
}

const segmentation: Check = (walk, value, place, page) => {
  const zones = isFields(value) ? value["zones"] : undefined
  if (!Array.isArray(zones)) return wrong(walk, place, "an object with a list of zones", value)
  zones.forEach((zone: unknown, index) => {
    checkZone(walk, zone, at(at(place, "zones"), index), page)
  })
  if (zones.length > 0) return
  wrong(walk, at(place, "zones"), "at least one zone", zones, "points")
}

const span: Check = (walk, value, place) => {
  if (!isFields(value)) return wrong(walk, place, "an object of start and end", value)
  const ends = numbers(walk, value, ["start", "end"], place)
  if (ends === undefined) return
  if (ends.start < 0) wrong(walk, at(place, "start"), "0 or more", ends.start, "span")
  if (ends.end < ends.start) {
    const expected = `an end at or after the start, ${ends.start}`
    wrong(walk, at(place, "end"), expected, ends.end, "span")
  }
}

const pdf: Check = (walk, value, place) => {
  if (!isFields(value)) return wrong(walk, place, "an object of x1, y1, x2, y2, width, height", value)
  // What is read from a task has its place in another form, which no document describes.
  if (isFields(value["position"])) return
  const area = numbers(walk, value, ["x1", "y1", "x2", "y2", "width", "height"], place)
  const isSized = sizes(walk, value, place, "")
  isMaybe(value, "text", "string", place, walk.findings)
  const { pageNumber } = value
  if (typeof pageNumber !== "number" || !Number.isInteger(pageNumber) || pageNumber < 1) {
    wrong(walk, at(place, "pageNumber"), "a page number, counted from 1", pageNumber, "page-number")
  }
  if (area === undefined || !isSized) return
  const { height, width, x1, x2, y1, y2 } = area
  if (x1 === x2 || y1 === y2) {
    const found = `[${x1}, ${y1}] and [${x2}, ${y2}]`
    const expected = "two opposite corners of an area"
    note(walk.findings, { reason: "size", place, expected, found, says: `is between ${found}, an area of 0` })
  }
  checkInside(
    { ...walk, sizeAt: () => ({ width, height }) },
    [
      [x1, y1],
      [x2, y2]
    ],
    place,
    0
  )
}

const point: Check = (walk, value, place, page) => {
  if (isPoint(walk, value, place)) checkInside(walk, [value], place, page)
}

const checks: { readonly [Tool in Drawn]: Check } = {
  "bounding-box": boundingBox,
  "rotated-bounding-box": rotatedBox,
  polygon: outline,
  polyline: chain(2),
  point,
  segmentation,
  ner: span,
  pdf,
  spline: chain(2)
}

/** Notes what is wrong with the geometry of a tool, `value`, on a page counted from 0. */
export const checkGeometry = (walk: Walk, tool: Drawn, value: unknown, place: Place, page: number): void =>
  checks[tool](walk, value, place, page)
