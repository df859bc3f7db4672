// Attachments and links of the hub: literal bodies, one test per row of the contradictions.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, type Emulator, type EmulatorOptions } from "effect-ango/emulator"
import * as AskHub from "../support/AskHub.js"

const { projectId } = AngoTest

type Json = { readonly [name: string]: unknown }

interface Asset {
  readonly _id: string
  readonly batches: ReadonlyArray<string>
  readonly attachments?: ReadonlyArray<Json>
}

const ask = (method: string, path: string, body?: unknown) => AskHub.askHub(`${method} ${path}`, body)

const assets = (query = "limit=2&sort=createdAt") =>
  Effect.map(
    ask("GET", `/project/${projectId}/assets?${query}`),
    ({ data }) => data["assets"] as ReadonlyArray<Asset>
  )

const withHub = <A, E>(test: Effect.Effect<A, E, Emulator>, options: EmulatorOptions = { tasks: 20 }) =>
  AskHub.withHub(test, options)

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
