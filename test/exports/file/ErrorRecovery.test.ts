// What a run does after a failed pass over the archive: one row of a table per case.
import { describe, expect, it } from "@effect/vitest"
import { AngoError } from "effect-ango"
import {
  type Decision,
  decide,
  failDamaged,
  isDamage,
  maxAttempts,
  type PassFailure,
  type RunState
} from "../../../src/exports/file/errorRecovery.js"

const first: RunState = { pass: 1, requests: 1, bytes: 1000, length: 5000, truncatedAt: 0 }

const operation = { operation: "exports.download", method: "GET", route: "{exportPath}", message: "failed" }

const transfer = (reason: AngoError.TransferError["reason"]) =>
  new AngoError.TransferError({ ...operation, direction: "download", reason })
const archive = (reason: AngoError.ArchiveError["reason"]) =>
  new AngoError.ArchiveError({ reason, message: "failed" })
const row = new AngoError.RowDecodeError({ reason: "not-json", index: 3, message: "failed" })
const disk = new AngoError.FileError({ path: "tasks.ndjson", reason: "no-space", message: "failed" })
const connection = new AngoError.ConnectionFailed({ ...operation, phase: "body" })

const contradiction = new AngoError.FilterNotApplied({
  ...operation,
  parameter: "stages",
  rows: ["b1"],
  count: 1
})

type Download = Extract<PassFailure, { readonly _tag: "DownloadFailed" }>["error"]

const download = (error: Download): PassFailure => ({ _tag: "DownloadFailed", error })
const archiveChanged = download({ _tag: "ArchiveChanged" })

/** A decision in short: its tag, what it discards, and whether it writes an event to the journal. */
const summaryOf = (decision: Decision): string =>
  [
    decision._tag,
    ...("discard" in decision && decision.discard !== undefined ? [decision.discard] : []),
    ...("note" in decision && decision.note !== undefined ? ["with a note"] : [])
  ].join(", ")

type Case = readonly [title: string, PassFailure, Partial<RunState>, expected: string]

const cases: ReadonlyArray<Case> = [
  // The download.
  ["the connection breaks", download(connection), {}, "Fail"],
  ["the download ends early", download(archive("truncated")), { length: undefined }, "Fail"],
  ["more bytes arrive than declared", download(transfer("length")), {}, "Fail"],
  ["the archive behind the link changes", archiveChanged, {}, "Retry, export, with a note"],
  [
    "the archive behind the link of an earlier run has changed",
    archiveChanged,
    { requests: 0 },
    "Retry, export, with a note"
  ],
  ["the archive changes on each attempt", archiveChanged, { requests: maxAttempts }, "Fail"],
  ["rows contradict the conditions", contradiction, {}, "Fail, export, with a note"],
  ["the link has expired", download(transfer("link-expired")), {}, "Retry, export, with a note"],
  [
    "the link has expired before a byte came",
    download(transfer("link-expired")),
    { bytes: 0 },
    "Retry, export, with a note"
  ],
  ["the last link has expired", download(transfer("link-expired")), { requests: maxAttempts }, "Fail"],
  [
    "a link of an earlier run is rejected",
    download(transfer("status")),
    { requests: 0, bytes: 0 },
    "Retry, export, with a note"
  ],
  ["a link that worked is rejected", download(transfer("status")), {}, "Retry, export, with a note"],
  ["a new link is rejected at once", download(transfer("status")), { bytes: 0 }, "Fail, export"],
  ["the last link is rejected", download(transfer("status")), { requests: maxAttempts }, "Fail, export"],
  ["a link is insecure", download(transfer("insecure")), { bytes: 0 }, "Fail, export"],
  ["a redirect leads nowhere", download(transfer("redirect")), {}, "Retry, export, with a note"],
  // The archive.
  ["the archive ends early", archive("truncated"), {}, "Fail, export, with a note"],
  ["an archive of unknown length ends early", archive("truncated"), { length: undefined }, "Continue"],
  [
    "it ends where it ended before",
    archive("truncated"),
    { length: undefined, truncatedAt: 1000 },
    "Fail, export, with a note"
  ],
  ["it ends later than before", archive("truncated"), { length: undefined, truncatedAt: 999 }, "Continue"],
  [
    "it ends early in the last pass",
    archive("truncated"),
    { length: undefined, pass: maxAttempts },
    "Fail, export, with a note"
  ],
  ["a row ends early", archive("truncated-row"), { length: undefined }, "Fail, export, with a note"],
  ["the archive is not a ZIP archive", archive("not-a-zip"), {}, "Fail, export, with a note"],
  ["a checksum is wrong", archive("content"), {}, "Fail, export, with a note"],
  ["the central directory is wrong", archive("directory"), {}, "Fail, export, with a note"],
  ["an entry does not contain rows", archive("rows"), {}, "Fail, export, with a note"],
  ["the archive inflates to too much", archive("too-large"), {}, "Fail"],
  ["a row is too large", archive("row-too-large"), {}, "Verify"],
  ["a row cannot be read", row, {}, "Verify"],
  ["the rows differ from those in the file", { _tag: "RowsChanged" }, {}, "Retry, rows, with a note"],
  // Everything else.
  ["the disk is full", disk, {}, "Fail"],
  ["the hub returns no link", transfer("link-missing"), { requests: 1, bytes: 0 }, "Fail"],
  ["the request fails", connection, { bytes: 0 }, "Fail"]
]

describe("the decision after a failed pass", () => {
  it.each(cases)("when %s", (_, failure, state, expected) => {
    expect(summaryOf(decide(failure, { ...first, ...state }))).toBe(expected)
  })

  it("to fail keeps the error", () => {
    expect(decide(disk, first)).toEqual({ _tag: "Fail", error: disk })
    expect(decide(download(connection), first)).toEqual({ _tag: "Fail", error: connection })
    expect(decide(row, first)).toEqual({ _tag: "Verify", error: row })
    expect(decide(archive("content"), first)).toMatchObject({ error: { reason: "content" } })
  })

  it("fails with a typed error when the archive changes on each attempt", () => {
    expect(decide(archiveChanged, { ...first, requests: maxAttempts })).toMatchObject({
      error: { _tag: "TransferError", reason: "changed", direction: "download" }
    })
  })
})

describe("a failed verification", () => {
  it.each([
    ["content", true],
    ["truncated", true],
    ["truncated-row", true],
    ["rows", true],
    ["too-large", false],
    ["row-too-large", false]
  ] as const)("with the reason %s is damage: %s", (reason, expected) => {
    expect(isDamage(archive(reason))).toBe(expected)
  })

  it("is no damage when the download failed, or the disk", () => {
    expect(isDamage(download(archive("truncated")))).toBe(false)
    expect(isDamage(disk)).toBe(false)
  })

  it("that is damage discards the export", () => {
    expect(summaryOf(failDamaged(archive("content")))).toBe("Fail, export, with a note")
  })
})
