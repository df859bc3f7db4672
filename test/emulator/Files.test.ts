// Attachments, links and files, called with documented bodies: one test per contradiction of the documents.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AngoTest, Emulator, type EmulatorOptions } from "effect-ango/emulator"
import * as AskHub from "../support/AskHub.js"

const { projectId } = AngoTest

type Json = { readonly [name: string]: unknown }

interface Asset {
  readonly _id: string
  readonly batches: ReadonlyArray<string>
  readonly data?: string
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

describe("attachment-body: attachments", () => {
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

describe("signed-url-parameter, success-status: links", () => {
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

  it.effect("an upload link for a name and a project, or a name alone, with status 201", () =>
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

// A file of the hub's file storage, requested without a key.
const read = (url: string) =>
  Effect.flatMap(Emulator, (hub) =>
    Effect.promise(async () => {
      const response = await hub.fetch(url)
      return [response.status, response.headers.get("content-type"), await response.text()] as const
    })
  )

const form = (...parts: ReadonlyArray<readonly [string, string | File]>) => {
  const data = new FormData()
  for (const [name, value] of parts) data.append(name, value)
  return data
}

describe("instructions", () => {
  const guide = new File(["%PDF-1.7"], "guide 1.pdf", { type: "application/pdf" })
  const instructions = Effect.map(
    ask("GET", `/project/${projectId}`),
    ({ data }): string => data.project.instructions
  )

  it.effect("are read from the part `file` of any form, and served at their URL", () =>
    withHub(
      Effect.gen(function* () {
        const other = new File(["x".repeat(200_000)], "other.bin")
        const body = form(["note", "read me"], ["other", other], ["file", guide])
        yield* ask("POST", `/project/${projectId}/instructions?storageId=s1&bucket=b`, body)
        const url = yield* instructions
        expect(decodeURI(url)).toMatch(/\/instructions\/guide 1\.pdf$/)
        expect(yield* read(url)).toEqual([200, "application/pdf", "%PDF-1.7"])
      })
    )
  )

  it.effect("are served byte for byte under any name, and replaced under the same name", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 256)
        for (const [name, content] of [
          ["Anleitung für alle, 100 % #1?.pdf", bytes],
          ["Anleitung für alle, 100 % #1?.pdf", bytes.toReversed()],
          ["guide.json", new TextEncoder().encode('{"step":1}')]
        ] as const) {
          const file = new File([content], name, { type: "application/json" })
          yield* ask("POST", `/project/${projectId}/instructions`, form(["file", file]))
          const response = yield* Effect.flatMap(instructions, (url) => Effect.promise(() => hub.fetch(url)))
          expect(new Uint8Array(yield* Effect.promise(() => response.arrayBuffer()))).toEqual(content)
        }
      })
    )
  )

  it.scopedLive("are served behind a socket", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 1 })
      const headers = { apikey: Redacted.value(hub.apiKey) }
      const url = `${hub.baseUrl}/project/${projectId}/instructions`
      const answer = yield* Effect.promise(async () => {
        const sent = await fetch(url, { method: "POST", headers, body: form(["file", guide]) })
        return (await sent.json()) as {
          readonly data: { readonly project: { readonly instructions: string } }
        }
      })
      const served = yield* Effect.promise(() => fetch(answer.data.project.instructions))
      expect([served.status, yield* Effect.promise(() => served.text())]).toEqual([200, "%PDF-1.7"])
    })
  )

  it.effect("open no other file, and their URL cannot be written", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        yield* ask("POST", `/project/${projectId}/instructions`, form(["file", guide]))
        const url = yield* instructions
        expect((yield* read(url.replace("guide", "other")))[0]).toBe(404)
        expect((yield* read(url.replace("/instructions/", "/assets/")))[0]).toBe(403)
        const put = yield* Effect.promise(() => hub.fetch(url, { method: "PUT", body: "mine" }))
        expect(put.status).toBe(403)
        expect(yield* read(url)).toMatchObject([200, "application/pdf", "%PDF-1.7"])
      })
    )
  )

  it.effect.each([
    ["no form", { file: "guide.pdf" }],
    ["a form without a file", form(["file", "guide.pdf"])],
    ["a file in another part", form(["other", guide])]
  ] as const)("are refused with 400 when there is %s", ([, body]) =>
    withHub(
      Effect.gen(function* () {
        expect(yield* ask("POST", `/project/${projectId}/instructions`, body)).toMatchObject({
          status: 400,
          body: { status: "fail", message: expect.stringContaining("file") }
        })
        expect(yield* instructions).toBeUndefined()
      })
    )
  )
})

describe("the files of conversations", () => {
  const conversations = (...more: ReadonlyArray<readonly [string, string]>) =>
    form(
      ["projectId", projectId],
      ["conversations", JSON.stringify([{ messages: [{ id: "1", content: "Hi", user: { role: "user" } }] }])],
      ...more
    )
  const signed = (url: string) =>
    Effect.map(
      ask("GET", `/getSignedUrl?url=${encodeURIComponent(url)}`),
      ({ data }): string => data.signedUrl
    )

  it.effect("can be read by a signed link, and stay when their asset or project is deleted", () =>
    withHub(
      Effect.gen(function* () {
        yield* ask("POST", `/project/${projectId}/chat`, conversations())
        const [asset] = yield* assets("limit=1")
        const url = String(asset?.data)
        expect((yield* read(url))[0]).toBe(403)
        const link = yield* signed(url)
        const [status, type, text] = yield* read(link)
        expect([status, type, JSON.parse(text).messages[0].content]).toEqual([200, "application/json", "Hi"])

        yield* ask("DELETE", `/project/${projectId}/assets`, { project: projectId, assets: [asset?._id] })
        expect(yield* assets(`_id=${asset?._id}`)).toEqual([])
        expect((yield* read(link))[0]).toBe(200)
        yield* ask("DELETE", `/project/${projectId}`)
        expect(yield* read(yield* signed(url))).toEqual([status, type, text])
      })
    )
  )

  it.effect("are not stored when the import fails", () =>
    withHub(
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const answer = yield* ask(
          "POST",
          `/project/${projectId}/chat`,
          conversations(["batches", '["65aa0000000000000000d009"]'])
        )
        expect(answer.status).toBe(404)
        expect([...state.files.keys()]).toEqual([])
      })
    )
  )
})
