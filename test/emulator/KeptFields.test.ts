// What the hub stores comes back as it was sent: a field that it does not know is not dropped behind a 200.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Projects } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest

const path = `/project/${projectId}`

// Settings that the SDK sends (#update-project), and names of nobody's.
const settings = {
  benchmarkEnabled: true,
  benchmarkRatio: 20,
  benchmarkCutoff: true,
  customValidationEnabled: false,
  reviewersPerTask: 3,
  hint: "",
  nothing: null,
  rules: [{ of: "a hub", that: { grew: [1, null] } }]
}

describe("settings of a project", () => {
  it.effect("come back from an update, known or not", () =>
    withHub(
      Effect.gen(function* () {
        expect((yield* askHub(`POST ${path}`, settings)).data.project).toMatchObject(settings)
        yield* askHub(`POST ${path}`, { hint: "later" })
        expect((yield* askHub(`GET ${path}`)).data.project).toMatchObject({ ...settings, hint: "later" })
      })
    )
  )

  it.effect.each(Object.entries(settings))("come back alone: %s", ([name, value]) =>
    withHub(
      Effect.gen(function* () {
        const answer = yield* askHub(`POST ${path}`, { [name]: value })
        expect(answer.status).toBe(200)
        expect((yield* askHub(`GET ${path}`)).data.project).toMatchObject({ [name]: value })
      })
    )
  )

  it.effect("come back from a creation, with the workflow", () =>
    withHub(
      Effect.gen(function* () {
        const stages = [
          { id: "Start", type: "Start", name: "Start", next: ["Complete"], position: { x: 0, y: 0 } },
          { id: "Complete", type: "Complete", name: "Complete", next: [], position: { x: 1, y: 0 } }
        ]
        const created = yield* askHub("POST /project", { name: "New", ...settings, stages })
        expect(created.data.project).toMatchObject({ name: "New", ...settings, stages })
        const { project } = (yield* askHub(`GET /project/${created.data.project._id}`)).data
        expect(project).toEqual(created.data.project)
        expect((yield* askHub("POST /project", { name: "New", stages: [] })).status).toBe(400)
      })
    )
  )

  it.effect("do not include what has an endpoint of its own or is the hub's to count", () =>
    withHub(
      Effect.gen(function* () {
        const { project: before } = (yield* askHub(`GET ${path}`)).data
        const { project } = (yield* askHub(`POST ${path}`, {
          name: "Renamed",
          _id: "65aa0000000000000000ffff",
          organization: "65aa0000000000000000ffff",
          assetCount: 9999,
          batches: [],
          assignedTo: [],
          deleted: true,
          createdAt: "1999-01-01T00:00:00.000Z"
        })).data
        expect({ ...project, updatedAt: null }).toEqual({ ...before, name: "Renamed", updatedAt: null })
      })
    )
  )

  it.effect("are typed in the client", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      const updated = yield* projects.update(projectId, { benchmarkCutoff: true })
      expect(updated.benchmarkCutoff).toBe(true)
      expect((yield* projects.get(projectId)).benchmarkCutoff).toBe(true)
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("fields of other objects come back", () => {
  it.effect("of batches", () =>
    withHub(
      Effect.gen(function* () {
        const batch = { name: "Week 1", description: "of May", color: "#4caf50", owner: { of: "it" } }
        yield* askHub(`POST /batches/${projectId}`, { batches: [batch] })
        expect((yield* askHub(`GET /batches/${projectId}`)).data.batches).toMatchObject([batch])
        expect((yield* askHub(`GET ${path}`)).data.project.batches).toMatchObject([batch])
      })
    )
  )

  it.effect("of asset builder templates", () =>
    withHub(
      Effect.gen(function* () {
        const template = {
          name: "T",
          description: "Rows",
          template: "<p>{{a}}</p>",
          batchColumn: "",
          selectedExternalId: "a",
          dataConfig: { a: { type: "text", includeInExport: true, width: 3 } },
          preLabelConfig: {},
          version: 2
        }
        const { data } = yield* askHub(`POST ${path}/assetBuilderTemplates`, template)
        expect(data.assetBuilderTemplate).toMatchObject(template)
        const { project } = (yield* askHub(`GET ${path}`)).data
        expect(project.assetBuilderTemplates.at(-1)).toMatchObject(template)
      })
    )
  )

  it.effect("of assets and their attachments", () =>
    withHub(
      Effect.gen(function* () {
        const asset = {
          data: "https://host.test/a.jpg",
          externalId: "kept",
          metadata: { width: 1, height: 2, lens: "50mm" },
          contextData: { weather: "sunny" },
          attachments: [{ type: "HTML", value: "<p/>", caption: "Hm" }],
          tags: ["a"]
        }
        yield* askHub(`POST ${path}/cloud`, { assets: [asset] })
        const added = { type: "TEXT", value: "More", caption: "Hm" }
        yield* askHub("POST /attachments", {
          project: projectId,
          attachments: [{ externalId: "kept", attachments: [added] }]
        })
        const { assets } = (yield* askHub(`GET ${path}/assets?filters={"externalId":"kept"}`)).data
        expect(assets).toMatchObject([{ ...asset, attachments: [...asset.attachments, added] }])
      })
    )
  )

  it.effect("of annotations", () =>
    withHub(
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const taskId = state.projects.get(projectId)?.tasks[0]?._id ?? ""
        const object = { objectId: "o", schemaId: "s", note: "Hm", "new-tool": { of: [1] } }
        yield* askHub(`POST /annotate/${taskId}`, {
          answer: { objects: [object], classifications: [], relations: [], editor: "3.1" }
        })
        const { task } = (yield* askHub(`GET /task/${taskId}?includeAnswer=true`)).data
        expect(task.answer).toMatchObject({ tools: [object], editor: "3.1" })
      })
    )
  )

  it.effect("of storages, but never what may be a secret", () =>
    withHub(
      Effect.gen(function* () {
        const kept = { bucket: "b", endpoint: "https://s3.host.test", options: { pathStyle: true } }
        const secrets = {
          publicKey: "leak",
          privateKey: "leak",
          credentials: '{"k":"leak"}',
          accessKeyId: "leak",
          secretAccessKey: "leak",
          sessionToken: "leak",
          password: "leak",
          nested: { clientSecret: "leak", connectionString: "leak" }
        }
        for (const form of [{ provider: "AWS" }, { type: "aws" }, { provider: "AWS", type: "aws" }]) {
          const { data } = yield* askHub("POST /storages/", { name: "S", ...form, ...kept, ...secrets })
          expect(data.storage).toMatchObject({ name: "S", provider: "AWS", type: "aws", ...kept })
          const listed = yield* askHub(`GET /storages?_id=${data.storage._id}`)
          expect(listed.data.storages).toEqual([data.storage])
        }
        const { state } = yield* Emulator
        expect(JSON.stringify([...state.storages])).not.toContain("leak")
      })
    )
  )
})
