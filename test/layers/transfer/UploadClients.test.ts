// Uploads over real sockets through every HTTP client of the platform: what is sent and what is stored.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { PCGRandom } from "effect/Utils"
import { Ango, AngoClient, AngoConfig, FileSource, RateLimit, RetryPolicy } from "effect-ango"
import { Emulator, Faults } from "effect-ango/emulator"
import * as Upload from "../../../src/layers/transfer/signedUpload.js"
import { drawn, holds, put, storedFile } from "../../support/Uploads.js"
import { canary } from "../../support/Wire.js"

const clients = {
  fetch: FetchHttpClient.layer,
  "node:http": NodeHttpClient.layer,
  undici: NodeHttpClient.layerUndici
}
const each = Object.entries(clients)

type Http = Layer.Layer<HttpClient.HttpClient>

const policies = Layer.merge(
  RateLimit.layerOff,
  RetryPolicy.layer({ attempts: 3, baseDelay: "5 millis", quota: "off" })
)

/** Runs a program with a hub behind a socket and all services over one of the clients. */
const served = <A, E>(http: Http, program: Effect.Effect<A, E, Ango.Services | Emulator>) =>
  Effect.gen(function* () {
    const hub = yield* Emulator.serve({ tasks: 1, apiKey: Redacted.make(canary) })
    const { apiKey, baseUrl } = hub
    const client = Ango.layer({ apiKey, baseUrl, idleTimeout: "2 seconds" }).pipe(
      Layer.provide(Layer.merge(http, policies))
    )
    return yield* program.pipe(Effect.provide(client), Effect.provideService(Emulator, hub))
  })

/** A server for one request: records the request and sends a response. */
const listening = (status: number) =>
  Effect.acquireRelease(
    Effect.async<{ readonly link: string; readonly seen: Array<string>; readonly close: () => void }>(
      (resume) => {
        const seen: Array<string> = []
        const server = createServer((request, response) => {
          let size = 0
          request.on("data", ({ length }: Buffer) => {
            size += length
          })
          request.on("error", () => seen.push(`broken after ${size > 0 ? "some" : "no"} bytes`))
          request.on("end", () => {
            seen.push(
              [...request.rawHeaders.map((header) => header.toLowerCase()), `${size} bytes`].join(" ")
            )
            response.writeHead(status).end()
          })
        })
        server.listen(0, "127.0.0.1", () => {
          const link = `http://127.0.0.1:${(server.address() as AddressInfo).port}/b/cat.jpg?signature=0123456789`
          const close = () => {
            server.closeAllConnections()
            server.close()
          }
          resume(Effect.succeed({ link, seen, close }))
        })
      }
    ),
    ({ close }) => Effect.sync(close)
  )

const putTo = (http: Http, link: string, source: FileSource.FileSource) =>
  Effect.flatMap(AngoClient.AngoClient, ({ transfer: { guard, policies, sender } }) =>
    Upload.make(sender, { ...policies, guard })(Redacted.make(link), source)
  ).pipe(
    Effect.provide(
      AngoClient.layer.pipe(
        Layer.provide(AngoConfig.layer({ apiKey: Redacted.make(canary), idleTimeout: "2 seconds" })),
        Layer.provide(Layer.merge(http, policies))
      )
    )
  )

const large = drawn(1_500_000)
const endless = Stream.repeatValue(drawn(10_000))

describe.each(each)("through %s", (_, http) => {
  it.scopedLive("a file leaves with its length and its type, never in chunks, and without the key", () =>
    Effect.gen(function* () {
      for (const content of [large, drawn(1000), new Uint8Array(0)]) {
        const { link, seen } = yield* listening(200)
        yield* putTo(http, link, FileSource.bytes(content, { name: "cat.jpg" }))
        expect(seen).toHaveLength(1)
        expect(seen[0]).toContain(`content-length ${content.length}`)
        expect(seen[0]).toContain("content-type image/jpeg")
        expect(seen[0]).toContain(`${content.length} bytes`)
        expect(seen[0]).not.toMatch(/chunked|apikey|c4n4ry|traceparent|b3 /)
      }
    })
  )

  it.scopedLive.each([
    ["shorter", FileSource.stream(2_000_000, () => Stream.make(large))],
    ["shorter", FileSource.stream(2000, () => Stream.make(drawn(1999)))],
    ["longer", FileSource.stream(1_000_000, () => endless)],
    ["longer", FileSource.stream(large.length - 1, () => Stream.make(large))],
    ["longer", FileSource.stream(1000, () => Stream.make(drawn(1001)))],
    [
      "unreadable",
      FileSource.stream(1_000_000, () => Stream.concat(Stream.make(drawn(300_000)), Stream.fail("no")))
    ]
  ] as const)(
    "a source that is %s than its size is a typed error, and never a complete file to the storage",
    ([reason, source]) =>
      Effect.gen(function* () {
        const { link, seen } = yield* listening(200)
        expect(yield* Effect.flip(putTo(http, link, source))).toMatchObject({ _tag: "FileError", reason })
        yield* Effect.sleep("50 millis")
        expect(seen.filter((text) => text.endsWith("0 bytes") || /\d+ bytes$/.test(text))).toEqual([])
        expect(seen.length).toBeLessThan(2)
      })
  )

  it.scopedLive("503 and then 200 stores the whole file", () =>
    served(
      http,
      Effect.gen(function* () {
        const { faults, requests } = yield* Emulator
        yield* faults.on("files", [Faults.fail(503), Faults.afterProcessing(Faults.fail(502)), Faults.ok])
        const { fileUrl } = yield* put(FileSource.bytes(large))
        expect(yield* holds(fileUrl, large)).toBe(true)
        expect((yield* requests("files")).map(({ hasKey }) => hasKey)).toEqual([false, false, false])
      })
    )
  )

  it.scopedLive("a connection that is cut anywhere stores the whole file, or what was there before", () =>
    served(
      http,
      Effect.gen(function* () {
        const { faults, requests } = yield* Emulator
        const random = new PCGRandom(7)
        const source = FileSource.bytes(large)
        const sha256 = yield* FileSource.sha256(source)
        for (let round = 0; round < 12; round++) {
          const [first, second] = [random.integer(large.length), random.integer(large.length)]
          yield* faults.on("files", [Faults.cutUpload(first), Faults.cutUpload(second), Faults.ok])
          expect(yield* storedFile((yield* put(source)).fileUrl)).toMatchObject({ sha256 })
        }
        const stored = (yield* requests("files")).filter(({ upload }) => upload !== undefined)
        expect(stored.map(({ upload }) => upload)).toEqual(
          stored.map(() => ({ isStored: true, size: large.length, sha256 }))
        )
        expect(stored).toHaveLength(12)
      })
    )
  )

  it.scopedLive("a storage elsewhere is followed to, and has the whole file", () =>
    served(
      http,
      Effect.gen(function* () {
        const { faults } = yield* Emulator
        for (const content of [large, drawn(1000)]) {
          yield* faults.on("files", [Faults.redirect("?elsewhere=1", 307), Faults.ok])
          const { fileUrl } = yield* put(FileSource.bytes(content))
          expect(yield* holds(fileUrl, content)).toBe(true)
        }
      })
    )
  )

  it.scopedLive("bytes that were sent are released", () =>
    Effect.gen(function* () {
      const { link, seen } = yield* listening(200)
      const parts = 4_000
      let most = 0
      const part = Effect.sync(() => {
        most = Math.max(most, process.memoryUsage().arrayBuffers)
        return new Uint8Array(100_000).fill(1)
      })
      const before = process.memoryUsage().arrayBuffers
      yield* putTo(
        http,
        link,
        FileSource.stream(parts * 100_000, () => Stream.take(Stream.repeatEffect(part), parts))
      )
      expect(seen[0]).toContain(`${parts * 100_000} bytes`)
      // At most a quarter of the file is in memory; a client that buffered the stream would hold all of it.
      expect(most - before).toBeLessThan((parts * 100_000) / 2)
    })
  )

  it.scopedLive("403 for ever is an expired link after one new link, and nothing is stored", () =>
    served(
      http,
      Effect.gen(function* () {
        const { faults, files, requests } = yield* Emulator
        yield* faults.on("files", Faults.repeat(Faults.fail(403)))
        expect(yield* Effect.flip(put(FileSource.bytes(large)))).toMatchObject({
          _tag: "TransferError",
          reason: "link-expired"
        })
        expect([(yield* requests("uploads.uploadUrl")).length, (yield* files).size]).toEqual([2, 0])
      })
    )
  )

  it.scopedLive("a storage that reads no more ends the upload after the idle timeout", () =>
    served(
      http,
      Effect.gen(function* () {
        const { faults, files } = yield* Emulator
        yield* faults.on("files", Faults.repeat(Faults.stallUpload(100_000)))
        const source = FileSource.stream(10 ** 9, () => endless)
        const error = yield* Effect.flip(Ango.withRetry(put(source), { attempts: 1 }))
        expect(error).toMatchObject({ _tag: "ConnectionFailed", phase: "request" })
        expect((yield* files).size).toBe(0)
      })
    )
  )

  it.scopedLive("an interruption closes the connection and the source", () =>
    Effect.gen(function* () {
      const { link, seen } = yield* listening(200)
      let open = 0
      const source = FileSource.stream(10 ** 9, () =>
        Stream.acquireRelease(
          Effect.sync(() => void open++),
          () => Effect.sync(() => void open--)
        ).pipe(Stream.flatMap(() => endless))
      )
      const fiber = yield* Effect.fork(putTo(http, link, source))
      yield* Effect.repeat(Effect.sleep("10 millis"), { until: () => open > 0, times: 200 })
      yield* Effect.sleep("50 millis")
      yield* Fiber.interrupt(fiber)
      yield* Effect.repeat(Effect.sleep("10 millis"), {
        until: () => seen.length > 0 && open === 0,
        times: 300
      })
      expect([open, seen]).toEqual([0, ["broken after some bytes"]])
    })
  )
})
