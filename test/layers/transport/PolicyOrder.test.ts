// The order of the policies, and what each protects from: each test fails without its policy.
import { createServer, type IncomingHttpHeaders, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { inspect } from "node:util"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Ango, RateLimit, RetryPolicy, Tasks } from "effect-ango"
import { operations } from "../../../src/api/operations.js"
import { exported, held, recorder } from "../../support/Spans.js"
import { sendThrough, startedCall } from "../../support/Transport.js"
import { canary, scripted } from "../../support/Wire.js"

const taskId = "65aa0000000000000000b001"
const getTask = Effect.flatMap(Tasks, (tasks) => tasks.get(taskId))
const task = () => Response.json({ status: "success", data: { task: { _id: taskId } } })

/** A real server on loopback that records what it receives. */
const listen = (
  answer: (path: string) => { status: number; headers?: Record<string, string>; body?: string }
) =>
  Effect.acquireRelease(
    Effect.async<{ origin: string; received: Array<IncomingHttpHeaders>; server: Server }>((resume) => {
      const received: Array<IncomingHttpHeaders> = []
      const server = createServer((request, response) => {
        received.push(request.headers)
        const { body, headers, status } = answer(request.url ?? "")
        response.writeHead(status, { "content-type": "application/json", ...headers }).end(body)
      })
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        resume(Effect.succeed({ origin: `http://127.0.0.1:${port}`, received, server }))
      })
    }),
    ({ server }) => Effect.async<void>((resume) => void server.close(() => resume(Effect.void)))
  )

const overFetch = (baseUrl: string) =>
  Ango.layer({ apiKey: Redacted.make(canary), baseUrl }).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(RetryPolicy.layer({ attempts: 1 }))
  )

describe("the order", () => {
  it.effect("of a request is rate limit, credential, span, client", () =>
    Effect.gen(function* () {
      const events: Array<string> = []
      const note = (event: string) => Effect.sync(() => void events.push(event))
      const { layer: tracer, spans } = recorder()
      const client = FetchHttpClient.layer.pipe(
        Layer.provide(
          Layer.succeed(FetchHttpClient.Fetch, async () => {
            events.push(
              `send with ${spans.filter((span) => span.kind === "client").length} client spans open`
            )
            return new Response("", { status: 503 })
          })
        )
      )
      const run = Effect.gen(function* () {
        const send = yield* sendThrough(yield* HttpClient.HttpClient, {
          apiKey: Effect.as(note("key"), Redacted.make(canary)),
          limiter: {
            acquire: () => note("rate limit"),
            onResponse: () => note("answered"),
            budget: Effect.succeed(undefined)
          }
        })
        yield* Effect.ignore(
          send(startedCall(operations["tasks.get"]), HttpClientRequest.get("https://hub.example/v2/x"))
        )
      })
      yield* Effect.provide(run, Layer.merge(client, tracer))
      expect(events).toEqual(["rate limit", "key", "send with 1 client spans open", "answered"])
    })
  )

  it.effect("of a call is deadline, retry, and the key is read for each attempt", () =>
    Effect.gen(function* () {
      const keys = ["first-key", "second-key", "third-key"]
      let next = 0
      const hub = scripted([() => new Response("", { status: 503 })], {
        attempts: 3,
        deadline: "1 minute",
        apiKey: Effect.sync(() => Redacted.make(keys[next++] ?? "none"))
      })
      const fiber = yield* Effect.fork(Effect.flip(Effect.provide(getTask, hub.layer)))
      yield* TestClock.adjust("10 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "ServerError" })
      expect(hub.requests.map(({ headers }) => headers.get("apikey"))).toEqual(keys)
    })
  )
})

describe("the platform's redaction lists do not name the header of the key", () => {
  it.effect("spans have method, route, host and status only", () =>
    Effect.gen(function* () {
      const { layer, spans } = recorder()
      const hub = scripted([task])
      yield* Effect.provide(getTask, Layer.merge(hub.layer, layer))
      const http = spans.find((span) => span.kind === "client")
      expect(http?.name).toBe("GET /task/{taskId}")
      expect(Object.fromEntries(http?.attributes ?? [])).toEqual({
        "http.request.method": "GET",
        "http.route": "/task/{taskId}",
        "http.request.resend_count": 0,
        "server.address": "imeritapi.ango.ai",
        "http.response.status_code": 200
      })
      expect(spans.map(({ name }) => name)).toContain("Tasks.get")
      expect(spans.map(held).join("\n")).not.toContain(canary)
      expect(spans.map(exported).join("\n")).not.toMatch(new RegExp(`${taskId}|includeAnswer`))
    })
  )

  it.effect("spans of failures contain neither the platform's error nor the ids of its URL", () =>
    Effect.gen(function* () {
      const { layer, spans } = recorder()
      const hub = scripted([() => Promise.reject(new TypeError("fetch failed"))])
      yield* Effect.ignore(Effect.provide(getTask, Layer.merge(hub.layer, layer)))
      const http = spans.find((span) => span.kind === "client")
      expect(http && exported(http)).toContain("ConnectionFailed")
      expect(spans.map(held).join("\n")).not.toMatch(new RegExp(`${taskId}|includeAnswer|${canary}`))
    })
  )

  it.effect("a failed request does not print the key in any way", () =>
    Effect.gen(function* () {
      const hub = scripted([
        () =>
          Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED", apikey: canary } }))
      ])
      const error = yield* Effect.flip(Effect.provide(getTask, hub.layer))
      expect(error).toMatchObject({ _tag: "ConnectionFailed", phase: "connect" })
      expect(error.message).toContain("ECONNREFUSED")
      const prints = [String(error), JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })]
      expect(prints.join("\n")).not.toContain(canary)
    })
  )
})

describe("fetch follows redirects to another origin and sends the key there", () => {
  it.live("redirects to another origin are not followed", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const thief = yield* listen(() => ({ status: 200, body: "{}" }))
        const hub = yield* listen(() => ({
          status: 302,
          headers: { location: `${thief.origin}/collect?session=s3ss10n` }
        }))
        const error = yield* Effect.flip(Effect.provide(getTask, overFetch(hub.origin)))
        expect(error).toMatchObject({
          _tag: "OriginMismatch",
          reason: "redirect",
          status: 302,
          location: `${thief.origin}/collect`
        })
        expect(error.message).not.toContain("s3ss10n")
        expect(hub.received).toHaveLength(1)
        expect(thief.received).toHaveLength(0)
      })
    )
  )

  it.live("a RequestInit of the user is kept, except for its redirect", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const thief = yield* listen(() => ({ status: 200, body: "{}" }))
        const hub = yield* listen(() => ({ status: 307, headers: { location: thief.origin } }))
        const init = { headers: { "x-team": "vision" }, redirect: "follow" } as const
        const error = yield* Effect.flip(
          Effect.provide(getTask, overFetch(hub.origin)).pipe(
            Effect.provideService(FetchHttpClient.RequestInit, init)
          )
        )
        expect(error).toMatchObject({ _tag: "OriginMismatch", reason: "redirect" })
        expect(hub.received[0]).toMatchObject({ "x-team": "vision" })
        expect(thief.received).toHaveLength(0)
      })
    )
  )

  it.live("a RequestInit that is given to the layer is used, and that of the program comes before it", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const hub = yield* listen(() => ({
          status: 200,
          body: JSON.stringify({ status: "success", data: { task: { _id: taskId } } })
        }))
        const init = (team: string) => ({ headers: { "x-team": team } })
        const layer = overFetch(hub.origin).pipe(
          Layer.provide(Layer.succeed(FetchHttpClient.RequestInit, init("layer")))
        )
        yield* Effect.provide(getTask, layer)
        yield* getTask.pipe(
          Effect.provideService(FetchHttpClient.RequestInit, init("program")),
          Effect.provide(layer)
        )
        expect(hub.received.map((headers) => headers["x-team"])).toEqual(["layer", "program"])
      })
    )
  )

  it.effect("a request to another origin is not sent", () =>
    Effect.gen(function* () {
      const hub = scripted([task])
      const client = yield* Effect.provide(HttpClient.HttpClient, hub.http)
      const send = yield* sendThrough(client, { apiKey: Effect.succeed(Redacted.make(canary)) })
      const call = startedCall(operations["tasks.get"])
      const error = yield* Effect.flip(send(call, HttpClientRequest.get("https://evil.example/v2/x")))
      expect(error).toMatchObject({
        _tag: "OriginMismatch",
        reason: "origin",
        actual: "https://evil.example"
      })
      expect(hub.requests).toHaveLength(0)
      yield* send(call, HttpClientRequest.get("https://hub.example/v2/x"))
      expect(hub.requests[0]?.headers.get("apikey")).toBe(canary)
    })
  )
})

describe("the platform sends trace headers by default", () => {
  it.effect("none is sent within a span", () =>
    Effect.gen(function* () {
      const hub = scripted([task])
      yield* Effect.provide(Effect.withSpan(getTask, "outer"), hub.layer)
      expect([...(hub.requests[0]?.headers.keys() ?? [])].toSorted()).toEqual([
        "accept",
        "accept-encoding",
        "apikey",
        "content-type"
      ])
    })
  )
})

describe("a redaction setting in a layer does not reach the caller's fiber", () => {
  it.effect("a user's client that logs headers does not log the key, and keeps its own redactions", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.replace(
        Logger.defaultLogger,
        Logger.map(Logger.jsonLogger, (line) => void lines.push(line))
      )
      const hub = scripted([task])
      const chatty = Layer.effect(
        HttpClient.HttpClient,
        Effect.map(
          HttpClient.HttpClient,
          HttpClient.tapRequest((request) =>
            Effect.flatMap(Headers.currentRedactedNames, (names) =>
              Effect.log(String(names), JSON.stringify(Headers.redact(request.headers, names)))
            )
          )
        )
      ).pipe(Layer.provide(hub.http))
      const layer = Ango.layer({ apiKey: Redacted.make(canary) }).pipe(
        Layer.provide(chatty),
        Layer.provide(RateLimit.layerOff)
      )
      yield* getTask.pipe(
        Effect.provide(layer),
        Effect.locally(Headers.currentRedactedNames, ["x-mine"]),
        Effect.provide(logger)
      )
      expect(lines.join("\n")).toMatch(/x-mine,apikey.*<redacted>/)
      expect(lines.join("\n")).not.toContain(canary)
    })
  )
})
