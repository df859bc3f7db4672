// Ledgers in files, which are deleted after the test.
import { FileSystem } from "@effect/platform"
import { NodeFileSystem } from "@effect/platform-node"
import * as Effect from "effect/Effect"
import { Ledger } from "effect-ango"
import { write } from "../../src/bulk/engine/bulkWrite.js"
import { makeTextWriter } from "./BulkWriter.js"
import { outcomesOf } from "./Outcomes.js"

/** Runs a test with the path of a ledger that does not exist yet. */
export const inFolder = <A, E>(
  test: (path: string, fs: FileSystem.FileSystem) => Effect.Effect<A, E, FileSystem.FileSystem>
) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    return yield* test(`${yield* fs.makeTempDirectoryScoped()}/import.ledger`, fs)
  }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))

/** Writes texts in chunks of two, with the ledger at a path. */
export const writing = (
  path: string,
  some: ReadonlyArray<string>,
  change?: Parameters<typeof makeTextWriter>[0]
) =>
  Effect.gen(function* () {
    const { sent, writer } = makeTextWriter(change)
    const ledger = yield* Ledger.file(path)
    const outcomes = yield* outcomesOf(write(writer, some, { ledger, chunk: 2, concurrency: 1 }))
    return {
      sent,
      outcomes: outcomes.map((one) => (one._tag === "Skipped" ? one.reason : one._tag)),
      last: outcomes.at(-1)
    }
  })
