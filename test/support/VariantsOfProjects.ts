// Documented variants of projects, batches, asset imports, members and hosts.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AngoConfig, Assets, Batches, Projects, Tasks, Uploads } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub } from "./AskHub.js"
import { importInto } from "./Outcomes.js"
import { accepted, batchesOf, projectId, read, row, statusOf, taskIn } from "./Variants.js"

const id = "65aa0000000000000000a001"

const project = Effect.flatMap(Projects, (service) => service.get(id))
const projectOf = (fields: object) => read(project, { project: { _id: id, name: "Cats", ...fields } })

const importing = importInto(id, [{ data: "https://files.example/a.jpg" }], { duplicates: "allow" })

const names = Effect.map(batchesOf(projectId), (batches) => batches.map(({ name }) => name))

const batchNamesOf = (asset: string) =>
  Effect.map(
    accepted(`GET /project/${projectId}/assets?_id=${asset}`),
    ({ assets }) => assets[0].batches as ReadonlyArray<string>
  )

const assignedTwice = (mode: "add" | "replace") =>
  Effect.provide(
    Effect.gen(function* () {
      const asset = (yield* taskIn("Label")).asset._id
      for (const name of ["June, morning", "July, night"]) {
        yield* accepted("POST /assignBatches", { projectId, assets: [asset], batches: [name] })
      }
      return yield* batchNamesOf(asset)
    }),
    AngoTest.layer({ tasks: 20, assignBatches: mode })
  )

export const variantsOfProjects = [
  row(
    "signed-url-parameter",
    "a link to read a file is requested by name, project and type, or by url",
    Effect.gen(function* () {
      const file = encodeURIComponent("https://files.example/a.jpg")
      for (const query of [`name=${file}&project=${projectId}&type=assets`, `url=${file}`]) {
        const { signedUrl } = yield* accepted(`GET /getSignedUrl?${query}`, undefined, 201)
        expect(signedUrl).toMatch(/^https:\/\/files\.example\/a\.jpg\?/)
      }
      yield* Effect.flatMap(Uploads, (service) =>
        service.signedUrl(projectId, { url: "https://files.example/b" })
      )
      const sent = (yield* (yield* Emulator).requests("uploads.signedUrl")).at(-1)?.url ?? ""
      const query = new URL(sent, "https://hub.example").searchParams
      expect([query.get("name"), query.get("url")]).toEqual([
        "https://files.example/b",
        "https://files.example/b"
      ])
    })
  ),
  row(
    "batch-creation",
    "batches are created one by one or as the complete list; the client keeps existing ones",
    Effect.gen(function* () {
      const path = `POST /batches/${projectId}`
      const before = yield* names
      yield* accepted(path, { batches: "By name" })
      expect(yield* names).toEqual([...before, "By name"])
      yield* Effect.flatMap(Batches, (service) => service.create(projectId, "By client"))
      yield* accepted(path, { name: "By itself" })
      expect(yield* names).toEqual([...before, "By name", "By client", "By itself"])
      const [first] = yield* batchesOf(projectId)
      yield* accepted(path, { batches: [first, { name: "By list" }] })
      expect(yield* names).toEqual([first?.name, "By list"])
    })
  ),
  row(
    "batch-references",
    "assets are added to batches by names or ids, lists or one text, with or without the project",
    Effect.gen(function* () {
      const asset = (yield* taskIn("Label")).asset._id
      const [batch] = yield* batchesOf(projectId)
      const [_id, name] = [batch?._id ?? "", batch?.name ?? ""]
      for (const body of [
        { projectId, assets: [asset], batches: [_id] },
        { projectId, assets: [asset], batches: [name] },
        { assets: [asset], batches: [_id] },
        { assets: asset, batches: name }
      ]) {
        expect(yield* accepted("POST /assignBatches", body)).toEqual({ assets: 1 })
        expect(yield* batchNamesOf(asset)).toContain(name)
      }
      expect((yield* askHub("POST /assignBatches", { assets: [asset], batches: ["Nope"] })).status).toBe(404)
    })
  ),
  row(
    "batch-assign-mode",
    "assigned batches are added to those of an asset or replace them, by the hub's option",
    Effect.gen(function* () {
      expect(yield* assignedTwice("add")).toEqual(expect.arrayContaining(["June, morning", "July, night"]))
      expect(yield* assignedTwice("replace")).toEqual(["July, night"])
    })
  ),
  row(
    "import-counts",
    "an asset import returns counts with 201; the sentence of old hubs is read, too",
    Effect.gen(function* () {
      const body = { assets: [{ data: "https://files.example/new.jpg" }], uploadLocal: null, priority: 0 }
      const { assets } = yield* accepted(`POST /project/${projectId}/cloud`, body, 201)
      expect(assets).toEqual({ assetsCreated: 1, tasksCreated: 1, preLabelsCount: 0, validPreLabelsCount: 0 })
      const created = [{ _tag: "Created", index: 0, key: "#0", value: {} }]
      expect(yield* read(importing, { assets }, 201)).toEqual(created)
      expect(yield* read(importing, { assets: "Successfully created." })).toEqual(created)
    })
  ),
  row(
    "success-status",
    "status 201 where the documents say so; the client accepts any 2xx status",
    Effect.gen(function* () {
      yield* accepted("POST /project", { name: "New" }, 201)
      yield* accepted("GET /getUploadUrl?name=a.jpg", undefined, 201)
      yield* accepted("GET /issues", undefined, 201)
      yield* accepted("GET /listProjects")
      yield* accepted("POST /attachments", {
        project: projectId,
        attachments: [{ externalId: "x", attachmentUrl: "y", attachmentType: "TEXT" }]
      })
      const upload = Effect.flatMap(Uploads, (service) => service.uploadUrl(id, { name: "a.jpg" }))
      for (const status of [200, 201, 202, 203]) {
        expect((yield* read(project, { project: { _id: id, name: "Cats" } }, status)).name).toBe("Cats")
        const { fileUrl } = yield* read(upload, { uploadUrl: "https://files.example/a.jpg?sig=1" }, status)
        expect(fileUrl).toBe("https://files.example/a.jpg")
      }
    })
  ),
  row(
    "added-members",
    "adding members returns the project; the client does not need it",
    Effect.gen(function* () {
      const body = { assignees: ["new@example.com"], role: "Labeler" }
      const data = yield* accepted(`POST /project/${projectId}/assigned`, body)
      expect(data.project.assignedTo).toContainEqual({ assignee: "new@example.com", role: "Labeler" })
      const call = Effect.flatMap(Projects, (service) =>
        service.addMembers(id, { emails: ["a@example.com"], role: "Labeler" })
      )
      for (const answer of [undefined, null, {}, { message: "done" }, { project: { _id: id } }]) {
        expect(yield* read(call, answer)).toBeUndefined()
      }
    })
  ),
  row(
    "batch-names",
    "batches of assets are names, batches of tasks are ids; null entries are read",
    Effect.gen(function* () {
      const { _id, asset, batches } = yield* taskIn("Label")
      const batchesOfTask = (yield* batchesOf(projectId)).filter((batch) => batches?.includes(batch._id))
      expect(yield* batchNamesOf(asset._id)).toEqual(batchesOfTask.map(({ name }) => name))
      expect((yield* accepted(`GET /task/${_id}`)).task.batches).toEqual(
        batchesOfTask.map((batch) => batch._id)
      )
      const added = (yield* batchesOf(projectId)).filter((batch) => !batches?.includes(batch._id))
      const body = { projectId, assets: [asset._id], batches: added.map(({ name }) => name) }
      yield* accepted("POST /assignBatches", body)
      const { task: moved } = yield* accepted(`GET /task/${_id}`)
      expect(moved.batches).toEqual([...batchesOfTask, ...added].map((batch) => batch._id))
      const listed = Effect.flatMap(Assets, (service) => service.page(id))
      const { items } = yield* read(listed, { assets: [{ _id: id, batches: ["Week 1", null] }], total: 1 })
      expect(items[0]?.batches).toEqual(["Week 1", null])
      const task = Effect.flatMap(Tasks, (service) => service.get(id))
      expect((yield* read(task, { task: { _id: id, batches: [id, null] } })).batches).toEqual([id, null])
    })
  ),
  row(
    "eu-host",
    "Europe has two hosts: the default by region, the other by base URL",
    Effect.gen(function* () {
      const baseUrl = (options: Partial<AngoConfig.Options>) =>
        Effect.map(AngoConfig.AngoConfig, (config) => config.baseUrl).pipe(
          Effect.provide(AngoConfig.layer({ apiKey: Redacted.make("k"), ...options }))
        )
      expect(yield* baseUrl({})).toBe("https://imeritapi.ango.ai/v2")
      for (const [region, host] of [
        ["eu", "imeritapi"],
        ["us", "us-api"],
        ["in", "in-api"],
        ["test", "testapi"]
      ] as const) {
        expect(yield* baseUrl({ region })).toBe(`https://${host}.ango.ai/v2`)
      }
      for (const address of [
        "https://eu-api.ango.ai",
        "https://eu-api.ango.ai/",
        "https://eu-api.ango.ai/v2"
      ]) {
        expect(yield* baseUrl({ baseUrl: address })).toBe("https://eu-api.ango.ai/v2")
      }
    })
  ),
  row(
    "unknown-project",
    "an unknown project is a 400 with a message, other unknown ids are 404; both are NotFound",
    Effect.gen(function* () {
      for (const path of ["/project/x1", "/project/x1/tasks", "/batches/x1", "/export?project=x1"]) {
        expect(yield* askHub(`GET ${path}`)).toMatchObject({ status: 400, message: "Invalid project: x1." })
      }
      for (const path of ["/task/x1", "/taskHistory/x1", "/storages/x1/files"]) {
        expect(yield* statusOf(`GET ${path}`)).toBe(404)
      }
      const unknown = Effect.flatMap(Projects, (service) => service.get("x1"))
      expect(yield* Effect.flip(unknown)).toMatchObject({ _tag: "NotFound", status: 400 })
      const task = Effect.flatMap(Tasks, (service) => service.get("x1"))
      expect(yield* Effect.flip(task)).toMatchObject({ _tag: "NotFound", status: 404 })
    })
  ),
  row(
    "batch-fields",
    "batches have an id and a name, or also a description and a color",
    Effect.gen(function* () {
      const { batches } = yield* accepted(`GET /batches/${projectId}`)
      expect(Object.keys(batches[0])).toEqual(["_id", "name"])
      const full = { name: "Week 1", description: "of June", color: "#00aa88" }
      yield* accepted(`POST /batches/${projectId}`, { batches: [...batches, full] })
      const kept = (yield* batchesOf(projectId)).at(-1)
      expect(kept).toEqual({ _id: expect.any(String), ...full })
      const read = yield* projectOf({
        batches: [
          { _id: id, name: "Week 1" },
          { _id: id, ...full }
        ]
      })
      expect(read.batches).toEqual([
        { id, name: "Week 1" },
        { id, ...full }
      ])
    })
  )
]
