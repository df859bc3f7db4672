// One program for several organizations: each has its own key, client and rate limit.
//
//   NORTH_ANGO_API_KEY=… SOUTH_ANGO_API_KEY=… npx tsx examples/06-several-organizations.ts
//
// Prints: north: 3 projects
//         south: 2 projects
import { FetchHttpClient } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, LayerMap, Stream } from "effect"
import { Ango, AngoConfig, Projects } from "effect-ango"

class Orgs extends LayerMap.Service<Orgs>()("Orgs", {
  lookup: (org: string) => Ango.layerConfig(Config.nested(AngoConfig.fromEnvironment, org.toUpperCase())),
  dependencies: [FetchHttpClient.layer],
  // An idle client is closed after this time and forgets what it has sent: it must be longer than the window
  // of the rate limit, which is a minute.
  idleTimeToLive: "5 minutes"
}) {}

const countProjects = (org: string) =>
  Effect.flatMap(Projects, (projects) => Stream.runCount(projects.stream())).pipe(
    Effect.provide(Orgs.get(org)),
    Effect.flatMap((count) => Console.log(`${org}: ${count} projects`)),
    Effect.catchTag("InvalidConfig", ({ message }) => Console.log(`${org}: ${message}`))
  )

Effect.forEach(["north", "south"], countProjects, { concurrency: "unbounded" }).pipe(
  Effect.provide(Orgs.Default),
  NodeRuntime.runMain
)
