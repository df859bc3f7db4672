// Predictions of a model as pre-labels: what fits the project's ontology is imported, the rest is told, row by row.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/pre-label-check.ts
import { FetchHttpClient } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Array, Config, Console, Effect } from "effect"
import { Ango, Annotations, Assets } from "effect-ango"

// What a model might have written: one box is drawn well, one is told to be of a type that there is not.
const predict = (externalId: string, type: string): unknown => ({
  externalId,
  objects: [
    {
      title: "Vehicle",
      "bounding-box": { x: 610, y: 402.5, width: 120, height: 80 },
      classifications: [{ title: "Type", answer: type }]
    }
  ],
  classifications: [{ title: "Weather", answer: "Clear" }]
})

const sizeOf = () => ({ width: 1920, height: 1080 })

const importPredictions = (projectId: string) =>
  Effect.gen(function* () {
    const assets = yield* (yield* Assets).page(projectId, { limit: 100 })
    const names = assets.items.flatMap(({ externalId }) => externalId ?? [])
    const predictions = names.map((name, row) => predict(name, row % 10 === 1 ? "Cra" : "Car"))
    const annotations = yield* Annotations
    const [invalid, valid] = Array.separate(yield* annotations.validate(projectId, predictions, { sizeOf }))
    for (const { mistakes } of invalid) {
      for (const { message } of mistakes) yield* Console.error(message)
    }
    const { labeled = 0 } = valid.length === 0 ? {} : yield* annotations.importLabels(projectId, valid)
    return `${predictions.length} predictions, ${valid.length} sent, ${labeled} tasks in Start labelled`
  })

Config.nonEmptyString("ANGO_PROJECT_ID").pipe(
  Effect.flatMap(importPredictions),
  Effect.tap(Console.log),
  Effect.provide(Ango.layerConfig()),
  Effect.provide(FetchHttpClient.layer),
  NodeRuntime.runMain
)
