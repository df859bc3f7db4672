// Requests and responses of deleting projects, adding members and instructions, webhooks and templates.
import * as Effect from "effect/Effect"
import { type AssetBuilderTemplate, Projects } from "effect-ango"
import { type RequestCase, type RequestCases, reads, sends } from "../support/WireCases.js"

const projectId = "65aa0000000000000000a001"

const projects = (f: (service: Projects["Type"]) => Effect.Effect<unknown, unknown>): RequestCase => ({
  call: Effect.flatMap(Projects, f)
})

sends("projects.delete", { default: projects((service) => service.delete(projectId)) })

const members = (
  role: "Manager" | "Labeler" | "Reviewer" | "Lead",
  ...emails: ReadonlyArray<string>
): RequestCase => projects((service) => service.addMembers(projectId, { role, emails }))

sends("projects.addMembers", {
  "one-labeler": members("Labeler", "lab@example.com"),
  managers: members("Manager", "pm@example.com", "pm2@example.com"),
  reviewer: members("Reviewer", "rev@example.com"),
  lead: members("Lead", "lead@example.com"),
  "awkward-addresses": members(
    "Labeler",
    "lab+night@example.com",
    "o'neil@example.com",
    "jörg@müller.example"
  )
} satisfies RequestCases)

const upload = (
  text: string,
  file: Partial<Parameters<Projects["Type"]["uploadInstructions"]>[1]> = {}
): RequestCase =>
  projects((service) =>
    service.uploadInstructions(projectId, {
      name: "how-to.pdf",
      contentType: "application/pdf",
      content: new TextEncoder().encode(text),
      ...file
    })
  )

sends("projects.instructions", {
  pdf: upload("%PDF-1.4 sit still"),
  text: upload("Draw tight boxes. Größe zählt. 猫", { name: "how-to.txt", contentType: "text/plain" }),
  "without-content-type": upload("abc", { name: "notes.xyz", contentType: undefined }),
  "awkward-file-name": upload("%PDF-1.4", { name: "Käfer & Co #1+2 50% 猫.pdf" }),
  storage: upload("%PDF-1.4", { storageId: "65aa00000000000000005001" }),
  bucket: upload("%PDF-1.4", { bucket: "docs & more/2025" }),
  fullest: upload("%PDF-1.4", { bucket: "docs-eu", storageId: "65aa00000000000000005001" })
})

sends("projects.rerunWebhook", {
  default: projects((service) => service.rerunWebhook(projectId, "206f2f63-0000-4000-8000-000000000003"))
})

const bare: AssetBuilderTemplate.NewAssetBuilderTemplate = {
  dataConfig: { sku: { type: "text" } },
  selectedExternalId: "sku",
  template: "<p>{{sku}}</p>",
  name: "Bare"
}

const template = (change: Partial<AssetBuilderTemplate.NewAssetBuilderTemplate> = {}): RequestCase =>
  projects((service) => service.createAssetBuilderTemplate(projectId, { ...bare, ...change }))

const calm = {
  schemaId: "bbbb456789abcdef0123401",
  tool: "radio",
  title: "Mood",
  required: false,
  classifications: [],
  shortcutKey: "",
  options: [
    { value: "Calm", schemaId: "cccc456789abcdef0123401" },
    { value: "Wild", schemaId: "cccc456789abcdef0123402" }
  ]
}

sends("projects.createAssetBuilderTemplate", {
  least: template(),
  "description-and-batch-column": template({
    batchColumn: "delivery",
    description: "For the shop",
    dataConfig: { sku: { type: "text" }, delivery: { type: "text" } }
  }),
  "every-column-type": template({
    name: "Columns",
    dataConfig: {
      sku: { type: "text", includeInExport: true },
      shop: { type: "link" },
      photo: { storage: "65aa00000000000000005001", type: "image", includeInExport: true },
      jingle: { storage: "Public", type: "audio" },
      clip: { type: "video", storage: "Public" },
      preview: { type: "iframe" },
      manual: { type: "pdf", storage: "Public" }
    }
  }),
  "pre-labels": template({
    template: "<p>{{sku}}</p><p>{{Mood}}</p>",
    preLabelConfig: { mood: { value: "mood", cla: calm } },
    dataConfig: { sku: { type: "text" }, mood: { type: "text" } }
  }),
  "awkward-texts": template({
    name: 'Karten & "mehr"',
    description: "猫 50%+",
    template: `<div class="card" title='a &amp; b'>\n<p>{{Artikel-Nr.}} – {{Größe & Farbe}}</p></div>`,
    selectedExternalId: "Artikel-Nr.",
    dataConfig: { "Artikel-Nr.": { type: "text" }, "Größe & Farbe": { type: "text" } }
  }),
  fullest: template({
    name: "Product cards",
    description: "Cards of the shop",
    template: '<div><p>{{title}}</p><img src="{{photo}}"><p>{{Mood}}</p></div>',
    batchColumn: "delivery",
    dataConfig: {
      sku: { type: "text", includeInExport: true },
      title: { type: "text" },
      delivery: { type: "text" },
      photo: { type: "image", includeInExport: true, storage: "65aa00000000000000005001" }
    },
    preLabelConfig: { mood: { cla: { ...calm, options: calm.options.slice(0, 1) }, value: "title" } }
  })
})

reads("projects.delete", projects((service) => service.delete(projectId)).call)
reads("projects.addMembers", members("Lead", "lead@example.com").call)
reads("projects.instructions", upload("abc").call)
reads("projects.rerunWebhook", projects((service) => service.rerunWebhook(projectId, "hook")).call)
reads("projects.createAssetBuilderTemplate", template().call)
