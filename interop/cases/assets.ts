// Assets, their files, attachments and templates.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Assets, Batches, Projects, Storages } from "effect-ango"
import { array, object } from "../pythonClient.js"
import {
  assetsOf,
  at,
  type Cases,
  download,
  listAt,
  newFile,
  newProject,
  project,
  runImport,
  tasksOf,
  textAt
} from "./case.js"

const awkward = "https://files.example/a//b/tom 1.jpg"

const externalIds = (answer: unknown) => listAt(answer, "data.assets").map((one) => at(one, "externalId"))

const columns = {
  number: object("DataConfigItem", { type: "text" }),
  text: object("DataConfigItem", { type: "text", include_in_export: true })
}

const template = object("AssetBuilderTemplate", {
  name: "Log book",
  template: "<p>{{text}}</p>",
  external_id_column: "number",
  data_config: columns
})

export const assets: Cases = {
  get_assets: Effect.fn(function* (call) {
    const id = yield* newProject(12)
    const [week1, week2] = yield* (yield* Batches).createMany(id, ["Week 1", "Week 2"])
    const pre = { schemaId: "class-weather", title: "Weather", answer: "option-rain" }
    yield* runImport(id, [
      { data: awkward, externalId: awkward, batches: ["Week 1", "Week 2"] },
      {
        data: "https://files.example/pre.jpg",
        externalId: "pre.jpg",
        batches: ["Week 1"],
        classifications: [pre]
      }
    ])
    const all = yield* assetsOf(id)
    const page = yield* call([id], { page: 2, limit: 10 })
    expect(at(page, "data.total")).toBe(14)
    expect(externalIds(page)).toHaveLength(4)
    const find = (filters: object) => Effect.map(call([id], { filters, limit: 100 }), externalIds)
    expect(yield* find({ externalId: awkward })).toEqual([awkward])
    expect(yield* find({ externalId: "a//b" })).toEqual([])
    expect(yield* find({ _id: all.get("3.jpg")?.id })).toEqual(["3.jpg"])
    expect(yield* find({ isPreLabeled: true })).toEqual(["pre.jpg"])
    expect(yield* find({ isPreLabeled: false })).toHaveLength(13)
    expect((yield* find({ batches: [week1?.id] })).toSorted()).toEqual([awkward, "pre.jpg"])
    expect(yield* find({ batches: [week1?.id, week2?.id] })).toEqual([awkward])
    expect(yield* find({ createdAt: { gt: "2000-01-01T00:00:00.000Z" } })).toHaveLength(14)
    expect(yield* find({ createdAt: { lt: "2000-01-01T00:00:00.000Z" } })).toEqual([])
  }),

  delete_assets: Effect.fn(function* (call) {
    const id = yield* newProject(3)
    const all = yield* assetsOf(id)
    yield* call([id, [all.get("1.jpg")?.id, all.get("3.jpg")?.id]])
    expect([...(yield* assetsOf(id)).keys()]).toEqual(["2.jpg"])
    expect((yield* tasksOf(id)).map(({ externalId }) => externalId)).toEqual(["2.jpg"])
  }),

  upload_files: Effect.fn(function* (call) {
    const id = yield* newProject()
    const [week1] = yield* (yield* Batches).createMany(id, ["Week 1"])
    const [first] = yield* (yield* Storages).list()
    const path = yield* newFile("crane.png", "not really a picture")
    const scan = yield* newFile("scan.nii.gz", new Uint8Array([0x1f, 0x8b, 0, 255, 128]))
    const dict = { data: scan, externalId: "scan", contextData: { site: "A" }, metadata: { width: 5 } }
    yield* call([id, [path, dict]], { batches: ["Week 1"], priority: 7 })
    yield* call([id, [{ data: path, externalId: "again" }]], { storage_id: first?.id })
    const all = yield* assetsOf(id)
    expect([...all.keys()].toSorted()).toEqual([path, "again", "scan"].toSorted())
    expect(all.get("scan")).toMatchObject({
      contextData: { site: "A" },
      metadata: { width: 5 },
      batches: ["Week 1"]
    })
    const picture = yield* download(id, String(all.get(path)?.data))
    expect(new TextDecoder().decode(picture)).toBe("not really a picture")
    expect(yield* download(id, String(all.get("scan")?.data))).toEqual(
      new Uint8Array([0x1f, 0x8b, 0, 255, 128])
    )
    const tasks = yield* tasksOf(id)
    expect(tasks.filter(({ priority }) => priority === 7)).toHaveLength(2)
    expect(tasks.find(({ externalId }) => externalId === "scan")?.batches).toEqual([week1?.id])
  }),

  upload_files_cloud: Effect.fn(function* (call) {
    const id = yield* newProject()
    yield* (yield* Batches).createMany(id, ["Week 1", "Week 2"])
    const [first] = yield* (yield* Storages).list()
    const rows = [
      { data: awkward, externalId: "1", contextData: { site: "A" } },
      { data: "https://files.example/2.jpg", externalId: "2", batches: ["Week 2"] }
    ]
    yield* call([id, rows], { storage_id: first?.id, batches: ["Week 1"], priority: -3 })
    const all = yield* assetsOf(id)
    expect(all.get("1")).toMatchObject({ data: awkward, contextData: { site: "A" }, batches: ["Week 1"] })
    expect(all.get("2")).toMatchObject({ batches: ["Week 2"], storage: first?.id })
    expect((yield* tasksOf(id)).map(({ priority }) => priority)).toEqual([-3, -3])
  }),

  upload_chat_assets: Effect.fn(function* (call) {
    const id = yield* newProject()
    const [first] = yield* (yield* Storages).list()
    const storage = { storage_id: first?.id, bucket_name: "dash-cam-archive" }
    yield* call([id, object("ChatAssetCreationConfig", { number_of_assets: 3, ...storage })], { priority: 4 })
    expect((yield* tasksOf(id)).map(({ priority }) => priority)).toEqual([4, 4, 4])
    const user = { role: "user", id: "someone@example.com" }
    const talks = [1, 2].map((talk) => ({ messages: [{ id: "1", content: `Hello ${talk}`, user }] }))
    const conversation_json = yield* newFile("talks.json", JSON.stringify(talks))
    yield* call([id, object("ChatAssetCreationConfig", { ...storage, conversation_json })])
    expect(yield* tasksOf(id)).toHaveLength(5)
    expect((yield* (yield* Assets).page(id)).total).toBe(5)
  }),

  create_asset_builder_template: Effect.fn(function* (call) {
    const id = yield* newProject()
    yield* call([id, template])
    expect(yield* (yield* Projects).assetBuilderTemplates(id)).toMatchObject([
      {
        name: "Log book",
        template: "<p>{{text}}</p>",
        selectedExternalId: "number",
        dataConfig: { number: { type: "text" }, text: { type: "text", includeInExport: true } }
      }
    ])
  }),

  get_asset_builder_templates: Effect.fn(function* (call) {
    const id = yield* newProject()
    expect(yield* call([id])).toEqual([])
    yield* (yield* Projects).createAssetBuilderTemplate(id, {
      name: "Log book",
      template: "<p>{{text}}</p>",
      selectedExternalId: "number",
      dataConfig: { number: { type: "text" }, text: { type: "text" } }
    })
    const [made] = (yield* project(id)).assetBuilderTemplates ?? []
    expect(yield* call([id])).toMatchObject([
      { _id: made?.id, name: "Log book", template: "<p>{{text}}</p>" }
    ])
  }),

  upload_files_with_asset_builder: Effect.fn(function* (call) {
    const id = yield* newProject()
    yield* (yield* Projects).createAssetBuilderTemplate(id, {
      name: "Log book",
      template: "<p>{{text}}</p>",
      selectedExternalId: "number",
      dataConfig: { number: { type: "text" }, text: { type: "text", includeInExport: true } }
    })
    const [made] = yield* (yield* Projects).assetBuilderTemplates(id)
    const csv = yield* newFile("log.csv", "number;text\n17;Crane 4 stands still\n18;It moves again\n")
    yield* call([id, made?.id, csv], { parse_config: { delimiter: ";" }, priority: 2 })
    const all = yield* assetsOf(id)
    expect([...all.keys()].toSorted()).toEqual(["17", "18"])
    expect(all.get("17")).toMatchObject({ contextData: { text: "Crane 4 stands still" } })
    expect(all.get("17")?.data).toMatch(/<p>\s*Crane 4 stands still\s*<\/p>/)
    expect((yield* tasksOf(id)).map(({ priority }) => priority)).toEqual([2, 2])
  }),

  create_attachment: Effect.fn(function* (call) {
    const id = yield* newProject(2)
    const attachments = [
      { type: "TEXT", value: "The left crane only" },
      { type: "IMAGE", value: "https://files.example/hint.png" }
    ]
    yield* call([id, [{ externalId: "2.jpg", attachments }]])
    const all = yield* assetsOf(id)
    expect(all.get("2.jpg")?.attachments).toEqual(attachments)
    expect(all.get("1.jpg")?.attachments ?? []).toEqual([])
  }),

  upload_brush_array: Effect.fn(function* (call) {
    const id = yield* newProject()
    const png = textAt(
      {
        url: yield* call([
          id,
          array([
            [0, 1],
            [1, 0]
          ])
        ])
      },
      "url"
    )
    const picture = yield* download(id, png)
    expect(png).toMatch(new RegExp(`/${id}/brushes/[0-9a-f]{32}\\.png$`))
    expect([...picture.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
    const voxels = array([
      [
        [0, 1],
        [2, 0]
      ]
    ])
    const nrrd = textAt({ url: yield* call([id, voxels], { medical: true }) }, "url")
    expect(nrrd).toMatch(new RegExp(`/${id}/medicalBrushes/[0-9a-f]{32}\\.seg\\.nrrd$`))
    const scan = new TextDecoder("latin1").decode(yield* download(id, nrrd))
    expect(scan).toMatch(/^NRRD0005\n(.+\n)*sizes: 2 2 1\n/)
  }),

  file_explorer: Effect.fn(function* (call) {
    const storages = yield* Storages
    const radiology = (yield* storages.list()).find(({ name }) => name === "Radiology")
    const bucket = "radiology-studies"
    const listed = yield* storages.files(String(radiology?.id), {
      bucketName: bucket,
      path: "ward-a",
      getSignedUrls: false
    })
    expect(listAt(listed, "files")).toHaveLength(40)
    const answer = yield* call([bucket, radiology?.id], { options: { folder: "ward-a" } })
    expect(listAt(answer, "data.files")).toEqual(listAt(listed, "files"))
    const root = yield* call([bucket, radiology?.id], { options: { folder: "" } })
    expect(listAt(root, "data.folders")).toEqual(["ward-a"])
  })
}
