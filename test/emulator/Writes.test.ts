// Imports, batches, uploads, attachments and exports, asked of the hub by a client that is not ours: literal bodies,
// one test per row of the dossier's contradictions.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AngoTest, Emulator, type EmulatorOptions } from "effect-ango/emulator"

const { projectId } = AngoTest

type Json = { readonly [name: string]: unknown }

interface Asset {
  readonly _id: string
  readonly batches: ReadonlyArray<string>
  readonly attachments?: ReadonlyArray<Json>
}

const ask = (method: string, path: string, body?: unknown) =>
  Effect.flatMap(Emulator, (hub) =>
    Effect.promise(async () => {
      const isText =
        typeof body === "object" && !(body instanceof FormData || body instanceof URLSearchParams)
      const response = await hub.fetch(`${hub.baseUrl}${path}`, {
        method,
        headers: {
          apikey: Redacted.value(hub.apiKey),
          ...(isText ? { "content-type": "application/json" } : {})
        },
        ...(body === undefined ? {} : { body: isText ? JSON.stringify(body) : (body as FormData) })
      })
      const { data = {}, ...rest } = (await response.json()) as Json & { readonly data?: Json }
      return { status: response.status, data, rest }
    })
  )

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
  Effect.provide(test, Emulator.layer(options))

const query = (name: string, value: unknown) => `${name}=${encodeURIComponent(JSON.stringify(value))}`

describe("C16: creating batches", () => {
  it.effect("a name adds one, and the same name again nothing", () =>
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

  it.effect("a list replaces all: kept by id, renamed, added, taken away", () =>
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

  it.effect.each([{ batches: "" }, { batches: [{ name: " " }] }, { batches: [7] }, {}])("%j is 400", (body) =>
    withHub(
      Effect.gen(function* () {
        expect(yield* ask("POST", `/batches/${projectId}`, body)).toMatchObject({
          status: 400,
          rest: { status: "fail" }
        })
      })
    )
  )
})

describe("C17, C18, C30: assigning batches", () => {
  const variants = [
    [
      "ids and the project",
      (asset: string, batch: Json) => ({ assets: [asset], batches: [batch["_id"]], projectId })
    ],
    ["ids alone", (asset: string, batch: Json) => ({ assets: [asset], batches: [batch["_id"]] })],
    ["names alone", (asset: string, batch: Json) => ({ assets: [asset], batches: [batch["name"]] })],
    ["texts instead of lists", (asset: string, batch: Json) => ({ assets: asset, batches: batch["name"] })]
  ] as const

  it.effect.each(variants)("C17: %s", ([, body]) =>
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
  ] as const)("C18: joins or replaces, as the hub was told: %s", ([assignBatches, expected]) =>
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

  it.effect("C30: assets name their batches, tasks hold the ids", () =>
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

  it.effect("what is not there: a batch, every asset, the project; some assets are passed over", () =>
    withHub(
      Effect.gen(function* () {
        const [asset] = yield* assets()
        const [batch] = yield* batches
        const assign = (body: unknown) => ask("POST", "/assignBatches", body)
        expect(yield* assign({ assets: [asset?._id], batches: ["Nope"] })).toMatchObject({ status: 404 })
        expect(yield* assign({ assets: ["a1"], batches: [batch?._id] })).toMatchObject({ status: 404 })
        expect(yield* assign({ assets: ["a1"], batches: [], projectId: "x1" })).toMatchObject({
          status: 400,
          rest: { message: "Invalid project: x1." }
        })
        expect(yield* assign({ assets: [asset?._id, "a1"], batches: [batch?._id] })).toMatchObject({
          data: { assets: 1 }
        })
      })
    )
  )
})

describe("C25, C27: imports", () => {
  const cat = { data: "https://files.example/cats/tom.jpg?v=1" }

  it.effect.each([
    ["assets alone", { assets: [cat] }],
    ["uploadLocal null, as the SDK has it", { assets: [cat], uploadLocal: null, priority: 0 }],
    ["uploadLocal as text", { assets: [cat], uploadLocal: "true" }],
    [
      "nulls where nothing is known",
      { assets: [{ ...cat, externalId: null, contextData: null, metadata: null }] }
    ]
  ])("counts under 201: %s", ([, body]) =>
    withHub(
      Effect.gen(function* () {
        expect(yield* ask("POST", `/project/${projectId}/cloud`, body)).toMatchObject({
          status: 201,
          data: { assets: { assetsCreated: 1, tasksCreated: 1, preLabelsCount: 0, validPreLabelsCount: 0 } }
        })
        expect((yield* assets("externalId=tom.jpg")).length).toBe(1)
      })
    )
  )

  it.effect(
    "batches of the query are for assets without their own, as ids or names, in JSON or with commas",
    () =>
      withHub(
        Effect.gen(function* () {
          const [first, second] = yield* batches
          for (const [index, value] of [
            query("batches", [first?._id]),
            `batches=${first?._id}`,
            query("batches", [first?.name])
          ].entries()) {
            const own = { ...cat, externalId: `own ${index}`, batches: [second?.name] }
            yield* ask("POST", `/project/${projectId}/cloud?${value}`, {
              assets: [{ ...cat, externalId: `none ${index}` }, own]
            })
            expect((yield* assets(`externalId=none ${index}`))[0]?.batches).toEqual([first?.name])
            expect((yield* assets(`externalId=own ${index}`))[0]?.batches).toEqual([second?.name])
          }
        })
      )
  )

  it.effect.each([
    ["a priority out of range (C34)", { assets: [cat], priority: 1001 }, 400],
    ["no assets", { assets: [] }, 400],
    ["an asset without data", { assets: [{ externalId: "x" }] }, 400],
    ["an unknown batch", { assets: [{ ...cat, batches: ["Nope"] }] }, 404]
  ] as const)("%s is refused, and nothing is imported", ([, body, status]) =>
    withHub(
      Effect.gen(function* () {
        const { state } = yield* Emulator
        expect(yield* ask("POST", `/project/${projectId}/cloud`, body)).toMatchObject({ status })
        expect(state.projects.get(projectId)?.assets).toHaveLength(20)
        expect(state.projects.get(projectId)?.tasks).toHaveLength(20)
      })
    )
  )

  it.effect("conversations come as a form, multipart or URL-encoded", () =>
    withHub(
      Effect.gen(function* () {
        const multipart = new FormData()
        const encoded = new URLSearchParams()
        for (const form of [multipart, encoded]) {
          form.append("projectId", projectId)
          form.append("priority", "3")
          form.append("numberOfConversations", "2")
          form.append("namingStrategy", '{"type":"random"}')
        }
        for (const form of [multipart, encoded]) {
          expect(yield* ask("POST", `/project/${projectId}/chat`, form)).toMatchObject({
            status: 200,
            data: { assets: { assetsCreated: 2 } }
          })
        }
      })
    )
  )

  it.effect("what is wrong with conversations is told in the other error shape", () =>
    withHub(
      Effect.gen(function* () {
        expect(yield* ask("POST", `/project/${projectId}/chat`, new FormData())).toMatchObject({
          status: 400,
          rest: { error: { statusCode: 400 }, message: "No conversations." }
        })
      })
    )
  )
})

describe("C9: attachments", () => {
  it.effect.each([
    [
      "nested",
      (asset: Json) => ({ externalId: asset["externalId"], attachments: [{ type: "TEXT", value: "hint" }] })
    ],
    [
      "nested, by data",
      (asset: Json) => ({ data: asset["data"], attachments: [{ type: "TEXT", value: "hint" }] })
    ],
    [
      "flat, by id",
      (asset: Json) => ({ assetId: asset["_id"], attachmentUrl: "hint", attachmentType: "text" })
    ],
    [
      "flat, by external id",
      (asset: Json) => ({ externalId: asset["externalId"], attachmentUrl: "hint", attachmentType: "TEXT" })
    ]
  ] as const)("%s", ([, entry]) =>
    withHub(
      Effect.gen(function* () {
        const [asset] = yield* assets()
        const body = { project: projectId, attachments: [entry({ ...asset })] }
        expect(yield* ask("POST", "/attachments", body)).toMatchObject({
          status: 200,
          data: { project: { attachmentsImported: 1, assetsUpdated: 1 } }
        })
        expect((yield* assets())[0]?.attachments).toEqual([{ type: "TEXT", value: "hint" }])
      })
    )
  )
})

describe("C10, C27: links", () => {
  it.effect.each([
    ["name, project and type", `name=https%3A%2F%2Ffiles.example%2Fa.jpg&project=${projectId}&type=assets`],
    ["url", "url=https%3A%2F%2Ffiles.example%2Fa.jpg"]
  ])("a signed link for %s, under 201", ([, parameters]) =>
    withHub(
      Effect.gen(function* () {
        const { data, status } = yield* ask("GET", `/getSignedUrl?${parameters}`)
        expect([status, data["signedUrl"]]).toEqual([
          201,
          expect.stringMatching(/^https:\/\/files\.example\/a\.jpg\?X-Hub-Token=[0-9a-f]{32}$/)
        ])
      })
    )
  )

  it.effect("an upload link for a name and a project, or a name alone, under 201", () =>
    withHub(
      Effect.gen(function* () {
        for (const parameters of [`name=a.jpg&project=${projectId}&type=brushes`, "name=a.jpg"]) {
          expect(yield* ask("GET", `/getUploadUrl?${parameters}`)).toMatchObject({ status: 201 })
        }
        expect(yield* ask("GET", "/getUploadUrl?name=")).toMatchObject({ status: 400 })
        expect(yield* ask("GET", "/getSignedUrl")).toMatchObject({ status: 400 })
      })
    )
  )
})

describe("C3, C31, C32: exports", () => {
  // What the hub understood of each of these, which mean the same.
  const understood = (parameters: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const { state } = yield* Emulator
      for (const one of parameters) {
        expect(yield* ask("GET", one)).toMatchObject({
          status: 200,
          data: { exportPath: expect.any(String) }
        })
      }
      return [...state.exports.values()]
    })

  it.effect("C3: both paths answer alike", () =>
    withHub(
      Effect.gen(function* () {
        const [a, b] = yield* understood(
          ["/export", "/exportV3"].map((path) => `${path}?project=${projectId}`)
        )
        expect(a).toEqual({ project: projectId })
        expect(b).toEqual(a)
      })
    )
  )

  it.effect("C31: stages and batches as JSON arrays, a JSON text, with commas, or one", () =>
    withHub(
      Effect.gen(function* () {
        const [first] = yield* batches
        const found = yield* understood(
          [
            `${query("stage", ["Complete"])}&${query("batches", [first?._id])}`,
            `stage=${encodeURIComponent('"Complete"')}&batches=${first?._id}`,
            `stage=Complete&${query("batches", [first?._id])}`
          ].map((parameters) => `/export?project=${projectId}&${parameters}`)
        )
        expect(found).toEqual(
          Array.from({ length: 3 }, () => ({
            project: projectId,
            stage: ["Complete"],
            batches: [first?._id]
          }))
        )
        const [, , , two] = yield* understood([`/export?project=${projectId}&stage=Label,Complete`])
        expect(two?.stage).toEqual(["Label", "Complete"])
      })
    )
  )

  it.effect("C32: flags in any case; keys that nobody knows are passed over", () =>
    withHub(
      Effect.gen(function* () {
        const found = yield* understood(
          ["true", "True", "TRUE"].map(
            (flag) => `/export?project=${projectId}&includeHistory=${flag}&completion=true&type=None`
          )
        )
        expect(found).toEqual(
          Array.from({ length: 3 }, () => ({ project: projectId, type: "None", includeHistory: true }))
        )
      })
    )
  )

  it.effect("what cannot be: a flag that is none, an unknown project, an unknown batch", () =>
    withHub(
      Effect.gen(function* () {
        expect(yield* ask("GET", `/export?project=${projectId}&includeHistory=maybe`)).toMatchObject({
          status: 400
        })
        expect(yield* ask("GET", "/exportV3?project=x1")).toMatchObject({
          status: 400,
          rest: { message: "Invalid project: x1." }
        })
        expect(yield* ask("GET", `/export?project=${projectId}&batches=Nope`)).toMatchObject({ status: 404 })
      })
    )
  )
})

describe("deleting assets", () => {
  it.effect("by a body in the DELETE; unknown ones are passed over beside known ones", () =>
    withHub(
      Effect.gen(function* () {
        const [asset] = yield* assets()
        const body = { project: projectId, assets: [asset?._id, "a1"] }
        expect(yield* ask("DELETE", `/project/${projectId}/assets`, body)).toMatchObject({ status: 200 })
        expect(yield* assets(`_id=${asset?._id}`)).toEqual([])
        expect(yield* ask("DELETE", `/project/${projectId}/assets`, body)).toMatchObject({ status: 404 })
      })
    )
  )
})
