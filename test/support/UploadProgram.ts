// Uploads the files of a folder to a project, with a ledger. A test kills it.
import { FetchHttpClient, FileSystem } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Layer, Stream } from "effect"
import { Ango, FileSource, Ledger, RateLimit, RowOutcome, Uploads } from "effect-ango"

Effect.gen(function* () {
  const [fs, ledger, projectId, uploads] = yield* Effect.all([
    FileSystem.FileSystem,
    Ledger.file("ledger"),
    Config.nonEmptyString("ANGO_PROJECT_ID"),
    Uploads
  ])
  const [folder = ""] = process.argv.slice(2)
  const rows = Stream.fromIterable(yield* fs.readDirectory(folder)).pipe(
    Stream.mapEffect((name) => FileSource.file(`${folder}/${name}`)),
    Stream.map((source) => ({ source }))
  )
  const { created, skipped } = yield* uploads
    .files(projectId, rows, { ledger })
    .pipe(Stream.run(RowOutcome.summarize))
  yield* Console.log(`${created} ${skipped}`)
}).pipe(
  Effect.provide(Layer.provide(Ango.layerConfig(), RateLimit.layerOff)),
  Effect.provide(Layer.merge(FetchHttpClient.layer, NodeContext.layer)),
  NodeRuntime.runMain
)
