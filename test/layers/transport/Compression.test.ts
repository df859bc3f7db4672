// Responses are asked for compressed, and read whoever decompresses them.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { gunzipSync, gzipSync } from "node:zlib"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango, RetryPolicy, Tasks } from "effect-ango"
import { decompress, gunzipOf } from "../../../src/layers/transport/compression.js"
import { scripted } from "../../support/Wire.js"

const id = "65aa0000000000000000b001"
const json = JSON.stringify({ status: "success", data: { task: { _id: id, externalId: "Größe" } } })
const getTask = Effect.flatMap(Tasks, (tasks) => tasks.get(id))

/** A hub that compresses for clients that ask for it, with or without the length of its body. */
const hub = (hasLength: boolean) =>
  Effect.acquireRelease(
    Effect.async<{ readonly baseUrl: string; readonly asked: Array<string | undefined>; close: () => void }>(
      (resume) => {
        const asked: Array<string | undefined> = []
        const server = createServer((request, response) => {
          const accepted = String(request.headers["accept-encoding"])
          asked.push(accepted)
          const body = accepted.includes("gzip") ? gzipSync(json) : Buffer.from(json)
          response.writeHead(200, {
            "content-type": "application/json",
            ...(accepted.includes("gzip") ? { "content-encoding": "gzip" } : {}),
            ...(hasLength ? { "content-length": body.length } : {})
          })
          response.end(body)
        })
        server.listen(0, "127.0.0.1", () => {
          const { port } = server.address() as AddressInfo
          resume(
            Effect.succeed({ baseUrl: `http://127.0.0.1:${port}`, asked, close: () => void server.close() })
          )
        })
      }
    ),
    ({ close }) => Effect.sync(close)
  )

const clients = [
  ["fetch", FetchHttpClient.layer],
  ["undici", NodeHttpClient.layerUndici],
  ["node:http", NodeHttpClient.layer]
] as const

describe("a compressed response", () => {
  it.scopedLive.each(
    clients.flatMap(([name, http]) => [true, false].map((length) => ({ name, http, length })))
  )("is read over $name, with its length: $length", ({ http, length }) =>
    Effect.gen(function* () {
      const { asked, baseUrl } = yield* hub(length)
      const layer = Ango.layer({ apiKey: Redacted.make("key"), baseUrl }).pipe(Layer.provide(http))
      expect(yield* Effect.provide(getTask, layer)).toMatchObject({ id, externalId: "Größe" })
      expect(asked).toEqual(["gzip"])
    })
  )

  it.effect.each([
    ["as it was sent", gzipSync(json)],
    ["decompressed by the client, which leaves the header", Buffer.from(json)]
  ] as const)("is read %s", ([, body]) =>
    Effect.gen(function* () {
      const { layer } = scripted([
        () => new Response(new Uint8Array(body), { headers: { "content-encoding": "gzip" } })
      ])
      expect(yield* Effect.provide(getTask, layer)).toMatchObject({ id })
    })
  )

  it.effect("that is damaged is a malformed response, and is requested again", () =>
    Effect.gen(function* () {
      const damaged = new Uint8Array(gzipSync(json)).fill(0, 20)
      const { layer, requests } = scripted([
        () => new Response(damaged, { headers: { "content-encoding": "gzip" } }),
        () => new Response(json)
      ])
      expect(yield* Effect.flip(Effect.provide(getTask, layer))).toMatchObject({ _tag: "MalformedResponse" })
      expect(requests).toHaveLength(1)
    }).pipe(Effect.provide(RetryPolicy.layer({ attempts: 1 })))
  )
})

describe("decompression", () => {
  it.live.each([
    ["with zlib", globalThis],
    ["with a stream", {}]
  ] as const)("is the same %s", ([, runtime]) =>
    Effect.promise(async () => {
      const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) % 251)
      expect(Buffer.from(await gunzipOf(runtime)(gzipSync(bytes))).equals(bytes)).toBe(true)
      await expect(gunzipOf(runtime)(gzipSync(bytes).subarray(0, 100))).rejects.toBeDefined()
    })
  )

  it.live("leaves every other encoding as it is", () =>
    Effect.gen(function* () {
      const bytes = gzipSync(json)
      expect(yield* decompress({}, bytes)).toBe(bytes)
      expect(yield* decompress({ "content-encoding": "br" }, bytes)).toBe(bytes)
      expect(gunzipSync(bytes).toString()).toBe(json)
    })
  )
})
