// How much one request of a bulk write takes: grown while requests are accepted quickly, shrunk when the hub shows that
// one was too large.

/** Something that is sent: `size` is its length as JSON text, in characters. */
export interface Sized {
  readonly size: number
}

/** The size of the requests of one bulk write. */
export interface ChunkSize {
  /** How many of the first rows fit into one request; at least one. */
  readonly count: (rows: ReadonlyArray<Sized>) => number
  /** Whether a request may have this many rows, of this length. */
  readonly allows: (rows: number, size: number) => boolean
  readonly recordAccepted: (rows: ReadonlyArray<Sized>, millis: number) => void
  /** Records a request whose response did not arrive in this time. */
  readonly recordLost: (rows: ReadonlyArray<Sized>, millis: number) => void
  readonly recordTooLarge: (rows: ReadonlyArray<Sized>) => void
}

/** The default of `chunk`, for writers without their own: the rows of the first requests. */
const defaultRows = 1000

/** The most rows of a request, unless the caller sets `chunk`. */
const maxRows = 10_000

// In characters: about a megabyte at first.
const firstSize = 1_000_000
const maxSize = 8_000_000

/** A response that takes longer leaves no time for twice as many rows, or is close to the idle timeout. */
const quickMillis = 5_000
const slowMillis = 15_000

/** The most requests that have to be accepted before the next growth. */
const maxAcceptedToGrow = 64

const sizeOf = (rows: ReadonlyArray<Sized>): number => rows.reduce((sum, { size }) => sum + size, 0)

/** The sizes of a write; `chunk` is the most rows that the caller allows. */
export const makeChunkSize = (chunk: number | undefined): ChunkSize => {
  const most = { rows: chunk ?? maxRows, size: maxSize }
  let limit = { rows: chunk ?? defaultRows, size: firstSize }
  /** As many requests have to be accepted before the next growth; twice as many each time that one was too large. */
  let acceptedToGrow = 1
  let accepted = 0

  const allows = (rows: number, size: number): boolean => rows <= limit.rows && size <= limit.size

  const shrink = (rows: ReadonlyArray<Sized>): void => {
    limit = {
      rows: Math.max(1, Math.min(limit.rows, rows.length >> 1)),
      size: Math.max(1, Math.min(limit.size, sizeOf(rows) >> 1))
    }
    acceptedToGrow = Math.min(maxAcceptedToGrow, acceptedToGrow * 2)
    accepted = 0
  }

  return {
    count: (rows) => {
      let count = 0
      let size = 0
      for (const row of rows) {
        size += row.size
        if (count > 0 && !allows(count + 1, size)) break
        count++
      }
      return count
    },
    allows,
    recordAccepted: (rows, millis) => {
      if (millis > slowMillis) return shrink(rows)
      const size = sizeOf(rows)
      // Only the limit that was reached is known to be too low.
      const isRowLimit = rows.length >= limit.rows
      const isSizeLimit = size > limit.size / 2
      if (millis > quickMillis || !(isRowLimit || isSizeLimit) || ++accepted < acceptedToGrow) return
      accepted = 0
      limit = {
        rows: isRowLimit ? Math.min(most.rows, limit.rows * 2) : limit.rows,
        size: isSizeLimit ? Math.min(most.size, limit.size * 2) : limit.size
      }
    },
    recordLost: (rows, millis) => {
      if (millis > slowMillis) shrink(rows)
    },
    recordTooLarge: shrink
  }
}
