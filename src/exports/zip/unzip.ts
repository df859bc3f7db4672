// Reads a ZIP archive forwards while it arrives: its entries in order, each with its content, in constant memory.
//
// Other readers start with the central directory at the end of the archive. Here it is compared with the entries when
// it arrives: only a stream that ends without an error has emitted everything. The end of an entry that does not
// declare its size is searched for (see dataDescriptor.ts). Bytes before the first entry and after the end record are
// skipped where other tools skip them.
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ArchiveError } from "../../errors/AngoError.js"
import { type Cursor, makeCursor } from "../../files/byteCursor.js"
import { corrupt, tooLarge, truncated } from "./archiveErrors.js"
import { peekSignature, readDirectory, takeBytes } from "./centralDirectory.js"
import { type Content, makeContent } from "./entryContent.js"
import { entryName, quoted } from "./entryName.js"
import { addEntry, makeTotals } from "./entryTotals.js"
import { flags, lengths, localFieldLengths, readLocal, signatures, viewOf } from "./zipRecords.js"

/**
 * How much an archive may inflate to.
 *
 * @category options
 */
export interface Limits {
  /** The maximum number of inflated bytes of all entries together; default 1 TiB. */
  readonly maxBytes?: number | undefined
  /** The maximum ratio of inflated bytes to archive bytes read so far, checked above 16 MiB; default 250. */
  readonly maxRatio?: number | undefined
}

/**
 * One entry of an archive.
 */
export interface ZipEntry<E> {
  /** As in the archive: to display, not to use as a path. */
  readonly name: string
  readonly isDirectory: boolean
  readonly method: "stored" | "deflated"
  /** In bytes, before and after unpacking; missing when the archive declares them after the content. */
  readonly packedSize?: number
  readonly size?: number
  /** The positions of the entry and of its content in the archive. */
  readonly offset: number
  readonly start: number
  /**
   * The unpacked content. It can be run once, before the next entry is pulled. The rest of a content that was not read
   * to its end is skipped and still verified.
   */
  readonly content: Stream.Stream<Uint8Array, E | ArchiveError>
  /** Pulls the content chunk by chunk: faster than `content` when there are many small entries. */
  readonly pull: Pull<E>
}

/** Pulls the next bytes; fails with `None` at the end. */
export type Pull<E> = Effect.Effect<Uint8Array, Option.Option<E | ArchiveError>>

// Below this many inflated bytes a high ratio is harmless.
const ratioFrom = 16 * 1024 * 1024

// How many bytes may precede the first entry. Self-extracting programs have more, but are not exports.
const maxLeading = 0x10000

// Skips the bytes before the first entry: none, or the signature of an unsplit archive; fails when there is no archive.
const skipLeading = <E>(cursor: Cursor<E>): Effect.Effect<void, E | ArchiveError> =>
  Effect.gen(function* () {
    const isLong = yield* cursor.ensure(4)
    const head = cursor.peek()
    if (!isLong) {
      const isBegun = head.every((byte, index) => byte === ((signatures.local >>> (8 * index)) & 0xff))
      return yield* isBegun
        ? truncated(head.length, "its first entry")
        : corrupt("not-a-zip", 0, "it is not a ZIP archive")
    }
    const first = viewOf(head).getUint32(0, true)
    if (first === signatures.local || first === signatures.end) return
    if (first === signatures.unsplit || first === signatures.descriptor) return void cursor.take(4)
    yield* cursor.ensure(maxLeading)
    const view = viewOf(cursor.peek())
    for (let at = 1; at + 4 <= Math.min(view.byteLength, maxLeading); at++) {
      if (view.getUint32(at, true) === signatures.local) return void cursor.take(at)
    }
    return yield* corrupt(
      "not-a-zip",
      0,
      "it is not a ZIP archive; it may be an error page of a proxy or a storage"
    )
  })

const readHeader = <E>(cursor: Cursor<E>) =>
  Effect.gen(function* () {
    const offset = cursor.position()
    const what = "the end of an entry's header"
    const view = viewOf(yield* takeBytes(cursor, lengths.local, what))
    const fields = localFieldLengths(view)
    const nameBytes = yield* takeBytes(cursor, fields.name, what)
    const metadata = readLocal(view, yield* takeBytes(cursor, fields.extra, what))
    const name = entryName(nameBytes, (metadata.flags & flags.utf8) !== 0)
    if ((metadata.flags & (flags.encrypted | flags.stronglyEncrypted | flags.masked)) !== 0) {
      return yield* corrupt("encrypted", offset, `the entry ${quoted(name)} is encrypted`, name)
    }
    if (metadata.method !== 0 && metadata.method !== 8) {
      return yield* corrupt(
        "method",
        offset,
        `the entry ${quoted(name)} uses the unsupported compression method ${metadata.method}`,
        name
      )
    }
    const hasSizes = (metadata.flags & flags.hasDescriptor) === 0
    if (hasSizes && metadata.method === 0 && metadata.size !== metadata.packedSize) {
      return yield* corrupt(
        "content",
        offset,
        `the stored entry ${quoted(name)} declares two different sizes`,
        name
      )
    }
    return {
      name,
      nameBytes,
      method: metadata.method,
      metadata: hasSizes ? metadata : undefined,
      offset,
      start: cursor.position()
    }
  })

type Header = Effect.Effect.Success<ReturnType<typeof readHeader>>

interface Current<E> {
  readonly content: Content<E>
  readonly pull: Pull<E>
  readonly isOver: () => boolean
}

const reader = <E>(cursor: Cursor<E>, { maxBytes = 2 ** 40, maxRatio = 250 }: Limits) => {
  const totals = makeTotals()
  let leading = -1
  let inflated = 0
  let current: Current<E> | undefined

  const limitError = (bytes: number, name: string) => {
    if (bytes > maxBytes) return tooLarge("bytes", maxBytes, name)
    return bytes > ratioFrom && bytes > maxRatio * cursor.position()
      ? tooLarge("ratio", maxRatio, name)
      : undefined
  }

  const begin = (header: Header): Current<E> => {
    const content = makeContent(cursor, { ...header, isStored: header.method === 0 })
    let state: "between" | "pulling" | "over" = "between"
    let failure: Option.Option<E | ArchiveError> | undefined

    const fail = (error: E | ArchiveError) => {
      failure = Option.some(error)
      return Effect.fail(failure)
    }

    const emit = (bytes: Uint8Array | undefined) => {
      if (bytes === undefined) {
        state = "over"
        addEntry(totals, header.nameBytes, { ...content.descriptor(), method: header.method }, header.offset)
        return Effect.fail(Option.none())
      }
      state = "between"
      inflated += bytes.length
      const error = limitError(inflated, header.name)
      return error === undefined ? Effect.succeed(bytes) : fail(error)
    }

    const next = Effect.matchEffect(content.pull, { onFailure: fail, onSuccess: emit })

    const pull = Effect.suspend(() => {
      if (failure !== undefined) return Effect.fail(failure)
      if (state === "over") return Effect.fail(Option.none())
      // An interrupted pull has lost bytes, and with them the position in the archive.
      if (state === "pulling")
        return Effect.dieMessage(`The entry ${quoted(header.name)} cannot be read after an interruption`)
      state = "pulling"
      return next
    })

    return { content, isOver: () => state === "over", pull }
  }

  const entryOf = (header: Header, own: Current<E>): ZipEntry<E> => ({
    name: header.name,
    isDirectory: header.name.endsWith("/"),
    method: header.method === 0 ? "stored" : "deflated",
    ...(header.metadata === undefined
      ? {}
      : { packedSize: header.metadata.packedSize, size: header.metadata.size }),
    offset: header.offset,
    start: header.start,
    pull: own.pull,
    content: Stream.suspend(() =>
      current === own && !own.isOver()
        ? Stream.repeatEffectOption(own.pull)
        : Stream.dieMessage(
            `The content of the entry ${quoted(header.name)} can be read once, before the next entry is pulled`
          )
    )
  })

  const skip = ({ isOver, pull }: Current<E>): Effect.Effect<void, E | ArchiveError> =>
    Effect.gen(function* () {
      while (!isOver()) {
        yield* Effect.catchAll(pull, (error) =>
          Option.isSome(error) ? Effect.fail(error.value) : Effect.void
        )
      }
    })

  const next = Effect.gen(function* () {
    if (current !== undefined) yield* skip(current)
    if (leading < 0) {
      yield* skipLeading(cursor)
      leading = cursor.position()
    }
    const signature = yield* peekSignature(cursor, "its end record")
    if (signature !== signatures.local) {
      yield* readDirectory(cursor, totals, leading)
      return Option.none()
    }
    const header = yield* readHeader(cursor)
    const declared = header.metadata === undefined ? 0 : header.metadata.size
    if (inflated + declared > maxBytes) return yield* tooLarge("bytes", maxBytes, header.name)
    current = begin(header)
    return Option.some(entryOf(header, current))
  })

  return {
    next: Effect.flatMap(
      Effect.mapError(next, Option.some),
      Option.match({ onNone: () => Effect.fail(Option.none()), onSome: Effect.succeed })
    ),
    release: Effect.suspend(() => current?.content.release ?? Effect.void)
  }
}

/**
 * Opens an archive for reading: the result pulls the next entry, and fails with `None` after the last one.
 */
export const open = <E, R>(archive: Stream.Stream<Uint8Array, E, R>, limits: Limits = {}) =>
  Effect.gen(function* () {
    const context = yield* Effect.context<R>()
    const pull = yield* Stream.toPull(archive)
    const { next, release } = reader(makeCursor(Effect.provide(pull, context)), limits)
    yield* Effect.addFinalizer(() => release)
    return next
  })

/**
 * The entries of an archive, in order. Fails with `ArchiveError`: `truncated` when the archive ends early, `too-large`
 * when it inflates to more than the limits allow, and other reasons when it is invalid. Entries emitted before an error
 * are as the archive has them.
 */
export const unzip = <E, R>(
  archive: Stream.Stream<Uint8Array, E, R>,
  limits: Limits = {}
): Stream.Stream<ZipEntry<E>, E | ArchiveError, R> =>
  Stream.unwrapScoped(Effect.map(open(archive, limits), Stream.repeatEffectOption))
