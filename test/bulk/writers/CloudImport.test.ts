// Imports of assets from a storage: what the hub shows afterwards, and what is rejected before.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Assets, Batches, type CloudAssetInput, type CloudImportOptions, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { importInto } from "../../support/Outcomes.js"
import { requests } from "../../support/Requests.js"

const { projectId } = AngoTest

const cat: CloudAssetInput = { data: "https://files.example/cats/tom.jpg", externalId: "tom.jpg" }

const imported = (assets: ReadonlyArray<CloudAssetInput>, options?: CloudImportOptions) =>
  importInto(projectId, assets, options)

const found = (externalId: string) =>
  Effect.flatMap(Assets, (assets) => Effect.map(assets.page(projectId, { externalId }), ({ items }) => items))

describe("importFromCloud", () => {
  it.effect("creates an asset and a task for each file, in the stage of new tasks", () =>
    Effect.gen(function* () {
      const [projects, tasks] = yield* Effect.all([Projects, Tasks])
      const before = yield* projects.get(projectId)
      const result = yield* imported([
        cat,
        { dataset: ["https://files.example/p1.png", "https://files.example/p2.png"], externalId: "stack" }
      ])
      const [asset] = yield* found("tom.jpg")
      const [stack] = yield* found("stack")
      expect(result).toEqual([
        { _tag: "Created", index: 0, key: "tom.jpg", value: { id: asset?.id, externalId: "tom.jpg" } },
        { _tag: "Created", index: 1, key: "stack", value: { id: stack?.id, externalId: "stack" } }
      ])
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

  it.effect("sends every field of an asset", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const [question] = yield* Effect.map(
        Effect.flatMap(Projects, (projects) => projects.get(projectId)),
        ({ categorySchema }) => categorySchema?.classifications ?? []
      )
      const [outcome] = yield* imported(
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
      expect(outcome).toMatchObject({ _tag: "Created" })
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
    "puts assets into batches by name or id, those of a row instead of those of the import, looked up once",
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
            batches: [one?.id ?? ""],
            readBackIds: false
          }
        )
        expect((yield* requests).slice(before)).toEqual([
          "projects.get",
          ...Array<string>(3).fill("assets.list"),
          "assets.importFromCloud"
        ])
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

  it.effect("leaves tasks in Start if the workflow does not forward them", () =>
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

  it.effect("accepts the message of an old hub as a success", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("assets.importFromCloud", [
        Faults.respond(200, '{"status":"success","data":{"assets":"Successfully created."}}')
      ])
      expect(yield* imported([cat])).toEqual([
        { _tag: "Created", index: 0, key: "tom.jpg", value: { externalId: "tom.jpg" } }
      ])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [{ externalId: "x" }, "row", "The row has neither data nor dataset. Give data"],
    [
      { url: "https://files.example/x", externalID: "x" } as object,
      "row",
      "The row has url, externalID, but neither data nor dataset."
    ],
    [{ data: "" }, "row.data", "a URL, a storage path, or the text itself"],
    [{ dataset: [] }, "row.dataset", "at least one URL"],
    [{ ...cat, storage: "a/b" }, "row.storage", "an id of"]
  ] as const)(
    "%j is refused before any request for it, and the others go through",
    ([bad, parameter, allowed]) =>
      Effect.gen(function* () {
        const [first, second, third] = yield* imported([
          { ...cat, externalId: "a" },
          bad,
          { ...cat, externalId: "b" }
        ])
        expect([first?._tag, third?._tag]).toEqual(["Created", "Created"])
        expect(second).toMatchObject({
          _tag: "Failed",
          index: 1,
          retryable: false,
          error: { _tag: "InvalidRequest", parameter, operation: "assets.importFromCloud" }
        })
        expect(second?._tag === "Failed" && second.error.message).toContain(allowed)
        const lookup = Array<string>(2).fill("assets.list")
        expect(yield* requests).toEqual([...lookup, "assets.importFromCloud", ...lookup])
      }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [{ storage: "a b" }, "storage", "an id of"],
    [{ priority: 1001 }, "priority", "an integer from -1000 to 1000, got 1001"],
    [{ priority: -1001, batches: ["Week 9"] }, "priority", "an integer from -1000 to 1000"],
    [{ priority: 0.5 }, "priority", "an integer from -1000 to 1000, got 0.5"],
    [{ chunk: 0 }, "chunk", "a whole number of 1 to 10,000"],
    [{ concurrency: 17 }, "concurrency", "a whole number of 1 to 16"],
    [{ duplicates: "ask" as "skip" }, "duplicates", 'Expected skip, refuse or allow, got "ask".'],
    [{ ledger: "import.ledger" as never }, "ledger", "a ledger made by Ledger.file or Ledger.make"]
  ] as const)("as a whole is refused with %j, before any request", ([options, parameter, allowed]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(imported([cat], options))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "assets.importFromCloud" })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("imports nothing if a batch of the options does not exist", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(imported([cat], { batches: ["Nope"] }))
      expect(error).toMatchObject({ _tag: "UnknownBatch", unknown: ["Nope"] })
      expect(yield* requests).toEqual(["projects.get"])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails only the row whose batch does not exist", () =>
    Effect.gen(function* () {
      const outcomes = yield* imported([
        { ...cat, batches: ["Nope"] },
        { ...cat, externalId: "other" }
      ])
      expect(outcomes).toMatchObject([
        { _tag: "Failed", retryable: false, error: { _tag: "UnknownBatch", unknown: ["Nope"] } },
        { _tag: "Created" }
      ])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails only the row that JSON cannot represent", () =>
    Effect.gen(function* () {
      const circle: Record<string, unknown> = {}
      circle["self"] = circle
      const row = (externalId: string, contextData: Record<string, unknown>) => ({
        data: `https://files.example/${externalId}`,
        externalId,
        contextData
      })
      const rows = [row("a", { n: 1n }), row("b", { n: 1 }), row("c", circle)]
      const outcomes = yield* importInto(projectId, rows)
      expect(outcomes).toMatchObject([
        { _tag: "Failed", key: "a", retryable: false, error: { _tag: "InvalidRequest", parameter: "row" } },
        { _tag: "Created", key: "b" },
        { _tag: "Failed", key: "c", error: { _tag: "InvalidRequest" } }
      ])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("sends nothing for no rows", () =>
    Effect.gen(function* () {
      expect(yield* imported([])).toEqual([])
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("is not repeated after a server error: the rows may have been written", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("assets.importFromCloud", [Faults.fail(503)])
      expect(yield* imported([cat], { duplicates: "allow" })).toMatchObject([
        {
          _tag: "Unknown",
          key: "tom.jpg",
          error: { _tag: "AmbiguousOutcome" },
          reconcile: { read: "assets.list" }
        }
      ])
      expect(yield* requests).toHaveLength(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with NotFound for an unknown project", () =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(importInto("x1", [cat]))).toMatchObject({ _tag: "NotFound" })
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
