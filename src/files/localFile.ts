/**
 * Operations on local files that fail with `FileError`.
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

/** The file system of the platform. */
export type Files = FileSystem.FileSystem

type Reason = Extract<FileError["reason"], "in-use" | "not-found" | "not-allowed" | "no-space" | "other">

// By system error code, since the platform's own reasons are coarser; those are the fallback.
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
  "in-use": "Wait for the other run to end, or use another path.",
  "not-found": "Create its directory first.",
  "not-allowed": "Use a path where this program may write.",
  "no-space": "Free some disk space and run this again: it resumes.",
  other: "Check the path and run this again: it resumes."
}

/** Why the platform could not use a file. */
export const reasonOf = (error: PlatformError): Reason => reasons[fileErrorCode(error)] ?? "other"

/** Converts an error of the platform. `action` is what failed, as a participle: `read`, `written`. */
export const toFileError =
  (path: string, action: string) =>
  (error: PlatformError): FileError => {
    const code = fileErrorCode(error)
    const reason = reasonOf(error)
    return new FileError({
      path,
      reason,
      message: `The file ${path} could not be ${action}${code === "" ? "" : ` (${code})`}. ${advice[reason]}`,
      cause: scrubCause(error, [])
    })
  }

/** The error for a file that another run is writing: in this process, or in the owner of the lock file `lock`. */
export const inUseError = (
  path: string,
  lock?: { readonly path: string; readonly owner: string }
): FileError =>
  new FileError({
    path,
    reason: "in-use",
    message:
      `The file ${path} is being written by another run${lock === undefined ? "" : ` (process ${lock.owner})`}. ` +
      advice["in-use"] +
      (lock === undefined ? "" : ` If that process is not such a run, delete ${lock.path}.`)
  })

/** The error for a file whose content is not what this run wrote. */
export const modifiedError = (path: string): FileError =>
  new FileError({
    path,
    reason: "other",
    message: `Another program modified the file ${path} while it was written. Run this again.`
  })

/** The text of a file; `None` when it does not exist. */
export const readText = (path: string): Effect.Effect<Option.Option<string>, FileError, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    fs.readFileString(path).pipe(
      Effect.asSome,
      Effect.catchIf(isMissingFile, () => Effect.succeedNone),
      Effect.mapError(toFileError(path, "read"))
    )
  )

/** The first `bytes` bytes of a file, or all of it. */
export const streamBytes = (path: string, bytes?: number): Stream.Stream<Uint8Array, FileError, Files> =>
  Stream.unwrap(
    Effect.map(FileSystem.FileSystem, (fs) =>
      fs.stream(path, bytes === undefined ? {} : { bytesToRead: bytes })
    )
  ).pipe(Stream.mapError(toFileError(path, "read")))

/** The length and checksum of a file, which is read completely; `None` when it does not exist. */
export const readExtent = (path: string): Effect.Effect<Option.Option<Extent>, FileError, Files> =>
  Effect.flatMap(sizeOf(path), (size) =>
    Option.isNone(size) ? Effect.succeedNone : Effect.asSome(Stream.runFold(streamBytes(path), none, extend))
  )

/** The length of a file in bytes; `None` when it does not exist. */
export const sizeOf = (path: string): Effect.Effect<Option.Option<number>, FileError, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    fs.stat(path).pipe(
      Effect.map(({ size }) => Option.some(Number(size))),
      Effect.catchIf(isMissingFile, () => Effect.succeedNone),
      Effect.mapError(toFileError(path, "inspected"))
    )
  )

// Makes a rename durable. Some systems cannot sync a directory: then the rename is as durable as the system makes it.
const syncDirectory = (path: string): Effect.Effect<void, never, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.flatMap(fs.open(path.replace(/[^/\\]*$/, "") || ".", { flag: "r" }), (directory) => directory.sync)
  ).pipe(Effect.scoped, Effect.ignore)

/** Renames a file, replacing a file at `to`. Durable once it returns. */
export const rename = (from: string, to: string): Effect.Effect<void, FileError, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.mapError(fs.rename(from, to), toFileError(to, "replaced"))
  ).pipe(Effect.zipRight(syncDirectory(to)), Effect.uninterruptible)

/** Deletes a file if it exists. */
export const remove = (path: string): Effect.Effect<void, FileError, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.mapError(fs.remove(path, { force: true }), toFileError(path, "deleted"))
  )

/**
 * Writes a whole file atomically, readable by its owner alone (mode 0600): readers see the old content or the new one.
 * An existing `<path>.new` is deleted and not written to, since it could be a link or be readable by others.
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
    ).pipe(Effect.mapError(toFileError(path, "written")))
    yield* rename(fresh, path)
  }).pipe(Effect.uninterruptible)

/** A file open for appending. */
export interface AppendableFile {
  /** Length and checksum of everything written. */
  readonly extent: () => Extent
  readonly append: (bytes: Uint8Array) => Effect.Effect<void, FileError>
  /** Flushes everything appended to disk, so that it survives a power loss. */
  readonly sync: Effect.Effect<void, FileError>
  /** Truncates the file to 0 bytes. */
  readonly reset: Effect.Effect<void, FileError>
}

// A file must not be readable by more users than the file that it will replace.
const copyMode = (path: string, modeOf: string): Effect.Effect<void, FileError, Files> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.matchEffect(fs.stat(modeOf), {
      onFailure: () => Effect.void,
      onSuccess: ({ mode, type }) =>
        type === "File"
          ? Effect.mapError(fs.chmod(path, (mode & 0o777) | 0o600), toFileError(path, "written"))
          : Effect.void
    })
  )

/**
 * Opens a file to append after its first bytes, which must match `start`; later bytes are cut off. A file that does not
 * begin with `start` is replaced by an empty one. The file gets the mode of the file `modeOf`, if that exists.
 */
export const openAppendable = (
  path: string,
  start: Extent,
  modeOf: string
): Effect.Effect<AppendableFile, FileError, Files | Scope.Scope> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const size = yield* sizeOf(path)
    const isLongEnough = Option.exists(size, (length) => length >= start.bytes)
    const found = isLongEnough ? yield* Stream.runFold(streamBytes(path, start.bytes), none, extend) : none
    let extent: Extent = found.bytes === start.bytes && found.crc === start.crc ? found : none
    const orFileError = Effect.mapError(toFileError(path, "written"))
    if (extent.bytes === 0) yield* remove(path)
    const file = yield* orFileError(fs.open(path, { flag: extent.bytes === 0 ? "wx" : "r+" }))
    yield* copyMode(path, modeOf)
    yield* orFileError(file.truncate(FileSystem.Size(extent.bytes)))
    yield* file.seek(FileSystem.Size(extent.bytes), "start")
    return {
      extent: () => extent,
      append: (bytes) =>
        // The platform reports an empty write as a full disk.
        bytes.length === 0
          ? Effect.void
          : // Uninterruptible, so that an interrupted write cannot finish after later ones.
            Effect.uninterruptible(
              Effect.map(orFileError(file.writeAll(bytes)), () => {
                extent = extend(extent, bytes)
              })
            ),
      sync: orFileError(file.sync),
      reset: Effect.suspend(() => {
        extent = none
        return orFileError(file.truncate(FileSystem.Size(0)))
      })
    }
  })
