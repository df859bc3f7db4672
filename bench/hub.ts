// The hub of the measurements, a separate process: it answers the list of a project's tasks from prepared bytes, so
// that only the client is measured.
//
//   hub.js <tasks> <latency in ms>    prints the port, and ends with the process that started it
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { objectId } from "../src/emulator/seed/objectIds.js"
import { seed, seededProjectId } from "../src/emulator/seed/seed.js"

const [total = 0, latency = 0] = process.argv.slice(2).map(Number)

// The rows of the embedded hub, with ids of their own and a second apart, all of them in the past.
const templates = seed({ tasks: 500 }).projects.get(seededProjectId(0))?.tasks ?? []
const firstAt = Date.parse("2025-01-02T03:04:05.000Z")

const rows: Array<Buffer> = []
const starts: Array<number> = [0]
for (let index = 0; index < total; index++) {
  const at = firstAt + index * 1000
  const row = {
    ...templates[index % templates.length],
    _id: objectId("task", index + 1, at),
    createdAt: new Date(at).toISOString(),
    updatedAt: new Date(at + 86_400_000).toISOString()
  }
  const bytes = Buffer.from(`${JSON.stringify(row)},`)
  rows.push(bytes)
  starts.push((starts.at(-1) ?? 0) + bytes.length)
}
const all = Buffer.concat(rows)
rows.length = 0

const head = Buffer.from('{"status":"success","data":{"tasks":[')
const tail = Buffer.from(`],"total":${total}}}`)

const bodyOf = (page: number, limit: number): Buffer => {
  const from = starts[Math.min(total, (page - 1) * limit)] ?? 0
  const to = starts[Math.min(total, page * limit)] ?? 0
  // Without the comma behind the last row.
  return Buffer.concat([head, all.subarray(from, Math.max(from, to - 1)), tail])
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://hub")
  const answer = () => {
    if (!/^\/v2\/project\/\w+\/tasks$/.test(pathname) || searchParams.get("sort") !== "createdAt") {
      response.writeHead(400).end()
      return
    }
    const body = bodyOf(Number(searchParams.get("page")), Number(searchParams.get("limit")))
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length })
    response.end(body)
  }
  if (latency > 0) setTimeout(answer, latency)
  else answer()
})
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port))

process.stdin.resume().on("end", () => process.exit())
