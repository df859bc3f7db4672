// Downloads of archives: whole or by range, through links that expire.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"
import { download, exportLink } from "../support/Downloads.js"
import { readZip } from "../support/ReadZip.js"

const { projectId } = AngoTest

const range = (from: number | "", to: number | "") => ({ range: `bytes=${from}-${to}` })

describe("a range of an archive", () => {
  for (const keep of [0, undefined]) {
    it.effect(
      `${keep === 0 ? "built each time" : "cached"}: two ranges join to the whole, wherever it is split`,
      () =>
        withHub(
          Effect.gen(function* () {
            const link = yield* exportLink("&includeHistory=false&includeMetadata=false")
            const whole = yield* download(link)
            const size = whole.bytes.length
            expect(whole.headers.get("content-length")).toBe(keep === 0 ? null : String(size))
            const step = keep === 0 ? 13 : 1
            for (let at = 1; at < size; at += step) {
              const [head, tail] = [
                yield* download(link, range(0, at - 1)),
                yield* download(link, range(at, ""))
              ]
              expect([head.status, tail.status]).toEqual([206, 206])
              expect(tail.headers.get("content-range")).toBe(`bytes ${at}-${size - 1}/${size}`)
              expect(tail.headers.get("content-length")).toBe(String(size - at))
              expect(Buffer.concat([head.bytes, tail.bytes]).equals(whole.bytes)).toBe(true)
            }
            expect(readZip(whole.bytes)).toHaveLength(1)
          }),
          { tasks: 1, archives: keep === undefined ? {} : { keep } }
        )
    )
  }

  it.effect("suffix ranges, ranges beyond the end, empty and invalid ranges", () =>
    withHub(
      Effect.gen(function* () {
        const link = yield* exportLink()
        const { bytes } = yield* download(link)
        const size = bytes.length
        const last = yield* download(link, range("", 22))
        expect([last.status, last.bytes]).toEqual([206, bytes.slice(-22)])
        expect((yield* download(link, range("", size + 5))).bytes).toEqual(bytes)
        expect((yield* download(link, range(5, size + 5))).bytes).toEqual(bytes.slice(5))
        for (const none of [range(size, ""), range(size, size + 9), range("", 0)]) {
          const refused = yield* download(link, none)
          expect([refused.status, refused.headers.get("content-range")]).toEqual([416, `bytes */${size}`])
          expect(refused.text).toContain("<Code>InvalidRange</Code>")
        }
        for (const odd of [range(9, 3), range("", ""), { range: "rows=1-2" }, { range: "bytes=0-1,4-5" }]) {
          const all = yield* download(link, odd)
          expect([all.status, all.bytes]).toEqual([200, bytes])
        }
      })
    )
  )

  it.effect("is served only if If-Match and If-Range match", () =>
    withHub(
      Effect.gen(function* () {
        const link = yield* exportLink()
        const { headers } = yield* download(link)
        const etag = headers.get("etag") ?? ""
        expect(etag).toMatch(/^"[0-9a-f]{16}"$/)
        const part = range(3, 5)
        expect((yield* download(link, { ...part, "if-range": etag })).status).toBe(206)
        expect((yield* download(link, { ...part, "if-range": '"other"' })).status).toBe(200)
        expect((yield* download(link, { ...part, "if-match": `"other", ${etag}` })).status).toBe(206)
        expect((yield* download(link, { ...part, "if-match": '"other"' })).status).toBe(412)
        const head = yield* download(link, {}, "HEAD")
        expect(head.status).toBe(200)
        expect(head.bytes).toHaveLength(0)
        expect(head.headers.get("content-length")).toBe(headers.get("content-length"))
        expect(head.headers.get("accept-ranges")).toBe("bytes")
      })
    )
  )

  it.effect("is not served when ranges are off", () =>
    withHub(
      Effect.gen(function* () {
        const link = yield* exportLink()
        const whole = yield* download(link)
        expect(whole.headers.get("accept-ranges")).toBe("none")
        const again = yield* download(link, range(3, 5))
        expect([again.status, again.bytes]).toEqual([200, whole.bytes])
      }),
      { tasks: 20, archives: { ranges: false } }
    )
  )

  it.effect("has an ETag that changes with the exported rows only", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const archive = (query = "") =>
          Effect.map(
            Effect.flatMap(exportLink(query), (link) => download(link)),
            ({ bytes, headers }) => ({ etag: headers.get("etag"), bytes })
          )
        const before = yield* archive()
        yield* TestClock.adjust("1 day")
        expect(yield* archive()).toEqual(before)
        const others = [yield* archive("&format=ndjson"), yield* archive("&includeHistory=false")]
        const [task] = hub.state.projects.get(projectId)?.tasks ?? []
        yield* askHub(`POST /annotate/${task?._id}`, { answer: { objects: [{ schemaId: "s" }] } })
        others.push(yield* archive())
        expect(new Set([before, ...others].map((one) => one.etag)).size).toBe(4)
      })
    )
  )
})

describe("a link", () => {
  it.effect("expires after the set time, on the hub's clock", () =>
    withHub(
      Effect.gen(function* () {
        const link = yield* exportLink()
        yield* TestClock.adjust("59 seconds")
        expect((yield* download(link)).status).toBe(200)
        yield* TestClock.adjust("1 second")
        const late = yield* download(link)
        expect([late.status, late.headers.get("content-type")]).toEqual([403, "application/xml"])
        expect(late.text).toContain("<Code>AccessDenied</Code><Message>Request has expired</Message>")
        expect((yield* download(yield* exportLink())).status).toBe(200)
      }),
      { tasks: 20, archives: { expiresAfter: "1 minute" } }
    )
  )

  it.effect("allows the set number of downloads", () =>
    withHub(
      Effect.gen(function* () {
        const link = yield* exportLink()
        const used = [link, link, link].map((one) => download(one, range(0, 3)))
        expect((yield* Effect.all(used)).map(({ status }) => status)).toEqual([206, 206, 403])
      }),
      { tasks: 20, archives: { downloads: 2 } }
    )
  )

  it.effect("cannot be guessed and does not open another archive", () =>
    withHub(
      Effect.gen(function* () {
        const [one, other] = [new URL(yield* exportLink()), new URL(yield* exportLink())]
        expect((yield* download(`${one.origin}${one.pathname}`)).status).toBe(403)
        expect((yield* download(`${one.origin}${one.pathname}${other.search}`)).status).toBe(403)
        expect((yield* download(one.href, {}, "PUT")).status).toBe(403)
      })
    )
  )

  it.effect("needs no key; a sent key is noted but not logged", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const link = yield* exportLink()
        yield* download(link)
        yield* download(link, { apikey: "canary" })
        const received = yield* hub.requests("files")
        expect(received.map(({ hasKey }) => hasKey)).toEqual([false, true])
        expect(JSON.stringify(received)).not.toContain("canary")
      })
    )
  )

  it.effect("contains the bucket of the project's export storage", () =>
    withHub(
      Effect.gen(function* () {
        const storage = { exportStorageBucket: "our bucket", exportStoragePath: "/instructions//../b" }
        const folderWhen = (exportStorageEnabled: boolean) =>
          Effect.gen(function* () {
            yield* askHub(`POST /project/${projectId}`, { ...storage, exportStorageEnabled })
            const link = yield* exportLink()
            expect((yield* download(link)).status).toBe(200)
            expect((yield* download(link.replace(/\?.*/, ""))).status).toBe(403)
            return new URL(link).pathname.replace(/[^/]+$/, "")
          })
        expect(yield* folderWhen(false)).toBe(`/files/${projectId}/exports/`)
        expect(yield* folderWhen(true)).toBe("/files/our%20bucket/instructions/b/")
      })
    )
  )

  it.effect("has the faults of `files`, not those of operations", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const link = yield* exportLink()
        const { bytes } = yield* download(link)
        yield* hub.faults.on("*", Faults.repeat(Faults.fail(503)))
        const faults = [Faults.truncateBody(100), Faults.cutBody(40), Faults.reset, Faults.latency("1 hour")]
        yield* hub.faults.on("files", faults)
        expect((yield* download(link)).bytes).toEqual(bytes.slice(0, 100))
        for (const _ of ["cut", "reset"]) {
          const broken = yield* Effect.either(
            Effect.tryPromise(async () => (await hub.fetch(link)).arrayBuffer())
          )
          expect(broken._tag).toBe("Left")
        }
        const late = yield* Effect.fork(download(link))
        yield* TestClock.adjust("1 hour")
        expect((yield* late).bytes).toEqual(bytes)
      })
    )
  )
})
