// Projects, their settings and their metrics.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { Batches, Metrics, Projects } from "effect-ango"
import { member, naive, object } from "../pythonClient.js"
import { at, type Cases, listAt, newFile, newProject, project, Run, tasksOf, textAt } from "./case.js"

const webhook = [
  { id: "Start", type: "Start", name: "Start", next: ["Label"], position: { x: 0, y: 0 } },
  { id: "Label", type: "Label", name: "Label", next: ["notify"], position: { x: 300, y: 0 } },
  {
    id: "notify",
    type: "Webhook",
    name: "Notify",
    url: "https://hooks.example/ango",
    next: ["Complete"],
    position: { x: 600, y: 0 }
  },
  { id: "Complete", type: "Complete", name: "Complete", next: [], position: { x: 900, y: 0 } }
]

const isGone = (id: string) =>
  Effect.gen(function* () {
    const projects = yield* Projects
    const found = yield* Effect.either(projects.get(id))
    const listed = yield* Stream.runCollect(projects.stream())
    expect(Either.isLeft(found)).toBe(true)
    expect([...listed].map((one) => one.id as string)).not.toContain(id)
  })

export const projects: Cases = {
  list_projects: Effect.fn(function* (call) {
    const id = yield* newProject()
    const { items, total } = yield* (yield* Projects).page({ limit: 1000 })
    expect(items.map((one) => one.id as string)).toContain(id)
    const answer = yield* call([], { page: 1, limit: 1000 })
    expect(at(answer, "data.total")).toBe(total)
    expect(
      listAt(answer, "data.projects")
        .map((one) => at(one, "_id"))
        .toSorted()
    ).toEqual(items.map((one) => one.id as string).toSorted())
    const second = yield* call([], { page: 2, limit: 2 })
    expect(listAt(second, "data.projects").map((one) => at(one, "_id"))).toEqual(
      listAt(answer, "data.projects")
        .slice(2, 4)
        .map((one) => at(one, "_id"))
    )
  }),

  create_project: Effect.fn(function* (call) {
    const plain = textAt(yield* call(["Cranes"]), "data.project._id")
    expect(yield* project(plain)).toMatchObject({ name: "Cranes", type: "ango" })
    const pct = yield* call(["Clouds", "Points"], {
      project_type: member("ProjectType", "PCT"),
      ...(call.accepts("pct_config")
        ? { pct_config: object("PctConfig", { allow_overlapping: true, segmentation_mode: true }) }
        : {})
    })
    expect(yield* project(textAt(pct, "data.project._id"))).toMatchObject({
      name: "Clouds",
      description: "Points",
      type: "pct",
      ...(call.accepts("pct_config")
        ? {
            pctConfig: { allowOverlapping: true, trackingMultipleSensors: false, segmentationMode: true }
          }
        : {})
    })
  }),

  get_project: Effect.fn(function* (call) {
    const id = yield* newProject(2)
    const answer = yield* call([id])
    const { batches, name, type } = yield* project(id)
    expect(at(answer, "data.project")).toMatchObject({ _id: id, name, type, batches, assetCount: 2 })
  }),

  delete_project: Effect.fn(function* (call) {
    const id = yield* newProject(1)
    yield* call([id])
    yield* isGone(id)
  }),

  clone_project: Effect.fn(function* (call) {
    const id = yield* newProject(2)
    const projects = yield* Projects
    yield* (yield* Batches).create(id, "Week 1")
    yield* projects.addMembers(id, { emails: ["amara.okafor@example.com"], role: "Labeler" })
    const { name } = yield* projects.get(id)
    yield* call([id])
    const listed = yield* Stream.runCollect(projects.stream())
    const all = [...listed].filter((one) => one.name === `${name} copy`)
    expect(all).toHaveLength(1)
    const source = yield* projects.get(id)
    const copy = yield* projects.get(all[0]?.id ?? "")
    expect(copy.categorySchema).toEqual(source.categorySchema)
    expect(copy.stages).toEqual(source.stages)
    expect(copy.assignedTo).toEqual(source.assignedTo)
    expect(copy.batches?.map((batch) => batch.name)).toEqual(["Week 1"])
    expect(yield* tasksOf(copy.id)).toEqual([])
    expect(yield* tasksOf(id)).toHaveLength(2)
    const bare = yield* call([id], { category_schema: false, batches: false, assigned_to: false })
    const again = yield* projects.get(textAt(bare, "data.project._id"))
    expect(again.batches).toEqual([])
    expect(again.assignedTo).toEqual([])
    expect(again.categorySchema).toMatchObject({ tools: [], classifications: [] })
    expect(again.stages).toEqual(source.stages)
  }),

  purge_project: Effect.fn(function* (call) {
    const id = yield* newProject(1)
    const { name } = yield* project(id)
    const refused = yield* Effect.either(call([id, "another name"]))
    expect(Either.isLeft(refused)).toBe(true)
    expect(yield* project(id)).toMatchObject({ name })
    yield* call([id, name])
    yield* isGone(id)
  }),

  update_label_validation: Effect.fn(function* (call) {
    const id = yield* newProject()
    const validationFunction = "answers => []"
    yield* call([id], {
      custom_validation_enabled: true,
      validation_function: validationFunction,
      external_validation: { url: "https://checks.example" }
    })
    yield* call([id], { custom_validation_enabled: false })
    expect(yield* project(id)).toMatchObject({
      customValidationEnabled: false,
      validationFunction,
      externalValidation: { url: "https://checks.example" }
    })
  }),

  update_benchmark_settings: Effect.fn(function* (call) {
    const id = yield* newProject()
    yield* call([id, true], { benchmark_ratio: 25, benchmark_cutoff: true })
    expect(yield* project(id)).toMatchObject({
      benchmarkEnabled: true,
      benchmarkRatio: 25,
      benchmarkCutoff: true
    })
    yield* call([id, false])
    expect(yield* project(id)).toMatchObject({
      benchmarkEnabled: false,
      benchmarkRatio: 25,
      benchmarkCutoff: true
    })
  }),

  add_members_to_project: Effect.fn(function* (call) {
    const id = yield* newProject()
    const emails = ["priya.raman@example.com", "mateo.silva@example.com"]
    yield* call([id, emails, member("ProjectRoles", "Lead")])
    const members = yield* (yield* Projects).members(id)
    expect(members.map(({ assignee, role }) => ({ assignee, role }))).toEqual(
      emails.map((assignee) => ({ assignee, role: "Lead" }))
    )
  }),

  create_label_set: Effect.fn(function* (call) {
    const id = yield* newProject()
    const option = (value: string, schemaId: string) => object("LabelOption", { value, schemaId })
    const leaf = (title: string) => object("TreeOption", { title })
    yield* call([id], {
      tools: [
        object("ToolCategory", {
          tool: member("Tool", "Polygon"),
          title: "Crane",
          color: "#ff8800",
          schemaId: "crane"
        })
      ],
      classifications: [
        object("ClassificationCategory", {
          classification: member("Classification", "Radio"),
          title: "Moving?",
          required: true,
          options: [option("Yes", "yes"), option("No", "no")]
        }),
        object("ClassificationCategory", {
          classification: member("Classification", "Tree_dropdown"),
          title: "Part",
          treeOptions: [object("TreeOption", { title: "Arm", children: [leaf("Hook"), leaf("Rope")] })]
        })
      ],
      relations: [object("RelationCategory", { relation: member("Relation", "Single"), title: "lifts" })]
    })
    const { categorySchema } = yield* project(id)
    expect(categorySchema).toMatchObject({
      tools: [{ tool: "polygon", title: "Crane", color: "#ff8800", schemaId: "crane" }],
      classifications: [
        {
          tool: "radio",
          title: "Moving?",
          required: true,
          treeOptions: [],
          frameSpecific: false,
          options: [
            { value: "Yes", schemaId: "yes" },
            { value: "No", schemaId: "no" }
          ]
        },
        {
          tool: "tree-dropdown",
          treeOptions: [{ title: "Arm", children: [{ title: "Hook" }, { title: "Rope" }] }]
        }
      ],
      relations: [{ tool: "one-to-one", title: "lifts" }]
    })
    const raw = {
      tools: [],
      classifications: [{ schemaId: "c1", tool: "text", title: "Why?" }],
      relations: []
    }
    yield* call([id], { raw_category_schema: raw })
    expect((yield* project(id)).categorySchema).toMatchObject(raw)
  }),

  update_workflow_stages: Effect.fn(function* (call) {
    const id = yield* newProject()
    yield* call([id, webhook])
    expect((yield* project(id)).stages).toMatchObject(webhook)
  }),

  upload_instructions: Effect.fn(function* (call) {
    const id = yield* newProject()
    const path = yield* newFile("guide.pdf", "%PDF-1.7 how to label")
    yield* call([id, path])
    const { instructions } = yield* project(id)
    const bytes = yield* Effect.promise(async () => (await fetch(String(instructions))).arrayBuffer())
    expect(new TextDecoder().decode(bytes)).toBe("%PDF-1.7 how to label")
  }),

  // The hub calls no webhooks: what is seen is that the stage has to exist.
  rerun_webhook: Effect.fn(function* (call) {
    const id = yield* newProject(0, { stages: webhook })
    yield* call([id, "notify"])
    const refused = yield* Effect.either(call([id, "no such stage"]))
    expect(Either.isLeft(refused)).toBe(true)
  })
}

export const metrics: Cases = {
  get_metrics: Effect.fn(function* (call) {
    const { seeded } = yield* Run
    const perStage = yield* call([seeded, member("Metrics", "LabelStageGroups")])
    const tasks = yield* tasksOf(seeded)
    const { stages } = yield* project(seeded)
    const counts = stages?.map(({ id }) => tasks.filter(({ stage }) => stage === id).length)
    const groups = Object.values(at(perStage, "data") as object).flat()
    expect(groups.map((group) => at(group, "count"))).toEqual(counts)
    for (const name of [
      "TimePerTask",
      "AnnotationStatus",
      "AnswerDistribution",
      "ConsensusRanges",
      "AssetSize"
    ]) {
      const metric = yield* call([seeded, member("Metrics", name)])
      expect(at(metric, "status")).toBe("success")
    }
  }),

  get_project_performance: Effect.fn(function* (call) {
    const { seeded } = yield* Run
    const metrics = yield* Metrics
    const [first] = yield* (yield* Batches).list(seeded)
    const all = yield* call([seeded])
    expect(at(all, "data.performance")).toEqual(yield* metrics.performance(seeded))
    const batches = [String(first?.name)]
    const some = yield* call([seeded], { batches })
    expect(at(some, "data.performance")).toEqual(yield* metrics.performance(seeded, { batches }))
    expect(at(some, "data.performance")).not.toEqual(at(all, "data.performance"))
    const interval = [naive("2000-01-01T00:00:00.000"), naive("2000-01-02T00:00:00.000")]
    const none = yield* call([seeded], { interval })
    expect(at(none, "data.performance.users")).toEqual([])
  })
}
