// The errors are the same with every HTTP client: fetch, Node's http, undici, and customized ones.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango, RetryPolicy, Tasks } from "effect-ango"
import { block, bodyOf, golden, scripted } from "../../support/Wire.js"

const taskId = "65aa0000000000000000b001"
const getTask = Effect.flatMap(Tasks, (tasks) => tasks.get(taskId))
const { responses } = golden("errors")

const serve = (status: number, body: string, headers: Record<string, string> = {}) =>
  Effect.acquireRelease(
    Effect.async<{ readonly baseUrl: string; readonly sent: () => number; readonly close: () => void }>(
      (resume) => {
        let sent = 0
        const server = createServer((_, response) => {
          sent++
          response.writeHead(status, { "content-type": "application/json", ...headers }).end(body)
        })
        server.listen(0, "127.0.0.1", () => {
          const { port } = server.address() as AddressInfo
          const close = () => {
            server.closeAllConnections()
            server.close()
          }
          resume(Effect.succeed({ baseUrl: `http://127.0.0.1:${port}`, sent: () => sent, close }))
        })
      }
    ),
    ({ close }) => Effect.sync(close)
  )

const over = (baseUrl: string, http: Layer.Layer<HttpClient.HttpClient>) =>
  Ango.layer({ apiKey: Redacted.make("key"), baseUrl }).pipe(
    Layer.provide(http),
    Layer.provide(RetryPolicy.layer({ attempts: 2, baseDelay: "1 millis" }))
  )

const clients = {
  fetch: FetchHttpClient.layer,
  "Node http": NodeHttpClient.layer,
  undici: NodeHttpClient.layerUndici
}

const cases = [
  ["200-html-page", "MalformedResponse", { reason: "html" }, 2],
  ["200-empty-body", "MalformedResponse", { reason: "empty" }, 2],
  ["200-truncated-json", "MalformedResponse", { reason: "truncated" }, 2],
  ["200-status-fail", "BadRequest", { status: 200 }, 1],
  ["200-without-data", "DecodeError", { status: 200 }, 1]
] as const

describe("an unusable response", () => {
  for (const [client, http] of Object.entries(clients)) {
    it.scopedLive.each(cases)(`is the same error over ${client}: %s`, ([name, tag, details, sent]) =>
      Effect.gen(function* () {
        const hub = yield* serve(200, bodyOf(block(responses, name)))
        const error = yield* Effect.flip(Effect.provide(getTask, over(hub.baseUrl, http)))
        expect(error).toMatchObject({ _tag: tag, ...details })
        expect(hub.sent()).toBe(sent)
      })
    )
  }
})

describe("a customized client", () => {
  const wrapped = (f: (client: HttpClient.HttpClient) => HttpClient.HttpClient) =>
    Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, f)).pipe(
      Layer.provide(FetchHttpClient.layer)
    )

  it.scopedLive("that refuses statuses by itself does not hide what they were", () =>
    Effect.gen(function* () {
      const hub = yield* serve(401, '{"status":"fail","message":"Invalid API KEY"}')
      const strict = wrapped(HttpClient.filterStatusOk)
      const error = yield* Effect.flip(Effect.provide(getTask, over(hub.baseUrl, strict)))
      expect(error).toMatchObject({ _tag: "Unauthorized", vendorMessage: "Invalid API KEY" })
      expect(hub.sent()).toBe(1)
    })
  )

  it.scopedLive("that follows redirects by itself is found out", () =>
    Effect.gen(function* () {
      const elsewhere = yield* serve(200, `{"status":"success","data":{"task":{"_id":"${taskId}"}}}`)
      const hub = yield* serve(302, "", { location: `${elsewhere.baseUrl}/v2/task/${taskId}` })
      const follower = Layer.effect(
        HttpClient.HttpClient,
        Effect.map(HttpClient.HttpClient, HttpClient.followRedirects(3))
      ).pipe(Layer.provide(NodeHttpClient.layer))
      const error = yield* Effect.flip(Effect.provide(getTask, over(hub.baseUrl, follower)))
      expect(error).toMatchObject({ _tag: "OriginMismatch", reason: "redirect" })
    })
  )
})

describe("the effect that yields the key", () => {
  const secret = "5ecret-in-the-vault"
  it.effect.each([
    ["fails", Effect.fail(new Error(`the vault said ${secret}`)), "(Error)"],
    ["fails with a tag", Effect.fail({ _tag: "VaultSealed", value: secret }), "(VaultSealed)"],
    ["dies", Effect.die(new TypeError(secret)), "(TypeError)"],
    ["yields an empty key", Effect.succeed(Redacted.make("")), "empty"],
    ["yields no text", Effect.succeed(Redacted.make(undefined as unknown as string)), "Redacted string"],
    ["yields a bare text", Effect.succeed(secret as unknown as Redacted.Redacted), "Redacted string"]
  ] as const)("%s: nothing is sent, and its value is not quoted", ([, apiKey, words]) =>
    Effect.gen(function* () {
      const hub = scripted([() => new Response("{}")], { apiKey })
      const error = yield* Effect.flip(Effect.provide(getTask, hub.layer))
      expect(error).toMatchObject({ _tag: "CredentialUnavailable", operation: "tasks.get" })
      expect(error.message).toContain(words)
      expect(String(error) + JSON.stringify(error)).not.toContain(secret)
      expect(hub.requests).toHaveLength(0)
    })
  )
})

describe("undocumented responses", () => {
  it.effect.each([304, 405, 418])("status %d is an UnexpectedStatus", (status) =>
    Effect.gen(function* () {
      const hub = scripted([() => new Response(status === 304 ? null : "{}", { status })])
      expect(yield* Effect.flip(Effect.provide(getTask, hub.layer))).toMatchObject({
        _tag: "UnexpectedStatus",
        status
      })
    })
  )

  it.effect("JSON nested more deeply than the stack is a DecodeError", () =>
    Effect.gen(function* () {
      const depth = 100_000
      const deep = `{"status":"success","data":{"task":{"_id":"${taskId}","project":{"_id":"p1","x":${"[".repeat(depth)}${"]".repeat(depth)}}}}}`
      const hub = scripted([() => new Response(deep)])
      expect(yield* Effect.flip(Effect.provide(getTask, hub.layer))).toMatchObject({ _tag: "DecodeError" })
    })
  )

  it.effect("a key of another user in a populated project or asset is dropped", () =>
    Effect.gen(function* () {
      const user = { email: "a@x.example", apiKey: "SOMEBODYS-KEY", privateKey: "SOMEBODYS-OTHER" }
      const task = { _id: taskId, project: { _id: "p1", user }, asset: { _id: "e1", owner: user } }
      const hub = scripted([() => Response.json({ status: "success", data: { task } })])
      const text = JSON.stringify(yield* Effect.provide(getTask, hub.layer))
      expect(text).toContain("a@x.example")
      expect(text).not.toContain("SOMEBODYS")
    })
  )
})
