// Signed links: they give access, and never appear in logs and errors.
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import { Exports, Uploads } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { held, recorder } from "../support/Spans.js"

const { projectId } = AngoTest

const fetched = (url: string, init?: RequestInit) =>
  Effect.flatMap(Emulator, (hub) => Effect.promise(() => hub.fetch(url, init)))

const target = (name: string) =>
  Effect.flatMap(Uploads, (uploads) => uploads.uploadUrl(projectId, { name, type: "assets" }))

describe("uploads", () => {
  it.effect("a file is written without a key, and read back from a signed link", () =>
    Effect.gen(function* () {
      const uploads = yield* Uploads
      const { fileUrl, uploadUrl } = yield* target('Käfer & "Co" #1?.jpg')
      const link = Redacted.value(uploadUrl)
      expect(link.startsWith(`${fileUrl}?`)).toBe(true)
      expect(new URL(link).search).toMatch(/[0-9a-f]{32}$/)
      const put = yield* fetched(link, {
        method: "PUT",
        body: "purr",
        headers: { "content-type": "text/plain" }
      })
      expect(put.status).toBe(200)
      const signed = yield* uploads.signedUrl(projectId, { url: fileUrl })
      const downloaded = yield* fetched(Redacted.value(signed))
      expect([
        downloaded.status,
        downloaded.headers.get("content-type"),
        yield* Effect.promise(() => downloaded.text())
      ]).toEqual([200, "text/plain", "purr"])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("a link is valid for one file and one direction", () =>
    Effect.gen(function* () {
      const [one, other] = yield* Effect.all([target("one.jpg"), target("other.jpg")])
      const link = Redacted.value(one.uploadUrl)
      const token = new URL(link).search
      expect(new URL(Redacted.value(other.uploadUrl)).search).not.toBe(token)
      const statuses = yield* Effect.forEach(
        [
          [`${other.fileUrl}${token}`, "PUT"],
          [one.fileUrl, "PUT"],
          [link, "GET"]
        ] as const,
        ([url, method]) => Effect.map(fetched(url, { method }), ({ status }) => status)
      )
      expect(statuses).toEqual([403, 403, 403])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with NotFound for an unknown project, and with Forbidden without permission", () =>
    Effect.gen(function* () {
      const [hub, uploads] = yield* Effect.all([Emulator, Uploads])
      expect(yield* Effect.flip(uploads.uploadUrl("x1", { name: "a" }))).toMatchObject({ _tag: "NotFound" })
      expect(yield* Effect.flip(uploads.signedUrl("x1", { url: "https://files.example/a" }))).toMatchObject({
        _tag: "NotFound"
      })
      yield* hub.faults.on("uploads.uploadUrl", [Faults.fail(403)])
      expect(yield* Effect.flip(uploads.uploadUrl(projectId, { name: "a" }))).toMatchObject({
        _tag: "Forbidden"
      })
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([".", "..", "../cat.jpg", "a/./b.jpg", "a\\..\\b.jpg"])(
    "refuses the name %j before any request: its link would point to another file",
    (name) =>
      Effect.gen(function* () {
        const [hub, uploads] = yield* Effect.all([Emulator, Uploads])
        const error = yield* Effect.flip(uploads.uploadUrl(projectId, { name }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "name" })
        expect(error.message).toContain('without "." or ".."')
        expect(yield* hub.requests()).toEqual([])
      }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each(["..jpg", "a..b", "...", "weeks/1.2/cat.jpg", "käfer & co.jpg"])(
    "accepts the name %j",
    (name) =>
      Effect.gen(function* () {
        const [hub, uploads] = yield* Effect.all([Emulator, Uploads])
        const { uploadUrl } = yield* uploads.uploadUrl(projectId, { name })
        const sent = { method: "PUT", body: "x" }
        const { status } = yield* Effect.promise(() => hub.fetch(Redacted.value(uploadUrl), sent))
        expect(status).toBe(200)
      }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("refuses an empty name or URL and an invalid id before any request", () =>
    Effect.gen(function* () {
      const [hub, uploads] = yield* Effect.all([Emulator, Uploads])
      const errors = yield* Effect.forEach(
        [
          uploads.uploadUrl(projectId, { name: "" }),
          uploads.signedUrl(projectId, { url: "" }),
          uploads.uploadUrl("a/b", { name: "a" }),
          uploads.uploadUrl(projectId, { name: "a", storage: "a/b" })
        ],
        (call) => Effect.flip(call as Effect.Effect<unknown, { readonly message: string }>)
      )
      expect(errors).toMatchObject([
        { _tag: "InvalidRequest", parameter: "name" },
        { _tag: "InvalidRequest" },
        { _tag: "InvalidRequest", parameter: "project" },
        { _tag: "InvalidRequest", parameter: "storageId" }
      ])
      expect(errors[0]?.message).toContain("Expected a file name, got an empty string")
      expect(errors[1]?.message).toContain("Expected the URL of a file, got an empty string")
      expect(yield* hub.requests()).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("links", () => {
  it.effect("print as <redacted>, in results, logs and spans", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const { layer: tracer, spans } = recorder()
      const lines: Array<string> = []
      const logger = Logger.replace(
        Logger.defaultLogger,
        // The context of a log entry contains the emulator, which knows its links.
        Logger.make(
          ({ annotations, message }) => void lines.push(inspect([message, annotations], { depth: 12 }))
        )
      )
      const results = yield* Effect.gen(function* () {
        const [uploads, exports] = yield* Effect.all([Uploads, Exports])
        const all = [
          yield* uploads.uploadUrl(projectId, { name: "cat.jpg" }),
          yield* uploads.signedUrl(projectId, { url: "https://files.example/a.jpg" }),
          yield* exports.request(projectId)
        ]
        yield* Effect.logInfo("links", all)
        return all
      }).pipe(
        Effect.withSpan("program"),
        Effect.provide(Layer.mergeAll(tracer, logger)),
        Logger.withMinimumLogLevel(LogLevel.All)
      )
      const printed = [
        JSON.stringify(results),
        inspect(results, { depth: 9 }),
        ...lines,
        ...spans.map(held)
      ].join()
      expect(printed).toContain("<redacted>")
      expect(hub.state.links.size).toBe(2)
      for (const token of hub.state.links.keys()) expect(printed).not.toContain(token)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("are not part of the error about an invalid response", () =>
    Effect.gen(function* () {
      const [hub, uploads] = yield* Effect.all([Emulator, Uploads])
      const secret = "https://files.example/x?sig=c0ffee"
      yield* hub.faults.on("uploads.uploadUrl", [
        Faults.respond(200, JSON.stringify({ status: "success", data: { uploadUrl: [secret] } }))
      ])
      const error = yield* Effect.flip(uploads.uploadUrl(projectId, { name: "a" }))
      expect(error).toMatchObject({ _tag: "DecodeError", mismatches: [{ path: "data.uploadUrl" }] })
      expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain("c0ffee")
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
