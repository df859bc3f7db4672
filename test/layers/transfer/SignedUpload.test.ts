// Uploads by pre-signed links: requests, secrecy of the link, and failures of storages and networks.
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Ango, FileSource, RateLimit, Uploads } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { held } from "../../support/Spans.js"
import { atOnce, drawn, holds, put, storedFile } from "../../support/Uploads.js"
import { prints, toItsEnd, watch } from "../../support/Watch.js"
import { canary, scripted } from "../../support/Wire.js"

const { projectId } = AngoTest

const once = Ango.withRetry({ attempts: 1 })

const breakFiles = (script: Faults.Script) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on("files", script))

const fileRequests = Effect.flatMap(Emulator, (hub) => hub.requests("files"))

const large = drawn(400_000)
const cat = FileSource.bytes(large, { name: "cat.jpg" })
const small = FileSource.bytes(drawn(1000), { name: "small.png" })

const hub = AngoTest.layer({ tasks: 1 })

describe("an upload", () => {
  it.effect(
    "sends the length and the type of the file, and neither the key nor other headers of the client",
    () =>
      Effect.gen(function* () {
        for (const source of [cat, small, FileSource.bytes(new Uint8Array(0), { name: "none.txt" })]) {
          const { externalId, size } = yield* put(source)
          expect([externalId, size]).toEqual([source.name, source.size])
          const request = (yield* fileRequests).at(-1)
          expect(request).toMatchObject({
            method: "PUT",
            hasKey: false,
            headers: { "content-length": String(source.size), "content-type": source.contentType },
            upload: { size: source.size, sha256: yield* FileSource.sha256(source), isStored: true }
          })
          const names = Object.keys(request?.headers ?? {})
          const own = ["authorization", "accept", "traceparent", "b3", "cookie", "transfer-encoding"]
          expect(names.filter((name) => own.includes(name))).toEqual([])
        }
      }).pipe(Effect.provide(hub))
  )

  it.effect("is stored byte for byte under a unique name with its extension", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* put(cat), yield* put(cat)]
      expect(one.fileUrl).toMatch(/\/assets\/[0-9a-f]{32}\.jpg$/)
      expect(other.fileUrl).not.toBe(one.fileUrl)
      expect(yield* holds(one.fileUrl, large)).toBe(true)
      expect((yield* storedFile(one.fileUrl))?.contentType).toBe("image/jpeg")
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([503, 500, 408, 429] as const)("stores the whole file after %s and then 200", (status) =>
    Effect.gen(function* () {
      for (const source of [cat, small]) {
        yield* breakFiles([Faults.fail(status), Faults.ok])
        const { fileUrl } = yield* atOnce(put(source))
        expect(yield* storedFile(fileUrl)).toMatchObject({ sha256: yield* FileSource.sha256(source) })
      }
    }).pipe(Effect.provide(hub))
  )

  it.effect("is sent again from the first byte after its connection is reset", () =>
    Effect.gen(function* () {
      let opened = 0
      const source = FileSource.stream(large.length, () => {
        opened++
        return Stream.make(large)
      })
      yield* breakFiles([Faults.cutUpload(300_000), Faults.reset, Faults.ok])
      const { fileUrl } = yield* atOnce(put(source))
      expect(yield* holds(fileUrl, large)).toBe(true)
      expect(opened).toBe(3)
      expect((yield* fileRequests).map(({ upload }) => upload)).toEqual([
        undefined,
        expect.objectContaining({ isStored: true, size: large.length })
      ])
    }).pipe(Effect.provide(hub))
  )

  it.effect("waits for the Retry-After of a busy storage", () =>
    Effect.gen(function* () {
      yield* breakFiles([Faults.tooManyRequests({ retryAfter: "40 seconds" }), Faults.ok])
      const before = yield* Clock.currentTimeMillis
      yield* atOnce(put(cat))
      expect((yield* Clock.currentTimeMillis) - before).toBeGreaterThanOrEqual(40_000)
    }).pipe(Effect.provide(hub))
  )

  it.effect("reports its progress, from the first byte again when it is sent again", () =>
    Effect.gen(function* () {
      const progress: Array<number> = []
      yield* breakFiles([Faults.cutUpload(350_000), Faults.ok])
      yield* atOnce(
        put(cat, {
          onProgress: ({ sent, size }) =>
            Effect.sync(() => void progress.push(size === large.length ? sent : -1))
        })
      )
      const again = progress.findIndex((sent, index) => index > 0 && sent < (progress[index - 1] ?? 0))
      expect(again).toBeGreaterThan(0)
      expect(progress[again]).toBeLessThanOrEqual(65_536)
      expect(progress.slice(again)).toEqual(progress.slice(again).toSorted((a, b) => a - b))
      expect([Math.min(...progress) > 0, progress.at(-1)]).toEqual([true, large.length])
    }).pipe(Effect.provide(hub))
  )

  it.effect("follows redirects that keep the method", () =>
    Effect.gen(function* () {
      const uploads = yield* Uploads
      const other = yield* uploads.uploadUrl(projectId, { name: "other.jpg", type: "assets" })
      for (const status of [307, 308]) {
        yield* breakFiles([Faults.redirect(Redacted.value(other.uploadUrl), status), Faults.ok])
        yield* put(cat)
        expect(yield* holds(other.fileUrl, large)).toBe(true)
        yield* Effect.map(Emulator, ({ state }) => state.files.clear())
      }
      expect((yield* fileRequests).map(({ hasKey }) => hasKey)).toEqual([false, false, false, false])
    }).pipe(Effect.provide(hub))
  )
})

const refusals = [
  [[Faults.fail(411)], { _tag: "TransferError", reason: "length-required", status: 411 }, "another client"],
  [[Faults.fail(400)], { _tag: "TransferError", reason: "status", status: 400 }, "(400)"],
  [[Faults.fail(412)], { _tag: "TransferError", reason: "status", status: 412 }, "not stored"],
  [[Faults.fail(503)], { _tag: "ServerError", status: 503 }, "Try again later"],
  [[Faults.tooManyRequests()], { _tag: "RateLimited", status: 429 }, "too many requests"],
  [[Faults.emptyBody()], { _tag: "TransferError", reason: "incomplete", status: 200 }, "of 400000 bytes"],
  [[Faults.refuse], { _tag: "ConnectionFailed", phase: "connect" }, "no connection"],
  [[Faults.reset], { _tag: "ConnectionFailed", phase: "request" }, "got no response"],
  [[Faults.cutUpload(1)], { _tag: "ConnectionFailed", phase: "request" }, "got no response"],
  [[Faults.redirect("http://storage.example/a?s=1", 307)], { reason: "insecure" }, "must be https"],
  [[Faults.redirect("ftp://storage.example/a", 307)], { reason: "redirect" }, "not a web address"],
  [[Faults.redirect("https://storage.example/a", 302)], { reason: "redirect", status: 302 }, "307 and 308"],
  [[Faults.redirect("https://storage.example/a", 303)], { reason: "redirect", status: 303 }, "307 and 308"],
  [[Faults.respond(307, "")], { reason: "redirect", status: 307 }, "with a location"],
  [Faults.repeat(Faults.redirect("?again=yes", 307)), { reason: "redirect" }, "more than 5 redirects"]
] as const

describe("an upload that fails", () => {
  it.effect.each(refusals)("%j is a typed error, and nothing is stored", ([script, expected, words]) =>
    Effect.gen(function* () {
      const { files } = yield* Emulator
      yield* breakFiles(script)
      const error = yield* atOnce(Effect.flip(once(put(cat))))
      expect(error).toMatchObject(expected)
      expect(error.message).toContain(words)
      if ("link" in error) expect(error.link).toMatch(/^https?:\/\/[^?#]+$/)
      expect((yield* files).size).toBe(0)
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([403, 404, 410])("with %s requests a new link, once", (status) =>
    Effect.gen(function* () {
      const { requests } = yield* Emulator
      yield* breakFiles([Faults.fail(status), Faults.ok])
      expect(yield* holds((yield* put(cat)).fileUrl, large)).toBe(true)
      yield* breakFiles(Faults.repeat(Faults.fail(status)))
      const error = yield* Effect.flip(put(cat))
      expect(error).toMatchObject({
        _tag: "TransferError",
        reason: "link-expired",
        status,
        operation: "uploads.put"
      })
      expect(error.message).toContain("Request a new link")
      expect([(yield* requests("uploads.uploadUrl")).length, (yield* fileRequests).length]).toEqual([4, 4])
    }).pipe(Effect.provide(hub))
  )

  it.effect("gets a new link when its link has expired on the hub's clock", () =>
    Effect.gen(function* () {
      yield* breakFiles([Faults.latency("2 minutes"), Faults.ok])
      const { fileUrl } = yield* atOnce(Ango.withIdleTimeout(put(cat), "1 hour"))
      expect((yield* fileRequests).map(({ upload }) => upload?.isStored)).toEqual([undefined, true])
      expect((yield* storedFile(fileUrl))?.size).toBe(large.length)
    }).pipe(
      Effect.provide(AngoTest.layer({ tasks: 1, deadline: "1 hour", uploads: { expiresAfter: "1 minute" } }))
    )
  )
})

describe("a link", () => {
  it.effect.each([
    ["http://storage.example/a.jpg?signature=0123456789", "insecure"],
    ["https://me:secret@storage.example/a.jpg", "link-invalid"],
    ["data:text/plain,signature=0123456789", "link-invalid"],
    ["/files/a.jpg?signature=0123456789", "link-invalid"]
  ] as const)("is not followed if it is not allowed: %s", ([uploadUrl, reason]) =>
    Effect.gen(function* () {
      const link = () => Response.json({ status: "success", data: { uploadUrl } })
      const { layer, requests } = scripted([link, () => new Response("")])
      const error = yield* Effect.flip(Effect.provide(put(small), layer))
      expect(error).toMatchObject({ _tag: "TransferError", reason })
      expect(JSON.stringify(error)).not.toMatch(/secret|0123456789/)
      expect(requests).toHaveLength(1)
    })
  )

  it.effect("is nowhere in errors, logs and spans, for every failure, and neither is the file", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const watched = watch(hub)
      const errors: Array<unknown> = []
      const content = new TextEncoder().encode(canary.repeat(20_000))
      const refusing = [
        ...refusals.map(([script]) => script),
        Faults.repeat(Faults.fail(403)),
        [Faults.redirect(`https://storage.example/a?signature=${canary}`, 308), Faults.reset],
        Faults.respond(500, canary, { "x-request-id": "a" })
      ]
      const every = Effect.forEach(refusing, (script) =>
        Effect.gen(function* () {
          yield* hub.faults.on("files", script)
          const file = put(FileSource.bytes(content, { name: "cat.jpg" }))
          errors.push(yield* Effect.map(Effect.either(once(file)), Either.flip))
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
      expect(links.length).toBeGreaterThan(10)
      const all = [watched.telemetry(), ...watched.spans.map(held), ...errors.flatMap(prints)].join("\n")
      expect(all.length).toBeGreaterThan(1000)
      expect(all).toContain("uploads.put")
      expect(links.filter((query) => all.includes(query.slice(-16)))).toEqual([])
      expect(all.includes(canary.slice(0, 20))).toBe(false)
    }).pipe(Effect.provide(Emulator.layer({ tasks: 1 })))
  )
})
