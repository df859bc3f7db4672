// Export every task of a project, answers included, to out/tasks.ndjson, with a progress line on standard error.
//
// Without a key it starts the embedded hub on loopback with 2,500 tasks and exports those, over real HTTP.
// With ANGO_API_KEY and ANGO_PROJECT_ID (and ANGO_REGION or ANGO_BASE_URL) it exports that project.
//
//   npm run demo
//
// Prints (without a key): exported 2500 of 2500 tasks to out/tasks.ndjson
import { FetchHttpClient, FileSystem, Path } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Layer, Option, Stream } from "effect"
import { Ango, type Page, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { showProgress } from "./progress.js"

const exportTasks = (projectId: string, file: string) =>
  Effect.gen(function* () {
    const [tasks, fs, path] = yield* Effect.all([Tasks, FileSystem.FileSystem, Path.Path])
    let last: Page<unknown> | undefined
    yield* fs.makeDirectory(path.dirname(file), { recursive: true })
    yield* tasks.pages(projectId, { includeAnswer: true, onProgress: showProgress }).pipe(
      Stream.map((page) => {
        last = page
        return page.items.map((task) => `${JSON.stringify(task)}\n`).join("")
      }),
      Stream.encodeText,
      // A half-written file must not look like a whole one: it gets its name at the end.
      Stream.run(fs.sink(`${file}.part`))
    )
    yield* fs.rename(`${file}.part`, file)
    yield* Console.log(`exported ${last?.received ?? 0} of ${last?.total ?? 0} tasks to ${file}`)
  })

/** The embedded hub behind a socket, as any other hub. */
const embeddedHub = Layer.unwrapScoped(
  Effect.map(Emulator.serve({ tasks: 2_500 }), ({ apiKey, baseUrl }) => Ango.layer({ apiKey, baseUrl }))
)

const main = Effect.gen(function* () {
  const key = yield* Config.option(Config.redacted("ANGO_API_KEY"))
  if (Option.isSome(key)) {
    const projectId = yield* Config.nonEmptyString("ANGO_PROJECT_ID")
    return yield* Effect.provide(exportTasks(projectId, "out/tasks.ndjson"), Ango.layerConfig())
  }
  const projectId = yield* Config.option(Config.nonEmptyString("ANGO_PROJECT_ID"))
  if (Option.isSome(projectId)) {
    return yield* Effect.fail(
      new Error("ANGO_PROJECT_ID is set and ANGO_API_KEY is not: set both, or neither")
    )
  }
  yield* Console.error("No ANGO_API_KEY: exporting from the embedded hub.")
  return yield* Effect.provide(exportTasks(AngoTest.projectId, "out/tasks.ndjson"), embeddedHub)
})

main.pipe(
  Effect.provide(Layer.merge(FetchHttpClient.layer, NodeContext.layer)),
  Effect.scoped,
  NodeRuntime.runMain
)
