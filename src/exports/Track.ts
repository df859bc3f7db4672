/**
 * Objects of a video over time: exports have an entry for each key frame of each object
 * (docs/api-notes.md#answer-format, #export-rows).
 *
 * @since 0.1.0
 */

/**
 * What an entry must say to be put into the track of its object; those of exports, objects and classifications, do.
 *
 * @since 0.1.0
 */
export interface Framed {
  readonly objectId?: string | null
  /** The frame, counted from 0; without it, the first one. */
  readonly page?: number | null
  /** The object is gone from this frame on. */
  readonly interpolationStopped?: boolean | null
}

/**
 * A stretch of frames on which an object is to be seen: the first one, and the first one on which it is gone again.
 * Without `until` it stays to the end of the video.
 *
 * @since 0.1.0
 */
export interface Span {
  readonly from: number
  readonly until?: number
}

/**
 * One object of a video: its entries in order of their frames, and the stretches on which it is to be seen.
 *
 * @since 0.1.0
 */
export interface Track<A extends Framed = Framed> {
  readonly objectId: string | undefined
  readonly frames: ReadonlyArray<A>
  readonly spans: ReadonlyArray<Span>
}

const pageOf = ({ page }: Framed): number => page ?? 0

const spansOf = (frames: ReadonlyArray<Framed>): ReadonlyArray<Span> => {
  const spans: Array<Span> = []
  let from: number | undefined
  frames.forEach((frame, index) => {
    const page = pageOf(frame)
    const next = frames[index + 1]
    // Of several entries on one frame, the last one counts.
    if (next !== undefined && pageOf(next) === page) return
    if (frame.interpolationStopped !== true) from ??= page
    else if (from !== undefined) {
      spans.push({ from, until: page })
      from = undefined
    }
  })
  return from === undefined ? spans : [...spans, { from }]
}

/**
 * The entries of a video, object by object in the order in which each first comes. An entry without an objectId is an
 * object of its own, so that none is lost.
 *
 * @example
 * ```ts
 * import { type ExportRow, Track } from "effect-ango"
 *
 * // On how many frames each object is to be seen.
 * const durations = ({ metadata, task }: ExportRow.ExportRow) =>
 *   Track.framesByObject(task.tools ?? []).map(({ objectId, spans }) => ({
 *     objectId,
 *     frames: spans.reduce((sum, { from, until }) => sum + (until ?? metadata?.frameTotal ?? from) - from, 0)
 *   }))
 * ```
 *
 * @since 0.1.0
 */
export const framesByObject = <A extends Framed>(entries: ReadonlyArray<A>): ReadonlyArray<Track<A>> => {
  const found: Array<{ readonly objectId: string | undefined; readonly frames: Array<A> }> = []
  const byId = new Map<string, Array<A>>()
  for (const entry of entries) {
    const objectId = entry.objectId ?? undefined
    const known = objectId === undefined ? undefined : byId.get(objectId)
    if (known !== undefined) known.push(entry)
    else {
      const frames = [entry]
      found.push({ objectId, frames })
      if (objectId !== undefined) byId.set(objectId, frames)
    }
  }
  return found.map(({ frames, objectId }) => {
    const sorted = frames.toSorted((a, b) => pageOf(a) - pageOf(b))
    return { objectId, frames: sorted, spans: spansOf(sorted) }
  })
}

/**
 * The entry that holds for a frame: the last key frame at or before it; nothing where the object is not to be seen.
 *
 * Between key frames the hub moves an object from one place to the next; no document says along which curve.
 *
 * @since 0.1.0
 */
export const frameAt = <A extends Framed>({ frames }: Track<A>, page: number): A | undefined => {
  const last = frames.findLast((frame) => pageOf(frame) <= page)
  return last?.interpolationStopped === true ? undefined : last
}
