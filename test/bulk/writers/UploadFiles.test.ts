// Uploads of files that become assets: the requests, the outcomes, and the assets of the hub afterwards.
import { KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import {
  Ango,
  type FileRow,
  FileSource,
  Ledger,
  RowOutcome,
  type UploadFilesOptions,
  type UploadProgress,
  Uploads
} from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { outcomesOf } from "../../support/Outcomes.js"
import { requests } from "../../support/Requests.js"
import { atOnce, drawn, holds } from "../../support/Uploads.js"

const { projectId } = AngoTest

const named = (name: string, size = 100): FileRow => ({
  source: FileSource.bytes(drawn(size, name.length + size), { name })
})

const rows = (count: number): ReadonlyArray<FileRow> =>
  Array.from({ length: count }, (_, at) => named(`${at}.jpg`, 100 + at))

const upload = (files: ReadonlyArray<FileRow>, options?: UploadFilesOptions) =>
  Effect.flatMap(Uploads, (uploads) => outcomesOf(uploads.files(projectId, files, options)))

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)

const breaking = (
  operation: "files" | "assets.importFromCloud" | "uploads.uploadUrl",
  script: Faults.Script
) => Effect.flatMap(Emulator, (hub) => hub.faults.on(operation, script))

/** The uploaded assets of the project. */
const assets = Effect.map(
  Emulator,
  ({ state }) => state.projects.get(projectId)?.assets.filter(({ data }) => data?.includes("/files/")) ?? []
)

const hub = AngoTest.layer({ tasks: 1 })

describe("files", () => {
  it.effect("become assets with all fields of their rows, and their bytes are stored", () =>
    Effect.gen(function* () {
      const content = drawn(300_000)
      const row: FileRow = {
        source: FileSource.bytes(content, { name: "a&b #1.jpg" }),
        contextData: { site: "A" },
        metadata: { width: 3 },
        batches: ["June, morning"],
        attachments: [{ type: "TEXT", value: "hint" }]
      }
      const [first, second] = yield* upload([row, { ...named("x.png"), name: "y.tif", externalId: "mine" }], {
        priority: 7
      })
      expect(first).toMatchObject({ _tag: "Created", key: "a&b #1.jpg" })
      const value = Object(first).value
      expect(value).toEqual({
        id: expect.any(String),
        externalId: "a&b #1.jpg",
        fileUrl: expect.stringMatching(/\/assets\/[0-9a-f]{32}\.jpg$/)
      })
      expect(yield* holds(value.fileUrl, content)).toBe(true)
      expect(second).toMatchObject({
        value: { externalId: "mine", fileUrl: expect.stringMatching(/\.tif$/) }
      })
      expect(yield* assets).toMatchObject([
        {
          _id: value.id,
          externalId: "a&b #1.jpg",
          data: value.fileUrl,
          contextData: { site: "A" },
          metadata: { width: 3 },
          batches: ["June, morning"],
          attachments: [{ type: "TEXT", value: "hint" }]
        },
        { externalId: "mine" }
      ])
      const { state } = yield* Emulator
      expect(state.projects.get(projectId)?.tasks.filter(({ priority }) => priority === 7)).toHaveLength(2)
    }).pipe(Effect.provide(hub))
  )

  it.effect("become assets chunk by chunk, after they are stored", () =>
    Effect.gen(function* () {
      yield* upload(rows(6), { chunk: 3, readBackIds: false })
      const operations = yield* requests
      expect(operations.filter((name) => name === "assets.importFromCloud")).toHaveLength(2)
      expect(operations.filter((name) => name === "files")).toHaveLength(6)
      const first = operations.indexOf("assets.importFromCloud")
      expect(operations.slice(0, first).filter((name) => name === "files").length).toBeGreaterThanOrEqual(3)
      expect(operations.at(-1)).toBe("assets.importFromCloud")
    }).pipe(Effect.provide(hub))
  )

  it.effect("are sent again completely if the storage is busy", () =>
    Effect.gen(function* () {
      yield* breaking("files", [Faults.fail(503), Faults.ok])
      const content = drawn(400_000)
      const [outcome] = yield* atOnce(upload([{ source: FileSource.bytes(content, { name: "a.jpg" }) }]))
      expect(outcome?._tag).toBe("Created")
      expect(yield* holds(Object(outcome).value.fileUrl, content)).toBe(true)
    }).pipe(Effect.provide(hub))
  )

  it.effect("that the storage rejects are failed rows, and no assets", () =>
    Effect.gen(function* () {
      yield* breaking("files", [Faults.ok, Faults.fail(403), Faults.fail(403), Faults.ok])
      const outcomes = yield* upload(rows(3), { concurrency: 1 })
      expect(tags(outcomes)).toEqual(["Created", "Failed", "Created"])
      expect(outcomes[1]).toMatchObject({
        key: "1.jpg",
        retryable: false,
        error: { _tag: "TransferError", reason: "link-expired" }
      })
      expect((yield* assets).map(({ externalId }) => externalId)).toEqual(["0.jpg", "2.jpg"])
    }).pipe(Effect.provide(hub))
  )

  it.effect("whose link has expired get one new link", () =>
    Effect.gen(function* () {
      yield* breaking("files", [Faults.fail(403), Faults.ok])
      expect(tags(yield* upload(rows(1)))).toEqual(["Created"])
      const operations = yield* requests
      expect(operations.filter((name) => name === "uploads.uploadUrl")).toHaveLength(2)
    }).pipe(Effect.provide(hub))
  )

  it.effect("with the wrong size or missing batches fail only their rows", () =>
    Effect.gen(function* () {
      const short = FileSource.stream(10, () => Stream.make(Uint8Array.of(1)), { name: "short.jpg" })
      const outcomes = yield* upload([
        { source: short },
        { ...named("b.jpg"), batches: ["None"] },
        named("c.jpg")
      ])
      expect(outcomes).toMatchObject([
        { _tag: "Failed", error: { _tag: "FileError", reason: "shorter" } },
        { _tag: "Failed", error: { _tag: "UnknownBatch" } },
        { _tag: "Created" }
      ])
      expect(yield* assets).toHaveLength(1)
    }).pipe(Effect.provide(hub))
  )

  it.effect("stop after fifty in a row that the storage rejected", () =>
    Effect.gen(function* () {
      yield* breaking("files", Faults.repeat(Faults.fail(400)))
      const uploads = yield* Uploads
      const endless = Stream.iterate(0, (n) => n + 1).pipe(Stream.map((n) => named(`${n}.jpg`)))
      const error = yield* Effect.flip(Stream.runDrain(uploads.files(projectId, endless)))
      expect(error._tag).toBe("TransferError")
      expect((yield* requests).filter((name) => name === "files").length).toBeLessThan(150)
      expect(yield* assets).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect("continue if a few of many fail with transient errors", () =>
    Effect.gen(function* () {
      // Eight of sixteen, never two in a row: more failures than would stop a write.
      const turns = Array.from({ length: 8 }, () => [Faults.fail(500), Faults.ok]).flat()
      yield* breaking("uploads.uploadUrl", turns)
      const outcomes = yield* atOnce(
        Effect.flatMap(Uploads, (uploads) =>
          outcomesOf(uploads.files(projectId, rows(16), { concurrency: 1 }))
        ).pipe(Ango.withRetry({ attempts: 1 }))
      )
      expect(tags(outcomes).filter((tag) => tag === "Failed")).toHaveLength(8)
      expect(yield* assets).toHaveLength(8)
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([
    [{ concurrency: 65 }, "concurrency"],
    [{ chunk: 0 }, "chunk"],
    [{ duplicates: "allow", duplicatesBy: "content" }, "duplicatesBy"],
    [{ priority: 2000 }, "priority"]
  ] as const)("with %j are refused before any request", ([options, parameter]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(upload(rows(1), options))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(hub))
  )
})

describe("files that the project already has", () => {
  it.effect("are skipped, refused or created again, by external id", () =>
    Effect.gen(function* () {
      const [made] = yield* upload(rows(1))
      const before = (yield* requests).length
      expect(yield* upload(rows(1))).toMatchObject([
        { _tag: "Skipped", reason: "exists", value: Object(made).value }
      ])
      expect((yield* requests).slice(before)).toEqual(["projects.get", "assets.list"])
      expect(yield* upload(rows(1), { duplicates: "refuse" })).toMatchObject([
        { _tag: "Failed", error: { _tag: "RowRejected", reason: "duplicate", duplicateOf: "project" } }
      ])
      expect(tags(yield* upload(rows(1), { duplicates: "allow" }))).toEqual(["Created"])
      expect(yield* assets).toHaveLength(2)
    }).pipe(Effect.provide(hub))
  )

  it.effect("are compared by content too with that option, in this run and in later ones", () =>
    Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "upload")
      const content = drawn(50)
      const called = (name: string): FileRow => ({ source: FileSource.bytes(content, { name }) })
      const options = { ledger, duplicatesBy: "content" } as const
      const files = [called("a.jpg"), named("other.jpg"), called("b.jpg"), named("last.jpg", 300)]
      const first = yield* upload(files, options)
      expect(first).toMatchObject([
        { _tag: "Created", value: { sha256: yield* FileSource.sha256(called("a.jpg").source) } },
        { _tag: "Created" },
        { _tag: "Skipped", reason: "duplicate", message: '"b.jpg" has the same content as "a.jpg".' },
        { _tag: "Created", value: { externalId: "last.jpg" } }
      ])
      const second = yield* upload([called("c.jpg"), called("a.jpg")], { ...options, duplicates: "refuse" })
      expect(second).toMatchObject([
        {
          _tag: "Failed",
          error: { _tag: "RowRejected", reason: "duplicate", duplicateOf: "input", key: "c.jpg" }
        },
        { _tag: "Skipped", reason: "done-before" }
      ])
      expect((yield* requests).filter((name) => name === "files")).toHaveLength(3)
    }).pipe(Effect.provide(hub), Effect.provide(KeyValueStore.layerMemory))
  )
})

describe("an upload that is interrupted", () => {
  it.effect("uploads only the rest in the next run, and reads back rows without a response first", () =>
    Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "upload")
      const options = { ledger, chunk: 2, concurrency: 1 }
      yield* breaking("assets.importFromCloud", [Faults.ok, Faults.afterProcessing(Faults.hang)])
      const fiber = yield* Effect.fork(upload(rows(6), options))
      while ((yield* requests).filter((name) => name === "assets.importFromCloud").length < 2) {
        yield* Effect.yieldNow()
      }
      yield* Fiber.interrupt(fiber)
      const before = (yield* requests).length
      const outcomes = yield* upload(rows(6), options)
      expect(outcomes.map((one) => (RowOutcome.isSkipped(one) ? one.reason : one._tag))).toEqual([
        "done-before",
        "done-before",
        "done-before",
        "done-before",
        "Created",
        "Created"
      ])
      const operations = (yield* requests).slice(before)
      expect(operations.filter((name) => name === "files")).toHaveLength(2)
      expect(new Set((yield* assets).map(({ externalId }) => externalId)).size).toBe(6)
      expect(yield* assets).toHaveLength(6)
    }).pipe(Effect.provide(hub), Effect.provide(KeyValueStore.layerMemory))
  )
})

describe("progress", () => {
  it.effect("counts bytes up to the total, whatever is skipped, fails or is sent again", () =>
    Effect.gen(function* () {
      yield* upload(rows(1))
      yield* breaking("files", [Faults.fail(503), Faults.ok, Faults.fail(400)])
      const reports: Array<UploadProgress> = []
      const onProgress = (progress: UploadProgress) =>
        Effect.sync(() => reports.push(progress)).pipe(Effect.asVoid)
      const files = [...rows(3), named("large.jpg", 200_000)]
      yield* atOnce(upload(files, { onProgress, concurrency: 1 }))
      expect(reports.at(-1)).toEqual({ files: 2, sent: 200_101, skipped: 202, total: 200_303 })
      expect(reports.length).toBeGreaterThan(4)
      expect(reports.every(({ sent, skipped }) => sent >= 0 && sent + skipped <= 200_303)).toBe(true)
    }).pipe(Effect.provide(hub))
  )
})
