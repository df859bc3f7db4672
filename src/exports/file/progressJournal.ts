/**
 * The journal of an export to a file: a file next to it from which another run can resume.
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
 * The content of a journal. It holds the pre-signed link, with which anyone can read the export: the file is readable
 * by its owner alone and deleted at the end.
 */
export const Journal = Schema.Struct({
  v: Schema.Literal(1),
  /** Identifies the export: its project and options. */
  fingerprint: Schema.String,
  /** Identifies how rows are read; the rows of another policy may differ. */
  rowPolicy: Schema.String,
  link: Schema.optional(Schema.Redacted(Schema.String)),
  /** When the hub received the request for the link, by its own clock, in epoch milliseconds. */
  requestedAt: Schema.optional(Schema.Int),
  /** ETag and length of the archive, as the storage declared them. */
  etag: Schema.optional(Schema.String),
  length: Schema.optional(Count),
  /** How much of the archive and of the rows is flushed to disk. */
  archive: Schema.Struct(ExtentFields),
  output: Schema.Struct({ ...ExtentFields, rows: Count }),
  /** The complete file, from when it is complete until all other files are deleted. */
  complete: Schema.optional(
    Schema.Struct({ ...ExtentFields, rows: Schema.optional(Count), skipped: Schema.optional(Count) })
  ),
  /** Unusual events, in order. */
  history: Schema.Array(Schema.Struct({ at: Schema.String, what: Schema.String }))
})

/** @since 0.1.0 */
export type Journal = typeof Journal.Type

/** The journal of an export that has not started. */
export const makeJournal = (identity: Pick<Journal, "fingerprint" | "rowPolicy">): Journal => ({
  v: 1,
  ...identity,
  archive: none,
  output: { ...none, rows: 0 },
  history: []
})

const maxEvents = 20

/** The journal with one more event; it keeps the latest 20. */
export const addEvent = (journal: Journal, what: string): Effect.Effect<Journal> =>
  Effect.map(Clock.currentTimeMillis, (now) => ({
    ...journal,
    history: [...journal.history, { at: DateTime.formatIso(DateTime.unsafeMake(now)), what }].slice(
      -maxEvents
    )
  }))

const Text = Schema.parseJson(Journal)
const Version = Schema.parseJson(Schema.Struct({ v: Schema.Number }))

const encode = Schema.encodeSync(Text)
const decode = Schema.decodeUnknownOption(Text)
const versionOf = Schema.decodeUnknownOption(Version)

const advice = "Delete it, use another path, or start again (restart: true)."

const unreadable = (path: string, text: string): FileError => {
  const isNewer = Option.exists(versionOf(text), ({ v }) => v > 1)
  return new FileError({
    path,
    reason: isNewer ? "newer-version" : "unknown-content",
    message: isNewer
      ? `The journal ${path} was written by a newer version of this library. Use that version, or start again (restart: true).`
      : `The file ${path} should be a journal and is not one. ${advice}`
  })
}

/**
 * Reads a journal; `None` when the file does not exist. Fails with `FileError` when it is not a journal, or belongs to
 * an export with another fingerprint.
 */
export const read = (
  path: string,
  fingerprint: string
): Effect.Effect<Option.Option<Journal>, FileError, LocalFile.Files> =>
  Effect.gen(function* () {
    const text = yield* LocalFile.readText(path)
    if (Option.isNone(text)) return Option.none()
    const journal = decode(text.value)
    if (Option.isNone(journal)) return yield* unreadable(path, text.value)
    if (journal.value.fingerprint === fingerprint) return journal
    return yield* new FileError({
      path,
      reason: "other-export",
      message: `The journal ${path} belongs to an unfinished export of another project or with other options. ${advice}`
    })
  })

/** Writes a journal. */
export const write = (path: string, journal: Journal) => LocalFile.replace(path, encode(journal))
