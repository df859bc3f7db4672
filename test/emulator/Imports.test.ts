// Imports and deletion of assets, with documented bodies: one test per contradiction of the documents.
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

const withHub = <A, E>(test: Effect.Effect<A, E, Emulator>, options: EmulatorOptions = { tasks: 20 }) =>
  AskHub.withHub(test, options)

const query = (name: string, value: unknown) => `${name}=${encodeURIComponent(JSON.stringify(value))}`

describe("import-counts, success-status: imports", () => {
  const cat = { data: "https://files.example/cats/tom.jpg?v=1" }

  it.effect.each([
    ["assets alone", { assets: [cat] }],
    ["uploadLocal null, as the SDK has it", { assets: [cat], uploadLocal: null, priority: 0 }],
    ["uploadLocal as text", { assets: [cat], uploadLocal: "true" }],
    [
      "nulls for unknown values",
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
    "batches of the query apply to assets without their own; ids or names, JSON or comma-separated",
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
    ["a priority out of range (priority-range)", { assets: [cat], priority: 1001 }, 400],
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

  it.effect("invalid conversations are rejected in the other error shape", () =>
    withHub(
      Effect.gen(function* () {
        expect(yield* ask("POST", `/project/${projectId}/chat`, new FormData())).toMatchObject({
          status: 400,
          body: { error: { statusCode: 400 }, message: "No conversations." }
        })
      })
    )
  )
})

describe("deleting assets", () => {
  it.effect("with a body in the DELETE; unknown ids are ignored if others are known", () =>
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
