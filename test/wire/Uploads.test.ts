// Requests and responses of upload links, signed links and attachments.
import * as Effect from "effect/Effect"
import {
  type AssetAttachments,
  Attachments,
  type SignOptions,
  type UploadOptions,
  Uploads
} from "effect-ango"
import { projectId } from "../support/Batches.js"
import { understood } from "../support/Outcomes.js"
import { type RequestCase, reads, sends } from "../support/WireCases.js"

const storage = "65aa00000000000000005001"

const upload = (options: UploadOptions): RequestCase => ({
  call: Effect.flatMap(Uploads, (uploads) => uploads.uploadUrl(projectId, options))
})

sends("uploads.uploadUrl", {
  least: upload({ name: "cat.jpg" }),
  "type-assets": upload({ name: "cat.jpg", type: "assets" }),
  "type-segmentation-models": upload({ name: "model.onnx", type: "segmentationModels" }),
  "type-brushes": upload({ name: "m1.png", type: "brushes" }),
  "type-medical-brushes": upload({ name: "ct.seg.nrrd", type: "medicalBrushes" }),
  "type-exports": upload({ name: "export.zip", type: "exports" }),
  "type-instructions": upload({ name: "how-to.pdf", type: "instructions" }),
  storage: upload({ name: "cat.jpg", type: "assets", storage }),
  bucket: upload({ name: "cat.jpg", bucket: "photos & more/2025" }),
  "awkward-name": upload({
    name: `Käfer & "Co" #1+2 50% 'neu' a/b?c=d\\e 猫🐈~!*.jpg`,
    type: "assets"
  }),
  fullest: upload({
    name: "0123456789abcdef0123456789abcd01.jpg",
    type: "assets",
    storage,
    bucket: "photos-eu"
  }),
  "us-region": { ...upload({ name: "cat.jpg" }), region: "us" }
})
reads("uploads.uploadUrl", upload({ name: "cat.jpg" }).call)

const sign = (options: SignOptions): RequestCase => ({
  call: Effect.flatMap(Uploads, (uploads) => uploads.signedUrl(projectId, options))
})

sends("uploads.signedUrl", {
  least: sign({ url: "https://files.example/cat.jpg", type: "assets" }),
  "type-brushes": sign({ url: "https://files.example/m1.png", type: "brushes" }),
  "type-medical-brushes": sign({ url: "https://files.example/ct.seg.nrrd", type: "medicalBrushes" }),
  "type-exports": sign({
    url: "https://files.example/x.zip?X-Amz-Expires=900&X-Amz-Signature=00ff",
    type: "exports"
  }),
  "type-instructions": sign({ url: "https://files.example/how-to.pdf", type: "instructions" }),
  "awkward-url": sign({
    url: "https://files.example/K%C3%A4fer%20+1.jpg?a=b c&d=猫#top",
    type: "assets"
  }),
  fullest: sign({ url: "https://files.example/cat.jpg", type: "assets", storage })
})
reads("uploads.signedUrl", sign({ url: "https://files.example/cat.jpg" }).call)

// The asset of each entry with an external id is looked up first.
const attach = (...entries: ReadonlyArray<typeof AssetAttachments.AssetAttachments.Type>) => {
  const answers = entries.flatMap(({ data, externalId }) => {
    const asset = { _id: "65aa0000000000000000e001", externalId, data }
    const answer = { status: "success", data: { assets: [asset], total: 1 } }
    return externalId == null ? [] : [() => Response.json(answer)]
  })
  return {
    call: Effect.flatMap(Attachments, (service) => understood(service.create(projectId, entries))),
    nth: answers.length,
    answers: [...answers, () => new Response("{}")]
  }
}
const hint = attach({ externalId: "tom.jpg", attachments: [{ type: "TEXT", value: "hint" }] })

sends("attachments.create", {
  least: hint,
  "by-data": attach({
    data: "https://files.example/K%C3%A4fer.jpg?v=1&w=2",
    attachments: [{ type: "IMAGE", value: "https://files.example/map.png" }]
  }),
  "by-data-and-external-id": attach({
    externalId: "tom.jpg",
    data: "https://files.example/tom.jpg",
    attachments: [{ type: "VIDEO", value: "https://files.example/drive.mp4" }]
  }),
  several: attach(
    {
      externalId: "tom.jpg",
      attachments: [
        { type: "IMAGE", value: "https://files.example/map.png" },
        { type: "VIDEO", value: "https://files.example/drive.mp4" },
        { type: "TEXT", value: "Look at the left ear" }
      ]
    },
    { externalId: "kit.jpg", attachments: [{ type: "TEXT", value: "Then at the tail" }] }
  ),
  html: attach({
    externalId: "tom.jpg",
    attachments: [{ type: "HTML", value: "<p>Look <b>left</b></p>" }]
  }),
  "private-image": attach({
    externalId: "tom.jpg",
    attachments: [
      {
        type: "IMAGE",
        value: `https://private.s3.eu-central-1.amazonaws.com/map.JPG?storageId=${storage}`
      }
    ]
  }),
  "awkward-texts": attach({
    externalId: `Käfer & "Co" #1+2 50% 猫.jpg`,
    attachments: [{ type: "TEXT", value: 'Schau "links" & rechts.\nDann 猫.' }]
  }),
  "us-region": { ...hint, region: "us" }
})
reads("attachments.create", hint.call, undefined, hint.answers.slice(0, 1))
