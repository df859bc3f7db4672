// Geometries of exports: normalized boxes, corners of rotated boxes, and PDF areas.
import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { ExportGeometry, ExportRow } from "effect-ango"
import { exportRows } from "../support/ExportRows.js"

// Integers, so that sums are exact.
const pixels = FastCheck.integer({ min: -4096, max: 4096 })

const boxes = FastCheck.record({ x: pixels, y: pixels, width: pixels, height: pixels })

const rotations = FastCheck.double({ min: -180, max: 180, noNaN: true })

const { cornersOf, normalizeBox } = ExportGeometry

type Corners = ReturnType<typeof cornersOf>

const roundedCorners = (corners: Corners) =>
  corners.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`).toSorted()

const upright = (box: typeof ExportGeometry.BoundingBox.Type) =>
  roundedCorners(cornersOf({ ...box, rotation: 0 }))

const expectClose = (a: Corners, b: Corners) => {
  a.forEach((corner, index) => {
    corner.forEach((value, axis) => {
      expect(value).toBeCloseTo(b[index]?.[axis] ?? Number.NaN, 6)
    })
  })
}

describe("normalizeBox", () => {
  it.prop("returns the same box from its top left corner", [boxes], ([box]) => {
    const normal = normalizeBox(box)
    expect(normal.width).toBeGreaterThanOrEqual(0)
    expect(normal.height).toBeGreaterThanOrEqual(0)
    expect([normal.x, normal.y]).toEqual([
      Math.min(box.x, box.x + box.width),
      Math.min(box.y, box.y + box.height)
    ])
    expect(upright(normal)).toEqual(upright(box))
    expect(normalizeBox(normal)).toEqual(normal)
  })

  it("keeps other fields and does not modify its input", () => {
    const box = { x: 1, y: 2, width: -3, height: 4, depth: 5 }
    expect(normalizeBox(box)).toEqual({ x: -2, y: 2, width: 3, height: 4, depth: 5 })
    expect(box).toEqual({ x: 1, y: 2, width: -3, height: 4, depth: 5 })
  })
})

describe("cornersOf", () => {
  const documented = exportRows("tools.json").flatMap(([name, { row }]) =>
    (Schema.decodeUnknownSync(ExportRow.ExportRow)(row).task.tools ?? []).flatMap((object) => {
      const box = object["rotated-bounding-box"]
      return box?.corners == null ? [] : [[name, box, box.corners] as const]
    })
  )

  it.each(documented)("%s: matches the documented corners", (_, { corners: __, ...box }, corners) => {
    expectClose(cornersOf(box), corners)
  })

  it("returns the documented corners when present", () => {
    expect(documented.length).toBeGreaterThanOrEqual(2)
    const corners: Corners = [
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0]
    ]
    expect(cornersOf({ x: 7, y: 7, width: 7, height: 7, rotation: 7, corners })).toBe(corners)
  })

  it.prop(
    "returns a rectangle of the given sizes for every rotation",
    [boxes, rotations],
    ([box, rotation]) => {
      const [a, b, c, d] = cornersOf({ ...box, rotation })
      const distance = (from: typeof a, to: typeof a) => Math.hypot(to[0] - from[0], to[1] - from[1])
      expect(a).toEqual([box.x, box.y])
      expect(distance(a, b)).toBeCloseTo(Math.abs(box.height), 6)
      expect(distance(d, c)).toBeCloseTo(Math.abs(box.height), 6)
      expect(distance(a, d)).toBeCloseTo(Math.abs(box.width), 6)
      expect(distance(b, c)).toBeCloseTo(Math.abs(box.width), 6)
      expect(distance(a, c)).toBeCloseTo(Math.hypot(box.width, box.height), 6)
    }
  )

  it.prop("rotates clockwise: at 90 degrees the width points down", [boxes], ([box]) => {
    const [a, , , d] = cornersOf({ ...box, rotation: 90 })
    expect(d[0]).toBeCloseTo(a[0], 6)
    expect(d[1]).toBeCloseTo(a[1] + box.width, 6)
  })
})

describe("areaOf", () => {
  const rectangle = { x1: 1, y1: 2, x2: 3, y2: 4, width: 800, height: 1200 }

  it("returns the same for both forms", () => {
    const stored = {
      position: { boundingRect: rectangle, rects: [], pageNumber: 2 },
      content: { text: "total" }
    }
    expect(ExportGeometry.areaOf(stored)).toEqual({ ...rectangle, pageNumber: 2, text: "total" })
    expect(ExportGeometry.areaOf({ ...rectangle, pageNumber: 2, text: "total", objectId: "a" })).toEqual(
      ExportGeometry.areaOf(stored)
    )
  })

  it("returns the image of an area without text", () => {
    const stored = {
      position: { boundingRect: rectangle, pageNumber: 1 },
      content: { image: "data:image/png;base64,AA==" }
    }
    expect(ExportGeometry.areaOf(stored)).toEqual({
      ...rectangle,
      pageNumber: 1,
      image: "data:image/png;base64,AA=="
    })
    expect(ExportGeometry.areaOf({ position: stored.position })).toEqual({ ...rectangle, pageNumber: 1 })
  })
})
