/**
 * Rows that have changed, put into a file of rows: each in the place of the row of the same task, new ones at the end.
 *
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { FileError } from "../../errors/AngoError.js"
import { none } from "../../files/extent.js"
import * as LocalFile from "../../files/localFile.js"
import { join } from "../../utils/concat.js"
import { later, taskOf } from "../watermark.js"
import { lineReader } from "./lineReader.js"

interface Line {
  readonly bytes: Uint8Array
  readonly offset: number
  readonly id: string
  readonly updatedAt: number | undefined
}

const decoder = new TextDecoder()

const parse = (bytes: Uint8Array): unknown =>
  Either.getOrUndefined(Either.try((): unknown => JSON.parse(decoder.decode(bytes))))

const isBlank = (bytes: Uint8Array): boolean => bytes.every((byte) => byte <= 0x20)

// The lines of a file of rows, as many at once as come with a part of it.
const eachLine = <R>(
  path: string,
  use: (lines: ReadonlyArray<Line>) => Effect.Effect<void, FileError, R>
): Effect.Effect<void, FileError, R | LocalFile.Files> =>
  Effect.suspend(() => {
    const reader = lineReader()
    let offset = 0
    let number = 0
    const rowsOf = (all: ReadonlyArray<Uint8Array>) =>
      Effect.gen(function* () {
        const lines: Array<Line> = []
        for (const bytes of all) {
          const start = offset
          offset += bytes.length
          number++
          if (isBlank(bytes)) continue
          const { id, updatedAt } = taskOf(parse(bytes))
          if (id === undefined) {
            return yield* new FileError({
              path,
              reason: "unknown-content",
              message:
                `Line ${number} of the file ${path} is no row of an export of tasks. Take the file away to have it ` +
                "written anew, or give another path."
            })
          }
          lines.push({ bytes, offset: start, id, updatedAt })
        }
        yield* use(lines)
      })
    return Stream.runForEach(LocalFile.bytesOf(path), (bytes) => rowsOf(reader.push(bytes))).pipe(
      Effect.zipRight(Effect.suspend(() => rowsOf(reader.end())))
    )
  })

/** When the row of a file that was updated last was updated, in epoch milliseconds; nothing when no row tells. */
export const latestOf = (path: string): Effect.Effect<number | undefined, FileError, LocalFile.Files> =>
  Effect.suspend(() => {
    let latest: number | undefined
    return Effect.map(
      eachLine(path, (lines) =>
        Effect.sync(() => {
          for (const { updatedAt } of lines) latest = later(latest, updatedAt)
        })
      ),
      () => latest
    )
  })

/** What was put into a file. */
export interface Merged {
  /** The lines that the file holds now, its length and its CRC-32. */
  readonly rows: number
  readonly bytes: number
  readonly crc32: number
  /** Rows of tasks that were not there, and rows that were there and were others. */
  readonly added: number
  readonly replaced: number
  readonly latest: number | undefined
}

const isSameLine = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index])

/**
 * Puts the rows of the file `changes` into the file `path`. In memory are the ids of what has changed. The result is
 * written beside, as `<path>.merged.part`, and takes the place of the file when it is whole.
 */
export const merge = (path: string, changes: string): Effect.Effect<Merged, FileError, LocalFile.Files> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const part = `${path}.merged.part`
    // Of several rows of a task the last one counts.
    const places = new Map<string, { readonly offset: number; readonly length: number }>()
    let latest: number | undefined
    yield* eachLine(changes, (lines) =>
      Effect.sync(() => {
        for (const { bytes, id, offset, updatedAt } of lines) {
          places.set(id, { offset, length: bytes.length })
          latest = later(latest, updatedAt)
        }
      })
    )
    let rows = 0
    let replaced = 0
    const fresh = new Set(places.keys())
    const written = yield* Effect.scoped(
      Effect.gen(function* () {
        const merged = yield* LocalFile.grow(part, none, path)
        const source = yield* Effect.mapError(fs.open(changes), LocalFile.failed(changes, "read"))
        const changed = (id: string) =>
          Effect.gen(function* () {
            const { length, offset } = places.get(id) ?? { length: 0, offset: 0 }
            const line = new Uint8Array(length)
            yield* source.seek(FileSystem.Size(offset), "start")
            // A system may give less than was asked for.
            for (let at = 0; at < length; ) {
              const read = source.read(line.subarray(at))
              const count = Number(yield* Effect.mapError(read, LocalFile.failed(changes, "read")))
              if (count === 0) return yield* LocalFile.changedBelow(changes)
              at += count
            }
            return line
          })

        yield* eachLine(path, (lines) =>
          Effect.gen(function* () {
            const out: Array<Uint8Array> = []
            for (const { bytes, id } of lines) {
              if (!places.has(id)) {
                out.push(bytes)
              } else if (fresh.delete(id)) {
                const line = yield* changed(id)
                if (!isSameLine(line, bytes)) replaced++
                out.push(line)
              }
            }
            rows += out.length
            if (out.length > 0) yield* merged.append(join(out))
          })
        )
        for (const id of fresh) yield* Effect.flatMap(changed(id), merged.append)
        yield* merged.sync
        return merged.extent()
      })
    )
    yield* LocalFile.rename(part, path)
    return {
      rows: rows + fresh.size,
      bytes: written.bytes,
      crc32: written.crc,
      added: fresh.size,
      replaced,
      latest
    }
  })
