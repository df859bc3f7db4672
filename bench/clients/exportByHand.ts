// Reads the rows of an export by hand, or writes it to a file: no checks, but for the CRC of a file.
import { createWriteStream } from "node:fs"
import { PassThrough } from "node:stream"
import { pipeline } from "node:stream/promises"
import { StringDecoder } from "node:string_decoder"
import { crc32, createInflateRaw } from "node:zlib"
import { open, readJson } from "./http.js"
import { firstMeter, job, measure, numberOf, seenOfFile } from "./measure.js"

const { baseUrl, path, project, work } = job<{
  readonly baseUrl: string
  readonly project: string
  readonly work: "undecoded" | "rows" | "archive"
  readonly path: string
}>()

interface Asked {
  readonly data: { readonly exportPath: string }
}

interface Row {
  readonly task: { readonly taskId: string }
}

const archive = async () => {
  const { data } = await readJson<Asked>(`${baseUrl}/v2/export?project=${project}&format=ndjson`)
  return open(data.exportPath)
}

// The local header of the archive's only entry; the first part always holds all of it.
async function* withoutHeader(parts: AsyncIterable<Buffer>) {
  let isHeader = true
  for await (const part of parts) {
    yield isHeader ? part.subarray(30 + part.readUInt16LE(26) + part.readUInt16LE(28)) : part
    isHeader = false
  }
}

const inflate = () => createInflateRaw({ chunkSize: 64 * 1024 })

const meter = firstMeter()

const read = async () => {
  const inflated = inflate()
  const fed = pipeline(await archive(), withoutHeader, inflated)
  const decoder = new StringDecoder("utf8")
  let [rows, sum, rest] = [0, 0, ""]
  for await (const bytes of inflated) {
    const lines = (rest + decoder.write(bytes)).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) {
      const row = JSON.parse(line) as Row
      if (rows++ === 0) meter.first()
      sum += numberOf(row.task.taskId)
    }
  }
  await fed
  return { rows, sum }
}

// What the archive says of the content is in its end; here it is only computed.
let crc = 0
async function* checked(parts: AsyncIterable<Buffer>) {
  for await (const part of parts) {
    crc = crc32(part, crc)
    yield part
  }
}

const writeRows = async () =>
  pipeline(await archive(), withoutHeader, inflate(), checked, createWriteStream(path))

const writeArchive = async () => {
  const copy = new PassThrough()
  const content = pipeline(copy, withoutHeader, inflate(), async (parts: AsyncIterable<Buffer>) => {
    for await (const part of parts) crc = crc32(part, crc)
  })
  const response = await archive()
  response.pipe(copy)
  await Promise.all([pipeline(response, createWriteStream(path)), content])
}

if (work === "undecoded") await measure(read, meter.report)
else await measure(work === "rows" ? writeRows : writeArchive, () => seenOfFile(path))
