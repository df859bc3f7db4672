// Endpoints of batches, called with documented bodies: one test per contradiction of the documents.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator, type EmulatorOptions } from "effect-ango/emulator"
import * as AskHub from "../support/AskHub.js"

const { projectId } = AngoTest

type Json = { readonly [name: string]: unknown }

interface Asset {
  readonly _id: string
  readonly batches: ReadonlyArray<string>
  readonly attachments?: ReadonlyArray<Json>
}

const ask = (method: string, path: string, body?: unknown) => AskHub.askHub(`${method} ${path}`, body)

const batches = Effect.map(
  ask("GET", `/batches/${projectId}`),
  ({ data }) => data["batches"] as ReadonlyArray<{ readonly _id: string; readonly name: string }>
)

const assets = (query = "limit=2&sort=createdAt") =>
  Effect.map(
    ask("GET", `/project/${projectId}/assets?${query}`),
    ({ data }) => data["assets"] as ReadonlyArray<Asset>
  )

const taskBatches = (assetId: string) =>
  Effect.map(Emulator, ({ state }) =>
    state.projects
      .get(projectId)
      ?.tasks.filter(({ asset }) => (typeof asset === "string" ? asset : asset?._id) === assetId)
      .map((task) => task.batches)
  )

const withHub = <A, E>(test: Effect.Effect<A, E, Emulator>, options: EmulatorOptions = { tasks: 20 }) =>
  AskHub.withHub(test, options)

describe("batch-creation: creating batches", () => {
  it.effect("a name adds a batch; the same name again adds nothing", () =>
    withHub(
      Effect.gen(function* () {
        const before = yield* batches
        for (let times = 0; times < 2; times++) {
          const { data, status } = yield* ask("POST", `/batches/${projectId}`, { batches: "Week 9" })
          expect(status).toBe(200)
          expect(data).toMatchObject({
            project: { _id: projectId, batches: [...before, { name: "Week 9" }] }
          })
        }
        expect(yield* batches).toHaveLength(before.length + 1)
      })
    )
  )

  it.effect("a list with an existing batch and its name again keeps one batch", () =>
    withHub(
      Effect.gen(function* () {
        const before = yield* batches
        const list = [...before, { name: before[0]?.name }, { name: "Week 9" }]
        yield* ask("POST", `/batches/${projectId}`, { batches: list })
        expect(yield* batches).toEqual([...before, { _id: expect.any(String), name: "Week 9" }])
      })
    )
  )

  it.effect("{name} adds a batch and returns it; the same name again returns the present batch", () =>
    withHub(
      Effect.gen(function* () {
        const before = yield* batches
        const first = yield* ask("POST", `/batches/${projectId}`, { name: "Week 9" })
        expect(first).toMatchObject({ status: 200, data: { project: { name: "Week 9" } } })
        const after = yield* batches
        expect(after).toEqual([...before, first.data["project"]])
        const again = yield* ask("POST", `/batches/${projectId}`, { name: "Week 9" })
        expect(again.data).toEqual(first.data)
        expect(yield* batches).toEqual(after)
        const more = { name: "Week 8", description: "Nights", color: "#00aa88", note: 1 }
        const third = yield* ask("POST", `/batches/${projectId}`, more)
        expect((yield* batches).at(-1)).toEqual(third.data["project"])
        expect(third.data["project"]).toMatchObject(more)
      })
    )
  )

  it.effect("a list replaces all batches: keeps by id, renames, adds, removes", () =>
    withHub(
      Effect.gen(function* () {
        const [first, second] = yield* batches
        const list = [{ _id: first?._id, name: "Renamed" }, second, { name: "New", color: "#00aa88" }]
        yield* ask("POST", `/batches/${projectId}`, { batches: list })
        const after = yield* batches
        expect(after).toMatchObject([
          { _id: first?._id, name: "Renamed" },
          { ...second },
          { _id: expect.stringMatching(/^[0-9a-f]{24}$/), name: "New", color: "#00aa88" }
        ])
        const names = new Set(after.map(({ name }) => name))
        const all = yield* assets("limit=1000")
        expect(all.flatMap((asset) => asset.batches).every((name) => names.has(name))).toBe(true)
      })
    )
  )

  it.effect.each([
    { batches: "" },
    { batches: [{ name: " " }] },
    { batches: [7] },
    { name: " " },
    { name: 7 },
    {}
  ])("%j is 400", (body) =>
    withHub(
      Effect.gen(function* () {
        expect(yield* ask("POST", `/batches/${projectId}`, body)).toMatchObject({
          status: 400,
          body: { status: "fail" }
        })
      })
    )
  )
})

describe("batch-references, batch-assign-mode, batch-names: assigning batches", () => {
  const variants = [
    [
      "ids and the project",
      (asset: string, batch: Json) => ({ assets: [asset], batches: [batch["_id"]], projectId })
    ],
    ["ids alone", (asset: string, batch: Json) => ({ assets: [asset], batches: [batch["_id"]] })],
    ["names alone", (asset: string, batch: Json) => ({ assets: [asset], batches: [batch["name"]] })],
    ["texts instead of lists", (asset: string, batch: Json) => ({ assets: asset, batches: batch["name"] })]
  ] as const

  it.effect.each(variants)("batch-references: %s", ([, body]) =>
    withHub(
      Effect.gen(function* () {
        yield* ask("POST", `/batches/${projectId}`, { batches: "Week 9" })
        const batch = (yield* batches).at(-1) ?? { _id: "", name: "" }
        const [asset] = yield* assets()
        const answer = yield* ask("POST", "/assignBatches", body(asset?._id ?? "", batch))
        expect(answer).toMatchObject({ status: 200, data: { assets: 1 } })
        expect((yield* assets())[0]?.batches).toEqual([...(asset?.batches ?? []), "Week 9"])
      })
    )
  )

  it.effect.each([
    [undefined, (held: ReadonlyArray<string>) => [...held, "Week 9"]],
    ["add", (held: ReadonlyArray<string>) => [...held, "Week 9"]],
    ["replace", () => ["Week 9"]]
  ] as const)("batch-assign-mode: adds or replaces, as configured: %s", ([assignBatches, expected]) =>
    withHub(
      Effect.gen(function* () {
        yield* ask("POST", `/batches/${projectId}`, { batches: "Week 9" })
        const [asset, other] = yield* assets()
        const body = { assets: [asset?._id], batches: ["Week 9", "Week 9"] }
        yield* ask("POST", "/assignBatches", body)
        const after = yield* assets()
        expect(after[0]?.batches).toEqual(expected(asset?.batches ?? []))
        expect(after[1]?.batches).toEqual(other?.batches)
      }),
      { tasks: 20, assignBatches }
    )
  )

  it.effect("batch-names: assets contain batch names, tasks contain batch ids", () =>
    withHub(
      Effect.gen(function* () {
        yield* ask("POST", `/batches/${projectId}`, { batches: "Week 9" })
        const batch = (yield* batches).at(-1)
        const [asset] = yield* assets()
        yield* ask("POST", "/assignBatches", { assets: asset?._id, batches: "Week 9", projectId })
        expect((yield* assets())[0]?.batches).toContain("Week 9")
        expect((yield* taskBatches(asset?._id ?? ""))?.[0]).toContain(batch?._id)
      })
    )
  )

  it.effect(
    "rejects an unknown batch, only unknown assets, an unknown project; ignores some unknown assets",
    () =>
      withHub(
        Effect.gen(function* () {
          const [asset] = yield* assets()
          const [batch] = yield* batches
          const assign = (body: unknown) => ask("POST", "/assignBatches", body)
          expect(yield* assign({ assets: [asset?._id], batches: ["Nope"] })).toMatchObject({ status: 404 })
          expect(yield* assign({ assets: ["a1"], batches: [batch?._id] })).toMatchObject({ status: 404 })
          expect(yield* assign({ assets: ["a1"], batches: [], projectId: "x1" })).toMatchObject({
            status: 400,
            message: "Invalid project: x1."
          })
          expect(yield* assign({ assets: [asset?._id, "a1"], batches: [batch?._id] })).toMatchObject({
            data: { assets: 1 }
          })
        })
      )
  )
})
