/**
 * Files to upload, wherever their bytes are: on a disk, in memory, or made while they are read.
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
 * @since 0.1.0
 */
export interface FileSource {
  /** In bytes: exactly so many are sent. */
  readonly size: number
  /** What it is called; its extension goes into the storage with it. */
  readonly name: string
  /** A media type such as `image/jpeg`. */
  readonly contentType: string
  /** The bytes from the first on: opened anew for every attempt to send them. */
  readonly stream: () => Stream.Stream<Uint8Array, FileError>
}

/**
 * What is told of a file beside its bytes.
 *
 * @since 0.1.0
 */
export interface Description {
  /** What it is called; of a file on a disk by default the last part of its path. */
  readonly name?: string | undefined
  /** A media type; by default that of the name's extension, and `application/octet-stream` for what is not known. */
  readonly contentType?: string | undefined
}

const described = (fallback: string, { contentType, name = fallback }: Description) => ({
  name,
  contentType: contentType ?? contentTypeOf(name)
})

const unreadable = (name: string, cause: unknown): FileError => {
  const told = scrubCause(cause, [])
  return new FileError({
    reason: "unreadable",
    path: name,
    message: `${JSON.stringify(name)} cannot be read: ${told.message}. Nothing of it is stored.`,
    cause: told
  })
}

// Small enough for a slow line to be seen moving, large enough to cost little.
const chunkSize = 64 * 1024

const isSame = (one: FileSystem.File.Info, other: FileSystem.File.Info): boolean =>
  one.size === other.size &&
  Option.getOrUndefined(one.mtime)?.getTime() === Option.getOrUndefined(other.mtime)?.getTime()

/**
 * A file on a disk, read while it is sent. Its size is asked for now: a file that has another one when it is sent, or
 * that is written to meanwhile, fails the upload with `BrokenSource`, and nothing of it is stored. Fails with
 * `BrokenSource` when there is no such file.
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
 * @since 0.1.0
 */
export const file = (
  path: string,
  description: Description = {}
): Effect.Effect<FileSource, FileError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const own = (cause: PlatformError.PlatformError) => unreadable(path, cause)
    const info = yield* Effect.mapError(fs.stat(path), own)
    if (info.type !== "File") return yield* unreadable(path, `it is a ${info.type.toLowerCase()}, no file`)
    // The last bytes are held back until a stream has ended: a file that has changed is not stored.
    const unchanged = Stream.drain(
      Stream.fromEffect(
        Effect.flatMap(Effect.mapError(fs.stat(path), own), (now) =>
          isSame(info, now)
            ? Effect.void
            : new FileError({
                reason: "changed",
                path,
                size: Number(info.size),
                message:
                  `${JSON.stringify(path)} has changed since its size was asked for. Nothing of it is stored: ` +
                  "upload it again when it is finished."
              })
        )
      )
    )
    return {
      ...described(path.split(/[\\/]/).at(-1) ?? path, description),
      size: Number(info.size),
      stream: () => Stream.concat(Stream.mapError(fs.stream(path, { chunkSize }), own), unchanged)
    }
  })

/**
 * A file in memory. The bytes are not copied: do not change them before they are sent.
 *
 * @since 0.1.0
 */
export const bytes = (content: Uint8Array, description: Description = {}): FileSource => ({
  ...described("", description),
  size: content.length,
  stream: () => Stream.make(content)
})

/**
 * A file that is made while it is read: `size` bytes, which `open` gives from the first on each time that it is called.
 * A stream that ends before or goes on behind `size` fails the upload with `BrokenSource`, and so does one that fails.
 *
 * @since 0.1.0
 */
export const stream = (
  size: number,
  open: () => Stream.Stream<Uint8Array, unknown>,
  description: Description = {}
): FileSource => {
  const about = described("", description)
  return {
    ...about,
    size,
    stream: () => Stream.mapError(Stream.suspend(open), (cause) => unreadable(about.name, cause))
  }
}

const hexOf = (hash: Uint8Array): string =>
  Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")

/**
 * The SHA-256 of a file's bytes as 64 hexadecimal digits, in constant memory: to know a file again under another name.
 * Reads the whole file once, at about 100 MB per second. Fails with `BrokenSource` as the upload would.
 *
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
      () => hexOf(hash.digest())
    )
  })
