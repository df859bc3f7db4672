// Assets, files, storages.
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Assets, Attachments, FileSource, NrrdMask, Plugins, PngMask, Storages, Uploads } from "effect-ango"
import { array, member, object } from "../pythonClient.js"
import { type Twin, twin } from "./twin.js"

const assets = <A, E>(use: (service: Assets["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Assets, use)
const storages = <A, E>(use: (service: Storages["Type"]) => Effect.Effect<A, E>) =>
  Effect.flatMap(Storages, use)

const url = "https://files.example/a//b/tom 1.jpg"

const attachments = [{ type: "TEXT", value: "The left crane only" }] as const

const talks = "talks.json"

export const assetTwins: ReadonlyArray<Twin> = [
  twin("get_assets", {
    python: (call, { project }) => call([project], { page: 1, limit: 20 }),
    ours: ({ project }) => assets((service) => service.page(project, { page: 1, limit: 20 }))
  }),
  twin("get_assets", {
    variant: "conditions",
    python: (call, { batch, project }) =>
      call([project], {
        page: 1,
        limit: 20,
        filters: { isPreLabeled: false, batches: [batch], externalId: url }
      }),
    ours: ({ batch, project }) =>
      assets((service) =>
        service.page(project, { page: 1, limit: 20, isPreLabeled: false, batches: [batch], externalId: url })
      ),
    differs: {
      "only ours: GET /v2/project/{id}": "checked-names"
    }
  }),
  twin("delete_assets", {
    python: (call, { asset, project }) => call([project, [asset]]),
    ours: ({ asset, project }) => assets((service) => service.delete(project, [asset]))
  }),
  twin("upload_files_cloud", {
    python: (call, { batchName, project }) =>
      call([project, [{ data: url, externalId: "1" }]], { batches: [batchName], priority: 5 }),
    ours: ({ batchName, project }) =>
      assets((service) =>
        Stream.runDrain(
          service.importFromCloud(project, [{ data: url, externalId: "1" }], {
            batches: [batchName],
            priority: 5,
            duplicates: "allow"
          })
        )
      ),
    differs: {
      "POST /v2/project/{id}/cloud body.uploadLocal: null → absent": "absent-nulls"
    }
  }),
  twin("upload_files_cloud", {
    variant: "batches of a row, storage",
    python: (call, { batchName, project, storage }) =>
      call([project, [{ data: url, externalId: "1", batches: [batchName] }]], { storage_id: storage }),
    ours: ({ batchName, project, storage }) =>
      assets((service) =>
        Stream.runDrain(
          service.importFromCloud(project, [{ data: url, externalId: "1", batches: [batchName] }], {
            storage,
            duplicates: "allow"
          })
        )
      ),
    differs: {
      "only theirs: GET /v2/storages": "needless-reads",
      "POST /v2/project/{id}/cloud body.uploadLocal: null → absent": "absent-nulls"
    }
  }),
  twin("upload_files", {
    python: (call, { batchName, folder, project }) =>
      call([project, [{ data: join(folder, "crane.png"), externalId: "crane" }]], { batches: [batchName] }),
    ours: ({ batchName, folder, project }) =>
      Effect.gen(function* () {
        const bytes = yield* Effect.promise(() => readFile(join(folder, "crane.png")))
        const rows = [{ source: FileSource.bytes(bytes, { name: "crane.png" }), externalId: "crane" }]
        const uploads = yield* Uploads
        yield* Stream.runDrain(uploads.files(project, rows, { batches: [batchName], duplicates: "allow" }))
      }),
    differs: {
      "PUT /files/{id}/assets/{name}.png type: none → image/png": "typed-files",
      "only theirs: GET /v2/project/{id}": "needless-reads",
      "POST /v2/project/{id}/cloud body.assets[0].contextData: null → absent": "absent-nulls",
      "POST /v2/project/{id}/cloud body.assets[0].metadata: null → absent": "absent-nulls"
    }
  }),
  twin("upload_chat_assets", {
    python: (call, { project }) =>
      call([project, object("ChatAssetCreationConfig", { number_of_assets: 2 })]),
    ours: ({ project }) => assets((service) => service.importChat(project, { count: 2 }))
  }),
  twin("upload_chat_assets", {
    variant: "file",
    python: (call, { folder, project, storage }) =>
      call(
        [
          project,
          object("ChatAssetCreationConfig", {
            storage_id: storage,
            bucket_name: "dash-cam-archive",
            llm_config: object("LLMConfig", { id: "llm-1" }),
            conversation_json: join(folder, talks)
          })
        ],
        { priority: 3 }
      ),
    ours: ({ folder, project, storage }) =>
      Effect.flatMap(
        Effect.promise(() => readFile(join(folder, talks))),
        (bytes) =>
          assets((service) =>
            service.importChat(project, {
              file: new File([new Uint8Array(bytes)], talks),
              llm: "llm-1",
              storage,
              bucket: "dash-cam-archive",
              priority: 3
            })
          )
      ),
    differs: {
      "POST /v2/project/{id}/chat form.file type: none → application/octet-stream": "typed-files"
    }
  }),
  twin("create_attachment", {
    python: (call, { externalId, project }) => call([project, [{ externalId, attachments }]]),
    ours: ({ externalId, project }) =>
      Effect.flatMap(Attachments, (service) =>
        Stream.runDrain(service.create(project, [{ externalId, attachments }]))
      ),
    differs: {
      "only ours: GET /v2/project/{id}/assets": "checked-rows"
    }
  }),
  twin("upload_brush_array", {
    python: (call, { project }) =>
      call([
        project,
        array([
          [0, 1],
          [1, 0]
        ])
      ]),
    ours: ({ project }) =>
      Effect.flatMap(PngMask.fromLabels({ width: 2, height: 2, data: [0, 1, 1, 0] }), (mask) =>
        Effect.flatMap(Uploads, (service) => service.putMask(project, mask))
      ),
    differs: {
      "PUT /files/{id}/brushes/{name}.png type: none → image/png": "typed-files"
    }
  }),
  twin("upload_brush_array", {
    variant: "voxels",
    python: (call, { project }) =>
      call(
        [
          project,
          array([
            [
              [0, 1],
              [2, 0]
            ]
          ])
        ],
        { medical: true }
      ),
    ours: ({ project }) =>
      Effect.flatMap(
        NrrdMask.fromLabels({ width: 2, height: 2, depth: 1, data: new Uint8Array([0, 1, 2, 0]) }),
        (mask) => Effect.flatMap(Uploads, (service) => service.putMask(project, mask))
      ),
    differs: {
      "PUT /files/{id}/medicalBrushes/{name}.seg.nrrd type: none → application/octet-stream": "typed-files"
    }
  }),
  twin("get_storages", {
    python: (call) => call([]),
    ours: () => storages((service) => service.page())
  }),
  twin("get_storages", {
    variant: "one",
    python: (call, { storage }) => call([], { storage_id: storage }),
    ours: ({ storage }) => storages((service) => service.get(storage))
  }),
  twin("create_storage", {
    python: (call) =>
      call([
        object("Storage", {
          name: "Harbour",
          provider: member("StorageProvider", "AWS"),
          public_key: "public",
          private_key: "private"
        })
      ]),
    ours: () =>
      storages((service) =>
        service.create({
          name: "Harbour",
          provider: "AWS",
          publicKey: Redacted.make("public"),
          privateKey: Redacted.make("private")
        })
      ),
    differs: {
      "POST /v2/storages/ body.credentials: null → absent": "absent-nulls"
    }
  }),
  twin("delete_storage", {
    python: (call, { storage }) => call([storage]),
    ours: ({ storage }) => storages((service) => service.delete(storage))
  }),
  twin("list_storage_files", {
    python: (call, { storage }) => call([storage, "dash-cam-archive"], { path: "intersection-01" }),
    ours: ({ storage }) =>
      storages((service) =>
        service.files(storage, {
          bucketName: "dash-cam-archive",
          path: "intersection-01",
          getSignedUrls: true,
          retryOnSlowDown: true
        })
      )
  }),
  twin("file_explorer", {
    python: (call, { storage }) =>
      call(["dash-cam-archive", storage], { options: { folder: "intersection-01" } }),
    ours: ({ storage }) =>
      Effect.flatMap(Plugins, (service) =>
        service.fileExplorer({ bucket: "dash-cam-archive", storageId: storage, folder: "intersection-01" })
      )
  })
]
