// The hub of `bench/upload.ts` and its storage, a separate process: it waits before each response, and reports at `/count` what
// it holds.
//
//   upload-hub.js <latency in ms>    prints the port, and ends with the process that started it
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

const [latency = 0] = process.argv.slice(2).map(Number)

const sizes = new Map<string, number>()
let assets: Array<Record<string, unknown>> = []
let bytes = 0

const json = (response: ServerResponse, data: unknown, status = 200) => {
  const body = JSON.stringify({ status: "success", data })
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body)
  })
  response.end(body)
}

const listed = (filters: string | null) => {
  const wanted = (JSON.parse(filters ?? "{}") as { externalId?: unknown }).externalId
  const ids = new Set(Array.isArray(wanted) ? wanted : [wanted])
  const found = assets.filter(({ externalId }) => ids.has(externalId))
  return { assets: found, total: found.length }
}

const registered = (body: string) => {
  const { assets: given } = JSON.parse(body) as { readonly assets: Array<Record<string, unknown>> }
  for (const asset of given) {
    const _id = (assets.length + 1).toString(16).padStart(24, "0")
    // An asset of a file that is not stored is counted apart, and fails the measurement.
    if (!sizes.has(new URL(String(asset["data"])).pathname)) throw new Error("There is no such file.")
    assets.push({ ...asset, _id, project: "65aa0000000000000000a001", createdAt: "2025-01-02T03:04:05.000Z" })
  }
  return { assets: { assetsCreated: given.length, tasksCreated: given.length } }
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://hub")
  let size = 0
  const parts: Array<Buffer> = []
  request.on("data", (part: Buffer) => {
    size += part.length
    if (request.method === "POST") parts.push(part)
  })
  const answer = () => {
    if (request.method === "PUT") {
      sizes.set(pathname, size)
      bytes += size
      response.writeHead(200, { "content-length": 0 }).end()
    } else if (pathname === "/v2/getUploadUrl") {
      const name = encodeURIComponent(searchParams.get("name") ?? "")
      json(response, { uploadUrl: `http://${request.headers.host}/files/${name}?signature=1` }, 201)
    } else if (pathname.endsWith("/cloud")) json(response, registered(Buffer.concat(parts).toString()), 201)
    else if (pathname.endsWith("/assets")) json(response, listed(searchParams.get("filters")))
    else if (pathname === "/count") {
      json(response, { assets: assets.length, bytes })
      assets = []
      sizes.clear()
      bytes = 0
    } else response.writeHead(404).end()
  }
  request.on("end", () => {
    if (latency > 0) setTimeout(answer, latency)
    else answer()
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port))

process.stdin.resume().on("end", () => process.exit())
