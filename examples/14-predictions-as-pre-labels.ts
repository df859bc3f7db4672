// Import predictions of a model, an NDJSON file, as pre-labels: each line is validated against the project's ontology,
// and its outcome is printed. Kill it at any time and run it again: out/labels.ledger records finished lines.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/14-predictions-as-pre-labels.ts
//
// Prints: 100 rows: 3 pre-labelled, 0 done before, 97 left
import { FetchHttpClient, FileSystem, Ndjson } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Stream } from "effect"
import { Ango, Annotations, Assets, Labels, Ledger, RowOutcome } from "effect-ango"

const file = "out/predictions.ndjson"

// What a model might have written: one valid box, and one of a type that does not exist.
const predict = (externalId: string, type: string): object => ({
  externalId,
  objects: [
    {
      title: "Vehicle",
      objectId: "vehicle 1", // identifies the object when the import is read back
      "bounding-box": { x: 610, y: 402.5, width: 120, height: 80 },
      classifications: [{ title: "Type", answer: type }]
    }
  ],
  classifications: [{ title: "Weather", answer: "Clear" }]
})

// Stands for the model: a line for each of the first hundred assets.
const writePredictions = (projectId: string) =>
  Effect.gen(function* () {
    const [assets, fs] = yield* Effect.all([Assets, FileSystem.FileSystem])
    const { items } = yield* assets.page(projectId, { limit: 100, sort: "createdAt" })
    const names = items.flatMap(({ externalId }) => externalId ?? [])
    const lines = names.map((name, row) => JSON.stringify(predict(name, row % 10 === 1 ? "Cra" : "Car")))
    yield* fs.makeDirectory("out", { recursive: true })
    yield* fs.writeFileString(file, `${lines.join("\n")}\n`)
  })

const sizeOf = () => ({ width: 1920, height: 1080 })

const importPredictions = (projectId: string) =>
  Effect.gen(function* () {
    const [annotations, fs] = yield* Effect.all([Annotations, FileSystem.FileSystem])
    const predictions = fs
      .stream(file)
      .pipe(Stream.pipeThroughChannelOrFail(Ndjson.unpack()), Stream.map(Labels.unchecked))
    const ledger = yield* Ledger.file("out/labels.ledger")
    return yield* annotations.importLabels(projectId, predictions, { ledger, sizeOf }).pipe(
      Stream.tap((row) => {
        if (RowOutcome.isFailed(row)) return Console.error(`${row.error._tag}: ${row.error.message}`)
        return RowOutcome.isUnknown(row) ? Console.error(row.message) : Effect.void
      }),
      Stream.run(RowOutcome.summarize)
    )
  })

Config.nonEmptyString("ANGO_PROJECT_ID").pipe(
  Effect.tap(writePredictions),
  Effect.flatMap(importPredictions),
  Effect.tap(({ failed, rows, skipped, unknown, updated }) =>
    Console.log(`${rows} rows: ${updated} pre-labelled, ${skipped} done before, ${failed + unknown} left`)
  ),
  Effect.provide(Ango.layerConfig()),
  Effect.provide(FetchHttpClient.layer),
  Effect.provide(NodeContext.layer),
  NodeRuntime.runMain
)
