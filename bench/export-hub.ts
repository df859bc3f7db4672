// The hub of `bench/export.ts`, a separate process. It serves archives that the embedded hub has written to files
// before the first request: writing one while it is read takes more than a core, which the client needs.
//
//   export-hub.js <folder> <rows>,<rows>,…    prints the port, and ends with the process that started it
import { createReadStream, createWriteStream, existsSync, renameSync, statSync } from "node:fs"
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import * as Stream from "effect/Stream"
import * as Archive from "../src/emulator/archive/Archive.js"
import { selectTasks } from "../src/emulator/archive/exportSelection.js"
import { seed, seededProjectId } from "../src/emulator/seed/seed.js"

const [folder = ".", counts = ""] = process.argv.slice(2)

const fileOf = (rows: number): string => `${folder}/rows-${rows}.zip`

// Rows without the history of their tasks, which are about 1.2 kB each.
const make = async (rows: number): Promise<void> => {
  const state = seed({ tasks: rows })
  const project = seededProjectId(0)
  const stored = state.projects.get(project)
  if (stored === undefined) throw new Error("There is no project.")
  const selection = selectTasks(state, stored, {
    project,
    format: "ndjson",
    type: "task",
    includeHistory: false
  } as Parameters<typeof selectTasks>[2])
  if (selection.count !== rows) throw new Error(`There are ${selection.count} rows instead of ${rows}.`)
  const { bytes } = Archive.make(
    selection,
    { format: "ndjson", projectId: project, time: new Date("2025-01-02T03:04:05.000Z") },
    {}
  )
  const body = Stream.toReadableStream(bytes) as Parameters<typeof Readable.fromWeb>[0]
  await pipeline(Readable.fromWeb(body), createWriteStream(`${fileOf(rows)}.part`))
  renameSync(`${fileOf(rows)}.part`, fileOf(rows))
}

for (const rows of counts.split(",").map(Number)) if (!existsSync(fileOf(rows))) await make(rows)

const serve = (rows: number, response: ServerResponse) => {
  const file = fileOf(rows)
  response.writeHead(200, { "content-type": "application/zip", "content-length": statSync(file).size })
  createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(response)
}

// A project is called by its number of rows.
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://hub")
  const [, rows] = /^\/rows-(\d+)\.zip$/.exec(pathname) ?? []
  if (rows !== undefined) return serve(Number(rows), response)
  const exportPath = `http://${request.headers.host}/${searchParams.get("project")}.zip?signature=1`
  response.writeHead(200, { "content-type": "application/json" })
  response.end(JSON.stringify({ status: "success", data: { exportPath } }))
})
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port))

process.stdin.resume().on("end", () => process.exit())
