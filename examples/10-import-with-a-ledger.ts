// Import many files of a storage, each exactly once: kill it at any time and run it again, and it resumes.
//
// Its ledger, out/import.ledger, records finished rows. Each failed row is printed; the exit code is 1 when some rows
// need another run.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/10-import-with-a-ledger.ts
//
// Prints: 2500 rows: 2500 created, 0 done before, 0 left
import { FetchHttpClient, FileSystem } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Stream } from "effect"
import { Ango, Assets, Ledger, RowOutcome } from "effect-ango"

// Your own listing of a bucket: any stream, of any length.
const scans = Stream.range(1, 2_500).pipe(
  Stream.map((number) => ({
    data: `https://scans.s3.eu-central-1.amazonaws.com/${number}.jpg`,
    externalId: `scan ${number}`
  }))
)

const importAll = (projectId: string) =>
  Effect.gen(function* () {
    yield* Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeDirectory("out", { recursive: true }))
    const [assets, ledger] = yield* Effect.all([Assets, Ledger.file("out/import.ledger")])
    return yield* assets.importFromCloud(projectId, scans, { ledger, chunk: 500 }).pipe(
      Stream.tap((row) => {
        if (RowOutcome.isFailed(row)) return Console.error(`${row.key}: ${row.error.message}`)
        return RowOutcome.isUnknown(row) ? Console.error(row.message) : Effect.void
      }),
      Stream.run(RowOutcome.summarize)
    )
  })

Config.nonEmptyString("ANGO_PROJECT_ID").pipe(
  Effect.flatMap(importAll),
  Effect.tap(({ created, failed, rows, skipped, unknown }) =>
    Console.log(`${rows} rows: ${created} created, ${skipped} done before, ${failed + unknown} left`)
  ),
  Effect.filterOrFail(
    ({ failed, unknown }) => failed + unknown === 0,
    () => "some rows are left: run it again"
  ),
  Effect.provide(Ango.layerConfig()),
  Effect.provide(FetchHttpClient.layer),
  Effect.provide(NodeContext.layer),
  NodeRuntime.runMain
)
