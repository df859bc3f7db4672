// Downloads of single files into memory: complete and within the limit, or an error; never with the key.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango, AngoClient, AngoConfig, FileSource, RateLimit, Uploads } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import * as FileDownload from "../../../src/layers/transfer/fileDownload.js"
import * as Download from "../../../src/layers/transfer/signedDownload.js"
import { atOnce, drawn } from "../../support/Uploads.js"

const { projectId } = AngoTest

const client = Layer.unwrapEffect(
  Effect.map(Emulator, ({ apiKey, baseUrl, fetch }) =>
    Ango.layerServices.pipe(
      Layer.provideMerge(AngoClient.layer),
      Layer.provide(AngoConfig.layer({ apiKey, baseUrl })),
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
      Layer.provide(RateLimit.layerOff)
    )
  )
)

const hub = Layer.provideMerge(client, Emulator.layer({ tasks: 1 }))

const fileDownload = Effect.map(AngoClient.AngoClient, ({ transfer: { policies, sender } }) =>
  FileDownload.make(Download.makeOpen(sender, policies, FileDownload.fileKind))
)

/** Stores a file of 100 bytes and downloads it, with these faults of the storage. */
const download = (maxBytes: number, faults: Faults.Script = Faults.ok) =>
  Effect.gen(function* () {
    const [downloadFile, hub, uploads] = yield* Effect.all([fileDownload, Emulator, Uploads])
    const { fileUrl } = yield* uploads.put(projectId, FileSource.bytes(drawn(100), { name: "m.png" }))
    const link = yield* uploads.signedUrl(projectId, { url: fileUrl })
    yield* hub.faults.on("files", faults)
    return yield* atOnce(downloadFile(link, maxBytes))
  })

describe("a download of a file", () => {
  it.effect("returns its bytes, and sends no key", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      expect(yield* download(100)).toEqual(drawn(100))
      expect((yield* hub.requests("files")).map(({ hasKey, method }) => [method, hasKey])).toEqual([
        ["PUT", false],
        ["GET", false]
      ])
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([
    [
      "more bytes than allowed",
      99,
      Faults.ok,
      { _tag: "TransferError", reason: "length" },
      "more than 99 bytes"
    ],
    [
      "half of it",
      100,
      Faults.repeat([Faults.cutBody(50)]),
      { _tag: "ConnectionFailed", phase: "body" },
      "broke off"
    ],
    [
      "a link that has expired",
      100,
      [Faults.fail(403)],
      { _tag: "TransferError", reason: "link-expired" },
      "Request a new link"
    ],
    ["an unexpected status", 100, [Faults.fail(418)], { _tag: "TransferError", reason: "status" }, "418"]
  ] as const)("fails for %s", ([_, maxBytes, faults, expected, words]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(download(maxBytes, faults))
      expect(error).toMatchObject({ ...expected, operation: "uploads.download" })
      expect(error.message).toContain(words)
      expect(error.message).toMatch(/^The download of the stored file /)
    }).pipe(Effect.provide(hub))
  )

  it.effect("is retried while the storage is busy", () =>
    Effect.gen(function* () {
      expect(yield* download(100, [Faults.fail(503), Faults.tooManyRequests(), Faults.ok])).toEqual(
        drawn(100)
      )
    }).pipe(Effect.provide(hub))
  )

  it.effect("does not follow a link to another machine without encryption", () =>
    Effect.gen(function* () {
      const downloadFile = yield* fileDownload
      const link = Redacted.make("http://files.example/m.png?sig=c0ffee")
      const error = yield* Effect.flip(downloadFile(link, 100))
      expect(error).toMatchObject({ _tag: "TransferError", reason: "insecure" })
      expect(JSON.stringify(error)).not.toContain("c0ffee")
    }).pipe(Effect.provide(hub))
  )
})
