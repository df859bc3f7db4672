// Export a project, and handle every failure: retry what may succeed later, and end with an exit code for the rest.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/17-handle-every-failure.ts
//
// Prints: 250 rows
import { FetchHttpClient } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Schedule } from "effect"
import { Ango, AngoError, Exports } from "effect-ango"

const exportTasks = (projectId: string) =>
  Effect.gen(function* () {
    const exports = yield* Exports
    const { rows } = yield* exports.toFile(projectId, "tasks.ndjson", { stages: "all" })
    yield* Console.log(`${rows} rows`)
  })

const exitWith = (code: number) => (error: AngoError.AngoError) =>
  Effect.zipRight(
    Console.error(`${error._tag}: ${error.message}`),
    Effect.sync(() => {
      process.exitCode = code
    })
  )

const backoff = Schedule.intersect(Schedule.exponential("5 seconds"), Schedule.recurs(3))

const job = (projectId: string) =>
  exportTasks(projectId).pipe(
    Effect.retry({ while: AngoError.isRetryable, schedule: backoff }),
    Effect.provide(Ango.layerConfig()), // before the handlers, so that they also catch InvalidConfig
    AngoError.catchCategory("auth", exitWith(77)), // check the key
    AngoError.catchCategory("input", exitWith(64)), // fix the program, its settings or the output directory
    AngoError.catchCategory("not-found", exitWith(66)), // check the project id and the region
    Effect.catchAll(exitWith(70)) // the hub, the network or something unexpected: call someone
  )

Config.nonEmptyString("ANGO_PROJECT_ID").pipe(
  Effect.flatMap(job),
  Effect.provide([FetchHttpClient.layer, NodeContext.layer]),
  NodeRuntime.runMain
)
