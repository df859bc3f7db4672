// Every failure is a value with a tag: catch the ones you can do something about, print the rest.
//
//   ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/04-handle-errors.ts
import { FetchHttpClient } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Config, Console, Duration, Effect } from "effect"
import { Ango, Projects } from "effect-ango"

const describeProject = (projectId: string) =>
  Effect.flatMap(Projects, (projects) => projects.get(projectId)).pipe(
    Effect.map((project) => `${project.name}: ${project.stages?.length ?? 0} stages`),
    Effect.catchTags({
      NotFound: () => Effect.succeed(`there is no project ${projectId}, or it is not yours to see`),
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
