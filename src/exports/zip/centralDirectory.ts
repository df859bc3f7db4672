// Reads the end of an archive (central directory and end records) and compares it with the entries that were read.
import * as Effect from "effect/Effect"
import type { ArchiveError } from "../../errors/AngoError.js"
import type { Cursor } from "../../files/byteCursor.js"
import { corrupt, truncated } from "./archiveErrors.js"
import { addEntry, type EntryTotals, isEqual, makeTotals } from "./entryTotals.js"
import {
  centralFieldLengths,
  type End,
  lengths,
  readCentral,
  readEnd,
  readEnd64,
  signatures,
  uint64,
  viewOf
} from "./zipRecords.js"

/** Takes `length` bytes; fails when the archive is truncated before `what`. */
export const takeBytes = <E>(
  cursor: Cursor<E>,
  length: number,
  what: string
): Effect.Effect<Uint8Array, E | ArchiveError> =>
  Effect.flatMap(cursor.ensure(length), (isAvailable) =>
    isAvailable
      ? Effect.succeed(cursor.take(length))
      : Effect.fail(truncated(cursor.position() + cursor.peek().length, what))
  )

/** The signature of the next record; the position stays. */
export const peekSignature = <E>(cursor: Cursor<E>, what: string): Effect.Effect<number, E | ArchiveError> =>
  Effect.flatMap(cursor.ensure(4), (isAvailable) =>
    isAvailable
      ? Effect.sync(() => viewOf(cursor.peek()).getUint32(0, true))
      : Effect.fail(truncated(cursor.position() + cursor.peek().length, what))
  )

const endRecord = "its end record"

const readRecord = Effect.fnUntraced(function* <E>(cursor: Cursor<E>, listed: EntryTotals) {
  const view = viewOf(yield* takeBytes(cursor, lengths.central, endRecord))
  const fields = centralFieldLengths(view)
  const name = yield* takeBytes(cursor, fields.name, endRecord)
  const metadata = readCentral(view, yield* takeBytes(cursor, fields.extra, endRecord))
  yield* takeBytes(cursor, fields.comment, endRecord)
  addEntry(listed, name, metadata, metadata.offset)
})

// How far from the end of a file other tools search backwards for the end record.
const maxTrailing = 0xffff

// Bytes after the archive are harmless, unless other tools would find another archive in them.
const readTrailing = <E>(cursor: Cursor<E>): Effect.Effect<void, E | ArchiveError> =>
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

const readEnds = <E>(cursor: Cursor<E>): Effect.Effect<End, E | ArchiveError> =>
  Effect.gen(function* () {
    let end64: End | undefined
    for (;;) {
      const at = cursor.position()
      const signature = yield* peekSignature(cursor, endRecord)
      if (signature === signatures.digital) {
        const view = viewOf(yield* takeBytes(cursor, lengths.digital, endRecord))
        yield* takeBytes(cursor, view.getUint16(4, true), endRecord)
      } else if (signature === signatures.end64) {
        const view = viewOf(yield* takeBytes(cursor, lengths.end64, endRecord))
        // The length field counts the bytes after itself. Fields after the known ones are skipped.
        const extra = uint64(view, 4) + 12 - lengths.end64
        if (extra < 0 || extra > maxTrailing)
          return yield* corrupt("structure", at, "its 64-bit end record has an invalid length")
        yield* takeBytes(cursor, extra, endRecord)
        end64 = readEnd64(view)
      } else if (signature === signatures.locator64) {
        yield* takeBytes(cursor, lengths.locator64, endRecord)
      } else if (signature === signatures.end) {
        const view = viewOf(yield* takeBytes(cursor, lengths.end, endRecord))
        yield* takeBytes(cursor, view.getUint16(20, true), "the end of its comment")
        return readEnd(view, end64)
      } else {
        return yield* corrupt("structure", at, "expected an entry or an end record")
      }
    }
  })

/**
 * Reads to the end of the archive. Fails unless the central directory lists the entries that were read, and the end
 * record matches the central directory. `leading` is the number of bytes before the first entry: some writers count
 * offsets from there.
 */
export const readDirectory = <E>(
  cursor: Cursor<E>,
  read: EntryTotals,
  leading: number
): Effect.Effect<void, E | ArchiveError> =>
  Effect.gen(function* () {
    const listed = makeTotals()
    const start = cursor.position()
    while ((yield* peekSignature(cursor, endRecord)) === signatures.central) yield* readRecord(cursor, listed)
    const size = cursor.position() - start
    const end = yield* readEnds(cursor)
    const base = end.offset === undefined ? 0 : start - end.offset
    // Writers without 64-bit records count entries modulo 65,536.
    const isCounted = end.count === read.count || end.count === read.count % 0x10000
    if (!isCounted || end.size !== size || (base !== 0 && base !== leading) || !isEqual(read, listed, base)) {
      return yield* corrupt(
        "directory",
        start,
        `the ${read.count} entries that were read do not match its central directory (${listed.count} entries; ` +
          `${end.count} by its end record)`
      )
    }
    yield* readTrailing(cursor)
  })
