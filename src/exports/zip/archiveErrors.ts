// The errors of archives.
import { ArchiveError } from "../../errors/AngoError.js"
import { quoted } from "./entryName.js"

const entryOf = (entry: string | undefined) => (entry === undefined ? {} : { entry })

/** The archive ends at `offset`, where `missing` should follow. */
export const truncated = (offset: number, missing: string, entry?: string): ArchiveError =>
  new ArchiveError({
    reason: "truncated",
    offset,
    ...entryOf(entry),
    message:
      `The archive ends after ${offset} bytes, before ${missing}. The rows before that are valid, but others are ` +
      "missing. Download it again; if it ends there again, request a new export."
  })

/** The archive is invalid at `offset`. */
export const corrupt = (
  reason: ArchiveError["reason"],
  offset: number,
  what: string,
  entry?: string
): ArchiveError =>
  new ArchiveError({
    reason,
    offset,
    ...entryOf(entry),
    message: `Invalid archive: ${what} (at byte ${offset}). Download it again, or request a new export.`
  })

/** The content of an entry does not match its declared length or checksum. */
export const damaged = (offset: number, entry: string): ArchiveError =>
  corrupt(
    "content",
    offset,
    `the entry ${quoted(entry)} does not inflate to the length and checksum that it declares`,
    entry
  )

/** The archive inflates to more than a limit allows. */
export const tooLarge = (limit: "bytes" | "ratio", allowed: number, entry: string): ArchiveError =>
  new ArchiveError({
    reason: "too-large",
    limit,
    allowed,
    entry,
    message:
      `The archive was rejected while it was read: with the entry ${quoted(entry)} it inflates to more than ` +
      `${allowed} ${limit === "bytes" ? "bytes" : "times its own size"}, the configured limit. ` +
      `Raise it (limits.${limit === "bytes" ? "maxBytes" : "maxRatio"}) if you trust the archive.`
  })
