// Reads the rows of an export, or writes it to a file, with every check.
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { library, prepare } from "./library.js"
import { firstMeter, job, measure, numberOf, seenOfFile } from "./measure.js"

const { baseUrl, client, path, project, work } = job<{
  readonly client: string
  readonly baseUrl: string
  readonly project: string
  readonly work: "decoded" | "undecoded" | "rows" | "archive"
  /** Of the file to write. */
  readonly path: string
}>()

const run = await prepare(client, baseUrl)
const meter = firstMeter()

// A row that is not decoded is unknown JSON.
interface Row {
  readonly task: { readonly taskId: string }
}

const read = Effect.flatMap(library.Exports, (exports) => {
  let [rows, sum] = [0, 0]
  const stream = exports.stream(project, { stages: "all", decode: work === "decoded" })
  return Stream.runForEachChunk(stream, (chunk) => {
    if (rows === 0) meter.first()
    for (const row of chunk) {
      rows++
      sum += numberOf((row as Row).task.taskId)
    }
    return Effect.void
  }).pipe(Effect.map(() => ({ rows, sum })))
})

const write = Effect.flatMap(library.Exports, (exports) =>
  exports.toFile(project, path, {
    stages: "all",
    decode: false,
    output: work === "archive" ? "archive" : "rows"
  })
).pipe(Effect.provide(NodeContext.layer))

if (work === "decoded" || work === "undecoded") await measure(() => run(read), meter.report)
else
  await measure(
    () => run(write),
    () => seenOfFile(path)
  )
