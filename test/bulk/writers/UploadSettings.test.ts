// The options of an upload: storage, batches, ledger, duplicates and concurrency.
import { FetchHttpClient, KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import {
  Ango,
  type FileRow,
  FileSource,
  Ledger,
  RateLimit,
  type RowOutcome,
  type UploadFilesOptions,
  Uploads
} from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { outcomesOf } from "../../support/Outcomes.js"
import { atOnce, drawn } from "../../support/Uploads.js"

const { projectId } = AngoTest

const hub = AngoTest.layer({ tasks: 1 })

const file = (name: string): FileRow => ({ source: FileSource.bytes(drawn(100, name.length), { name }) })

const upload = (files: ReadonlyArray<FileRow>, options?: UploadFilesOptions) =>
  Effect.flatMap(Uploads, (uploads) => outcomesOf(uploads.files(projectId, files, options)))

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)

/** A client of the hub, and the queries and bodies of the imports that it sends. */
const hearing = Effect.map(Emulator, ({ apiKey, baseUrl, fetch: answer }) => {
  const imports: Array<{ readonly batches: string | null; readonly body: unknown }> = []
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init)
    const { pathname, searchParams } = new URL(request.url)
    if (!pathname.endsWith("/cloud")) return answer(request)
    return request
      .clone()
      .json()
      .then((body) => {
        imports.push({ batches: searchParams.get("batches"), body })
        return answer(request)
      })
  }
  const client = Ango.layer({ apiKey, baseUrl }).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
    Layer.provide(RateLimit.layerOff)
  )
  return { client, imports }
})

describe("a storage and a bucket", () => {
  const storage = "65aa00000000000000005001"

  it.effect("are used for each file, for a second link too, and for its asset", () =>
    Effect.gen(function* () {
      const { faults, requests, state } = yield* Emulator
      yield* faults.on("files", [Faults.fail(403), Faults.ok])
      expect(tags(yield* upload([file("a.jpg")], { storage, bucket: "docs-eu" }))).toEqual(["Created"])
      const links = yield* requests("uploads.uploadUrl")
      const targets = links.map(({ url }) =>
        Object.fromEntries(new URL(url, "https://hub.example").searchParams)
      )
      expect(targets).toMatchObject([
        { storageId: storage, bucket: "docs-eu", type: "assets" },
        { storageId: storage, bucket: "docs-eu", type: "assets" }
      ])
      expect(state.projects.get(projectId)?.assets.at(-1)).toMatchObject({ externalId: "a.jpg", storage })
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([
    [{ storage: "a/b" }, "storage"],
    [{ onProgress: 3 }, "onProgress"]
  ] as const)("%j is refused before any request", ([options, parameter]) =>
    Effect.gen(function* () {
      const { requests } = yield* Emulator
      const error = yield* Effect.flip(upload([file("a.jpg")], options as UploadFilesOptions))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(yield* requests()).toEqual([])
    }).pipe(Effect.provide(hub))
  )
})

describe("a project of point clouds", () => {
  it.effect("is refused before a byte is sent, with the way to import them", () =>
    Effect.gen(function* () {
      const { files, requests, state } = yield* Emulator
      const stored = state.projects.get(projectId)
      if (stored === undefined) throw new Error("no project")
      stored.project = { ...stored.project, type: "pct" }
      const error = yield* Effect.flip(upload([file("a.las"), file("b.las")]))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "project" })
      expect(error).toMatchObject({ message: expect.stringContaining("Assets.importFromCloud") })
      expect(error).toMatchObject({ message: expect.stringContaining("<storage name>/<folder>") })
      expect((yield* requests()).map(({ operation }) => operation)).toEqual(["projects.get"])
      expect((yield* files).size).toBe(0)
    }).pipe(Effect.provide(hub))
  )

  it.effect.each(["ango", "iframe", undefined])("is not one of the type %s, which is read once", (type) =>
    Effect.gen(function* () {
      const { requests, state } = yield* Emulator
      const stored = state.projects.get(projectId)
      if (stored === undefined) throw new Error("no project")
      const { type: _, ...others } = stored.project
      stored.project = type === undefined ? others : { ...others, type }
      const batches = [stored.project.batches?.[0]?.name ?? ""]
      const rows = ["a.jpg", "b.jpg", "c.jpg"].map((name) => ({ ...file(name), batches }))
      expect(tags(yield* upload(rows, { chunk: 1 }))).toEqual(["Created", "Created", "Created"])
      expect(yield* requests("projects.get")).toHaveLength(1)
    }).pipe(Effect.provide(hub))
  )
})

describe("batches", () => {
  it.effect("are sent by id, those of a row in addition to those of the options", () =>
    Effect.gen(function* () {
      const { client, imports } = yield* hearing
      const { state } = yield* Emulator
      const [first, second] = state.projects.get(projectId)?.project.batches ?? []
      const files = [{ ...file("a.jpg"), batches: [second?.name ?? ""] }, file("b.jpg")]
      const outcomes = yield* upload(files, { batches: [first?.name ?? ""], priority: -3 }).pipe(
        Effect.provide(client)
      )
      expect(tags(outcomes)).toEqual(["Created", "Created"])
      expect(imports).toMatchObject([
        {
          batches: JSON.stringify([first?._id]),
          body: { assets: [{ batches: [second?._id] }, {}], uploadLocal: "true", priority: -3 }
        }
      ])
      const made = state.projects.get(projectId)?.assets.slice(-2)
      expect(made).toMatchObject([{ batches: [second?.name] }, { batches: [first?.name] }])
    }).pipe(Effect.provide(hub))
  )

  it.effect("of the options that do not exist end the upload before any file is sent", () =>
    Effect.gen(function* () {
      const { requests } = yield* Emulator
      expect(yield* Effect.flip(upload([file("a.jpg")], { batches: ["None"] }))).toMatchObject({
        _tag: "UnknownBatch"
      })
      expect(yield* requests("uploads.uploadUrl")).toEqual([])
    }).pipe(Effect.provide(hub))
  )
})

describe("a ledger", () => {
  it.effect("treats a file with another size, name or row as another file", () =>
    Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "upload")
      const row = { ...file("a.jpg"), externalId: "a" }
      expect(tags(yield* upload([row], { ledger }))).toEqual(["Created"])
      const others = [
        row,
        { ...row, source: FileSource.bytes(drawn(101), { name: "a.jpg" }) },
        { ...row, name: "b.jpg" },
        { ...row, contextData: { site: "A" } }
      ]
      for (const [at, other] of others.entries()) {
        expect(yield* upload([other], { ledger })).toMatchObject([
          { _tag: "Skipped", reason: at === 0 ? "done-before" : "exists" }
        ])
      }
    }).pipe(Effect.provide(hub), Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect("treats a file with other bytes as another file with that option", () =>
    Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "upload")
      const options = { ledger, duplicatesBy: "content" } as const
      const row = (seed: number) => ({ source: FileSource.bytes(drawn(100, seed), { name: "a.jpg" }) })
      expect(tags(yield* upload([row(1)], options))).toEqual(["Created"])
      const again = yield* upload([row(2)], options)
      expect(again).toMatchObject([{ _tag: "Skipped", reason: "exists", value: { externalId: "a.jpg" } }])
      // The content of existing assets is not known.
      expect(Object(again[0]).value).not.toHaveProperty("sha256")
      expect(yield* upload([row(1)], options)).toMatchObject([{ reason: "done-before" }])
    }).pipe(Effect.provide(hub), Effect.provide(KeyValueStore.layerMemory))
  )
})

describe("files with the same bytes", () => {
  it.effect("are compared in the order of the input, however long each takes to read", () =>
    Effect.gen(function* () {
      const slow = FileSource.stream(
        100,
        () => Stream.fromEffect(Effect.as(Effect.sleep("5 seconds"), drawn(100))),
        { name: "slow.jpg" }
      )
      const files = [{ source: slow }, { source: FileSource.bytes(drawn(100), { name: "fast.jpg" }) }]
      expect(yield* atOnce(upload(files, { duplicatesBy: "content" }))).toMatchObject([
        { key: "slow.jpg", _tag: "Created" },
        { key: "fast.jpg", _tag: "Skipped", reason: "duplicate" }
      ])
    }).pipe(Effect.provide(hub))
  )
})

describe("a file under another name", () => {
  it.effect("has the content type of its source", () =>
    Effect.gen(function* () {
      const source = FileSource.bytes(drawn(9), { name: "scan", contentType: "image/dicom-rle" })
      yield* upload([{ source, name: "scan.dcm" }])
      const { requests } = yield* Emulator
      expect(yield* requests("files")).toMatchObject([{ headers: { "content-type": "image/dicom-rle" } }])
    }).pipe(Effect.provide(hub))
  )
})

describe("a row that is not valid", () => {
  it.effect("fails alone, and its file is not sent", () =>
    Effect.gen(function* () {
      const strange = { ...file("a.jpg"), attachments: "none" } as unknown as FileRow
      const outcomes = yield* upload([strange, file("b.jpg")])
      expect(outcomes).toMatchObject([
        { _tag: "Failed", retryable: false, error: { _tag: "InvalidRequest", parameter: "row.attachments" } },
        { _tag: "Created" }
      ])
      const { requests } = yield* Emulator
      expect(yield* requests("files")).toHaveLength(1)
    }).pipe(Effect.provide(hub))
  )
})

describe("files that the storage rejects", () => {
  it.effect("do not stop the upload while others are stored, however many they are", () =>
    Effect.gen(function* () {
      const { faults } = yield* Emulator
      yield* faults.on("files", Array.from({ length: 60 }, () => [Faults.fail(400), Faults.ok]).flat())
      const files = Array.from({ length: 120 }, (_, at) => file(`${at}.jpg`))
      const outcomes = tags(yield* upload(files, { concurrency: 1 }))
      expect(outcomes.filter((tag) => tag === "Failed")).toHaveLength(60)
      expect(outcomes.filter((tag) => tag === "Created")).toHaveLength(60)
    }).pipe(Effect.provide(hub))
  )
})

describe("the end of an upload", () => {
  it.effect("has a summary that adds up, also if the upload stops", () =>
    Effect.gen(function* () {
      const summaries: Array<RowOutcome.Summary> = []
      const onSummary = (summary: RowOutcome.Summary) => Effect.sync(() => void summaries.push(summary))
      yield* upload([file("a.jpg"), file("b.jpg")], { onSummary })
      const { faults } = yield* Emulator
      yield* faults.on("uploads.uploadUrl", Faults.repeat(Faults.fail(403)))
      yield* Effect.flip(upload([file("c.jpg"), file("a.jpg")], { onSummary, chunk: 1 }))
      expect(summaries).toMatchObject([{ rows: 2, created: 2 }, { created: 0 }])
    }).pipe(Effect.provide(hub))
  )
})

describe("files in progress", () => {
  it.effect.each([10, 1])("are limited by concurrency, in chunks of %i", (chunk) =>
    Effect.gen(function* () {
      let open = 0
      let most = 0
      const slow = Stream.acquireRelease(
        Effect.sync(() => {
          most = Math.max(most, ++open)
        }),
        () => Effect.sync(() => open--)
      ).pipe(Stream.mapEffect(() => Effect.as(Effect.sleep("1 seconds"), Uint8Array.of(1))))
      const files = Array.from({ length: 30 }, (_, at) => ({
        source: FileSource.stream(1, () => slow, { name: `${at}.jpg` })
      }))
      expect(new Set(tags(yield* atOnce(upload(files, { chunk, concurrency: 3 }))))).toEqual(
        new Set(["Created"])
      )
      expect(most).toBe(3)
    }).pipe(Effect.provide(hub))
  )
})
