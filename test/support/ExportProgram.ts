// A program that tests kill: exports a project to a file or updates the file, with frequent checkpoints.
import { FetchHttpClient } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Layer } from "effect"
import { Ango, Exports, RateLimit } from "effect-ango"

Effect.gen(function* () {
  const exports = yield* Exports
  const projectId = yield* Config.nonEmptyString("ANGO_PROJECT_ID")
  const [way, path = ""] = process.argv.slice(2)
  const options = { syncEvery: 200_000, stages: "all" } as const
  const { resumed } = yield* way === "update"
    ? exports.update(projectId, path, options)
    : exports.toFile(projectId, path, { ...options, output: way === "archive" ? "archive" : "rows" })
  yield* Console.log(resumed ? "resumed" : "begun")
}).pipe(
  Effect.provide(Layer.provide(Ango.layerConfig(), RateLimit.layerOff)),
  Effect.provide(Layer.merge(FetchHttpClient.layer, NodeContext.layer)),
  NodeRuntime.runMain
)
