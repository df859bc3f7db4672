/**
 * Files of this machine, with errors of ours: the few things that exports do with them.
 *
 * @since 0.1.0
 */
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { FileError } from "../errors/AngoError.js"
import { fileErrorCode, isMissingFile } from "../errors/platformErrors.js"
import { scrubCause } from "../utils/scrub.js"
import { type Extent, extend, none } from "./extent.js"

/** The platform's file system, by which files are kept. */
export type Files = FileSystem.FileSystem

type Reason = Extract<FileError["reason"], "in-use" | "not-found" | "not-allowed" | "no-space" | "other">

// The platform names few of the reasons that there are; the code of the machine names all.
const reasons: Readonly<Record<string, Reason>> = {
  ENOENT: "not-found",
  NotFound: "not-found",
  EACCES: "not-allowed",
  EPERM: "not-allowed",
  EROFS: "not-allowed",
  PermissionDenied: "not-allowed",
  ENOSPC: "no-space",
  EDQUOT: "no-space",
  WriteZero: "no-space"
}

const advice: Readonly<Record<Reason, string>> = {
  "in-use": "Wait for the other run to end, or give another path.",
  "not-found": "Make its directory first.",
  "not-allowed": "Give a path where this program may write.",
  "no-space": "Make room for it, and run this again: it goes on from where it was.",
  other: "Check the path, and run this again: it goes on from where it was."
}

/** The platform's error as one of ours; `what` could not be done. */
export const failed =
  (path: string, what: string) =>
  (error: PlatformError): FileError => {
    const code = fileErrorCode(error)
    const reason = reasons[code] ?? "other"
    return new FileError({
      path,
      reason,
      message: `The file ${path} could not be ${what}${code === "" ? "" : ` (${code})`}. ${advice[reason]}`,
      cause: scrubCause(error, [])
    })
  }

/** The file is being written by another run: of this process, or of the one that `lock` names. */
export const inUse = (path: string, lock?: { readonly path: string; readonly owner: string }): FileError =>
  new FileError({
    path,
    reason: "in-use",
    message:
      `The file ${path} is being written by another run${lock === undefined ? "" : ` (process ${lock.owner})`}. ` +
      advice["in-use"] +
      (lock === undefined ? "" : ` If that process is no such run, take ${lock.path} away.`)
  })

/** The file is not what this run wrote. */
export const changedBelow = (path: string): FileError =>
  new FileError({
    path,
    reason: "other",
    message: `The file ${path} was changed by another program while it was written. Run this again.`
  })

/** The text of a file, if there is one. */
export const read = (path: string): Effect.Effect<Option.Option<string>, FileError, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    fs.readFileString(path).pipe(
      Effect.asSome,
      Effect.catchIf(isMissingFile, () => Effect.succeedNone),
      Effect.mapError(failed(path, "read"))
    )
  )

/** So many bytes of a file from its beginning, or all. */
export const bytesOf = (path: string, bytes?: number): Stream.Stream<Uint8Array, FileError, Files> =>
  Stream.unwrap(
    Effect.map(FileSystem.FileSystem, (fs) =>
      fs.stream(path, bytes === undefined ? {} : { bytesToRead: bytes })
    )
  ).pipe(Stream.mapError(failed(path, "read")))

/** How much there is of a file; nothing when there is none. */
export const extentOf = (path: string): Effect.Effect<Option.Option<Extent>, FileError, Files> =>
  Effect.flatMap(sizeOf(path), (size) =>
    Option.isNone(size) ? Effect.succeedNone : Effect.asSome(Stream.runFold(bytesOf(path), none, extend))
  )

/** The length of a file in bytes; nothing when there is none. */
export const sizeOf = (path: string): Effect.Effect<Option.Option<number>, FileError, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    fs.stat(path).pipe(
      Effect.map(({ size }) => Option.some(Number(size))),
      Effect.catchIf(isMissingFile, () => Effect.succeedNone),
      Effect.mapError(failed(path, "looked at"))
    )
  )

// Not every system can do it, and where it cannot, a renamed file is as safe as that system makes it.
const syncDirectory = (path: string): Effect.Effect<void, never, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.flatMap(fs.open(path.replace(/[^/\\]*$/, "") || ".", { flag: "r" }), (directory) => directory.sync)
  ).pipe(Effect.scoped, Effect.ignore)

/** Gives a file another name, in place of a file that may have it; lasting when this has ended. */
export const rename = (from: string, to: string): Effect.Effect<void, FileError, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.mapError(fs.rename(from, to), failed(to, "put into its place"))
  ).pipe(Effect.zipRight(syncDirectory(to)), Effect.uninterruptible)

/** Takes a file away, if there is one. */
export const remove = (path: string): Effect.Effect<void, FileError, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.mapError(fs.remove(path, { force: true }), failed(path, "taken away"))
  )

/**
 * Writes a file as a whole, for its owner alone: whoever reads it finds the old one or the new one. Nothing is written
 * into what lies there already: it may be a link to somewhere else, or be open to others.
 */
export const replace = (path: string, text: string): Effect.Effect<void, FileError, Files> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const fresh = `${path}.new`
    yield* remove(fresh)
    yield* Effect.scoped(
      Effect.gen(function* () {
        const file = yield* fs.open(fresh, { flag: "wx", mode: 0o600 })
        yield* file.writeAll(new TextEncoder().encode(text))
        yield* file.sync
      })
    ).pipe(Effect.mapError(failed(path, "written")))
    yield* rename(fresh, path)
  }).pipe(Effect.uninterruptible)

/** A file that grows. */
export interface GrowingFile {
  /** What was written so far. */
  readonly extent: () => Extent
  readonly append: (bytes: Uint8Array) => Effect.Effect<void, FileError>
  /** What was appended so far survives a loss of power when this has ended. */
  readonly sync: Effect.Effect<void, FileError>
  /** Empties it. */
  readonly reset: Effect.Effect<void, FileError>
}

// Who may read a file may read what is to take its place, and nobody else.
const sameRights = (path: string, like: string): Effect.Effect<void, FileError, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.matchEffect(fs.stat(like), {
      onFailure: () => Effect.void,
      onSuccess: ({ mode, type }) =>
        type === "File"
          ? Effect.mapError(fs.chmod(path, (mode & 0o777) | 0o600), failed(path, "written"))
          : Effect.void
    })
  )

/**
 * Opens a file to let it grow from `known` on; what lies behind that is cut off. A file that does not begin with what is
 * known makes room for another one. It has the rights of the file `like`, if there is one.
 */
export const grow = (
  path: string,
  known: Extent,
  like: string
): Effect.Effect<GrowingFile, FileError, Files | Scope.Scope> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const size = yield* sizeOf(path)
    const isLongEnough = Option.exists(size, (length) => length >= known.bytes)
    const there = isLongEnough ? yield* Stream.runFold(bytesOf(path, known.bytes), none, extend) : none
    let extent: Extent = there.bytes === known.bytes && there.crc === known.crc ? there : none
    const cannot = Effect.mapError(failed(path, "written"))
    if (extent.bytes === 0) yield* remove(path)
    const file = yield* cannot(fs.open(path, { flag: extent.bytes === 0 ? "wx" : "r+" }))
    yield* sameRights(path, like)
    yield* cannot(file.truncate(FileSystem.Size(extent.bytes)))
    yield* file.seek(FileSystem.Size(extent.bytes), "start")
    return {
      extent: () => extent,
      // A write that is under way when the program is interrupted must not come after whatever is written next.
      append: (bytes) =>
        // The platform takes nothing that was written of nothing for a full disk.
        bytes.length === 0
          ? Effect.void
          : Effect.uninterruptible(
              Effect.map(cannot(file.writeAll(bytes)), () => {
                extent = extend(extent, bytes)
              })
            ),
      sync: cannot(file.sync),
      reset: Effect.suspend(() => {
        extent = none
        return cannot(file.truncate(FileSystem.Size(0)))
      })
    }
  })
