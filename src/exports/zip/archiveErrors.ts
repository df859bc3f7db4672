// How archives can be broken, in words.
import { ArchiveError } from "../../errors/AngoError.js"
import { quoted } from "./entryName.js"

const entryOf = (entry: string | undefined) => (entry === undefined ? {} : { entry })

/** The archive ends where `missing` should follow. */
export const truncated = (offset: number, missing: string, entry?: string): ArchiveError =>
  new ArchiveError({
    reason: "truncated",
    offset,
    ...entryOf(entry),
    message:
      `The archive ends after ${offset} bytes, before ${missing}. The rows before are real, and others are missing: ` +
      "download it again, or have it exported again if it ends there every time."
  })

/** The archive is not what it says. */
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
    message: `The archive cannot be trusted: ${what} (at byte ${offset}). Download it again, or have it exported again.`
  })

/** An entry whose bytes are not those that were packed. */
export const damaged = (offset: number, entry: string): ArchiveError =>
  corrupt(
    "content",
    offset,
    `the entry ${quoted(entry)} does not inflate to the length and checksum that it declares`,
    entry
  )

/** More than was allowed. */
export const tooLarge = (limit: "bytes" | "ratio", allowed: number, entry: string): ArchiveError =>
  new ArchiveError({
    reason: "too-large",
    limit,
    allowed,
    entry,
    message:
      `The archive was refused while it was read: with the entry ${quoted(entry)} it inflates to more than ` +
      `${allowed} ${limit === "bytes" ? "bytes" : "times its own size"}, the configured limit. ` +
      `Raise it (limits.${limit === "bytes" ? "maxBytes" : "maxRatio"}) if the archive is to be trusted.`
  })
