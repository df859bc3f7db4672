/**
 * Merges changed rows into a file of rows: each replaces the row of the same task, and rows of new tasks are appended.
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
import { makeLineReader } from "./lineReader.js"

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

const unknownLine = (path: string, line: number): FileError =>
  new FileError({
    path,
    reason: "unknown-content",
    message:
      `Line ${line} of the file ${path} is not a row of an export of tasks. Delete the file to export everything ` +
      "again, or use another path."
  })

// Calls `use` with the lines of a file, block by block.
const forEachBlock = <R>(
  path: string,
  use: (lines: ReadonlyArray<Line>) => Effect.Effect<void, FileError, R>
): Effect.Effect<void, FileError, R | LocalFile.Files> =>
  Effect.suspend(() => {
    const reader = makeLineReader()
    let offset = 0
    let lineNumber = 0
    const useLines = (texts: ReadonlyArray<Uint8Array>): Effect.Effect<void, FileError, R> => {
      const lines: Array<Line> = []
      for (const bytes of texts) {
        const start = offset
        offset += bytes.length
        lineNumber++
        if (isBlank(bytes)) continue
        const { id, updatedAt } = taskOf(parse(bytes))
        if (id === undefined) return Effect.fail(unknownLine(path, lineNumber))
        lines.push({ bytes, offset: start, id, updatedAt })
      }
      return use(lines)
    }
    return Stream.runForEach(LocalFile.streamBytes(path), (bytes) => useLines(reader.push(bytes))).pipe(
      Effect.zipRight(Effect.suspend(() => useLines(reader.end())))
    )
  })

/** The latest `updatedAt` of the rows in a file, in epoch milliseconds; `undefined` when no row has one. */
export const latestUpdateIn = (path: string): Effect.Effect<number | undefined, FileError, LocalFile.Files> =>
  Effect.suspend(() => {
    let latest: number | undefined
    return Effect.map(
      forEachBlock(path, (lines) =>
        Effect.sync(() => {
          for (const { updatedAt } of lines) latest = later(latest, updatedAt)
        })
      ),
      () => latest
    )
  })

/** The result of a merge. */
export interface Merged {
  /** Lines, length and checksum of the merged file. */
  readonly rows: number
  readonly bytes: number
  readonly crc32: number
  /** Rows of new tasks, and rows that differ from the row they replaced. */
  readonly added: number
  readonly replaced: number
  /** The latest `updatedAt` of the changed rows, in epoch milliseconds. */
  readonly latest: number | undefined
}

const isSameLine = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index])

/**
 * Merges the rows of the file `changesPath` into the file `path`. The ids of the changed tasks are held in memory. The
 * result is written to `<path>.merged.part`, which replaces the file once it is complete.
 */
export const mergeRows = (
  path: string,
  changesPath: string
): Effect.Effect<Merged, FileError, LocalFile.Files> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const part = `${path}.merged.part`
    // Of several rows of a task, the last one counts.
    const changes = new Map<string, { readonly offset: number; readonly length: number }>()
    let latest: number | undefined
    yield* forEachBlock(changesPath, (lines) =>
      Effect.sync(() => {
        for (const { bytes, id, offset, updatedAt } of lines) {
          changes.set(id, { offset, length: bytes.length })
          latest = later(latest, updatedAt)
        }
      })
    )
    let rows = 0
    let replaced = 0
    const pending = new Set(changes.keys())
    const written = yield* Effect.scoped(
      Effect.gen(function* () {
        const merged = yield* LocalFile.openAppendable(part, none, path)
        const orReadError = Effect.mapError(LocalFile.toFileError(changesPath, "read"))
        const source = yield* orReadError(fs.open(changesPath))
        const readChange = Effect.fnUntraced(function* (id: string) {
          const { length, offset } = changes.get(id) ?? { length: 0, offset: 0 }
          const line = new Uint8Array(length)
          yield* source.seek(FileSystem.Size(offset), "start")
          // A read may return fewer bytes than requested.
          for (let at = 0; at < length; ) {
            const count = Number(yield* orReadError(source.read(line.subarray(at))))
            if (count === 0) return yield* LocalFile.modifiedError(changesPath)
            at += count
          }
          return line
        })
        const mergeLines = Effect.fnUntraced(function* (lines: ReadonlyArray<Line>) {
          const out: Array<Uint8Array> = []
          for (const { bytes, id } of lines) {
            if (!changes.has(id)) {
              out.push(bytes)
            } else if (pending.delete(id)) {
              const line = yield* readChange(id)
              if (!isSameLine(line, bytes)) replaced++
              out.push(line)
            }
          }
          rows += out.length
          if (out.length > 0) yield* merged.append(join(out))
        })

        yield* forEachBlock(path, mergeLines)
        for (const id of pending) yield* Effect.flatMap(readChange(id), merged.append)
        yield* merged.sync
        return merged.extent()
      })
    )
    yield* LocalFile.rename(part, path)
    return {
      rows: rows + pending.size,
      bytes: written.bytes,
      crc32: written.crc,
      added: pending.size,
      replaced,
      latest
    }
  })
