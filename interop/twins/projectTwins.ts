// Projects, batches, metrics.
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Batches, Metrics, Ontology, Projects } from "effect-ango"
import { member, naive, object } from "../pythonClient.js"
import { type Twin, twin } from "./twin.js"

const projects = <A, E>(use: (service: Projects["Type"]) => Effect.Effect<A, E>) =>
  Effect.flatMap(Projects, use)
const batches = <A, E>(use: (service: Batches["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Batches, use)
const metrics = <A, E>(use: (service: Metrics["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Metrics, use)

const stages = [
  { id: "Start", type: "Start", name: "Start", next: ["Label"] },
  { id: "Label", type: "Label", name: "Label", next: ["notify"] },
  { id: "notify", type: "Webhook", name: "Notify", url: "https://hooks.example", next: ["Complete"] },
  { id: "Complete", type: "Complete", name: "Complete", next: [] }
]

const schema = {
  tools: [{ schemaId: "t1", tool: "polygon", title: "Crane" }],
  classifications: [],
  relations: []
}

export const projectTwins: ReadonlyArray<Twin> = [
  twin("list_projects", {
    python: (call) => call([], { page: 1, limit: 20 }),
    ours: () => projects((service) => service.page({ page: 1, limit: 20 }))
  }),
  twin("create_project", {
    python: (call) => call(["Cranes", "Boxes"], { project_type: member("ProjectType", "PCT") }),
    ours: () => projects((service) => service.create({ name: "Cranes", description: "Boxes", type: "pct" }))
  }),
  twin("get_project", {
    python: (call, { project }) => call([project]),
    ours: ({ project }) => projects((service) => service.get(project))
  }),
  twin("delete_project", {
    python: (call, { project }) => call([project]),
    ours: ({ project }) => projects((service) => service.delete(project))
  }),
  twin("clone_project", {
    python: (call, { project }) => call([project], { batches: false, workflow: false }),
    ours: ({ project }) => projects((service) => service.clone(project, { batches: false, workflow: false }))
  }),
  twin("purge_project", {
    arrange: ({ project }) => projects((service) => Effect.map(service.get(project), ({ name }) => name)),
    python: (call, { project }, name) => call([project, name]),
    ours: ({ project }, name) => projects((service) => service.purge(project, { confirmName: name }))
  }),
  twin("update_label_validation", {
    python: (call, { project }) =>
      call([project], { custom_validation_enabled: true, validation_function: "answers => []" }),
    ours: ({ project }) =>
      projects((service) =>
        service.setLabelValidation(project, {
          customValidationEnabled: true,
          validationFunction: "answers => []"
        })
      )
  }),
  twin("update_benchmark_settings", {
    python: (call, { project }) => call([project, true], { benchmark_ratio: 25, benchmark_cutoff: true }),
    ours: ({ project }) =>
      projects((service) =>
        service.update(project, { benchmarkEnabled: true, benchmarkRatio: 25, benchmarkCutoff: true })
      )
  }),
  twin("add_members_to_project", {
    python: (call, { project }) =>
      call([project, ["amara.okafor@example.com"], member("ProjectRoles", "Reviewer")]),
    ours: ({ project }) =>
      projects((service) =>
        service.addMembers(project, { emails: ["amara.okafor@example.com"], role: "Reviewer" })
      )
  }),
  twin("create_label_set", {
    python: (call, { project }) =>
      call([project], {
        tools: [
          object("ToolCategory", {
            tool: member("Tool", "Polygon"),
            title: "Crane",
            color: "#ff8800",
            required: true,
            schemaId: "crane"
          })
        ],
        classifications: [
          object("ClassificationCategory", {
            classification: member("Classification", "Radio"),
            title: "Moving?",
            color: "#ff8801",
            schemaId: "moving",
            options: [object("LabelOption", { value: "Yes", schemaId: "yes" })]
          })
        ],
        relations: [
          object("RelationCategory", {
            relation: member("Relation", "Single"),
            title: "lifts",
            color: "#ff8802",
            schemaId: "lifts"
          })
        ]
      }),
    ours: ({ project }) =>
      Effect.gen(function* () {
        const labelSet = yield* Ontology.make({
          tools: [
            Ontology.tool("polygon", { title: "Crane", color: "#ff8800", required: true, schemaId: "crane" })
          ],
          classifications: [
            Ontology.classification("radio", {
              title: "Moving?",
              color: "#ff8801",
              schemaId: "moving",
              options: [{ value: "Yes", schemaId: "yes" }]
            })
          ],
          relations: [
            Ontology.relation("one-to-one", { title: "lifts", color: "#ff8802", schemaId: "lifts" })
          ]
        })
        yield* projects((service) => service.setLabelSet(project, labelSet))
      }),
    differs: {
      "POST /v2/project/{id} body.categorySchema.classifications[0].regex: null → absent": "absent-nulls",
      "POST /v2/project/{id} body.categorySchema.classifications[0].parentOptionId: null → absent":
        "absent-nulls",
      "POST /v2/project/{id} body.categorySchema.classifications[0].exportName: null → absent":
        "absent-nulls",
      "POST /v2/project/{id} body.categorySchema.classifications[0].displayName: null → absent":
        "absent-nulls",
      "POST /v2/project/{id} body.categorySchema.classifications[0].abbreviatedName: null → absent":
        "absent-nulls",
      "POST /v2/project/{id} body.categorySchema.classifications[0].attributeType: null → absent":
        "absent-nulls",
      "POST /v2/project/{id} body.categorySchema.classifications[0].defaultValue: null → absent":
        "absent-nulls"
    }
  }),
  twin("create_label_set", {
    variant: "raw",
    python: (call, { project }) => call([project], { raw_category_schema: schema }),
    ours: ({ project }) => projects((service) => service.setLabelSet(project, schema))
  }),
  twin("update_workflow_stages", {
    python: (call, { project }) => call([project, stages]),
    ours: ({ project }) => projects((service) => service.setStages(project, stages))
  }),
  twin("rerun_webhook", {
    arrange: ({ project }) => projects((service) => Effect.as(service.setStages(project, stages), "notify")),
    python: (call, { project }) => call([project, "notify"]),
    ours: ({ project }) => projects((service) => service.rerunWebhook(project, "notify")),
    differs: {
      "POST /v2/project/{id}/rerun-webhook path: with a double slash → absent": "one-slash"
    }
  }),
  twin("upload_instructions", {
    python: (call, { folder, project, storage }) =>
      call([project, join(folder, "guide.pdf")], { storage_id: storage, bucket: "dash-cam-archive" }),
    ours: ({ folder, project, storage }) =>
      Effect.flatMap(
        Effect.promise(() => readFile(join(folder, "guide.pdf"))),
        (content) =>
          projects((service) =>
            service.uploadInstructions(project, {
              name: "guide.pdf",
              content,
              storageId: storage,
              bucket: "dash-cam-archive"
            })
          )
      ),
    differs: {
      "POST /v2/project/{id}/instructions form.file type: none → application/octet-stream": "typed-files"
    }
  }),
  twin("create_asset_builder_template", {
    python: (call, { project }) =>
      call([
        project,
        object("AssetBuilderTemplate", {
          name: "Log book",
          template: "<p>{{text}}</p>",
          external_id_column: "number",
          data_config: {
            number: object("DataConfigItem", { type: "text" }),
            text: object("DataConfigItem", { type: "text", include_in_export: true })
          }
        })
      ]),
    ours: ({ project }) =>
      projects((service) =>
        service.createAssetBuilderTemplate(project, {
          name: "Log book",
          template: "<p>{{text}}</p>",
          selectedExternalId: "number",
          dataConfig: { number: { type: "text" }, text: { type: "text", includeInExport: true } }
        })
      )
  }),
  twin("get_asset_builder_templates", {
    python: (call, { project }) => call([project]),
    ours: ({ project }) => projects((service) => service.assetBuilderTemplates(project))
  }),
  twin("get_batches", {
    python: (call, { project }) => call([project]),
    ours: ({ project }) => batches((service) => service.list(project))
  }),
  twin("create_batch", {
    python: (call, { project }) => call([project, "Week 1"]),
    ours: ({ project }) => batches((service) => service.create(project, "Week 1")),
    differs: {
      "only ours: GET /v2/project/{id}": "read-before-create"
    }
  }),
  twin("create_batches", {
    python: (call, { batchName, project }) => call([project, ["Week 1", batchName, "Week 2"]]),
    ours: ({ batchName, project }) =>
      batches((service) => service.createMany(project, ["Week 1", batchName, "Week 2"])),
    differs: {
      "only ours: GET /v2/project/{id}": "read-before-create"
    }
  }),
  twin("assign_batches", {
    python: (call, { asset, otherBatch, project }) => call([project, [asset], [otherBatch]]),
    ours: ({ asset, otherBatch, project }) =>
      batches((service) =>
        Stream.runDrain(service.assign(project, { assets: [asset], batches: [otherBatch] }))
      ),
    differs: {
      "only ours: GET /v2/project/{id}": "checked-names"
    }
  }),
  twin("get_metrics", {
    python: (call, { project }) => call([project, member("Metrics", "AnnotationStatus")]),
    ours: ({ project }) => metrics((service) => service.overview(project, "AnnotationStatus"))
  }),
  twin("get_project_performance", {
    python: (call, { batch, project }) =>
      call([project], {
        interval: [naive("2024-06-01T00:00:00.000"), naive("2024-07-01T12:30:00.500")],
        batches: [batch]
      }),
    ours: ({ batch, project }) =>
      metrics((service) =>
        service.performance(project, {
          interval: [
            DateTime.unsafeMake("2024-06-01T00:00:00.000Z"),
            DateTime.unsafeMake("2024-07-01T12:30:00.500Z")
          ],
          batches: [batch]
        })
      )
  })
]
