// Distribute the open tasks of the stage "Label" evenly among the people of a project, or only print the plan.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/13-assign-evenly.ts [--dry-run]
//
// Prints: amara.okafor@example.com: 10 tasks
//         jonas.lindqvist@example.com: 9 tasks
//         …
import { FetchHttpClient } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Stream } from "effect"
import { Ango, AssignmentPlan, Projects, RowOutcome, Tasks } from "effect-ango"

const isDryRun = process.argv.includes("--dry-run")
const stage = "Label"

const assignEvenly = (projectId: string) =>
  Effect.gen(function* () {
    const [projects, tasks] = yield* Effect.all([Projects, Tasks])
    const labelers = (yield* projects.members(projectId)).filter(({ role }) => role === "Labeler")
    const plan = yield* tasks.planAssignment(
      tasks.stream(projectId, { stage }).pipe(Stream.map(({ id }) => id)),
      { members: labelers.flatMap(({ assignee }) => assignee ?? []) }
    )
    yield* Console.log(AssignmentPlan.format(plan))
    if (isDryRun) return
    const { failed, skipped, unknown, updated } = yield* tasks
      .assignMany(projectId, plan, { stage })
      .pipe(Stream.run(RowOutcome.summarize))
    yield* Console.log(`${updated} assigned, ${skipped} as before, ${failed + unknown} left`)
  })

Config.nonEmptyString("ANGO_PROJECT_ID").pipe(
  Effect.flatMap(assignEvenly),
  Effect.provide(Ango.layerConfig()),
  Effect.provide(FetchHttpClient.layer),
  NodeRuntime.runMain
)
