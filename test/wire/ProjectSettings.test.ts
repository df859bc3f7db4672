// Requests and responses of creating and updating projects, written by hand from the documents.
import * as Effect from "effect/Effect"
import { type ProjectInput, Projects } from "effect-ango"
import { block, bodyOf, golden } from "../support/Wire.js"
import { type RequestCase, reads, sends } from "../support/WireCases.js"

const projectId = "65aa0000000000000000a001"

const projects = (f: (service: Projects["Type"]) => Effect.Effect<unknown, unknown>): RequestCase => ({
  call: Effect.flatMap(Projects, f)
})

const create = (settings?: Partial<ProjectInput.NewProject>): RequestCase =>
  projects((service) => service.create({ name: "Cats", ...settings }))

const plugins = {
  projectPlugins: { "65aa00000000000000004001": { enabled: true } },
  pluginPresets: [{ plugin: "65aa00000000000000004001", name: "Night preset" }]
}
const nothing = { tools: [], classifications: [], relations: [] }
const errorCategory = { category: "Geometry", name: "Too wide", key: "G1" }
const exportStorage = {
  exportStorageId: "65aa00000000000000005001",
  exportStorageBucket: "exports-eu",
  exportStoragePath: "hub/cats",
  exportStorageEnabled: true
}
const mood = {
  schemaId: "bbbb456789abcdef0123401",
  tool: "radio",
  title: "Mood",
  required: true,
  classifications: [],
  shortcutKey: "2",
  options: [
    { value: "Calm", schemaId: "cccc456789abcdef0123401" },
    { value: "Wild", schemaId: "cccc456789abcdef0123402" }
  ]
}
const cat = {
  schemaId: "aaaa456789abcdef0123401",
  tool: "bounding-box",
  title: "Cat",
  required: false,
  classifications: [],
  color: "#00aa88",
  shortcutKey: "1"
}

sends("projects.create", {
  least: create(),
  "with-description": create({ description: "Cats that sit, lie or jump" }),
  "awkward-texts": create({
    name: `Käfer & "Co" #1+2 50% 'neu' a/b?c=d\\e 猫🐈`,
    description: "eins\nzwei"
  }),
  "type-ango": create({ type: "ango" }),
  "type-pct": create({ name: "Lidar", type: "pct" }),
  "type-iframe": create({ name: "Own page", type: "iframe" }),
  "pct-config": create({
    name: "Lidar",
    type: "pct",
    pctConfig: { mode: "static", axes: ["x", "y", "z"] }
  }),
  "category-schema": create({
    categorySchema: { relations: [], classifications: [mood], tools: [cat] }
  }),
  "category-schema-empty": create({ categorySchema: nothing }),
  benchmark: create({ benchmarkRatio: 12.5, benchmarkEnabled: true }),
  instructions: create({ instructions: "https://files.example/how%20to.pdf?v=1&lang=de" }),
  "ocr-language-and-idle-timeout": create({ name: "Letters", idleTimeout: 300, ocrLanguage: "deu" }),
  plugins: create(plugins),
  "error-codes": create({ errorCodesEnabled: true, errorSchema: { categories: [errorCategory] } }),
  "export-storage": create(exportStorage),
  "skipping-and-sync": create({ taskSkipEnabled: true, unassignSkippedTask: true, gcSyncEnabled: true }),
  "false-zero-and-empty-are-values": create({
    benchmarkEnabled: false,
    benchmarkRatio: 0,
    idleTimeout: 0,
    projectPlugins: {},
    pluginPresets: [],
    exportStoragePath: "",
    taskSkipEnabled: false
  }),
  fullest: create({
    gcSyncEnabled: false,
    unassignSkippedTask: false,
    taskSkipEnabled: true,
    ...exportStorage,
    exportStoragePath: "hub/everything",
    errorSchema: { categories: [] },
    errorCodesEnabled: true,
    ...plugins,
    idleTimeout: 300,
    ocrLanguage: "eng",
    instructions: "https://files.example/how-to.pdf",
    benchmarkRatio: 10,
    benchmarkEnabled: true,
    categorySchema: nothing,
    pctConfig: { mode: "static" },
    type: "pct",
    description: "All keys",
    name: "Everything"
  }),
  "us-region": { ...create(), region: "us" }
})

const update = (changes: ProjectInput.ProjectChanges): RequestCase =>
  projects((service) => service.update(projectId, changes))

const { requests: updates } = golden("projects.update")

// The long bodies come from the file: the call must send them unchanged and in the same order.
const given = (name: string) =>
  JSON.parse(bodyOf(block(updates, name))) as Required<
    Pick<ProjectInput.ProjectChanges, "categorySchema" | "stages">
  >

const shuffled = <A>(value: A): A => {
  if (Array.isArray(value)) return value.map(shuffled) as A
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, field]) => [name, shuffled(field)])
      .toReversed()
  ) as A
}

const labelSet = (name: string): RequestCase =>
  projects((service) => service.setLabelSet(projectId, given(name).categorySchema ?? {}))

const stages = (name: string): RequestCase =>
  projects((service) => service.setStages(projectId, given(name).stages ?? []))

sends("projects.update", {
  "label-set-one-tool": projects((service) => service.setLabelSet(projectId, { tools: [shuffled(cat)] })),
  "label-set-empty": projects((service) => service.setLabelSet(projectId, {})),
  "label-set-every-tool": labelSet("label-set-every-tool"),
  "label-set-every-classification": labelSet("label-set-every-classification"),
  "label-set-relations": labelSet("label-set-relations"),
  "label-set-conditional": projects((service) =>
    service.setLabelSet(projectId, shuffled(given("label-set-conditional").categorySchema ?? {}))
  ),
  "label-set-tree": labelSet("label-set-tree"),
  "label-set-awkward-titles": labelSet("label-set-awkward-titles"),
  "label-set-copied-with-nulls": {
    call: Effect.flatMap(Projects, (service) =>
      service.copyLabelSet({ from: "65aa0000000000000000a002", to: projectId })
    ),
    answers: [
      () =>
        Response.json({
          status: "success",
          data: {
            project: {
              _id: "65aa0000000000000000a002",
              name: "Source",
              ...given("label-set-copied-with-nulls")
            }
          }
        })
    ],
    nth: 1
  },
  "stages-default": projects((service) =>
    service.setStages(projectId, [
      {
        position: { y: 0, x: 0 },
        next: ["Label"],
        autoForward: true,
        name: "Start",
        type: "Start",
        id: "Start"
      },
      {
        assignedTo: [],
        position: { x: 300, y: 0 },
        id: "Label",
        type: "Label",
        name: "Label",
        next: ["Complete"]
      },
      {
        preventRequeue: false,
        id: "Complete",
        type: "Complete",
        name: "Complete",
        next: [],
        position: { x: 600, y: 0 }
      }
    ])
  ),
  "stages-review": stages("stages-review"),
  "stages-logic": stages("stages-logic"),
  "stages-consensus-plugin-webhook": stages("stages-consensus-plugin-webhook"),
  name: update({ name: `Katzen & "Hunde" 猫` }),
  "description-cleared": update({ description: "" }),
  type: update({ type: "iframe" }),
  instructions: update({ instructions: "https://files.example/how%20to.pdf?v=1&lang=de" }),
  "false-zero-and-empty-are-values": update({
    benchmarkEnabled: false,
    benchmarkRatio: 0,
    idleTimeout: 0,
    projectPlugins: {},
    pluginPresets: [],
    errorCodesEnabled: false,
    exportStoragePath: "",
    exportStorageEnabled: false
  }),
  "benchmark-settings": update({ benchmarkCutoff: true, benchmarkRatio: 20, benchmarkEnabled: true }),
  "plain-fields": update({
    gcSyncEnabled: false,
    unassignSkippedTask: false,
    taskSkipEnabled: true,
    ...exportStorage,
    errorSchema: { categories: [errorCategory] },
    errorCodesEnabled: true,
    ...plugins,
    idleTimeout: 300,
    ocrLanguage: "deu",
    instructions: "https://files.example/how-to.pdf",
    benchmarkRatio: 12.5,
    benchmarkEnabled: true,
    description: "Cats that sit",
    name: "Cats"
  }),
  fullest: update({
    idleTimeout: 60,
    benchmarkEnabled: true,
    categorySchema: nothing,
    stages: [
      {
        id: "Start",
        type: "Start",
        name: "Start",
        next: ["Complete"],
        position: { x: 0, y: 0 },
        autoForward: true
      },
      {
        id: "Complete",
        type: "Complete",
        name: "Complete",
        next: [],
        position: { x: 300, y: 0 },
        preventRequeue: false
      }
    ],
    description: "Cats that sit",
    name: "Cats"
  })
})

reads("projects.create", create().call)
reads("projects.update", update({ name: "Cats" }).call)
