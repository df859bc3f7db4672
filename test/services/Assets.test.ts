// Assets come into a project, and go: what the hub shows afterwards, and what is refused before.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import {
  Assets,
  Batches,
  type ChatImport,
  type CloudAssetInput,
  type CloudImportOptions,
  Projects,
  Tasks
} from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

const cat: CloudAssetInput = { data: "https://files.example/cats/tom.jpg", externalId: "tom.jpg" }

const imported = (assets: ReadonlyArray<CloudAssetInput>, options?: CloudImportOptions) =>
  Effect.flatMap(Assets, (service) => service.importFromCloud(projectId, assets, options))

const found = (externalId: string) =>
  Effect.flatMap(Assets, (assets) => Effect.map(assets.page(projectId, { externalId }), ({ items }) => items))

const requests = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests(), (all) => all.map(({ operation }) => operation))
)

describe("importFromCloud", () => {
  it.effect("makes an asset and a task of each file, in the stage where new tasks are", () =>
    Effect.gen(function* () {
      const [projects, tasks] = yield* Effect.all([Projects, Tasks])
      const before = yield* projects.get(projectId)
      const result = yield* imported([
        cat,
        { dataset: ["https://files.example/p1.png", "https://files.example/p2.png"], externalId: "stack" }
      ])
      expect(result).toEqual({ assetsCreated: 2, tasksCreated: 2, preLabelsCount: 0, validPreLabelsCount: 0 })
      const [asset] = yield* found("tom.jpg")
      expect(asset).toMatchObject({ data: cat.data, project: projectId, batches: [], isPreLabeled: false })
      const [task] = (yield* tasks.page(projectId, { limit: 2 })).items.filter(
        ({ externalId }) => externalId === "tom.jpg"
      )
      expect(task).toMatchObject({ status: "TODO", stage: "Label", asset: { id: asset?.id }, priority: 0 })
      expect(asset?.labelTasks?.[0]?.id).toBe(task?.id)
      expect((yield* found("stack"))[0]?.dataset).toHaveLength(2)
      expect((yield* projects.get(projectId)).assetCount).toBe((before.assetCount ?? 0) + 2)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("takes everything that an asset can bring along", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const [question] = yield* Effect.map(
        Effect.flatMap(Projects, (projects) => projects.get(projectId)),
        ({ categorySchema }) => categorySchema?.classifications ?? []
      )
      const result = yield* imported(
        [
          {
            ...cat,
            contextData: { site: "A" },
            metadata: { width: 800, height: 600 },
            attachments: [{ type: "TEXT", value: "hint" }],
            editorType: "pct",
            classifications: [
              { schemaId: question?.schemaId ?? "", answer: "x" },
              { schemaId: "nobody", answer: "y" }
            ]
          }
        ],
        { priority: -7, storage: "65aa00000000000000005001" }
      )
      expect(result).toMatchObject({ preLabelsCount: 2, validPreLabelsCount: 1 })
      const [asset] = yield* found("tom.jpg")
      expect(asset).toMatchObject({
        contextData: { site: "A" },
        metadata: { width: 800, height: 600 },
        attachments: [{ type: "TEXT", value: "hint" }],
        isPreLabeled: true,
        editorType: "pct",
        storage: "65aa00000000000000005001"
      })
      const task = yield* tasks.get(asset?.labelTasks?.[0]?.id ?? "", { includeAnswer: true })
      expect(task).toMatchObject({ priority: -7, isPreLabeled: true })
      expect(task.answer?.classifications).toHaveLength(2)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect(
    "puts assets into batches by name or id, their own before those of the import, looked up once",
    () =>
      Effect.gen(function* () {
        const batches = yield* Batches
        const [one, two] = yield* batches.createMany(projectId, ["Week 8", "Week 9"])
        const before = (yield* requests).length
        yield* imported(
          [
            cat,
            { ...cat, externalId: "own", batches: ["Week 9"] },
            { ...cat, externalId: "none", batches: [] }
          ],
          {
            batches: [one?.id ?? ""]
          }
        )
        expect((yield* requests).slice(before)).toEqual(["projects.get", "assets.importFromCloud"])
        expect((yield* found("tom.jpg"))[0]?.batches).toEqual(["Week 8"])
        expect((yield* found("own"))[0]?.batches).toEqual(["Week 9"])
        expect((yield* found("none"))[0]?.batches).toEqual([])
        const tasks = yield* Tasks
        const { items } = yield* tasks.page(projectId, { batches: [two?.id ?? ""] })
        expect(items.map(({ externalId }) => externalId)).toEqual(["own"])
      }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("orders the queue by priority", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      yield* imported([cat], { priority: 1000 })
      const { items } = yield* tasks.page(projectId, { sort: "-priority", limit: 1 })
      expect(items[0]).toMatchObject({ externalId: "tom.jpg", priority: 1000 })
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("leaves tasks in Start when the workflow does not forward them", () =>
    Effect.gen(function* () {
      const [hub, tasks] = yield* Effect.all([Emulator, Tasks])
      const stored = hub.state.projects.get(projectId)
      if (stored !== undefined) {
        const stages = (stored.project.stages ?? []).map((stage) => ({ ...stage, autoForward: false }))
        stored.project = { ...stored.project, stages }
      }
      yield* imported([cat])
      expect((yield* tasks.page(projectId, { limit: 1 })).items[0]).toMatchObject({ stage: "Start" })
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("tells the sentence of an old hub as the message", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("assets.importFromCloud", [
        Faults.respond(200, '{"status":"success","data":{"assets":"Successfully created."}}')
      ])
      expect(yield* imported([cat])).toEqual({ message: "Successfully created." })
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [[], {}, "assets", "at least one asset"],
    [[{ externalId: "x" }], {}, "assets[0]", "an asset with data, or with a dataset of pages"],
    [[{ data: "" }], {}, "assets[0].data", "a URL, a storage path, or the text itself"],
    [[{ dataset: [] }], {}, "assets[0].dataset", "at least one URL"],
    [[cat, { ...cat, storage: "a/b" }], {}, "assets[1].storage", "an id of"],
    [[cat], { storage: "a b" }, "assets[0].storage", "an id of"],
    [[cat], { priority: 1001 }, "priority", "a whole number of -1000 to 1000, got 1001"],
    [[cat], { priority: -1001, batches: ["Week 9"] }, "priority", "a whole number of -1000 to 1000"],
    [[cat], { priority: 0.5 }, "priority", "a whole number of -1000 to 1000, got 0.5"]
  ] as const)("%j with %j is refused before any request", ([assets, options, parameter, allowed]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(imported(assets, options))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "assets.importFromCloud" })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("imports nothing when a batch is not there", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(imported([{ ...cat, batches: ["Nope"] }]))
      expect(error).toMatchObject({ _tag: "UnknownBatch", unknown: ["Nope"] })
      expect(yield* requests).toEqual(["projects.get"])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("is not repeated when the hub fails: it may have been done", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("assets.importFromCloud", [Faults.fail(503)])
      expect(yield* Effect.flip(imported([cat]))).toMatchObject({ _tag: "AmbiguousOutcome" })
      expect(yield* requests).toHaveLength(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with NotFound for an unknown project", () =>
    Effect.gen(function* () {
      const assets = yield* Assets
      expect(yield* Effect.flip(assets.importFromCloud("x1", [cat]))).toMatchObject({ _tag: "NotFound" })
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("importChat", () => {
  const chat = (input: ChatImport) => Effect.flatMap(Assets, (assets) => assets.importChat(projectId, input))
  const message = { id: "1", content: "Why do cats purr?", user: { role: "user", id: "ask@example.com" } }
  const newest = Effect.flatMap(Assets, (assets) =>
    Effect.map(assets.page(projectId, { limit: 10 }), ({ items }) => items)
  )

  it.effect("makes as many assets as empty conversations are wanted", () =>
    Effect.gen(function* () {
      expect(yield* chat({ count: 3, priority: 5 })).toEqual({ assetsCreated: 3 })
      const tasks = yield* Effect.flatMap(Tasks, (service) => service.page(projectId, { limit: 3 }))
      expect(tasks.items.map(({ priority }) => priority)).toEqual([5, 5, 5])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    ["a list", { conversations: [{ messages: [message] }, { messages: [] }] }],
    [
      "a file, which overrides the number",
      {
        count: 7,
        file: new File([JSON.stringify([{ messages: [message] }, { messages: [] }])], "c.json", {
          type: "application/json"
        })
      }
    ]
  ] as const)("takes %s of conversations, and keeps each as a file", ([, input]) =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      yield* batches.create(projectId, "Talks")
      expect(yield* chat({ ...input, batches: ["Talks"] })).toEqual({ assetsCreated: 2 })
      const assets = (yield* newest).filter((asset) => asset.batches?.includes("Talks"))
      expect(assets).toHaveLength(2)
      const files = [...hub.state.files].map(([path, file]) => [path, new TextDecoder().decode(file.content)])
      expect(files.map(([, text]) => text)).toEqual([
        JSON.stringify({ messages: [message] }),
        '{"messages":[]}'
      ])
      expect(assets.every(({ data }) => files.some(([path]) => data?.endsWith(`/${path}`)))).toBe(true)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [{}, "count", "a file, conversations, or a count"],
    [{ count: 0 }, "count", "1 to 10000 conversations, got 0"],
    [{ count: 10_001 }, "count", "1 to 10000 conversations"],
    [{ conversations: [] }, "conversations", "at least one conversation"],
    [
      { conversations: [{ messages: [] }], file: new File([], "c.json") },
      "conversations",
      "either a file or"
    ],
    [{ count: 1, priority: 2000 }, "priority", "a whole number of -1000 to 1000"],
    [{ count: 1, storage: "a/b" }, "storageId", "an id of"]
  ] as const)("%j is refused before any request", ([input, parameter, allowed]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(chat(input))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "assets.importChat" })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("tells what the hub finds wrong with a file", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(chat({ file: new File(["not json"], "c.json") }))
      expect(error).toMatchObject({
        _tag: "BadRequest",
        status: 400,
        vendorMessage: "Invalid conversation file."
      })
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("delete", () => {
  it.effect("takes assets and their tasks out of every list", () =>
    Effect.gen(function* () {
      const [assets, tasks, projects] = yield* Effect.all([Assets, Tasks, Projects])
      const before = yield* assets.page(projectId, { limit: 3 })
      const ids = before.items.map(({ id }) => id)
      const taskIds = before.items.map(({ labelTasks }) => labelTasks?.[0]?.id ?? "")
      yield* assets.delete(projectId, ids)
      const after = yield* assets.page(projectId, { limit: 1 })
      expect(after.total).toBe(before.total - 3)
      expect((yield* tasks.page(projectId)).total).toBe(before.total - 3)
      expect((yield* projects.get(projectId)).assetCount).toBe(before.total - 3)
      for (const id of ids) expect((yield* assets.page(projectId, { id })).total).toBe(0)
      for (const id of taskIds) {
        expect(yield* Effect.flip(tasks.get(id))).toMatchObject({ _tag: "NotFound" })
        expect(yield* Effect.flip(tasks.history(id))).toMatchObject({ _tag: "NotFound" })
      }
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with NotFound for unknown assets and projects, and with Forbidden where it is", () =>
    Effect.gen(function* () {
      const [hub, assets] = yield* Effect.all([Emulator, Assets])
      expect(yield* Effect.flip(assets.delete(projectId, ["a1"]))).toMatchObject({
        _tag: "NotFound",
        status: 404
      })
      expect(yield* Effect.flip(assets.delete("x1", ["a1"]))).toMatchObject({ _tag: "NotFound", status: 400 })
      yield* hub.faults.on("assets.delete", [Faults.fail(403)])
      expect(yield* Effect.flip(assets.delete(projectId, ["a1"]))).toMatchObject({ _tag: "Forbidden" })
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [[], "assets", "at least one asset id, got an empty array"],
    [["a1", "a/b"], "assets[1]", "an id of"]
  ] as const)("%j is refused before any request", ([ids, parameter, allowed]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.flatMap(Assets, (assets) => assets.delete(projectId, ids)))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "assets.delete" })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
