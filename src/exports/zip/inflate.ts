// The content of a deflated entry, through an inflater that the platform has. It does not tell where the deflated bytes
// end, so that `packed` must; and as gzip it checks length and checksum by itself, away from this thread. So what ZIP
// stores is given to it as a gzip member: header, the same deflated bytes, checksum and length.
import * as Effect from "effect/Effect"
import { type Inflater, inflaterOf } from "./inflater.js"

/** What a gzip member ends with. */
export interface Trailer {
  readonly crc: number
  readonly size: number
}

/** The inflated bytes one by one, `undefined` at the end; to be released if they are not read to the end. */
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
 * Inflates what `packed` yields until it is `undefined`; `trailer` is asked then. Fails with `damaged` when it is not
 * deflated, goes on after its end, or differs from the trailer.
 *
 * One write is under way at a time, since an inflater may take as many as it is given without having worked on them:
 * what is in memory is one packed chunk and what the platform inflates ahead.
 */
export const inflate = <E, E2>(
  packed: Effect.Effect<Uint8Array | undefined, E>,
  trailer: () => Trailer,
  damaged: () => E2,
  inflater: Inflater = makeInflater()
): Inflating<E | E2> => {
  let isFed = false
  let hasFailed = false
  let isWriting = false
  let isReading = false
  let read: { readonly bytes: Uint8Array | undefined } | undefined
  let wake = () => {}

  const failed = () => {
    hasFailed = true
    wake()
  }
  const written = () => {
    isWriting = false
    wake()
  }
  const got = (bytes: Uint8Array | undefined) => {
    read = { bytes }
    wake()
  }
  const ask = () => {
    isReading = true
    inflater.read(got, failed)
  }
  const write = (bytes: Uint8Array) => {
    isWriting = true
    inflater.write(bytes, written)
  }

  const feed = Effect.map(packed, (bytes) => {
    if (bytes !== undefined) return write(bytes)
    isFed = true
    write(trailerOf(trailer()))
    inflater.end()
  })

  // Without a race of promises, which would cost a part of the speed.
  const settle = Effect.async<void>((resume) => {
    wake = () => {
      if (read !== undefined || hasFailed || !(isFed || isWriting)) resume(Effect.void)
    }
    wake()
  })

  const pull: Effect.Effect<Uint8Array | undefined, E | E2> = Effect.suspend(() => {
    if (!isReading) ask()
    if (read !== undefined) {
      const { bytes } = read
      read = undefined
      isReading = false
      return Effect.succeed(bytes)
    }
    if (hasFailed) return Effect.fail(damaged())
    return Effect.zipRight(isFed || isWriting ? settle : feed, pull)
  })

  write(header)
  return { pull, release: Effect.sync(inflater.cancel) }
}
