/**
 * The archive of an export: a ZIP that is built while it is read, with the same bytes on each read.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { crc32 } from "../../files/crc32.js"
import { concat } from "../../utils/concat.js"
import { type Entry, entriesOf, estimateSize, hashTexts } from "./archiveEntries.js"
import type { Selection } from "./exportSelection.js"
import * as Zip from "./zipRecords.js"

/**
 * How the hub builds export archives, and how its file storage serves them.
 *
 * @example
 * ```ts
 * import { AngoTest } from "effect-ango/emulator"
 *
 * // Every archive can be downloaded once, within ten minutes.
 * const layer = AngoTest.layer({ archives: { downloads: 1, expiresAfter: "10 minutes" } })
 * ```
 *
 * @category options
 * @since 0.1.0
 */
export interface ArchiveOptions {
  /** Whether entries are compressed; default `"deflated"`. */
  readonly method?: "deflated" | "stored" | undefined
  /**
   * Whether checksum and sizes of an entry follow its content (`"after"`, the default, as streaming ZIP writers do) or
   * precede it. With `"before"`, rows are written and compressed twice.
   */
  readonly sizes?: "after" | "before" | undefined
  /** Whether to use ZIP64, with sizes of eight bytes, only above 4 GiB (`"auto"`, the default) or `"always"`. */
  readonly zip64?: "auto" | "always" | undefined
  /** Whether `Range` requests are supported; default `true`. Otherwise every response is the whole archive. */
  readonly ranges?: boolean | undefined
  /** How long a link is valid, on the hub's clock; by default it never expires. */
  readonly expiresAfter?: Duration.DurationInput | undefined
  /** How many `GET` requests a link allows; by default unlimited. A range request counts as one. */
  readonly downloads?: number | undefined
  /**
   * The largest archive that is cached in memory once built, in bytes of its rows (estimated); default 16 MiB. A larger one
   * is built anew for each download, and has a `Content-Length` only after a `Range` or `HEAD` request.
   */
  readonly keep?: number | undefined
  /**
   * Whether a project has one export file, as the vendor's package warns (docs/api-notes.md#concurrent-exports): an export
   * replaces the content behind every earlier link of its project. Default `false`: each link keeps its own archive,
   * so that a test depends on nothing but its own requests. Use `true` in tests of programs that run several exports of a
   * project at once or store links (`Exports.request`).
   *
   * @remarks derived: an earlier link returns the newer archive; a download that has begun continues with the older one.
   */
  readonly onePerProject?: boolean | undefined
}

const defaultKeep = 16 * 1024 * 1024

/** An archive to download. */
export interface Archive {
  /** An ETag that is equal only for equal content. */
  readonly etag: () => string
  /** The length in bytes; `undefined` for a large archive whose {@link Archive.length} was never needed. */
  readonly knownLength: Effect.Effect<number | undefined>
  /** The length in bytes. For a large archive, the first call builds it. */
  readonly length: Effect.Effect<number>
  readonly bytes: Stream.Stream<Uint8Array>
  /** `length` bytes from an offset on. */
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

/** The `length` bytes of a stream from an offset on. */
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

/** Makes the archive of a selection. `time` is the modification time of its files. */
export const make = (
  selection: Selection,
  description: { readonly format: string; readonly projectId: string; readonly time: Date },
  options: ArchiveOptions
): Archive => {
  const { keep = defaultKeep, method = "deflated", sizes = "after", zip64 = "auto" } = options
  const { format, projectId, time } = description
  const entries = entriesOf(selection, format, projectId)
  const estimatedSize = estimateSize(selection)
  const forceZip64 = zip64 === "always"
  // The margin covers the error of the estimate.
  const isLarge = forceZip64 || estimatedSize / Math.max(1, entries.count) > 0.95 * Zip.max32

  const recordOf = (name: string): Zip.EntryRecord => ({
    name,
    method,
    hasDescriptor: sizes === "after",
    isLarge,
    time
  })

  // Computes checksum and sizes while the content passes through.
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
      const known = measured.get(nth)
      if (known !== undefined) return Effect.succeed(known)
      const { bytes, packed } = pack(entries.at(nth))
      return Effect.map(Stream.runDrain(bytes), () => {
        measured.set(nth, packed())
        return packed()
      })
    })

  const content: Stream.Stream<Uint8Array> = Stream.suspend(() => {
    const written: Array<{ readonly packed: Zip.EntrySizes; readonly offset: number }> = []
    let offset = 0
    const entryBytes = (nth: number) =>
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
      entryBytes
    ).pipe(
      Stream.map((chunk) => {
        offset += chunk.length
        return chunk
      })
    )
    function* directory(): Iterable<Uint8Array> {
      let size = 0
      for (const [nth, { offset, packed }] of written.entries()) {
        const header = Zip.centralHeader(recordOf(entries.at(nth).name), packed, offset)
        size += header.length
        yield header
      }
      yield Zip.endOfArchive({ entries: written.length, size, offset }, forceZip64)
    }
    return Stream.concat(
      contents,
      Stream.suspend(() => Stream.fromIterable(directory()))
    )
  })

  const isCached = estimatedSize <= keep
  let cached: Uint8Array | undefined
  let length: number | undefined
  const total = Effect.suspend(() =>
    length === undefined
      ? Effect.map(
          Stream.runFold(content, 0, (sum, chunk) => sum + chunk.length),
          (sum) => {
            length = sum
            return sum
          }
        )
      : Effect.succeed(length)
  )
  const whole = Effect.suspend(() =>
    cached === undefined
      ? Effect.map(Stream.runCollect(content), (chunks) => {
          const bytes = concat([...chunks])
          cached = bytes
          return bytes
        })
      : Effect.succeed(cached)
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

  return isCached
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
        bytes: content,
        range: (from, count) => slice(content, from, count)
      }
}

// Cached bytes arrive in chunks as well.
const pieces = (bytes: Uint8Array): Stream.Stream<Uint8Array> =>
  Stream.unfold(0, (at) =>
    at < bytes.length ? Option.some([bytes.subarray(at, at + piece), at + piece] as const) : Option.none()
  )

const piece = 64 * 1024
