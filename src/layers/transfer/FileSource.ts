/**
 * Files to upload: on a disk, in memory, or generated while they are read.
 *
 * @since 0.1.0
 */
import type * as PlatformError from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import { sha256 as sha2 } from "@noble/hashes/sha2.js"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { FileError } from "../../errors/AngoError.js"
import { contentTypeOf } from "../../files/contentType.js"
import { scrubCause } from "../../utils/scrub.js"
import { enforceSize } from "./sizeCheck.js"

/**
 * A file to upload.
 *
 * @category models
 * @since 0.1.0
 */
export interface FileSource {
  /** In bytes. Exactly this many are sent. */
  readonly size: number
  /** The file name; the storage keeps its extension. */
  readonly name: string
  /** A media type such as `image/jpeg`. */
  readonly contentType: string
  /** All bytes from the first. Opened again for each attempt to send them. */
  readonly stream: () => Stream.Stream<Uint8Array, FileError>
  /** All bytes in one step, which costs less for a small file; without it such a file is read by its stream, too. */
  readonly bytes?: (() => Effect.Effect<Uint8Array, FileError>) | undefined
}

/**
 * The name and the media type of a file.
 *
 * @category options
 * @since 0.1.0
 */
export interface Description {
  /** The file name; by default the last part of the path for a file on a disk, and empty for others. */
  readonly name?: string | undefined
  /** A media type; by default that of the name's extension, and `application/octet-stream` for an unknown one. */
  readonly contentType?: string | undefined
}

const describe = (fallback: string, { contentType, name = fallback }: Description) => ({
  name,
  contentType: contentType ?? contentTypeOf(name)
})

const unreadable = (name: string, cause: unknown): FileError => {
  const scrubbed = scrubCause(cause, [])
  return new FileError({
    reason: "unreadable",
    path: name,
    message: `${JSON.stringify(name)} cannot be read: ${scrubbed.message}. Nothing of it is stored.`,
    cause: scrubbed
  })
}

// A read costs several effects. What is sent at a time is decided when it is sent.
const chunkSize = 512 * 1024

const isSame = (one: FileSystem.File.Info, other: FileSystem.File.Info): boolean =>
  one.size === other.size &&
  Option.getOrUndefined(one.mtime)?.getTime() === Option.getOrUndefined(other.mtime)?.getTime()

/**
 * A file on a disk, read while it is sent. Its size is read now: when the file changes before it is sent completely, the
 * upload fails with `FileError` (`changed`, `shorter` or `longer`) and nothing of it is stored. Fails with `FileError`
 * (`unreadable`) when there is no such file.
 *
 * @example
 * ```ts
 * import { FileSource, Uploads } from "effect-ango"
 * import { Effect } from "effect"
 *
 * const uploaded = Effect.gen(function*() {
 *   const [uploads, cat] = yield* Effect.all([Uploads, FileSource.file("photos/cat.jpg")])
 *   return yield* uploads.put("65aa0000000000000000a001", cat)
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const file = (
  path: string,
  description: Description = {}
): Effect.Effect<FileSource, FileError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const toFileError = (cause: PlatformError.PlatformError) => unreadable(path, cause)
    const info = yield* Effect.mapError(fs.stat(path), toFileError)
    if (info.type !== "File") return yield* unreadable(path, `it is a ${info.type.toLowerCase()}, not a file`)
    // Runs before the last part is sent (see `enforceSize`), so that a changed file is not stored.
    const checkUnchanged = Effect.flatMap(Effect.mapError(fs.stat(path), toFileError), (now) =>
      isSame(info, now)
        ? Effect.void
        : Effect.fail(
            new FileError({
              reason: "changed",
              path,
              size: Number(info.size),
              message:
                `${JSON.stringify(path)} has changed since its size was read. Nothing of it is stored. ` +
                "Upload it again when it is complete."
            })
          )
    )
    return {
      ...describe(path.split(/[\\/]/).at(-1) ?? path, description),
      size: Number(info.size),
      stream: () =>
        Stream.concat(
          Stream.mapError(fs.stream(path, { chunkSize }), toFileError),
          Stream.execute(checkUnchanged)
        ),
      bytes: () => Effect.zipLeft(Effect.mapError(fs.readFile(path), toFileError), checkUnchanged)
    }
  })

/**
 * A file in memory. The bytes are not copied: do not change them before they are sent.
 *
 * @category constructors
 * @since 0.1.0
 */
export const bytes = (content: Uint8Array, description: Description = {}): FileSource => ({
  ...describe("", description),
  size: content.length,
  stream: () => Stream.make(content),
  bytes: () => Effect.succeed(content)
})

/**
 * A file that is generated while it is read: `open` returns its `size` bytes from the first, each time that it is called.
 * A stream that fails, or that is shorter or longer than `size`, makes the upload fail with `FileError`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const stream = (
  size: number,
  open: () => Stream.Stream<Uint8Array, unknown>,
  description: Description = {}
): FileSource => {
  const described = describe("", description)
  return {
    ...described,
    size,
    stream: () => Stream.mapError(Stream.suspend(open), (cause) => unreadable(described.name, cause))
  }
}

const toHex = (hash: Uint8Array): string =>
  Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")

/**
 * The SHA-256 of a file's bytes as 64 hexadecimal digits, for example to recognize a file under another name. Reads the
 * whole file once in constant memory, at about 100 MB per second. Fails with `FileError` like an upload.
 *
 * @category utilities
 * @since 0.1.0
 */
export const sha256 = (source: FileSource): Effect.Effect<string, FileError> =>
  Effect.suspend(() => {
    const hash = sha2.create()
    return Effect.map(
      Stream.runForEachChunk(enforceSize(source.stream(), { ...source, partSize: chunkSize }), (chunk) =>
        Effect.sync(() => {
          for (const part of chunk) hash.update(part)
        })
      ),
      () => toHex(hash.digest())
    )
  })
