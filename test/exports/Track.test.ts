// Video objects over time.
import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { ExportObject, ExportRow, Track } from "effect-ango"
import { exportRows } from "../support/ExportRows.js"

const { frameAt, framesByObject } = Track

const tools = (name: string) => {
  const row = exportRows("video.json").find(([rowName]) => rowName === name)?.[1].row
  return Schema.decodeUnknownSync(ExportRow.ExportRow)(row).task.tools ?? []
}

describe("a video", () => {
  it("is grouped by object, each with the ranges in which it is visible", () => {
    const [first, second, ...others] = framesByObject(tools("flat"))
    expect(others).toEqual([])
    expect(first?.objectId).toBe("car1")
    expect(first?.frames.map(({ page }) => page)).toEqual([0, 10, 20])
    expect(first?.spans).toEqual([{ from: 0, until: 20 }])
    expect(second).toMatchObject({ objectId: "car2", spans: [{ from: 4 }] })
  })

  it("in the newer format is kept as received", () => {
    const [track] = framesByObject(tools("grouped"))
    expect(track).toMatchObject({ objectId: "car1", frames: tools("grouped") })
    expect(track?.frames.map(ExportObject.toolOf)).toEqual([
      { _tag: "unknown", fields: { frames: [expect.anything(), expect.anything()] } }
    ])
  })
})

describe("framesByObject", () => {
  it("an object may reappear, or never be visible", () => {
    const on = (page: number, interpolationStopped = false) => ({ objectId: "a", page, interpolationStopped })
    expect(framesByObject([on(30), on(20, true), on(0), on(40, true), on(25, true)])[0]?.spans).toEqual([
      { from: 0, until: 20 },
      { from: 30, until: 40 }
    ])
    expect(framesByObject([on(3, true)])[0]?.spans).toEqual([])
  })

  it("of two entries for one frame, the later one counts", () => {
    const entries = [
      { objectId: "a", page: 1, interpolationStopped: true },
      { objectId: "a", page: 1 }
    ]
    expect(framesByObject(entries)[0]?.spans).toEqual([{ from: 1 }])
    expect(framesByObject(entries.toReversed())[0]?.spans).toEqual([])
  })

  it("an entry without a page is on frame 0, and one without an id is an object of its own", () => {
    expect(framesByObject([{ objectId: null, n: 1 }, { n: 2 }, { objectId: "a", n: 3 }])).toEqual([
      { objectId: undefined, frames: [{ objectId: null, n: 1 }], spans: [{ from: 0 }] },
      { objectId: undefined, frames: [{ n: 2 }], spans: [{ from: 0 }] },
      { objectId: "a", frames: [{ objectId: "a", n: 3 }], spans: [{ from: 0 }] }
    ])
  })

  const entries = FastCheck.array(
    FastCheck.record(
      {
        objectId: FastCheck.constantFrom("a", "b", "c", null),
        page: FastCheck.nat(12),
        interpolationStopped: FastCheck.boolean()
      },
      { requiredKeys: [] }
    ),
    { maxLength: 12 }
  )

  it.prop("keeps every entry exactly once, in order", [entries], ([given]) => {
    const tracks = framesByObject(given)
    expect(new Set(tracks.flatMap(({ frames }) => frames))).toEqual(new Set(given))
    expect(tracks.flatMap(({ frames }) => frames)).toHaveLength(given.length)
    for (const { frames, objectId } of tracks) {
      const pages = frames.map(({ page }) => page ?? 0)
      expect(pages).toEqual(pages.toSorted((a, b) => a - b))
      expect(frames.every((frame) => (frame.objectId ?? undefined) === objectId)).toBe(true)
    }
    const ids = tracks.flatMap(({ objectId }) => (objectId === undefined ? [] : [objectId]))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.prop("frameAt returns an entry exactly where the object is visible", [entries], ([given]) => {
    for (const track of framesByObject(given)) {
      for (let page = 0; page <= 14; page++) {
        const isSeen = track.spans.some(({ from, until }) => page >= from && page < (until ?? 99))
        const frame = frameAt(track, page)
        expect(frame !== undefined).toBe(isSeen)
        if (frame !== undefined) expect(frame.page ?? 0).toBeLessThanOrEqual(page)
      }
      const ends = track.spans.flatMap(({ from, until }) => [from, until ?? 99])
      expect(ends).toEqual([...new Set(ends)].toSorted((a, b) => a - b))
    }
  })
})
