// Export the issues of a project as CSV, to standard output or to a file that is named.
//
// A value is quoted where RFC 4180 says so, and begins with an apostrophe where a spreadsheet would take it for a
// formula: issues are written by people.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/12-issues-to-csv.ts [issues.csv]
//
// Prints: id,asset,batches,stage,status,content,mistakes,createdBy,createdAt
//         665f2578155ce155ce00000c,intersection-06/frame-000168.jpg,"July, night",Complete,Closed,…
import { FetchHttpClient, FileSystem } from "@effect/platform"
import { NodeContext, NodeRuntime, NodeSink } from "@effect/platform-node"
import { Config, Effect, Layer, Stream } from "effect"
import { Ango, Exports, IssueExportRow } from "effect-ango"

type Column = (issue: IssueExportRow.IssueExportRow) => string | null | undefined

const columns: Readonly<Record<string, Column>> = {
  id: ({ id }) => id,
  asset: IssueExportRow.externalIdOf,
  batches: (issue) => IssueExportRow.batchesOf(issue).join("; "),
  stage: IssueExportRow.stageOf,
  status: ({ status }) => status,
  content: ({ content }) => content,
  mistakes: (issue) =>
    IssueExportRow.errorCodesOf(issue)
      .map(({ category, name }) => `${category}: ${name}`)
      .join("; "),
  createdBy: ({ createdBy }) => createdBy,
  createdAt: ({ createdAt }) => createdAt
}

const cell = (value: string | null | undefined): string => {
  const text = value ?? ""
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const line = (cells: ReadonlyArray<string | null | undefined>): string => `${cells.map(cell).join(",")}\r\n`

const csv = (projectId: string) =>
  Stream.unwrap(
    Effect.map(Exports, (exports) => {
      const rows = Stream.map(exports.stream(projectId, { type: "issue" }), (issue) =>
        line(Object.values(columns).map((column) => column(issue)))
      )
      return Stream.concat(Stream.make(line(Object.keys(columns))), rows)
    })
  ).pipe(Stream.encodeText)

Effect.gen(function* () {
  const rows = csv(yield* Config.nonEmptyString("ANGO_PROJECT_ID"))
  const file = process.argv[2]
  if (file === undefined) return yield* Stream.run(rows, NodeSink.stdout)
  const fs = yield* FileSystem.FileSystem
  // A half-written file must not look like a whole one.
  yield* Stream.run(rows, fs.sink(`${file}.part`))
  yield* fs.rename(`${file}.part`, file)
}).pipe(
  Effect.provide(Ango.layerConfig()),
  Effect.provide(Layer.merge(FetchHttpClient.layer, NodeContext.layer)),
  NodeRuntime.runMain
)
