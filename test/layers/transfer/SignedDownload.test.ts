// Downloads by pre-signed links: requests, secrecy of the link, and failures of storages and networks.
import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Ango, Exports, RateLimit } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { archiveOf } from "../../support/Archives.js"
import { exportLink } from "../../support/Downloads.js"
import { held } from "../../support/Spans.js"
import { prints, toItsEnd, watch } from "../../support/Watch.js"
import { canary, scripted } from "../../support/Wire.js"

const { projectId } = AngoTest

const rows = Stream.unwrap(
  Effect.map(Exports, (exports) => exports.stream(projectId, { stages: "all", includeHistory: false }))
)
const count = Stream.runCount(rows)
const once = Ango.withRetry({ attempts: 1 })

const breakFiles = (script: Faults.Script) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on("files", script))

const fileRequests = Effect.flatMap(Emulator, (hub) => hub.requests("files"))

/** Moves the clock until a program has ended. */
const advanceUntilDone = <A, E, R>(
  program: Effect.Effect<A, E, R>,
  step: Duration.DurationInput = "1 seconds"
) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(program)
    while (Option.isNone(yield* Fiber.poll(fiber))) yield* TestClock.adjust(step)
    return yield* Fiber.join(fiber)
  })

const hub = AngoTest.layer({ tasks: 12 })

describe("a download", () => {
  it.effect("sends neither the key nor other headers of the client", () =>
    Effect.gen(function* () {
      expect(yield* count).toBe(12)
      const [request, ...others] = yield* fileRequests
      expect(others).toEqual([])
      expect(request).toMatchObject({ method: "GET", hasKey: false })
      const names = Object.keys(request?.headers ?? {})
      const own = ["authorization", "content-type", "accept", "traceparent", "b3", "cookie"]
      expect(names.filter((name) => own.includes(name))).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect("is retried while the storage is busy or does not respond", () =>
    Effect.gen(function* () {
      yield* breakFiles([Faults.fail(503), Faults.reset, Faults.tooManyRequests(), Faults.ok])
      expect(yield* advanceUntilDone(count)).toBe(12)
      expect((yield* fileRequests).length).toBeGreaterThan(2)
    }).pipe(Effect.provide(hub))
  )

  it.effect("follows a redirect to another https link", () =>
    Effect.gen(function* () {
      yield* breakFiles([Faults.redirect(yield* exportLink("&format=ndjson")), Faults.ok])
      expect(yield* count).toBe(12)
      expect((yield* fileRequests).map(({ hasKey }) => hasKey)).toEqual([false, false])
    }).pipe(Effect.provide(hub))
  )
})

const refusals = [
  [
    [Faults.fail(403)],
    { _tag: "TransferError", reason: "link-expired", status: 403 },
    "Request a new export"
  ],
  [
    [Faults.fail(404)],
    { _tag: "TransferError", reason: "link-expired", status: 404 },
    "Request a new export"
  ],
  [
    [Faults.fail(410)],
    { _tag: "TransferError", reason: "link-expired", status: 410 },
    "Request a new export"
  ],
  [[Faults.fail(400)], { _tag: "TransferError", reason: "status", status: 400 }, "status 400"],
  [[Faults.respond(206, "x")], { _tag: "TransferError", reason: "status", status: 206 }, "status 206"],
  [[Faults.fail(500)], { _tag: "ServerError", status: 500 }, "Try again later"],
  [[Faults.tooManyRequests()], { _tag: "RateLimited", status: 429 }, "too many requests"],
  [[Faults.html(200)], { _tag: "ArchiveError", reason: "not-a-zip" }, "not a ZIP archive"],
  [[Faults.emptyBody()], { _tag: "ArchiveError", reason: "truncated" }, "ends"],
  [[Faults.refuse], { _tag: "ConnectionFailed", phase: "connect" }, "no connection"],
  [[Faults.reset], { _tag: "ConnectionFailed", phase: "request" }, "got no response"],
  [[Faults.cutBody(900)], { _tag: "ConnectionFailed", phase: "body" }, "broke off"],
  [[Faults.truncateBody(900)], { _tag: "ArchiveError", reason: "truncated" }, "ends after 900 bytes"],
  [[Faults.redirect("http://storage.example/a?s=1")], { reason: "insecure" }, "must be https"],
  [[Faults.redirect("http://localhost/a?s=1")], { reason: "insecure" }, "must be https"],
  [[Faults.redirect("ftp://storage.example/a")], { reason: "redirect" }, "not a web address"],
  [[Faults.respond(302, "")], { reason: "redirect" }, "without a location"],
  [Faults.repeat(Faults.redirect("?again=yes")), { reason: "redirect" }, "more than 5 redirects"]
] as const

describe("the query string of a link", () => {
  it.effect("is nowhere in errors, logs and spans, for every failure", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const watched = watch(hub)
      const errors: Array<unknown> = []
      const refusing = [
        ...refusals.map(([script]) => script),
        Faults.redirect(`https://storage.example/a?signature=${canary}`),
        Faults.respond(403, canary, { "x-request-id": "a" })
      ]
      const every = Effect.forEach(refusing, (script) =>
        Effect.gen(function* () {
          yield* hub.faults.on("files", script)
          errors.push(yield* Effect.flip(once(count)))
        })
      )
      yield* toItsEnd(
        every.pipe(
          Effect.provide(Layer.provide(watched.client, RateLimit.layerOff)),
          watched.observed,
          Effect.zipRight(Effect.void)
        ),
        watched.progress
      )
      expect(errors).toHaveLength(refusing.length)
      const links = (yield* hub.requests("files")).map(({ url }) => url.split("?")[1] ?? "")
      expect(links.length).toBeGreaterThan(refusals.length)
      const output = [watched.telemetry(), ...watched.spans.map(held), ...errors.flatMap(prints)].join("\n")
      expect(output.length).toBeGreaterThan(1000)
      expect(output).toContain("exports.download")
      expect(links.filter((query) => output.includes(query.slice(-16)))).toEqual([])
      expect(output.includes(canary)).toBe(false)
    }).pipe(Effect.provide(Emulator.layer({ tasks: 12 })))
  )
})

describe("a download that fails", () => {
  it.effect.each(refusals)("%j is a typed error", ([script, expected, words]) =>
    Effect.gen(function* () {
      yield* breakFiles(script)
      const error = yield* advanceUntilDone(Effect.flip(once(count)))
      expect(error).toMatchObject(expected)
      expect(error.message).toContain(words)
      if ("link" in error) expect(error.link).toMatch(/^https?:\/\/[^?#]+$/)
    }).pipe(Effect.provide(hub))
  )

  it.effect("when the link has expired fails, and a new run requests a new link", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(count)
      expect(error).toMatchObject({
        _tag: "TransferError",
        reason: "link-expired",
        operation: "exports.download"
      })
      expect(error.message).toMatch(
        /^The download of the export archive was refused \(403\): the link has expired/
      )
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 12, archives: { downloads: 0 } })))
  )

  it.effect("ends after the idle timeout of a silent body, after emitting the received rows", () =>
    Effect.gen(function* () {
      yield* breakFiles([Faults.stallBody(9000)])
      let seen = 0
      const all = Stream.runForEach(rows, () => Effect.sync(() => void seen++))
      const fiber = yield* Effect.fork(Effect.flip(all))
      while (seen === 0) yield* TestClock.adjust("1 millis")
      yield* TestClock.adjust("29 seconds")
      expect(yield* Fiber.poll(fiber)).toMatchObject({ _tag: "None" })
      yield* TestClock.adjust("1 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "ConnectionFailed", phase: "body" })
      expect(seen).toBeLessThan(12)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 12, archives: { method: "stored" } })))
  )
})

const row = (nth: number) => `{"assetId":"a${nth}","task":{"taskId":"t${nth}"}}\n`
const archive = archiveOf([
  { name: "rows.ndjson", text: Array.from({ length: 10 }, (_, nth) => row(nth)).join(""), method: 0 }
])

const answered = (exportPath: string) => () => Response.json({ status: "success", data: { exportPath } })
const link = answered("https://storage.example/b/a.zip?signature=0123456789")

describe("the body", () => {
  it.effect("emits the first rows before its end, and is cancelled when no more are needed", () =>
    Effect.gen(function* () {
      let isStopped = false
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(archive.subarray(0, 200)),
        cancel: () => {
          isStopped = true
        }
      })
      const { layer } = scripted([link, () => new Response(body)])
      const first = yield* Stream.runCollect(Stream.take(rows, 2)).pipe(Effect.provide(layer))
      expect(Chunk.toReadonlyArray(first).map(({ assetId }) => assetId)).toEqual(["a0", "a1"])
      expect(isStopped).toBe(true)
    })
  )

  it.effect("is cancelled when the program is interrupted", () =>
    Effect.gen(function* () {
      let isStopped = false
      let seen = 0
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(archive.subarray(0, 200)),
        cancel: () => {
          isStopped = true
        }
      })
      const { layer } = scripted([link, () => new Response(body)])
      const fiber = yield* Effect.fork(
        Stream.runForEach(rows, () => Effect.sync(() => void seen++)).pipe(Effect.provide(layer))
      )
      while (seen === 0) yield* TestClock.adjust("1 millis")
      yield* Fiber.interrupt(fiber)
      expect(isStopped).toBe(true)
    })
  )

  it.effect("may take longer than the deadline, which ends when it starts", () =>
    Effect.gen(function* () {
      const clock = yield* Effect.runtime<never>()
      let at = 0
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) =>
          new Promise<void>((resolve) => {
            const wait = Effect.runFork(Effect.provide(Effect.sleep("20 seconds"), clock))
            wait.addObserver(() => {
              controller.enqueue(archive.subarray(at, at + 50))
              at += 50
              if (at >= archive.length) controller.close()
              resolve()
            })
          })
      })
      const { layer } = scripted([link, () => new Response(body)])
      const before = yield* Effect.clockWith((one) => one.currentTimeMillis)
      expect(yield* advanceUntilDone(Effect.provide(count, layer), "20 seconds")).toBe(10)
      expect((yield* Effect.clockWith((one) => one.currentTimeMillis)) - before).toBeGreaterThan(200_000)
    })
  )

  it.effect("must start before the deadline, after redirects and attempts", () =>
    Effect.gen(function* () {
      yield* breakFiles(Faults.repeat(Faults.latency("25 seconds", Faults.redirect("?again=yes"))))
      const error = yield* advanceUntilDone(Effect.flip(Ango.withDeadline(count, "1 minutes")))
      expect(error).toMatchObject({ _tag: "DeadlineExceeded", operation: "exports.download", attempts: 3 })
    }).pipe(Effect.provide(hub))
  )

  it.effect("must have its content-length, unless it has a content encoding", () =>
    Effect.gen(function* () {
      const answer = (headers: Record<string, string>) => () =>
        new Response(archive.slice(), { headers: { "content-length": `${archive.length + 1}`, ...headers } })
      const short = scripted([link, answer({})])
      expect(yield* Effect.flip(Effect.provide(count, short.layer))).toMatchObject({
        _tag: "ArchiveError",
        reason: "truncated",
        offset: archive.length
      })
      const packed = scripted([link, answer({ "content-encoding": "gzip" })])
      expect(yield* Effect.provide(count, packed.layer)).toBe(10)
    })
  )
})

describe("a client that follows redirects by itself", () => {
  it.effect("fails when it ended at an insecure URL", () =>
    Effect.gen(function* () {
      const elsewhere = () =>
        new Response("", { status: 302, headers: { location: "http://storage.example/a" } })
      const { http } = scripted([link, elsewhere, () => new Response(archive.slice())])
      const following = Layer.effect(
        HttpClient.HttpClient,
        Effect.map(HttpClient.HttpClient, HttpClient.followRedirects(3))
      ).pipe(Layer.provide(http))
      const layer = Layer.provide(Ango.layer({ apiKey: Redacted.make("key") }), following)
      const error = yield* Effect.flip(Effect.provide(count, layer))
      expect(error).toMatchObject({
        _tag: "TransferError",
        reason: "insecure",
        link: "http://storage.example/a"
      })
    })
  )
})

describe("a link", () => {
  it.effect.each([
    ["http://storage.example/a.zip?signature=0123456789", "insecure"],
    ["https://me:secret@storage.example/a.zip", "link-invalid"],
    ["data:text/plain,signature=0123456789", "link-invalid"],
    ["/files/a.zip?signature=0123456789", "link-invalid"]
  ] as const)("is not followed if it is not allowed: %s", ([path, reason]) =>
    Effect.gen(function* () {
      const { layer, requests } = scripted([answered(path), () => new Response(archive.slice())])
      const error = yield* Effect.flip(Effect.provide(count, layer))
      expect(error).toMatchObject({ _tag: "TransferError", reason })
      expect(JSON.stringify(error)).not.toMatch(/secret|0123456789/)
      expect(requests).toHaveLength(1)
    })
  )
})
