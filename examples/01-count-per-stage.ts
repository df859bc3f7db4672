// Stream all completed tasks of a project and count them per stage.
//
//   ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/01-count-per-stage.ts
//
// Prints: Complete: 125
//         Quality review: 41
import { FetchHttpClient } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Stream } from "effect"
import { Ango, Projects, Tasks } from "effect-ango"

const countPerStage = (projectId: string) =>
  Effect.gen(function* () {
    const { stages } = yield* Effect.flatMap(Projects, (projects) => projects.get(projectId))
    const names = new Map(stages?.map((stage) => [stage.id, stage.name ?? stage.id]))
    const tasks = yield* Tasks
    return yield* tasks.stream(projectId, { status: "Completed" }).pipe(
      Stream.map((task) => (task.stage && names.get(task.stage)) ?? "no stage"),
      Stream.runFold(new Map<string, number>(), (counts, stage) =>
        counts.set(stage, (counts.get(stage) ?? 0) + 1)
      )
    )
  })

Config.string("ANGO_PROJECT_ID").pipe(
  Effect.flatMap(countPerStage),
  Effect.tap((counts) => Effect.forEach(counts, ([stage, count]) => Console.log(`${stage}: ${count}`))),
  Effect.provide(Ango.layerConfig()), // ANGO_API_KEY, ANGO_REGION | ANGO_BASE_URL
  Effect.provide(FetchHttpClient.layer),
  NodeRuntime.runMain
)
