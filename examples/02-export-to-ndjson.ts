// Export every task of a project, answers included, to out/tasks.ndjson, with a progress line on standard error.
//
// Without a key it starts the embedded hub on loopback with 2,500 tasks and exports those, over real HTTP.
// With ANGO_API_KEY and ANGO_PROJECT_ID (and ANGO_REGION or ANGO_BASE_URL) it exports that project.
//
//   npm run demo
import { FetchHttpClient, FileSystem, Path } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Clock, Config, Console, Effect, Layer, Option, Stream } from "effect"
import { Ango, type Page, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const stderr = (text: string) => Effect.sync(() => process.stderr.write(text))

/** `1200 of 2500 tasks, 3400/s, 1 s left`: rewritten in place on a terminal, one line per page elsewhere. */
const progress = (startedAt: number) => (page: Page<unknown>) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const perSecond = (page.received * 1000) / Math.max(1, now - startedAt)
    const left = Math.ceil((page.total - page.received) / perSecond)
    const line = `${page.received} of ${page.total} tasks, ${Math.round(perSecond)}/s, ${left} s left`
    return stderr(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
  })

const exportTasks = (projectId: string, file: string) =>
  Effect.gen(function* () {
    const [tasks, fs, path] = yield* Effect.all([Tasks, FileSystem.FileSystem, Path.Path])
    const startedAt = yield* Clock.currentTimeMillis
    let last: Page<unknown> | undefined
    yield* fs.makeDirectory(path.dirname(file), { recursive: true })
    yield* tasks.pages(projectId, { includeAnswer: true }).pipe(
      Stream.tap(progress(startedAt)),
      Stream.map((page) => {
        last = page
        return page.items.map((task) => `${JSON.stringify(task)}\n`).join("")
      }),
      Stream.encodeText,
      // A half-written file must not look like a whole one: it gets its name at the end.
      Stream.run(fs.sink(`${file}.part`)),
      Effect.ensuring(process.stderr.isTTY ? stderr("\n") : Effect.void)
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
  yield* stderr("No ANGO_API_KEY: exporting from the embedded hub.\n")
  return yield* Effect.provide(exportTasks(AngoTest.projectId, "out/tasks.ndjson"), embeddedHub)
})

main.pipe(
  Effect.provide(Layer.merge(FetchHttpClient.layer, NodeContext.layer)),
  Effect.scoped,
  NodeRuntime.runMain
)
