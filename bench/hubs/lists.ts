// A hub with the list of one project's tasks.
//
//   lists.js <tasks>
import { objectId } from "../../src/emulator/seed/objectIds.js"
import { seed, seededProjectId } from "../../src/emulator/seed/seed.js"
import { sendJson, serve } from "./serve.js"

const total = Number(process.argv[2])

// The rows of the embedded hub, with ids of their own and a second apart, all of them in the past.
const templates = seed({ tasks: 500 }).projects.get(seededProjectId(0))?.tasks ?? []
const firstAt = Date.parse("2022-01-02T03:04:05.000Z")

const rowAt = (index: number): string => {
  const at = firstAt + index * 1000
  return JSON.stringify({
    ...templates[index % templates.length],
    _id: objectId("task", index + 1, at),
    createdAt: new Date(at).toISOString(),
    updatedAt: new Date(at + 86_400_000).toISOString()
  })
}

// Many rows a buffer: one for each row would take longer than the measurement.
const perBlock = 1000
const blocks: Array<Buffer> = []
const starts = new Float64Array(total + 1)
for (let first = 0; first < total; first += perBlock) {
  let text = ""
  let start = starts[first] ?? 0
  for (let index = first; index < Math.min(total, first + perBlock); index++) {
    const row = `${rowAt(index)},`
    text += row
    start += Buffer.byteLength(row)
    starts[index + 1] = start
  }
  blocks.push(Buffer.from(text))
}
const rows = Buffer.concat(blocks.splice(0))

const head = Buffer.from('{"status":"success","data":{"tasks":[')
const tail = Buffer.from(`],"total":${total}}}`)

const bodyOf = (page: number, limit: number): Buffer => {
  const from = starts[Math.min(total, (page - 1) * limit)] ?? 0
  const to = starts[Math.min(total, page * limit)] ?? 0
  // Without the comma behind the last row.
  return Buffer.concat([head, rows.subarray(from, Math.max(from, to - 1)), tail])
}

serve((_, response, { pathname, searchParams }) => {
  const [page, limit] = [Number(searchParams.get("page")), Number(searchParams.get("limit"))]
  const isList = /^\/v2\/project\/\w+\/tasks$/.test(pathname) && searchParams.get("sort") === "createdAt"
  if (isList && page >= 1 && limit >= 1 && limit <= 1000) sendJson(response, bodyOf(page, limit))
  else sendJson(response, "{}", 400)
})
