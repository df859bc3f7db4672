// Exports over real sockets, with each HTTP client of the platform.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Ango, type ExportRow, Exports } from "effect-ango"
import { AngoTest, type ArchiveOptions, Emulator, type EmulatorService, Faults } from "effect-ango/emulator"
import { archiveOf } from "../support/Archives.js"
import { readZip } from "../support/ReadZip.js"

const { projectId } = AngoTest

const clients: Readonly<Record<string, Layer.Layer<HttpClient.HttpClient>>> = {
  fetch: FetchHttpClient.layer,
  "Node http": NodeHttpClient.layer,
  undici: NodeHttpClient.layerUndici
}

type To = Pick<EmulatorService, "apiKey" | "baseUrl">

const over = ({ apiKey, baseUrl }: To, http = FetchHttpClient.layer) =>
  Ango.layer({ apiKey, baseUrl, idleTimeout: "1 seconds" }).pipe(Layer.provide(http))

const stream = (format: "json" | "ndjson" | "split" = "ndjson") =>
  Stream.unwrap(Effect.map(Exports, (exports) => exports.stream(projectId, { format, stages: "all" })))

const collect = (hub: To, http?: Layer.Layer<HttpClient.HttpClient>) =>
  Effect.provide(
    Effect.forEach(["json", "ndjson", "split"] as const, (format) =>
      Effect.map(Stream.runCollect(stream(format)), Chunk.toReadonlyArray)
    ),
    over(hub, http)
  )

/** The rows of an export, by another HTTP client and another ZIP reader. */
const expectedOf = ({ apiKey, baseUrl }: To) =>
  Effect.promise(async (): Promise<ReadonlyArray<unknown>> => {
    const headers = { apikey: Redacted.value(apiKey) }
    const response = await fetch(`${baseUrl}/export?project=${projectId}`, { headers })
    const { data } = (await response.json()) as { readonly data: { readonly exportPath: string } }
    const zip = new Uint8Array(await (await fetch(data.exportPath)).arrayBuffer())
    return readZip(zip).flatMap(({ text }) => JSON.parse(text))
  })

const variants: ReadonlyArray<ArchiveOptions> = (["stored", "deflated"] as const).flatMap((method) =>
  (["after", "before"] as const).flatMap((sizes) =>
    (["auto", "always"] as const).map((zip64) => ({ method, sizes, zip64 }))
  )
)

describe("rows over a socket", () => {
  it.scopedLive.each(variants)("are those of the archive: %j", (archives) =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 60, archives })
      const expected = yield* expectedOf(hub)
      expect(expected).toHaveLength(60)
      for (const rows of yield* collect(hub)) expect(rows).toEqual(expected)
    })
  )

  it.scopedLive.each(Object.keys(clients))("arrive through %s, which sends the key only to the hub", (name) =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 60 })
      const expected = yield* expectedOf(hub)
      for (const rows of yield* collect(hub, clients[name])) expect(rows).toEqual(expected)
      const files = yield* hub.requests("files")
      expect(files.length).toBeGreaterThan(3)
      expect(files.filter(({ hasKey }) => hasKey)).toEqual([])
    })
  )

  it.scopedLive.each(Object.keys(clients))(
    "never end early without an error, when the socket is cut or the archive ends at many bytes (%s)",
    (name) =>
      Effect.gen(function* () {
        const hub = yield* Emulator.serve({ tasks: 20, archives: { method: "stored" } })
        const expected = yield* expectedOf(hub)
        const length = Buffer.byteLength(expected.map((row) => `${JSON.stringify(row)}\n`).join(""))
        const client = yield* Layer.build(over(hub, clients[name]))
        const places = Array.from({ length: 25 }, (_, nth) => Math.floor((nth * length) / 24))
        for (const at of places) {
          for (const fault of [Faults.cutBody(at), Faults.truncateBody(at)]) {
            yield* hub.faults.on("files", [fault])
            const seen: Array<ExportRow.ExportRow> = []
            const error = yield* Effect.flip(
              Stream.runForEach(stream(), (row) => Effect.sync(() => void seen.push(row)))
            ).pipe(Ango.withRetry({ attempts: 1 }), Effect.provide(client))
            expect(["ArchiveError", "ConnectionFailed"]).toContain(error._tag)
            expect(seen).toEqual(expected.slice(0, seen.length))
          }
        }
      })
  )

  it.scopedLive("arrive before a fiftieth of the archive was downloaded", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 3000, archives: { method: "stored" } })
      const size = Buffer.byteLength(JSON.stringify(yield* expectedOf(hub)))
      yield* hub.faults.on("files", [Faults.stallBody(Math.floor(size / 50))])
      const first = yield* Effect.provide(Stream.runCollect(Stream.take(stream(), 5)), over(hub))
      expect(Chunk.size(first)).toBe(5)
    })
  )
})

// A hub and a storage whose archive never ends; `gone` completes when the client disconnects.
const endless = Effect.gen(function* () {
  const gone = yield* Deferred.make<void>()
  const archive = archiveOf([
    { name: "a.ndjson", text: '{"assetId":"a","task":{"taskId":"t"}}\n'.repeat(1000), method: 0 }
  ])
  const baseUrl = yield* Effect.acquireRelease(
    Effect.async<{ readonly url: string; readonly close: () => void }>((resume) => {
      const server = createServer((request, response) => {
        if (request.url?.startsWith("/v2/") === true) {
          const exportPath = `http://${request.headers.host}/a.zip?signature=1`
          response.writeHead(200, { "content-type": "application/json" })
          response.end(JSON.stringify({ status: "success", data: { exportPath } }))
        } else {
          response.on("close", () => Effect.runFork(Deferred.succeed(gone, undefined)))
          response.writeHead(200, { "content-length": archive.length })
          response.write(archive.subarray(0, 5000))
        }
      })
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        const close = () => {
          server.closeAllConnections()
          server.close()
        }
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}`, close }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )
  return { hub: { apiKey: Redacted.make("key"), baseUrl: baseUrl.url }, gone }
})

describe("the socket is closed", () => {
  it.scopedLive.each(Object.keys(clients))("when the program is interrupted (%s)", (name) =>
    Effect.gen(function* () {
      const { gone, hub } = yield* endless
      const seen = yield* Deferred.make<void>()
      const fiber = yield* Stream.runForEach(stream(), () => Deferred.succeed(seen, undefined)).pipe(
        Ango.withIdleTimeout("1 minutes"),
        Effect.provide(over(hub, clients[name])),
        Effect.fork
      )
      yield* Deferred.await(seen)
      expect(yield* Deferred.isDone(gone)).toBe(false)
      yield* Fiber.interrupt(fiber)
      yield* Effect.timeout(Deferred.await(gone), "2 seconds")
    })
  )

  it.scopedLive.each(Object.keys(clients))("when the stream is not read to its end (%s)", (name) =>
    Effect.gen(function* () {
      const { gone, hub } = yield* endless
      const all = Effect.provide(Stream.runCount(Stream.take(stream(), 3)), over(hub, clients[name]))
      expect(yield* all).toBe(3)
      yield* Effect.timeout(Deferred.await(gone), "2 seconds")
    })
  )
})
