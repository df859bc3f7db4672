// Export a project to out/tasks.ndjson, one task per line, with a progress line on standard error. Kill it at any time
// and run it again: it resumes, and the file is the same.
//
// With "update" it keeps such a file up to date: only the tasks that have changed since the last run are exported.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/11-export-to-a-file.ts [update]
//
// Prints: 250 rows, 705093 bytes: out/tasks.ndjson
import { FetchHttpClient, FileSystem } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Layer } from "effect"
import { Ango, Exports, type FileProgress } from "effect-ango"

const file = "out/tasks.ndjson"

const showProgress = ({ length, received, rows }: FileProgress) =>
  Effect.sync(() => {
    const share = length === undefined ? "" : `, ${Math.floor((100 * received) / length)} % of the archive`
    const line = `${rows} rows${share}`
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
  })

const exportTasks = (projectId: string) =>
  Effect.gen(function* () {
    const exports = yield* Exports
    const { bytes, resumed, rows } = yield* exports.toFile(projectId, file, {
      stages: "all",
      onProgress: showProgress
    })
    yield* Console.log(`${rows} rows, ${bytes} bytes${resumed ? ", started by an earlier run" : ""}: ${file}`)
  })

const updateTasks = (projectId: string) =>
  Effect.gen(function* () {
    const exports = yield* Exports
    const { added, replaced, rows } = yield* exports.update(projectId, file, { onProgress: showProgress })
    yield* Console.log(`${rows} rows, ${added} of them new and ${replaced} changed: ${file}`)
  })

Effect.gen(function* () {
  const projectId = yield* Config.nonEmptyString("ANGO_PROJECT_ID")
  const fs = yield* FileSystem.FileSystem
  yield* fs.makeDirectory("out", { recursive: true })
  yield* process.argv[2] === "update" ? updateTasks(projectId) : exportTasks(projectId)
}).pipe(
  // An export of a large project takes the hub some minutes.
  Ango.withDeadline("15 minutes"),
  Effect.provide(Ango.layerConfig()),
  Effect.provide(Layer.merge(FetchHttpClient.layer, NodeContext.layer)),
  NodeRuntime.runMain
)
