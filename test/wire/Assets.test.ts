// Requests and responses of importing and deleting assets.
import * as Effect from "effect/Effect"
import {
  type AssetImport,
  Assets,
  type ChatImport,
  type CloudAssetInput,
  type CloudImportOptions
} from "effect-ango"
import { batch1, batch2, holdingBoth, projectId } from "../support/Batches.js"
import { bareImport } from "../support/Outcomes.js"
import { type RequestCase, reads, sends } from "../support/WireCases.js"

const storage = "65aa00000000000000005001"

const remove = (...ids: ReadonlyArray<string>) => ({
  call: Effect.flatMap(Assets, (assets) => assets.delete(projectId, ids))
})

sends("assets.delete", {
  one: remove("65aa0000000000000000e001"),
  several: remove("65aa0000000000000000e003", "65aa0000000000000000e001", "65aa0000000000000000e002")
})
reads("assets.delete", remove("65aa0000000000000000e001").call)

const file = (name: string): CloudAssetInput => ({ data: `https://files.example/${name}`, externalId: name })
const cat = file("cat.jpg")

const cloud = (assets: ReadonlyArray<CloudAssetInput>, options?: CloudImportOptions): RequestCase => ({
  call: bareImport(projectId, assets, options)
})

sends("assets.importFromCloud", {
  least: cloud([{ data: "https://bucket.s3.eu-central-1.amazonaws.com/cat.jpg", externalId: "cat.jpg" }]),
  "two-assets-one-external-id": cloud([
    { data: "https://files.example/twin-1.jpg", externalId: "twin.jpg" },
    { data: "https://files.example/twin-2.jpg", externalId: "twin.jpg" }
  ]),
  "awkward-texts": cloud([
    {
      data: "https://files.example/K%C3%A4fer%20+1.jpg?v=1&w=%2F#top",
      externalId: `Käfer & "Co" #1+2 50% 'neu' a/b?c=d\\e 猫🐈.jpg`
    }
  ]),
  dataset: cloud([
    {
      externalId: "stack-of-three",
      dataset: ["p1", "p2", "p3"].map((page) => `https://files.example/${page}.png`)
    }
  ]),
  "html-as-data": cloud([
    {
      data: `<div class="card">\n<h1>Card 7 &amp; more</h1><img src="https://files.example/card7.png?storageId=${storage}"></div>`,
      externalId: "card 7"
    }
  ]),
  "pct-folder": cloud([{ data: "lidar-store/2025/scan-0001", externalId: "scan-0001", editorType: "pct" }]),
  "storage-for-all": cloud(
    ["a.jpg", "b.jpg"].map((name) => ({
      data: `https://private.s3.eu-central-1.amazonaws.com/${name}`,
      externalId: name
    })),
    { storage }
  ),
  "storage-of-one-asset": cloud([
    file("a.jpg"),
    {
      data: "https://private.s3.eu-central-1.amazonaws.com/b.jpg",
      externalId: "b.jpg",
      storage: "65aa00000000000000005002"
    }
  ]),
  "batches-one": { ...cloud([cat], { batches: [batch1] }), ...holdingBoth },
  "batches-two": { ...cloud([cat], { batches: ["Batch 1", batch2] }), ...holdingBoth },
  "batches-of-an-asset": {
    ...cloud([file("a.jpg"), { ...file("b.jpg"), batches: ["Batch 2"] }, { ...file("c.jpg"), batches: [] }], {
      batches: [batch1]
    }),
    ...holdingBoth
  },
  "context-data": cloud([
    { ...cat, contextData: { site: "A & B", lens: { mm: 35, coated: true }, notes: ["dim", null] } }
  ]),
  metadata: cloud([{ ...file("drive.mp4"), metadata: { width: 1920, height: 1080, frameRate: 29.97 } }]),
  attachments: cloud([
    {
      ...cat,
      attachments: [
        { type: "IMAGE", value: "https://files.example/map.png" },
        { type: "VIDEO", value: "https://files.example/drive.mp4" },
        { type: "TEXT", value: 'Look left.\nThen "right".' }
      ]
    }
  ]),
  "pre-labels": cloud([
    {
      ...cat,
      classifications: [
        { title: "Mood", schemaId: "bbbb456789abcdef0123401", answer: "Calm" },
        { title: "Colours", schemaId: "bbbb456789abcdef0123402", answer: ["Black", "White"] }
      ]
    }
  ]),
  "upload-local-true": cloud([cat], { uploadLocal: true }),
  "upload-local-false": cloud([cat], { uploadLocal: false }),
  "priority-high": cloud([cat], { priority: 1000 }),
  "priority-negative": cloud([cat], { priority: -5 }),
  fullest: {
    ...cloud(
      [
        {
          classifications: [{ title: "Mood", schemaId: "bbbb456789abcdef0123401", answer: "Calm" }],
          editorType: "pct",
          attachments: [{ type: "TEXT", value: "hint" }],
          metadata: { frameRate: 25 },
          contextData: { site: "A" },
          batches: ["Batch 1", batch2],
          storage,
          externalId: "p1.png",
          data: "https://files.example/p1.png"
        }
      ],
      { batches: ["Batch 1"], uploadLocal: true, priority: 7 }
    ),
    ...holdingBoth
  }
})
reads("assets.importFromCloud", cloud([cat]).call)

const chat = (input: ChatImport): RequestCase => ({
  call: Effect.flatMap(Assets, (assets) => assets.importChat(projectId, input))
})

const one = (id: string, content: string, role: string, user: string): AssetImport.ChatMessage => ({
  id,
  content,
  user: { role, id: user }
})

const json = (content: unknown, name = "conversations.json") =>
  new File([JSON.stringify(content)], name, { type: "application/json" })

sends("assets.importChat", {
  "number-of-conversations": chat({ count: 3 }),
  "conversation-file": chat({
    file: json([{ messages: [one("1", "Why do cats purr?", "user", "ask@example.com")] }])
  }),
  "conversation-file-awkward": chat({
    file: json(
      [
        {
          messages: [
            one("1", 'Was heißt "猫"?', "user", "ask+night@example.com"),
            one("2", "Katze & Co. 🐈", "assistant", "bot")
          ]
        },
        { messages: [] }
      ],
      "Gespräche & mehr 猫.json"
    )
  }),
  "storage-and-bucket": chat({ count: 3, storage, bucket: "chats-eu" }),
  llm: chat({ count: 1, llm: "65aa00000000000000006001" }),
  priority: chat({ count: 1, priority: -5 }),
  "conversations-and-batches-as-text": {
    ...chat({
      conversations: [{ messages: [one("1", "Why?", "user", "ask@example.com")] }],
      batches: ["Batch 1", batch2]
    }),
    ...holdingBoth
  },
  fullest: chat({
    file: json([]),
    count: 2,
    storage,
    bucket: "chats-eu",
    llm: "65aa00000000000000006001",
    priority: 10
  }),
  "us-region": { ...chat({ count: 3 }), region: "us" }
})
reads("assets.importChat", chat({ count: 1 }).call)
