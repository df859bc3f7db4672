// A handwritten reader of exports for Node, without checks; `bench/export.ts` compares ours with it.
//
//   export-by-hand.js <base URL> <rows>
import { Readable } from "node:stream"
import { StringDecoder } from "node:string_decoder"
import { createInflateRaw } from "node:zlib"
import { arrival } from "./arrival.js"
import { measured } from "./measured.js"

const [baseUrl = "", rows = ""] = process.argv.slice(2)

const { firstRow, report } = arrival()

// The local header of the archive's only entry; the first part always holds all of it.
async function* withoutHeader(archive: AsyncIterable<Uint8Array>) {
  let isHeader = true
  for await (const bytes of archive) {
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    yield isHeader ? bytes.subarray(30 + view.getUint16(26, true) + view.getUint16(28, true)) : bytes
    isHeader = false
  }
}

const client = async (): Promise<number> => {
  const asked = await fetch(`${baseUrl}/v2/export?project=rows-${rows}&format=ndjson`, {
    headers: { apikey: "key", accept: "application/json" }
  })
  const { data } = (await asked.json()) as { readonly data: { readonly exportPath: string } }
  const { body } = await fetch(data.exportPath)
  const inflated = Readable.from(withoutHeader(body as unknown as AsyncIterable<Uint8Array>)).pipe(
    createInflateRaw({ chunkSize: 64 * 1024 })
  )
  const decoder = new StringDecoder("utf8")
  let count = 0
  let rest = ""
  for await (const bytes of inflated) {
    const lines = (rest + decoder.write(bytes)).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) {
      JSON.parse(line)
      if (count++ === 0) firstRow()
    }
  }
  return count
}

await measured(client, report)
