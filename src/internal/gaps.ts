// The gaps between the pages of a list that changed while it was read: each is looked at again until one answer holds
// items of both its sides, so that nothing can have been left out between them.
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CallError } from "../AngoError.js"
import { type Answer, type Item, pageAround, type Reading, take, touch, type Window } from "./reading.js"

const looksPerGap = 8

/** A gap under repair: what is on either side of it, and where it is thought to be. */
interface Gap {
  readonly index: number
  readonly left: ReadonlySet<string>
  readonly right: ReadonlySet<string>
  readonly at: number
  readonly looks: number
}

/** What a look at gaps found: items that were missing, and whether it has to be given up. */
export interface Found<A> {
  readonly items: ReadonlyArray<A>
  readonly isLost: boolean
}

const union = (one: ReadonlySet<string>, other: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set([...one, ...other])

// The places of known ids tell how far the list has shifted since they were read.
const shiftOf = (
  windows: ReadonlyArray<Window>,
  near: number,
  ids: ReadonlyArray<string>,
  offset: number
) => {
  const radius = Array.from(windows.keys()).toSorted((a, b) => Math.abs(a - near) - Math.abs(b - near))
  for (const index of radius) {
    const window = windows[index]
    const place = window === undefined ? -1 : window.ids.findIndex((id) => ids.includes(id))
    const id = window?.ids[place]
    if (window !== undefined && id !== undefined) return offset + ids.indexOf(id) - (window.offset + place)
  }
  return undefined
}

/**
 * Proves the gaps of a reading, one after the other, with the items that turn up. The end of the list counts as the
 * right side of the last gap.
 */
export const prove = <A extends Item>(
  reading: Reading,
  read: (page: number, limit: number) => Effect.Effect<Answer<A>, CallError>,
  changes: boolean
): Stream.Stream<Found<A>, CallError> => {
  const windows = reading.windows.filter(({ ids }) => ids.length > 0)
  // Nobody may read the list for ever: as many looks as it has pages, and some for a short one.
  const most = reading.requests * 3 + looksPerGap

  const gapAt = (index: number, shift: number): Gap | undefined => {
    const one = windows[index]
    if (one === undefined) return undefined
    const next = windows[index + 1]
    if (next === undefined && reading.hasEnded) return undefined
    return {
      index,
      left: new Set(one.ids),
      right: new Set(next?.ids),
      at: Math.max(1, (next?.offset ?? one.offset + one.ids.length) + shift),
      looks: 0
    }
  }

  const nextGap = (index: number, shift: number): Option.Option<Gap> => {
    for (let at = index; ; at++) {
      const gap = gapAt(at, shift)
      if (gap === undefined) return Option.none()
      if (!touch(gap.left, [...gap.right])) return Option.some(gap)
    }
  }

  const look = (gap: Gap) => {
    const { page, size } = pageAround(gap.at, reading)
    return Effect.map(read(page, size), (answer) => {
      const offset = (page - 1) * size
      const items = take(reading, answer, offset, changes)
      const ids = answer.items.map(({ id }) => id)
      const isAtEnd = offset + ids.length >= answer.total
      const isLeft = touch(gap.left, ids)
      const isRight = gap.right.size === 0 ? isAtEnd : touch(gap.right, ids)
      const found = { items, isLost: false }
      if (isLeft && isRight) return [found, nextGap(gap.index + 1, 0)] as const
      if (gap.looks + 1 >= looksPerGap || reading.requests >= most) {
        return [{ items, isLost: true }, Option.none<Gap>()] as const
      }
      const looks = gap.looks + 1
      // The gap is longer than one page: go on from the side that was found.
      if (isLeft) {
        return [
          found,
          Option.some({ ...gap, looks, left: union(gap.left, ids), at: offset + ids.length })
        ] as const
      }
      if (isRight && gap.right.size > 0) {
        return [
          found,
          Option.some({ ...gap, looks, right: union(gap.right, ids), at: Math.max(1, offset) })
        ] as const
      }
      const shift = shiftOf(windows, gap.index, ids, offset)
      const start = windows[gap.index + 1]?.offset ?? answer.total
      const at = shift === undefined ? Math.min(gap.at - size, answer.total) : start + shift
      return [found, Option.some({ ...gap, looks, at: Math.max(1, at) })] as const
    })
  }

  return Option.match(nextGap(0, 0), {
    onNone: () => Stream.empty,
    onSome: (gap) => Stream.paginateEffect(gap, look)
  })
}
