// The end of an archive: its central directory and end records, held against the entries that came before.
import * as Effect from "effect/Effect"
import type { ArchiveError } from "../../errors/AngoError.js"
import type { Cursor } from "../../files/byteCursor.js"
import { corrupt, truncated } from "./archiveErrors.js"
import { agree, count, makeTally, type Tally } from "./entryTotals.js"
import {
  centralRest,
  type End,
  lengths,
  readCentral,
  readEnd,
  readEnd64,
  signatures,
  uint64,
  viewOf
} from "./zipRecords.js"

type Fault = ArchiveError

/** Takes that many bytes, or the archive is truncated. */
export const take = <E>(
  cursor: Cursor<E>,
  length: number,
  what: string
): Effect.Effect<Uint8Array, E | ArchiveError> =>
  Effect.flatMap(cursor.ensure(length), (isThere) =>
    isThere
      ? Effect.succeed(cursor.take(length))
      : Effect.fail(truncated(cursor.position() + cursor.peek().length, what))
  )

/** The signature of the record that comes next, which is not taken. */
export const nextSignature = <E>(cursor: Cursor<E>, what: string): Effect.Effect<number, E | ArchiveError> =>
  Effect.flatMap(cursor.ensure(4), (isThere) =>
    isThere
      ? Effect.sync(() => viewOf(cursor.peek()).getUint32(0, true))
      : Effect.fail(truncated(cursor.position() + cursor.peek().length, what))
  )

const theEnd = "its end record"

const readRecord = <E>(cursor: Cursor<E>, listed: Tally) =>
  Effect.gen(function* () {
    const view = viewOf(yield* take(cursor, lengths.central, theEnd))
    const rest = centralRest(view)
    const name = yield* take(cursor, rest.name, theEnd)
    const told = readCentral(view, yield* take(cursor, rest.extra, theEnd))
    yield* take(cursor, rest.comment, theEnd)
    count(listed, name, told, told.offset)
  })

// As much as tools look through, from the end backwards, for the end record.
const maxTrailing = 0xffff

// Bytes after the archive are no harm, unless tools would find another archive in them.
const readTrailing = <E>(cursor: Cursor<E>): Effect.Effect<void, E | Fault> =>
  Effect.gen(function* () {
    const at = cursor.position()
    const isLonger = yield* cursor.ensure(maxTrailing + 1)
    const view = viewOf(cursor.peek())
    let holdsAnother = false
    for (let index = 0; index + 4 <= view.byteLength && !holdsAnother; index++) {
      holdsAnother = view.getUint32(index, true) === signatures.end
    }
    if (isLonger || holdsAnother) {
      return yield* corrupt(
        "structure",
        at,
        `${holdsAnother ? "another archive" : "something"} follows its end`
      )
    }
  })

const readEnds = <E>(cursor: Cursor<E>): Effect.Effect<End, E | Fault> =>
  Effect.gen(function* () {
    let end64: End | undefined
    for (;;) {
      const at = cursor.position()
      const signature = yield* nextSignature(cursor, theEnd)
      if (signature === signatures.digital) {
        const view = viewOf(yield* take(cursor, lengths.digital, theEnd))
        yield* take(cursor, view.getUint16(4, true), theEnd)
      } else if (signature === signatures.end64) {
        const view = viewOf(yield* take(cursor, lengths.end64, theEnd))
        // The record's length counts what comes after itself; what is added to the known fields is passed over.
        const more = uint64(view, 4) + 12 - lengths.end64
        if (more < 0 || more > maxTrailing)
          return yield* corrupt("structure", at, "its 64-bit end record has no length")
        yield* take(cursor, more, theEnd)
        end64 = readEnd64(view)
      } else if (signature === signatures.locator64) {
        yield* take(cursor, lengths.locator64, theEnd)
      } else if (signature === signatures.end) {
        const view = viewOf(yield* take(cursor, lengths.end, theEnd))
        yield* take(cursor, view.getUint16(20, true), "the end of its comment")
        return readEnd(view, end64)
      } else {
        return yield* corrupt("structure", at, "there is neither an entry nor an end record")
      }
    }
  })

/**
 * Reads to the end, and fails unless the central directory lists the entries that were seen, and the end record the
 * central directory. `leading` is how many bytes came before the first entry: places may be counted from there.
 */
export const readDirectory = <E>(
  cursor: Cursor<E>,
  seen: Tally,
  leading: number
): Effect.Effect<void, E | Fault> =>
  Effect.gen(function* () {
    const listed = makeTally()
    const start = cursor.position()
    while ((yield* nextSignature(cursor, theEnd)) === signatures.central) yield* readRecord(cursor, listed)
    const size = cursor.position() - start
    const end = yield* readEnds(cursor)
    const base = end.offset === undefined ? 0 : start - end.offset
    // Writers before 64-bit records let the count of 65,536 entries begin again at 0.
    const isCounted = end.count === seen.count || end.count === seen.count % 0x10000
    if (!isCounted || end.size !== size || (base !== 0 && base !== leading) || !agree(seen, listed, base)) {
      return yield* corrupt(
        "directory",
        start,
        `${seen.count} entries came, and the list at its end has others (${listed.count} in the list, ` +
          `${end.count} in the end record)`
      )
    }
    yield* readTrailing(cursor)
  })
