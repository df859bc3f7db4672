// Reads archives and entries with the library.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { archiveRows } from "../../src/exports/rows/archiveRows.js"
import { entryRows } from "../../src/exports/rows/entryRows.js"
import type { RowOptions } from "../../src/exports/rows/rowReader.js"
import { type Limits, unzip } from "../../src/exports/zip/unzip.js"
import { bytesOf, inPieces } from "./Archives.js"

type Sizes = number | ReadonlyArray<number>

/** The bytes in pieces, one per chunk. */
export const streamOf = (bytes: string | Uint8Array, sizes: Sizes = 65_536) =>
  Stream.rechunk(Stream.fromIterable(inPieces(bytesOf(bytes), sizes)), 1)

/** The entries with their content as text. */
export const entriesOf = (archive: Uint8Array, sizes?: Sizes, limits?: Limits) =>
  unzip(streamOf(archive, sizes), limits).pipe(
    Stream.mapEffect(({ content, pull: _, ...entry }) =>
      Effect.map(Stream.runCollect(content), (chunks) => ({
        ...entry,
        text: Buffer.concat([...chunks]).toString()
      }))
    ),
    Stream.runCollect,
    Effect.map((entries) => [...entries])
  )

/** The rows of some bytes. */
export const rowsOf = (bytes: string | Uint8Array, sizes?: Sizes, options: Partial<RowOptions> = {}) =>
  Stream.runCollect(entryRows(streamOf(bytes, sizes), { entry: "a", ...options })).pipe(
    Effect.map((all) => [...all])
  )

/** The values of all rows of all entries; fails for an unreadable row. */
export const valuesOf = (archive: Uint8Array, sizes?: Sizes, limits?: Limits) =>
  archiveRows(streamOf(archive, sizes), { limits }).pipe(
    Stream.mapChunksEffect((chunk) =>
      Effect.forEach(chunk, (row) =>
        row._tag === "Row" ? Effect.succeed(row.value) : Effect.fail(row)
      ).pipe(Effect.map(Chunk.unsafeFromArray))
    ),
    Stream.runCollect,
    Effect.map((all) => [...all])
  )
