// Assets come into a project out of a storage: what the hub shows afterwards, and what is refused before.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Assets, Batches, type CloudAssetInput, type CloudImportOptions, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { requests } from "../support/Requests.js"

const { projectId } = AngoTest

const cat: CloudAssetInput = { data: "https://files.example/cats/tom.jpg", externalId: "tom.jpg" }

const imported = (assets: ReadonlyArray<CloudAssetInput>, options?: CloudImportOptions) =>
  Effect.flatMap(Assets, (service) => service.importFromCloud(projectId, assets, options))

const found = (externalId: string) =>
  Effect.flatMap(Assets, (assets) => Effect.map(assets.page(projectId, { externalId }), ({ items }) => items))

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
