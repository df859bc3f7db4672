// Errors are values with a tag: handle those that the program can do something about; the others end it.
//
//   ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/04-handle-errors.ts
//
// Prints: City intersections: vehicles and pedestrians: 5 stages
import { FetchHttpClient } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Config, Console, Duration, Effect } from "effect"
import { Ango, Projects } from "effect-ango"

const describeProject = (projectId: string) =>
  Effect.flatMap(Projects, (projects) => projects.get(projectId)).pipe(
    Effect.map((project) => `${project.name}: ${project.stages?.length ?? 0} stages`),
    Effect.catchTags({
      NotFound: () => Effect.succeed(`there is no project ${projectId}, or the key cannot see it`),
      RateLimited: ({ retryAfter = Duration.minutes(1) }) =>
        Effect.succeed(`the hub is busy: try again in ${Duration.format(retryAfter)}`)
    })
  )

Config.string("ANGO_PROJECT_ID").pipe(
  Effect.flatMap(describeProject),
  Ango.withDeadline("30 seconds"),
  Effect.flatMap(Console.log),
  Effect.provide(Ango.layerConfig()),
  Effect.provide(FetchHttpClient.layer),
  NodeRuntime.runMain
)
