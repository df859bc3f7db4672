/**
 * What is known of an export to a file that is under way, so that another run can go on with it: a file beside it.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { FileError } from "../../errors/AngoError.js"
import { none } from "../../files/extent.js"
import * as LocalFile from "../../files/localFile.js"

const Count = Schema.NonNegativeInt

const ExtentFields = { bytes: Count, crc: Count } as const

/**
 * A journal. It holds the pre-signed link, by which whoever reads it can read the export: the file is for its owner
 * alone, and is taken away at the end.
 */
export const Journal = Schema.Struct({
  v: Schema.Literal(1),
  /** What was asked of the hub, and what is made of the rows, as names. */
  export: Schema.String,
  reading: Schema.String,
  link: Schema.optional(Schema.Redacted(Schema.String)),
  /** When the hub was asked for the link, by its own clock, in epoch milliseconds. */
  begunAt: Schema.optional(Schema.Int),
  etag: Schema.optional(Schema.String),
  length: Schema.optional(Count),
  /** How much of both files is known to be on disk. */
  archive: Schema.Struct(ExtentFields),
  output: Schema.Struct({ ...ExtentFields, rows: Count }),
  /** The whole file, from when it is complete until everything else is taken away. */
  whole: Schema.optional(
    Schema.Struct({ ...ExtentFields, rows: Schema.optional(Count), skipped: Schema.optional(Count) })
  ),
  /** What happened that is no usual course, the latest last. */
  history: Schema.Array(Schema.Struct({ at: Schema.String, what: Schema.String }))
})

/** @since 0.1.0 */
export type Journal = typeof Journal.Type

/** Of an export that has not begun. */
export const empty = (names: Pick<Journal, "export" | "reading">): Journal => ({
  v: 1,
  ...names,
  archive: none,
  output: { ...none, rows: 0 },
  history: []
})

const mostEvents = 20

/** A journal with one more event. */
export const noted = (journal: Journal, what: string): Effect.Effect<Journal> =>
  Effect.map(Clock.currentTimeMillis, (now) => ({
    ...journal,
    history: [...journal.history, { at: DateTime.formatIso(DateTime.unsafeMake(now)), what }].slice(
      -mostEvents
    )
  }))

const Text = Schema.parseJson(Journal)
const Version = Schema.parseJson(Schema.Struct({ v: Schema.Number }))

const encode = Schema.encodeSync(Text)
const decode = Schema.decodeUnknownOption(Text)
const versionOf = Schema.decodeUnknownOption(Version)

const rest = "Take it away, give another path, or begin anew (restart: true)."

const unusable = (path: string, text: string): FileError => {
  const isNewer = Option.exists(versionOf(text), ({ v }) => v > 1)
  return new FileError({
    path,
    reason: isNewer ? "newer-version" : "unknown-content",
    message: isNewer
      ? `The journal ${path} was written by a newer version of this library. Use that one, or begin anew (restart: true).`
      : `The file ${path} is where a journal should be, and is none. ${rest}`
  })
}

/** The journal of a file, if there is one; it must be of this export. */
export const read = (
  path: string,
  name: string
): Effect.Effect<Option.Option<Journal>, FileError, LocalFile.Files> =>
  Effect.gen(function* () {
    const text = yield* LocalFile.read(path)
    if (Option.isNone(text)) return Option.none()
    const journal = decode(text.value)
    if (Option.isNone(journal)) return yield* unusable(path, text.value)
    if (journal.value.export === name) return journal
    return yield* new FileError({
      path,
      reason: "other-export",
      message: `The journal ${path} belongs to an export of something else, which has not come to its end. ${rest}`
    })
  })

/** Writes the journal of a file. */
export const write = (path: string, journal: Journal) => LocalFile.replace(path, encode(journal))
