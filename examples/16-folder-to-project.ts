// Upload the files of a folder as assets of a project, each exactly once: kill it at any time and run it again, and it
// resumes. Its ledger, out/upload.ledger, records finished files; the exit code is 1 when some need another run.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/16-folder-to-project.ts photos
//
// Prints: 3 files: 3 uploaded, 0 done before, 0 left
import { FetchHttpClient, FileSystem } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Stream } from "effect"
import { Ango, FileSource, Ledger, RowOutcome, type UploadProgress, Uploads } from "effect-ango"

const showProgress = ({ files, sent, skipped, total = 0 }: UploadProgress) =>
  Effect.sync(() => {
    const share = total === 0 ? 100 : Math.floor((100 * (sent + skipped)) / total)
    const line = `${files} files, ${share} % of ${total} bytes`
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
  })

const uploadAll = (projectId: string, folder: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    yield* fs.makeDirectory("out", { recursive: true })
    const names = yield* fs.readDirectory(folder)
    const rows = yield* Effect.forEach(names, (name) =>
      Effect.map(FileSource.file(`${folder}/${name}`), (source) => ({ source }))
    )
    const [uploads, ledger] = yield* Effect.all([Uploads, Ledger.file("out/upload.ledger")])
    return yield* uploads.files(projectId, rows, { ledger, onProgress: showProgress }).pipe(
      Stream.tap((row) => {
        if (RowOutcome.isFailed(row)) return Console.error(`${row.key}: ${row.error.message}`)
        return RowOutcome.isUnknown(row) ? Console.error(row.message) : Effect.void
      }),
      Stream.run(RowOutcome.summarize)
    )
  })

Config.nonEmptyString("ANGO_PROJECT_ID").pipe(
  Effect.flatMap((projectId) => uploadAll(projectId, process.argv[2] ?? "photos")),
  Effect.tap(({ created, failed, rows, skipped, unknown }) =>
    Console.log(`${rows} files: ${created} uploaded, ${skipped} done before, ${failed + unknown} left`)
  ),
  Effect.filterOrFail(
    ({ failed, unknown }) => failed + unknown === 0,
    () => "some files are left: run it again"
  ),
  Effect.provide(Ango.layerConfig()),
  Effect.provide(FetchHttpClient.layer),
  Effect.provide(NodeContext.layer),
  NodeRuntime.runMain
)
