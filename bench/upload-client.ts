// One client of `bench/upload.ts`, in its own process: uploads files as assets and prints time and memory.
//
//   upload-client.js ours|ours-undici|by-hand <base URL> <files> <bytes of each> <files in flight>
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Ango, FileSource, RateLimit, RowOutcome, Uploads } from "../src/index.js"
import { measured } from "./measured.js"

const [kind = "", baseUrl = "", many = "0", each = "0", inFlight = "16"] = process.argv.slice(2)
const count = Number(many)
const size = Number(each)
const project = "65aa0000000000000000a001"

const part = Uint8Array.from({ length: 64 * 1024 }, (_, index) => index % 251)
// New bytes each time, as from a disk, so that a client which keeps them is noticed.
const read = Effect.sync(() => part.slice())
const small = Uint8Array.from({ length: size > 10_000_000 ? 0 : size }, (_, index) => index % 251)

const sourceOf = (name: string): FileSource.FileSource =>
  small.length === size
    ? FileSource.bytes(small, { name })
    : FileSource.stream(size, () => Stream.take(Stream.repeatEffect(read), size / part.length), { name })

interface Link {
  readonly data: { readonly uploadUrl: string }
}

// The shape of the vendor's SDK: a link and a PUT at a time, neither of them looked at, and one POST at the end.
const byHand = async (): Promise<number> => {
  const headers = { apikey: "key", "content-type": "application/json" }
  const assets: Array<unknown> = []
  for (let index = 0; index < count; index++) {
    const response = await fetch(
      `${baseUrl}/v2/getUploadUrl?name=${index}.jpg&project=${project}&type=assets`,
      { headers }
    )
    const { uploadUrl } = ((await response.json()) as Link).data
    await (await fetch(uploadUrl, { method: "PUT", body: small })).arrayBuffer()
    assets.push({ data: uploadUrl.replace(/\?.*/, ""), externalId: `${index}.jpg` })
  }
  const body = JSON.stringify({ assets, uploadLocal: "true", priority: 0 })
  const made = await fetch(`${baseUrl}/v2/project/${project}/cloud`, { method: "POST", headers, body })
  await made.arrayBuffer()
  return count
}

// Loaded only where it is asked for: it brings an undici of its own, which `fetch` would use as well.
const httpClient = () =>
  kind === "ours"
    ? Promise.resolve(FetchHttpClient.layer)
    : import("@effect/platform-node/NodeHttpClient").then(({ layer, layerUndici }) =>
        kind === "ours-node" ? layer : layerUndici
      )

const ours = async (): Promise<number> =>
  Effect.flatMap(Uploads, (uploads) =>
    uploads
      .files(
        project,
        Stream.range(1, count).pipe(Stream.map((number) => ({ source: sourceOf(`${number}.jpg`) }))),
        { concurrency: Number(inFlight) }
      )
      .pipe(Stream.run(RowOutcome.summarize))
  ).pipe(
    Effect.map(({ created }) => created),
    Effect.provide(
      Ango.layer({ apiKey: Redacted.make("key"), baseUrl }).pipe(
        Layer.provide(RateLimit.layerOff),
        Layer.provide(await httpClient())
      )
    ),
    Effect.runPromise
  )

await measured(kind === "by-hand" ? byHand : ours)
