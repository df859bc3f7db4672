// A hub with the export of one project, in a file that the embedded hub has written before: writing an archive while it
// is read takes more than a core, which the client needs.
//
//   exports.js <file> <rows>
import { createReadStream, createWriteStream, existsSync, renameSync, statSync } from "node:fs"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import * as Stream from "effect/Stream"
import * as Archive from "../../src/emulator/archive/Archive.js"
import { type Selection, selectTasks } from "../../src/emulator/archive/exportSelection.js"
import { maxTasks, seed, seededProjectId } from "../../src/emulator/seed/seed.js"
import { sendJson, serve } from "./serve.js"

const [file = "", count = ""] = process.argv.slice(2)
const rows = Number(count)

// Beyond what the embedded hub holds, the rows come again.
const repeated = (selection: Selection, times: number): Selection => ({
  ...selection,
  count: selection.count * times,
  text: (nth) => selection.text(nth % selection.count),
  write: (nth, into, at) => selection.write(nth % selection.count, into, at),
  names: (nth) => selection.names(nth % selection.count)
})

// Rows without the history of their tasks, which are about 1.2 kB each.
const make = async (): Promise<void> => {
  const times = Math.ceil(rows / maxTasks)
  const state = seed({ tasks: rows / times })
  const project = seededProjectId(0)
  const stored = state.projects.get(project)
  if (stored === undefined) throw new Error("There is no project.")
  const parameters = { project, format: "ndjson", type: "task", includeHistory: false }
  const selection = repeated(
    selectTasks(state, stored, parameters as Parameters<typeof selectTasks>[2]),
    times
  )
  if (selection.count !== rows) throw new Error(`There are ${selection.count} rows instead of ${rows}.`)
  const time = new Date("2025-01-02T03:04:05.000Z")
  const { bytes } = Archive.make(selection, { format: "ndjson", projectId: project, time }, {})
  const body = Stream.toReadableStream(bytes) as Parameters<typeof Readable.fromWeb>[0]
  await pipeline(Readable.fromWeb(body), createWriteStream(`${file}.part`))
  renameSync(`${file}.part`, file)
}

if (!existsSync(file)) await make()
const { size } = statSync(file)

serve((request, response, { pathname }) => {
  if (pathname.endsWith(".zip")) {
    response.writeHead(200, { "content-type": "application/zip", "content-length": size })
    createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(response)
  } else {
    const exportPath = `http://${request.headers.host}/export.zip?signature=1`
    sendJson(response, JSON.stringify({ status: "success", data: { exportPath } }))
  }
})
