// Count the objects of every class in an export, in constant memory, with a progress line on standard error.
//
// Rows are counted as the archive arrives: nothing is written to disk, and a project of a million tasks needs no more
// memory than one of a thousand.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/09-export-rows.ts
//
// Prints: Crossing: 117
//         Pedestrian: 109
//         Vehicle: 132
import { FetchHttpClient } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Stream } from "effect"
import { Ango, Exports } from "effect-ango"

// How many rows come between two lines of progress.
const every = 1_000

const countClasses = (projectId: string) =>
  Effect.gen(function* () {
    const exports = yield* Exports
    const counts = new Map<string, number>()
    let rows = 0
    yield* exports.stream(projectId, { stages: "all", includeHistory: false }).pipe(
      Stream.runForEachChunk((chunk) => {
        const before = rows
        for (const { task } of chunk) {
          rows++
          for (const { title } of task.tools ?? []) {
            const name = title ?? "no class"
            counts.set(name, (counts.get(name) ?? 0) + 1)
          }
        }
        const isMilestone = Math.floor(rows / every) > Math.floor(before / every)
        return isMilestone ? Console.error(`${rows} rows`) : Effect.void
      })
    )
    yield* Console.error(`${rows} rows in total`)
    return counts
  })

Config.nonEmptyString("ANGO_PROJECT_ID").pipe(
  Effect.flatMap(countClasses),
  // An export of a large project takes the hub some minutes.
  Ango.withDeadline("15 minutes"),
  Effect.tap((counts) =>
    Effect.forEach(
      [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ([name, count]) => Console.log(`${name}: ${count}`)
    )
  ),
  Effect.provide(Ango.layerConfig()),
  Effect.provide(FetchHttpClient.layer),
  NodeRuntime.runMain
)
