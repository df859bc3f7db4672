// A program with one method of one service, to be bundled for browsers.
import { FetchHttpClient } from "@effect/platform"
import { Effect, Layer, Redacted, Stream } from "effect"
import { AngoClient, AngoConfig, Tasks } from "effect-ango"

const layer = Tasks.layer.pipe(
  Layer.provide(AngoClient.layer),
  Layer.provideMerge(AngoConfig.layer({ apiKey: Redacted.make("key") })),
  Layer.provide(FetchHttpClient.layer)
)

Effect.flatMap(Tasks, (tasks) => Stream.runCount(tasks.stream("65aa0000000000000000a001"))).pipe(
  Effect.provide(layer),
  Effect.runPromise
)
