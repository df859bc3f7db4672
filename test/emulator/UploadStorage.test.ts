// Uploads to the file storage: stored completely or not at all, called with `fetch`.
import { request } from "node:http"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Assets, Uploads } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { drawn, holds, storedFile } from "../support/Uploads.js"

const { projectId } = AngoTest

const target = (name = "cat.jpg") =>
  Effect.flatMap(Uploads, (uploads) => uploads.uploadUrl(projectId, { name, type: "assets" }))

const send = (link: Redacted.Redacted, init: RequestInit = {}) =>
  Effect.flatMap(Emulator, ({ fetch }) =>
    Effect.promise(async () => {
      const response = await fetch(Redacted.value(link), { method: "PUT", ...init })
      return [response.status, /<Code>(\w+)/.exec(await response.text())?.[1]] as const
    })
  )

const content = drawn(50_000)
const body = new Uint8Array(content)

// Sends this many bytes with a declared length, then disconnects.
const brokenOff = (link: string, length: number) =>
  Effect.async<void>((resume) => {
    const sent = request(link, { method: "PUT", headers: { "content-length": length } })
    sent.on("error", () => resume(Effect.void))
    sent.write(content, () => setTimeout(() => sent.destroy(new Error("hung up")), 50))
  })

describe("the storage", () => {
  it.effect("requires a Content-Length (411), and stores nothing without", () =>
    Effect.gen(function* () {
      const { fileUrl, uploadUrl } = yield* target()
      const stream = new Blob([body]).stream()
      expect(yield* send(uploadUrl, { body: stream, duplex: "half" } as RequestInit)).toEqual([
        411,
        "MissingContentLength"
      ])
      expect(yield* storedFile(fileUrl)).toBeUndefined()
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("replaces a file only by a complete one", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const { fileUrl, uploadUrl } = yield* target()
      expect(yield* send(uploadUrl, { body })).toEqual([200, undefined])
      for (const fault of [Faults.fail(503), Faults.fail(403)]) {
        yield* hub.faults.on("files", [fault])
        yield* send(uploadUrl, { body: "other" })
        expect(yield* holds(fileUrl, content)).toBe(true)
      }
      const headers = { "content-length": "9" }
      expect(yield* send(uploadUrl, { body: "other", headers })).toEqual([400, "IncompleteBody"])
      expect(yield* holds(fileUrl, content)).toBe(true)
      expect((yield* hub.requests("files")).at(-1)?.upload).toMatchObject({ size: 5, isStored: false })
      yield* send(uploadUrl, { body: "other" })
      expect(yield* storedFile(fileUrl)).toMatchObject({ size: 5 })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.scopedLive("keeps the existing file when the connection breaks in the middle of a body", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 1 })
      const url = `${hub.baseUrl}/getUploadUrl?name=a.jpg&project=${projectId}`
      const link = yield* Effect.promise(async () => {
        const response = await fetch(url, { headers: { apikey: Redacted.value(hub.apiKey) } })
        const answer = (await response.json()) as { readonly data: { readonly uploadUrl: string } }
        await fetch(answer.data.uploadUrl, { method: "PUT", body: "first" })
        return answer.data.uploadUrl
      })
      yield* brokenOff(link, content.length + 1)
      yield* Effect.sleep("200 millis")
      expect([...(yield* hub.files).values()].map(({ size }) => size)).toEqual([5])
      expect((yield* hub.requests("files")).map(({ upload }) => upload?.isStored)).toEqual([true, false])
    })
  )

  it.effect("stores only size and hash of a file above `keep`, and cannot return it", () =>
    Effect.gen(function* () {
      const [hub, uploads] = yield* Effect.all([Emulator, Uploads])
      const { fileUrl, uploadUrl } = yield* target()
      yield* send(uploadUrl, { body })
      expect(yield* storedFile(fileUrl)).toEqual({
        size: content.length,
        contentType: "application/octet-stream",
        content: undefined,
        sha256: (yield* hub.requests("files")).at(-1)?.upload?.sha256
      })
      const signed = yield* uploads.signedUrl(projectId, { url: fileUrl })
      expect(yield* send(signed, { method: "GET" })).toEqual([501, "NotImplemented"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1, uploads: { keep: 49_999 } })))
  )

  it.effect("accepts a link until it expires", () =>
    Effect.gen(function* () {
      const { uploadUrl } = yield* target()
      yield* TestClock.adjust("59 seconds")
      expect(yield* send(uploadUrl, { body })).toEqual([200, undefined])
      yield* TestClock.adjust("1 seconds")
      expect(yield* send(uploadUrl, { body })).toEqual([403, "AccessDenied"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1, uploads: { expiresAfter: "1 minute" } })))
  )

  it.effect("is not checked by asset imports: an asset may name a file that was never uploaded", () =>
    Effect.gen(function* () {
      const [assets, uploads] = yield* Effect.all([Assets, Uploads])
      const { fileUrl } = yield* target()
      yield* Stream.runDrain(assets.importFromCloud(projectId, [{ data: fileUrl, externalId: "never came" }]))
      const { items } = yield* assets.page(projectId, { externalId: "never came" })
      expect(items.map(({ data }) => data)).toEqual([fileUrl])
      const signed = yield* uploads.signedUrl(projectId, { url: fileUrl })
      expect((yield* send(signed, { method: "GET" }))[0]).toBe(404)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )
})
