// Checks a geometry: its numbers, its sizes, and whether it is inside the image.

import type { Reason } from "../../errors/LabelMistake.js"
import { cornersOf } from "../../schemas/ExportGeometry.js"
import { type Geometries, geometries } from "../../schemas/Geometry.js"
import {
  addMistake,
  append,
  checkOptional,
  describeValue,
  type Fields,
  isFields,
  type Path
} from "./mistake.js"
import type { ImageSize, ValidationContext } from "./validationContext.js"

/** A tool whose geometry is documented. */
export type GeometryTool = keyof Geometries

/** The tools whose geometry is documented. */
export const geometryTools = Object.keys(geometries) as ReadonlyArray<GeometryTool>

const toolNames: ReadonlySet<string> = new Set(geometryTools)

export const isGeometryTool = (kind: string): kind is GeometryTool => toolNames.has(kind)

type Point = readonly [number, number]

type Check = (context: ValidationContext, value: unknown, path: Path, page: number) => void

const reject = (
  { mistakes }: ValidationContext,
  path: Path,
  expected: string,
  value: unknown,
  reason: Reason = "wrong-kind"
) => addMistake(mistakes, { reason, path, expected, found: describeValue(value) })

const isNumber = (context: ValidationContext, value: unknown, path: Path): value is number => {
  if (typeof value === "number" && Number.isFinite(value)) return true
  reject(context, path, "a finite number", value, typeof value === "number" ? "not-finite" : "wrong-kind")
  return false
}

const readNumbers = <Name extends string>(
  context: ValidationContext,
  value: Fields,
  names: ReadonlyArray<Name>,
  path: Path
): Readonly<Record<Name, number>> | undefined => {
  let isValid = true
  for (const name of names) isValid = isNumber(context, value[name], append(path, name)) && isValid
  return isValid ? (value as Readonly<Record<Name, number>>) : undefined
}

const checkSizes = (context: ValidationContext, value: Fields, path: Path, hint: string): boolean => {
  let isValid = true
  for (const name of ["width", "height"]) {
    const size = value[name]
    if (typeof size !== "number" || !Number.isFinite(size) || size > 0) continue
    reject(context, append(path, name), `a size above 0${hint}`, size, "size")
    isValid = false
  }
  return isValid
}

// Tolerance for rounding errors.
const tolerance = 1e-6

const isInside = ([x, y]: Point, size: ImageSize): boolean =>
  x >= -tolerance && y >= -tolerance && x <= size.width + tolerance && y <= size.height + tolerance

const checkInside = (
  { imageSize, mistakes }: ValidationContext,
  points: ReadonlyArray<Point>,
  path: Path,
  page: number
): void => {
  const size = imageSize(page)
  const outside = size === undefined ? undefined : points.find((point) => !isInside(point, size))
  if (size === undefined || outside === undefined) return
  const expected = `a geometry inside the image of ${size.width} by ${size.height}`
  const found = `[${outside.join(", ")}]`
  const problem = `reaches ${found}; expected ${expected}`
  addMistake(mistakes, { reason: "outside-image", path, expected, found, problem })
}

const cornersOfBox = ({ height, width, x, y }: Readonly<Record<"x" | "y" | "width" | "height", number>>) =>
  [
    [x, y],
    [x + width, y + height]
  ] as const

const normalizeHint = "; use ExportGeometry.normalizeBox for a stored box"

const checkBox: Check = (context, value, path, page) => {
  if (!isFields(value)) return reject(context, path, "an object of x, y, width and height", value)
  const box = readNumbers(context, value, ["x", "y", "width", "height"], path)
  const isSized = checkSizes(context, value, path, normalizeHint)
  if (box !== undefined && isSized) checkInside(context, cornersOfBox(box), path, page)
}

const checkRotatedBox: Check = (context, value, path, page) => {
  if (!isFields(value)) return reject(context, path, "an object of x, y, width, height and rotation", value)
  const box = readNumbers(context, value, ["x", "y", "width", "height", "rotation"], path)
  const isSized = checkSizes(context, value, path, normalizeHint)
  const { rotation } = value
  if (typeof rotation === "number" && Number.isFinite(rotation) && Math.abs(rotation) > 180) {
    return reject(context, append(path, "rotation"), "degrees from -180 to 180", rotation, "rotation")
  }
  const size = context.imageSize(page)
  if (box === undefined || !isSized || size === undefined) return
  // Sources disagree whether a box turns about its first corner or its centre (docs/api-notes.md#rotated-box-pivot):
  // report only a box that is outside either way.
  const { height, width, x, y } = box
  const aboutCorner = cornersOf({ x, y, width, height, rotation: box.rotation })
  const [[cornerX, cornerY], , [endX, endY]] = aboutCorner
  const across = x + width / 2 - (cornerX + endX) / 2
  const down = y + height / 2 - (cornerY + endY) / 2
  const aboutCentre = aboutCorner.map(([left, top]): Point => [left + across, top + down])
  if (aboutCentre.every((point) => isInside(point, size))) return
  checkInside(context, aboutCorner, path, page)
}

const isPoint = (context: ValidationContext, value: unknown, path: Path): value is Point => {
  if (!Array.isArray(value) || value.length !== 2) {
    reject(context, path, "a point: [x, y]", value)
    return false
  }
  const isValid = isNumber(context, value[0], append(path, 0))
  return isNumber(context, value[1], append(path, 1)) && isValid
}

const checkPoints =
  (minPoints: number): Check =>
  (context, value, path, page) => {
    if (!Array.isArray(value)) return reject(context, path, "a list of points", value)
    if (value.length < minPoints) {
      const found = value.length === 1 ? "1 point" : `${value.length} points`
      const expected = `at least ${minPoints} points`
      const problem = `has ${found}; expected ${expected}`
      addMistake(context.mistakes, { reason: "points", path, expected, found, problem })
    }
    const points = value.filter((point, index): point is Point =>
      isPoint(context, point, append(path, index))
    )
    checkInside(context, points, path, page)
  }

const checkOutline = checkPoints(3)

const checkZone: Check = (context, zone, path, page) => {
  if (!isFields(zone)) return reject(context, path, "an object with a region", zone)
  checkOutline(context, zone["region"], append(path, "region"), page)
  if (!("holes" in zone)) return
  const { holes } = zone
  if (!Array.isArray(holes)) return reject(context, append(path, "holes"), "a list of holes", holes)
  holes.forEach((hole, index) => {
    checkOutline(context, hole, append(append(path, "holes"), index), page)
  })
}

const checkSegmentation: Check = (context, value, path, page) => {
  const zones = isFields(value) ? value["zones"] : undefined
  if (!Array.isArray(zones)) return reject(context, path, "an object with a list of zones", value)
  zones.forEach((zone: unknown, index) => {
    checkZone(context, zone, append(append(path, "zones"), index), page)
  })
  if (zones.length > 0) return
  reject(context, append(path, "zones"), "at least one zone", zones, "points")
}

const checkSpan: Check = (context, value, path) => {
  if (!isFields(value)) return reject(context, path, "an object of start and end", value)
  const ends = readNumbers(context, value, ["start", "end"], path)
  if (ends === undefined) return
  if (ends.start < 0) reject(context, append(path, "start"), "0 or more", ends.start, "span")
  if (ends.end < ends.start) {
    const expected = `an end at or after the start, ${ends.start}`
    reject(context, append(path, "end"), expected, ends.end, "span")
  }
}

const checkPdf: Check = (context, value, path) => {
  if (!isFields(value)) return reject(context, path, "an object of x1, y1, x2, y2, width, height", value)
  // Stored areas hold a `position` that no document describes.
  if (isFields(value["position"])) return
  const area = readNumbers(context, value, ["x1", "y1", "x2", "y2", "width", "height"], path)
  const isSized = checkSizes(context, value, path, "")
  checkOptional(value, "text", "string", path, context.mistakes)
  const { pageNumber } = value
  if (typeof pageNumber !== "number" || !Number.isInteger(pageNumber) || pageNumber < 1) {
    reject(context, append(path, "pageNumber"), "a page number, counted from 1", pageNumber, "page-number")
  }
  if (area === undefined || !isSized) return
  const { height, width, x1, x2, y1, y2 } = area
  if (x1 === x2 || y1 === y2) {
    const found = `[${x1}, ${y1}] and [${x2}, ${y2}]`
    const expected = "two opposite corners of an area"
    const problem = `has the corners ${found}, an area of 0; expected ${expected}`
    addMistake(context.mistakes, { reason: "size", path, expected, found, problem })
  }
  checkInside(
    { ...context, imageSize: () => ({ width, height }) },
    [
      [x1, y1],
      [x2, y2]
    ],
    path,
    0
  )
}

const checkPoint: Check = (context, value, path, page) => {
  if (isPoint(context, value, path)) checkInside(context, [value], path, page)
}

const checks: { readonly [Tool in GeometryTool]: Check } = {
  "bounding-box": checkBox,
  "rotated-bounding-box": checkRotatedBox,
  polygon: checkOutline,
  polyline: checkPoints(2),
  point: checkPoint,
  segmentation: checkSegmentation,
  ner: checkSpan,
  pdf: checkPdf,
  spline: checkPoints(2)
}

/** Checks the geometry of a tool; `page` counts from 0. */
export const checkGeometry = (
  context: ValidationContext,
  tool: GeometryTool,
  value: unknown,
  path: Path,
  page: number
): void => checks[tool](context, value, path, page)
