// A hub that takes files and labels of one project, with so many assets to label; its file storage too.
//
//   writes.js <assets to label>
import type { IncomingMessage } from "node:http"
import { crc32 } from "node:zlib"
import { sendJson, serve } from "./serve.js"

const project = "65aa0000000000000000a001"
const count = Number(process.argv[2])

interface Asset {
  readonly _id: string
  readonly externalId: string
}

const assetOf = (number: number, externalId: string, more: object = {}) => ({
  ...more,
  _id: `65aa${number.toString(16).padStart(20, "0")}`,
  externalId,
  project,
  isPreLabeled: false,
  attachments: [],
  labelTasks: [{ _id: `65ab${number.toString(16).padStart(20, "0")}`, stageHistory: [] }],
  createdAt: new Date(1_700_000_000_000 + number * 1000).toISOString()
})

const toLabel = Array.from({ length: count }, (_, index) =>
  assetOf(index, `${index}.jpg`, {
    data: `https://files.example/${index}.jpg`,
    metadata: { width: 1920, height: 1080 }
  })
)

const categorySchema = {
  tools: [{ title: "Vehicle", schemaId: "tool-vehicle", tool: "bounding-box", classifications: [] }],
  classifications: [
    {
      title: "Weather",
      schemaId: "class-weather",
      tool: "radio",
      options: [
        { value: "Clear", schemaId: "option-clear" },
        { value: "Rain", schemaId: "option-rain" }
      ],
      classifications: []
    }
  ],
  relations: []
}
const stages = [{ id: "Start", type: "Start", name: "Start" }]
const projectBody = { project: { _id: project, name: "Bench", categorySchema, stages } }

const success = (data: unknown): string => JSON.stringify({ status: "success", data })

const empty = {
  files: 0,
  bytes: 0,
  content: 0,
  registered: 0,
  names: 0,
  labels: 0,
  labelSum: 0
}
let held = { ...empty }
let assets: Array<Asset> = toLabel.slice()
let byExternalId = new Map(assets.map((asset) => [asset.externalId, [asset]]))

// The counts of one client, which the next one is not to find.
const takeHeld = () => {
  const taken = held
  held = { ...empty }
  if (assets.length > count) {
    assets = toLabel.slice()
    byExternalId = new Map(assets.map((asset) => [asset.externalId, [asset]]))
  }
  return taken
}

const store = (request: IncomingMessage, done: () => void) => {
  let crc = 0
  request
    .on("data", (part: Buffer) => {
      crc = crc32(part, crc)
      held.bytes += part.length
    })
    .on("end", () => {
      held.files++
      held.content += crc
      done()
    })
}

const readBody = (request: IncomingMessage, use: (body: Record<string, unknown>) => void) => {
  const parts: Array<Buffer> = []
  request
    .on("data", (part: Buffer) => parts.push(part))
    .on("end", () => use(JSON.parse(Buffer.concat(parts).toString())))
}

const list = (search: URLSearchParams): string => {
  const { externalId } = JSON.parse(search.get("filters") ?? "{}") as { externalId?: unknown }
  const wanted =
    typeof externalId === "object" && externalId !== null && "in" in externalId ? externalId.in : externalId
  const found =
    wanted === undefined ? assets : [wanted].flat().flatMap((one) => byExternalId.get(String(one)) ?? [])
  const [page, limit] = [Number(search.get("page") ?? 1), Number(search.get("limit") ?? 10)]
  return success({ assets: found.slice((page - 1) * limit, page * limit), total: found.length })
}

const register = (given: ReadonlyArray<{ readonly externalId: string }>): string => {
  for (const one of given) {
    const asset = assetOf(assets.length, one.externalId, one)
    assets.push(asset)
    byExternalId.set(asset.externalId, [...(byExternalId.get(asset.externalId) ?? []), asset])
    held.registered++
    held.names += crc32(one.externalId)
  }
  return success({ assets: { assetsCreated: given.length, tasksCreated: given.length } })
}

// Clients may write the fields of an object in any order.
const sorted = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value

const label = (rows: ReadonlyArray<{ readonly externalId: string }>): string => {
  for (const row of rows) {
    if (!byExternalId.has(row.externalId)) continue
    held.labels++
    held.labelSum += crc32(JSON.stringify(row, sorted))
  }
  return success({ project: `${rows.length} / ${rows.length} tasks are labeled.` })
}

serve((request, response, { pathname, searchParams }) => {
  if (request.method === "PUT") {
    store(request, () => response.writeHead(200, { "content-length": 0 }).end())
  } else if (pathname === "/v2/getUploadUrl") {
    const name = encodeURIComponent(searchParams.get("name") ?? "")
    const uploadUrl = `http://${request.headers.host}/files/${name}?signature=1`
    sendJson(response, success({ uploadUrl }), 201)
  } else if (pathname === "/v2/import/labels") {
    readBody(request, ({ jsonContent }) =>
      sendJson(response, label(jsonContent as Parameters<typeof label>[0]))
    )
  } else if (pathname.endsWith("/cloud")) {
    readBody(request, (body) =>
      sendJson(response, register(body["assets"] as Parameters<typeof register>[0]), 201)
    )
  } else if (pathname.endsWith("/assets")) sendJson(response, list(searchParams))
  else if (pathname === `/v2/project/${project}`) sendJson(response, success(projectBody))
  else sendJson(response, "{}", 404)
}, takeHeld)
