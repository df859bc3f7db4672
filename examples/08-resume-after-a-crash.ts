// Export every task of a project to out/tasks.ndjson, and resume after a crash: kill it at any time, run it again, and
// the file is the same.
//
// out/checkpoints keeps the checkpoint of each page together with the length of the file at that time.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/08-resume-after-a-crash.ts
//
// Prints: exported the tasks to out/tasks.ndjson
import { FetchHttpClient, FileSystem, KeyValueStore } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Layer, Option, Stream } from "effect"
import { Ango, Checkpoints, Tasks } from "effect-ango"
import { showProgress } from "./progress.js"

const encoder = new TextEncoder()

const exportTasks = (projectId: string, file: string) =>
  Effect.gen(function* () {
    const [tasks, fs] = yield* Effect.all([Tasks, FileSystem.FileSystem])
    const bookmark = yield* Checkpoints.bookmark(`tasks of ${projectId}`)
    const saved = Option.getOrUndefined(yield* bookmark.load)

    const out = yield* fs.open(`${file}.part`, { flag: saved === undefined ? "w" : "r+" })
    // What was written after the checkpoint comes again.
    let length = FileSystem.Size(BigInt(saved?.note ?? 0))
    yield* out.truncate(length)
    yield* out.seek(length, "start")

    yield* tasks.pages(projectId, { checkpoint: saved?.checkpoint, onProgress: showProgress }).pipe(
      Stream.runForEach((page) =>
        Effect.gen(function* () {
          const lines = encoder.encode(page.items.map((task) => `${JSON.stringify(task)}\n`).join(""))
          yield* out.writeAll(lines)
          yield* out.sync
          length = FileSystem.Size(length + BigInt(lines.length))
          yield* bookmark.save(page.checkpoint, `${length}`)
        })
      )
    )
    yield* bookmark.clear
    yield* fs.rename(`${file}.part`, file)
    yield* Console.log(`exported the tasks to ${file}`)
  })

Config.nonEmptyString("ANGO_PROJECT_ID").pipe(
  Effect.flatMap((projectId) => exportTasks(projectId, "out/tasks.ndjson")),
  Effect.scoped,
  Effect.provide(Ango.layerConfig()),
  Effect.provide(KeyValueStore.layerFileSystem("out/checkpoints")),
  Effect.provide(Layer.merge(FetchHttpClient.layer, NodeContext.layer)),
  NodeRuntime.runMain
)
