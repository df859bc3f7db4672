// Requests and responses of deleting, purging and copying projects, label validation, members, instructions, webhooks and
// templates.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type AssetBuilderTemplate, type ProjectInput, Projects } from "effect-ango"
import { block, golden, scripted, toResponse } from "../support/Wire.js"
import { type RequestCase, type RequestCases, reads, sends } from "../support/WireCases.js"

const projectId = "65aa0000000000000000a001"

const projects = (f: (service: Projects["Type"]) => Effect.Effect<unknown, unknown>): RequestCase => ({
  call: Effect.flatMap(Projects, f)
})

sends("projects.delete", { default: projects((service) => service.delete(projectId)) })

const clone = (parts?: Parameters<Projects["Type"]["clone"]>[1], region?: "us"): RequestCase => ({
  ...projects((service) => service.clone(projectId, parts)),
  ...(region === undefined ? {} : { region })
})

sends("projects.clone", {
  "every-part": clone(),
  "without-members-and-batches": clone({ batches: false, assignedTo: false }),
  "no-part": clone({
    projectGeneralSettings: false,
    pluginPresets: false,
    workflow: false,
    batches: false,
    assignedTo: false,
    categorySchema: false
  }),
  "us-region": clone({ workflow: undefined }, "us")
})

const purge = (confirmName: string): RequestCase =>
  projects((service) => service.purge(projectId, { confirmName }))

sends("projects.purge", {
  default: purge("Cats"),
  "awkward-name": purge(' Käfer & "Co" #1+2 50% 猫 ')
})

const validation = (changes: ProjectInput.LabelValidation): RequestCase =>
  projects((service) => service.setLabelValidation(projectId, changes))

sends("projects.labelValidation", {
  enabled: validation({ customValidationEnabled: true, validationFunction: undefined }),
  disabled: validation({ customValidationEnabled: false }),
  function: validation({
    validationFunction: 'function check(answers) {\n  return answers.tools.length > 0 ? [] : ["Größe?"]\n}'
  }),
  external: validation({ externalValidation: { url: "https://checks.example/labels", retries: 0 } }),
  fullest: validation({ externalValidation: {}, validationFunction: "", customValidationEnabled: true })
})

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

reads("projects.clone", clone().call)
reads("projects.purge", purge("Cats").call)
reads("projects.labelValidation", validation({ validationFunction: "" }).call)
reads("projects.delete", projects((service) => service.delete(projectId)).call)
reads("projects.addMembers", members("Lead", "lead@example.com").call)
reads("projects.instructions", upload("abc").call)
reads("projects.rerunWebhook", projects((service) => service.rerunWebhook(projectId, "hook")).call)
reads("projects.createAssetBuilderTemplate", template().call)

describe("a copy", () => {
  const copied = (name: string) => {
    const hub = scripted([() => toResponse(block(golden("projects.clone").responses, name))])
    return Effect.provide(
      Effect.flatMap(Projects, (service) => service.clone(projectId)),
      hub.layer
    )
  }

  it.effect.each(["project", "created-201", "unknown-extra-fields"])(
    "is returned if the response contains it: %s",
    (name) =>
      Effect.map(copied(name), (project) =>
        expect(project).toMatchObject({ id: "65aa0000000000000000a009", name: "Cats copy" })
      )
  )

  it.effect.each(["message", "id-alone", "project-without-name", "null-project", "empty-data", "no-data"])(
    "is undefined, without an error, if the response does not contain it: %s",
    (name) => Effect.map(copied(name), (project) => expect(project).toBeUndefined())
  )
})
