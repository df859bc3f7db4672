/**
 * Video objects over time: exports have one entry for each key frame of each object
 * (docs/api-notes.md#answer-format, #export-rows).
 *
 * @since 0.1.0
 */

/**
 * The fields of an entry that locate it in a video. The objects and classifications of exports have them.
 *
 * @category models
 * @since 0.1.0
 */
export interface Framed {
  readonly objectId?: string | null
  /** The frame, counted from 0; default 0. */
  readonly page?: number | null
  /** Whether the object disappears at this frame. */
  readonly interpolationStopped?: boolean | null
}

/**
 * A range of frames in which an object is visible: `from` is the first one, `until` the first one after the range.
 * Without `until` the object is visible to the end of the video.
 *
 * @category models
 * @since 0.1.0
 */
export interface Span {
  readonly from: number
  readonly until?: number
}

/**
 * One object of a video: its entries in order of their frames, and the ranges in which it is visible.
 *
 * @category models
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
    // Of several entries for one frame, the last one counts.
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
 * Groups the entries of a video by object, in the order in which each object first appears. An entry without an
 * `objectId` becomes an object of its own, so that no entry is lost.
 *
 * @example
 * ```ts
 * import { type ExportRow, Track } from "effect-ango"
 *
 * // The number of frames in which each object is visible.
 * const durations = ({ metadata, task }: ExportRow.ExportRow) =>
 *   Track.framesByObject(task.tools ?? []).map(({ objectId, spans }) => ({
 *     objectId,
 *     frames: spans.reduce((sum, { from, until }) => sum + (until ?? metadata?.frameTotal ?? from) - from, 0)
 *   }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const framesByObject = <A extends Framed>(entries: ReadonlyArray<A>): ReadonlyArray<Track<A>> => {
  const tracks: Array<{ readonly objectId: string | undefined; readonly frames: Array<A> }> = []
  const byId = new Map<string, Array<A>>()
  for (const entry of entries) {
    const objectId = entry.objectId ?? undefined
    const known = objectId === undefined ? undefined : byId.get(objectId)
    if (known !== undefined) known.push(entry)
    else {
      const frames = [entry]
      tracks.push({ objectId, frames })
      if (objectId !== undefined) byId.set(objectId, frames)
    }
  }
  return tracks.map(({ frames, objectId }) => {
    const sorted = frames.toSorted((a, b) => pageOf(a) - pageOf(b))
    return { objectId, frames: sorted, spans: spansOf(sorted) }
  })
}

/**
 * The entry that applies to a frame: the last key frame at or before it; `undefined` where the object is not visible.
 *
 * Between key frames the hub interpolates the position of an object; how is not documented.
 *
 * @category combinators
 * @since 0.1.0
 */
export const frameAt = <A extends Framed>({ frames }: Track<A>, page: number): A | undefined => {
  const last = frames.findLast((frame) => pageOf(frame) <= page)
  return last?.interpolationStopped === true ? undefined : last
}
