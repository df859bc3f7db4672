// A ZIP archive read forwards, as it arrives: its entries in order, each with its content, in constant memory.
//
// The checks that other readers make at the beginning, from the list at the end of the archive, are made when that
// list arrives: only a stream that ends without an error has given everything. Where an entry does not tell its size
// before its content, the end is looked for (see descriptor.ts). Bytes before the first entry and after the end record
// are passed over where other tools do so.
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ArchiveError } from "../../errors/AngoError.js"
import { type Cursor, makeCursor } from "../../files/byteCursor.js"
import { corrupt, tooLarge, truncated } from "./archiveErrors.js"
import { nextSignature, readDirectory, take } from "./centralDirectory.js"
import { type Content, makeContent } from "./entryContent.js"
import { entryName, quoted } from "./entryName.js"
import { count, makeTally } from "./entryTotals.js"
import { flags, lengths, localRest, readLocal, signatures, viewOf } from "./zipRecords.js"

/**
 * How much an archive may inflate to.
 */
export interface Limits {
  /** In bytes, all entries together; default 1 TiB. */
  readonly maxBytes?: number | undefined
  /** Times the bytes of the archive read so far, once it is more than 16 MiB; default 250. */
  readonly maxRatio?: number | undefined
}

/**
 * One entry of an archive.
 */
export interface ZipEntry<E> {
  /** As the archive has it: to show, never to be used as a path. */
  readonly name: string
  readonly isDirectory: boolean
  readonly method: "stored" | "deflated"
  /** In bytes, before and after unpacking; nothing when the archive tells that only after the content. */
  readonly packedSize?: number
  readonly size?: number
  /** Where in the archive the entry begins, and where its content does. */
  readonly offset: number
  readonly start: number
  /**
   * What was packed, to be run at most once, and before the next entry is asked for; what is left of it then is passed
   * over, and checked all the same.
   */
  readonly content: Stream.Stream<Uint8Array, E | ArchiveError>
  /** The same, chunk by chunk: a stream for each of many small entries would take longer than reading them. */
  readonly pull: Pull<E>
}

/** Yields bytes until it fails with none. */
export type Pull<E> = Effect.Effect<Uint8Array, Option.Option<E | ArchiveError>>

// Below this, a high ratio harms nobody: a page of zeros is no bomb.
const ratioFrom = 16 * 1024 * 1024

// How far the first entry may be from the beginning; programs that unpack themselves are longer, and no exports.
const maxLeading = 0x10000

// The bytes before the first entry: none, a mark of an unsplit archive, or something that is no archive.
const skipLeading = <E>(cursor: Cursor<E>): Effect.Effect<void, E | ArchiveError> =>
  Effect.gen(function* () {
    const isLong = yield* cursor.ensure(4)
    const head = cursor.peek()
    if (!isLong) {
      const isBegun = head.every((byte, index) => byte === ((signatures.local >>> (8 * index)) & 0xff))
      return yield* isBegun
        ? truncated(head.length, "its first entry")
        : corrupt("not-a-zip", 0, "it is no ZIP archive at all")
    }
    const first = viewOf(head).getUint32(0, true)
    if (first === signatures.local || first === signatures.end) return
    if (first === signatures.unsplit || first === signatures.descriptor) return void cursor.take(4)
    yield* cursor.ensure(maxLeading)
    const view = viewOf(cursor.peek())
    for (let at = 1; at + 4 <= Math.min(view.byteLength, maxLeading); at++) {
      if (view.getUint32(at, true) === signatures.local) return void cursor.take(at)
    }
    return yield* corrupt("not-a-zip", 0, "it is no ZIP archive: perhaps the answer of a proxy or a storage")
  })

const readHeader = <E>(cursor: Cursor<E>) =>
  Effect.gen(function* () {
    const offset = cursor.position()
    const what = "the end of an entry's header"
    const view = viewOf(yield* take(cursor, lengths.local, what))
    const rest = localRest(view)
    const nameBytes = yield* take(cursor, rest.name, what)
    const told = readLocal(view, yield* take(cursor, rest.extra, what))
    const name = entryName(nameBytes, (told.flags & flags.utf8) !== 0)
    if ((told.flags & (flags.encrypted | flags.stronglyEncrypted | flags.masked)) !== 0) {
      return yield* corrupt("encrypted", offset, `the entry ${quoted(name)} is encrypted`, name)
    }
    if (told.method !== 0 && told.method !== 8) {
      return yield* corrupt(
        "method",
        offset,
        `the entry ${quoted(name)} is packed by method ${told.method}`,
        name
      )
    }
    const isKnown = (told.flags & flags.hasDescriptor) === 0
    if (isKnown && told.method === 0 && told.size !== told.packedSize) {
      return yield* corrupt("content", offset, `the stored entry ${quoted(name)} tells two sizes`, name)
    }
    return {
      name,
      nameBytes,
      method: told.method,
      told: isKnown ? told : undefined,
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
  const seen = makeTally()
  let leading = -1
  let inflated = 0
  let current: Current<E> | undefined

  const excess = (bytes: number, name: string) => {
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

    const give = (bytes: Uint8Array | undefined) => {
      if (bytes === undefined) {
        state = "over"
        count(seen, header.nameBytes, { ...content.told(), method: header.method }, header.offset)
        return Effect.fail(Option.none())
      }
      state = "between"
      inflated += bytes.length
      const error = excess(inflated, header.name)
      return error === undefined ? Effect.succeed(bytes) : fail(error)
    }

    const next = Effect.matchEffect(content.pull, { onFailure: fail, onSuccess: give })

    const pull = Effect.suspend(() => {
      if (failure !== undefined) return Effect.fail(failure)
      if (state === "over") return Effect.fail(Option.none())
      // Whoever interrupts a pull loses bytes that were on their way, and with them the place in the archive.
      if (state === "pulling") return Effect.dieMessage(`The entry ${quoted(header.name)} was interrupted`)
      state = "pulling"
      return next
    })

    return { content, isOver: () => state === "over", pull }
  }

  const entryOf = (header: Header, mine: Current<E>): ZipEntry<E> => ({
    name: header.name,
    isDirectory: header.name.endsWith("/"),
    method: header.method === 0 ? "stored" : "deflated",
    ...(header.told === undefined ? {} : { packedSize: header.told.packedSize, size: header.told.size }),
    offset: header.offset,
    start: header.start,
    pull: mine.pull,
    content: Stream.suspend(() =>
      current === mine && !mine.isOver()
        ? Stream.repeatEffectOption(mine.pull)
        : Stream.dieMessage(
            `The entry ${quoted(header.name)} has gone by: its content can be read once, in its turn`
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
    const signature = yield* nextSignature(cursor, "its end record")
    if (signature !== signatures.local) {
      yield* readDirectory(cursor, seen, leading)
      return Option.none()
    }
    const header = yield* readHeader(cursor)
    const declared = header.told === undefined ? 0 : header.told.size
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
 * An archive to be read entry by entry: `next` yields each in turn, and fails with none after the last.
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
 * The entries of an archive, in order. Fails with `TruncatedExport` when the archive ends early, with `CorruptArchive`
 * when it is not what it says, and with `ArchiveTooLarge` when it inflates to more than the limits allow; what was
 * given before is what the archive holds, as far as it was read.
 */
export const unzip = <E, R>(
  archive: Stream.Stream<Uint8Array, E, R>,
  limits: Limits = {}
): Stream.Stream<ZipEntry<E>, E | ArchiveError, R> =>
  Stream.unwrapScoped(Effect.map(open(archive, limits), Stream.repeatEffectOption))
