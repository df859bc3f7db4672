/**
 * The archive of an export: a ZIP that is made while it is read, and is the same every time.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type Entry, entriesOf, estimateSize, hashTexts } from "./archiveEntries.js"
import { crc32 } from "./crc32.js"
import type { Selection } from "./exportSelection.js"
import * as Zip from "./zipRecords.js"

/**
 * How the hub makes the archives of exports, and how its storage serves them.
 *
 * @since 0.1.0
 */
export interface ArchiveOptions {
  /** Whether entries are compressed; default `"deflated"`. */
  readonly method?: "deflated" | "stored" | undefined
  /**
   * Whether checksum and sizes of an entry are told after its content (default), as programs do that write while
   * they pack, or before it. For sizes before, rows are written and packed twice.
   */
  readonly sizes?: "after" | "before" | undefined
  /** Whether sizes are told in eight bytes where four do (`"always"`), or only above 4 GiB (default). */
  readonly zip64?: "auto" | "always" | undefined
  /** Whether parts of an archive can be asked for; by default they can. Without, every answer is a whole one. */
  readonly ranges?: boolean | undefined
  /** How long a link lasts, on the hub's clock; by default for ever. */
  readonly expiresAfter?: Duration.DurationInput | undefined
  /** How often a link can be used; by default without limit. A part counts like a whole archive. */
  readonly downloads?: number | undefined
  /**
   * An archive of about so many bytes of rows at most is kept once it was made; default 16 MiB. A larger one is made
   * for every download, and tells its length only when somebody asked for a part of it or for its head before.
   */
  readonly keep?: number | undefined
}

const defaultKeep = 16 * 1024 * 1024

/** An archive. */
export interface Archive {
  /** The same for the same bytes alone. */
  readonly etag: () => string
  /** Its length in bytes; before anybody needed it, nobody knows that of a large one. */
  readonly knownLength: Effect.Effect<number | undefined>
  /** Its length, and if the whole archive must be made for it. */
  readonly length: Effect.Effect<number>
  readonly bytes: Stream.Stream<Uint8Array>
  /** The bytes from a place on, so many of them. */
  readonly range: (from: number, length: number) => Stream.Stream<Uint8Array>
}

const deflate = (content: Stream.Stream<Uint8Array>): Stream.Stream<Uint8Array> =>
  Stream.orDie(
    Stream.fromReadableStream(
      () =>
        Stream.toReadableStream(content).pipeThrough(
          new CompressionStream("deflate-raw") as TransformStream<Uint8Array, Uint8Array>
        ),
      (cause) => cause
    )
  )

/** So many bytes of a stream, from a place on. */
export const slice = <E>(
  bytes: Stream.Stream<Uint8Array, E>,
  from: number,
  length: number
): Stream.Stream<Uint8Array, E> =>
  bytes.pipe(
    Stream.mapAccum(0, (start, chunk) => {
      const end = start + chunk.length
      const wanted = chunk.subarray(Math.max(0, from - start), Math.max(0, from + length - start))
      return [end, { wanted, end }]
    }),
    Stream.takeUntil(({ end }) => end >= from + length),
    Stream.filterMap(({ wanted }) => (wanted.length > 0 ? Option.some(wanted) : Option.none()))
  )

/** The archive of some rows. */
export const make = (
  selection: Selection,
  given: { readonly format: string; readonly projectId: string; readonly time: Date },
  options: ArchiveOptions
): Archive => {
  const { keep = defaultKeep, method = "deflated", sizes = "after", zip64 = "auto" } = options
  const { format, projectId, time } = given
  const entries = entriesOf(selection, format, projectId)
  const rough = estimateSize(selection)
  const isForced = zip64 === "always"
  // What is a little below the limit may be above it in the end.
  const isLarge = isForced || rough / Math.max(1, entries.count) > 0.95 * Zip.max32

  const recordOf = (name: string): Zip.EntryRecord => ({
    name,
    method,
    hasDescriptor: sizes === "after",
    isLarge,
    time
  })

  // Counts what goes through, before and after it is packed.
  const pack = (entry: Entry) => {
    let packed: Zip.EntrySizes = { crc: 0, size: 0, packedSize: 0 }
    const rows = Stream.map(entry.rows, (chunk) => {
      packed = { ...packed, crc: crc32(chunk, packed.crc), size: packed.size + chunk.length }
      return chunk
    })
    const bytes = Stream.map(method === "stored" ? rows : deflate(rows), (chunk) => {
      packed = { ...packed, packedSize: packed.packedSize + chunk.length }
      return chunk
    })
    return { bytes, packed: () => packed }
  }

  const measured = new Map<number, Zip.EntrySizes>()
  const measure = (nth: number): Effect.Effect<Zip.EntrySizes> =>
    Effect.suspend(() => {
      const found = measured.get(nth)
      if (found !== undefined) return Effect.succeed(found)
      const { bytes, packed } = pack(entries.at(nth))
      return Effect.map(Stream.runDrain(bytes), () => {
        measured.set(nth, packed())
        return packed()
      })
    })

  const made: Stream.Stream<Uint8Array> = Stream.suspend(() => {
    const written: Array<{ readonly packed: Zip.EntrySizes; readonly offset: number }> = []
    let offset = 0
    const one = (nth: number) =>
      Stream.unwrap(
        Effect.map(sizes === "before" ? measure(nth) : Effect.succeed(undefined), (before) => {
          const entry = entries.at(nth)
          const record = recordOf(entry.name)
          const start = offset
          const { bytes, packed } = pack(entry)
          const end = Stream.suspend(() => {
            written.push({ packed: packed(), offset: start })
            return before === undefined ? Stream.make(Zip.descriptor(record, packed())) : Stream.empty
          })
          return Stream.concat(Stream.make(Zip.localHeader(record, before)), Stream.concat(bytes, end))
        })
      )
    const contents = Stream.flatMap(
      entries.count === 0 ? Stream.empty : Stream.range(0, entries.count - 1),
      one
    ).pipe(
      Stream.map((chunk) => {
        offset += chunk.length
        return chunk
      })
    )
    function* list(): Iterable<Uint8Array> {
      let size = 0
      for (const [nth, { offset, packed }] of written.entries()) {
        const header = Zip.centralHeader(recordOf(entries.at(nth).name), packed, offset)
        size += header.length
        yield header
      }
      yield Zip.endOfArchive({ entries: written.length, size, offset }, isForced)
    }
    return Stream.concat(
      contents,
      Stream.suspend(() => Stream.fromIterable(list()))
    )
  })

  const isKept = rough <= keep
  let kept: Uint8Array | undefined
  let length: number | undefined
  const total = Effect.suspend(() =>
    length === undefined
      ? Effect.map(
          Stream.runFold(made, 0, (sum, chunk) => sum + chunk.length),
          (sum) => {
            length = sum
            return sum
          }
        )
      : Effect.succeed(length)
  )
  const whole = Effect.suspend(() =>
    kept === undefined
      ? Effect.map(Stream.runCollect(made), (chunks) => {
          const bytes = joined([...chunks])
          kept = bytes
          return bytes
        })
      : Effect.succeed(kept)
  )
  let hash: string | undefined
  const etag = (): string => {
    hash ??= `"${hashTexts(identityOf())}"`
    return hash
  }
  function* identityOf(): Iterable<string> {
    yield JSON.stringify([method, sizes, zip64, format, projectId, time.getTime(), selection.count])
    yield* selection.identity()
  }

  return isKept
    ? {
        etag,
        knownLength: Effect.map(whole, (bytes) => bytes.length),
        length: Effect.map(whole, (bytes) => bytes.length),
        bytes: Stream.unwrap(Effect.map(whole, pieces)),
        range: (from, count) =>
          Stream.unwrap(Effect.map(whole, (bytes) => pieces(bytes.subarray(from, from + count))))
      }
    : {
        etag,
        knownLength: Effect.sync(() => length),
        length: total,
        bytes: made,
        range: (from, count) => slice(made, from, count)
      }
}

// As it comes where it is made: not all at once.
const pieces = (bytes: Uint8Array): Stream.Stream<Uint8Array> =>
  Stream.unfold(0, (at) =>
    at < bytes.length ? Option.some([bytes.subarray(at, at + piece), at + piece] as const) : Option.none()
  )

const piece = 64 * 1024

const joined = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
