// Inflates the content of an entry with the inflater of the platform. The content is wrapped as a gzip member (header,
// deflated bytes, checksum, length), so that the inflater verifies length and checksum too, outside of this thread. It
// does not report where deflated bytes end: `packed` must.
import * as Effect from "effect/Effect"
import { type Inflater, inflaterOf } from "./inflater.js"

/** The trailer of a gzip member. */
export interface Trailer {
  readonly crc: number
  readonly size: number
}

/** `pull` returns the next inflated chunk, `undefined` at the end. `release` must run if the end is not reached. */
export interface Inflating<E> {
  readonly pull: Effect.Effect<Uint8Array | undefined, E>
  readonly release: Effect.Effect<void>
}

const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)

const trailerOf = ({ crc, size }: Trailer): Uint8Array => {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(0, crc, true)
  view.setUint32(4, size % 2 ** 32, true)
  return new Uint8Array(view.buffer)
}

const makeInflater = inflaterOf(globalThis)

/**
 * Inflates the chunks of `packed` until it returns `undefined`; then `trailer` is called. Fails with `damaged` when the
 * bytes are not deflated, continue after the end of the deflated data, or do not match the trailer.
 *
 * Only one write is pending at a time, because an inflater may accept any number without processing them. So memory
 * holds one packed chunk and what the platform inflates ahead.
 */
export const inflate = <E, E2>(
  packed: Effect.Effect<Uint8Array | undefined, E>,
  trailer: () => Trailer,
  damaged: () => E2,
  inflater: Inflater = makeInflater()
): Inflating<E | E2> => {
  let hasEnded = false
  let hasFailed = false
  let isWriting = false
  let isReading = false
  let read: { readonly bytes: Uint8Array | undefined } | undefined
  let wake = () => {}

  const onFailure = () => {
    hasFailed = true
    wake()
  }
  const onWritten = () => {
    isWriting = false
    wake()
  }
  const onRead = (bytes: Uint8Array | undefined) => {
    read = { bytes }
    wake()
  }
  const startRead = () => {
    isReading = true
    inflater.read(onRead, onFailure)
  }
  const write = (bytes: Uint8Array) => {
    isWriting = true
    inflater.write(bytes, onWritten)
  }

  const feed = Effect.map(packed, (bytes) => {
    if (bytes !== undefined) return write(bytes)
    hasEnded = true
    write(trailerOf(trailer()))
    inflater.end()
  })

  // Waits for a read, a failure or the end of a write. Racing promises would be slower.
  const waitForEvent = Effect.async<void>((resume) => {
    wake = () => {
      if (read !== undefined || hasFailed || !(hasEnded || isWriting)) resume(Effect.void)
    }
    wake()
  })

  const pull: Effect.Effect<Uint8Array | undefined, E | E2> = Effect.suspend(() => {
    if (!isReading) startRead()
    if (read !== undefined) {
      const { bytes } = read
      read = undefined
      isReading = false
      return Effect.succeed(bytes)
    }
    if (hasFailed) return Effect.fail(damaged())
    return Effect.zipRight(hasEnded || isWriting ? waitForEvent : feed, pull)
  })

  write(header)
  return { pull, release: Effect.sync(inflater.cancel) }
}
