// Ontologies: each example of the vendor's documentation is built, set and read back.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type CategorySchema, Ontology, Projects } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

const provided = Effect.provide(AngoTest.layer({ tasks: 3 }))

// The stored ontology after it was set.
const roundTrip = (ontology: Effect.Effect<Required<CategorySchema.CategorySchema>>) =>
  Effect.gen(function* () {
    const projects = yield* Projects
    const labelSet = yield* ontology
    const answered = yield* projects.setLabelSet(projectId, labelSet)
    const { categorySchema } = yield* projects.get(projectId)
    expect(categorySchema).toEqual(labelSet)
    expect(answered.categorySchema).toEqual(labelSet)
    return labelSet
  })

const titles = (classifications: ReadonlyArray<CategorySchema.Classification> | null | undefined) =>
  classifications?.map(({ title }) => title)

describe("an ontology with", () => {
  it.effect("one dropdown of two choices", () =>
    Effect.gen(function* () {
      const { classifications } = yield* roundTrip(
        Ontology.make({
          classifications: [
            Ontology.classification("single-dropdown", { title: "Quality", options: ["Good", "Poor"] })
          ]
        })
      )
      expect(classifications?.[0]?.options?.map(({ value }) => value)).toEqual(["Good", "Poor"])
    }).pipe(provided)
  )

  it.effect("a tool, a classification and a relation", () =>
    Effect.gen(function* () {
      const { classifications, relations, tools } = yield* roundTrip(
        Ontology.make({
          tools: [Ontology.tool("segmentation", { title: "Road surface" })],
          classifications: [
            Ontology.classification("single-dropdown", { title: "Light", options: ["Day", "Night"] })
          ],
          relations: [Ontology.relation("one-to-one", { title: "Belongs to" })]
        })
      )
      expect([tools?.[0]?.tool, classifications?.[0]?.tool, relations?.[0]?.tool]).toEqual([
        "segmentation",
        "single-dropdown",
        "one-to-one"
      ])
    }).pipe(provided)
  )

  it.effect("a dropdown with an unconditional follow-up question", () =>
    Effect.gen(function* () {
      const { classifications } = yield* roundTrip(
        Ontology.make({
          classifications: [
            Ontology.classification("single-dropdown", {
              title: "Animal",
              required: true,
              options: ["Dog", "Cat"],
              classifications: [
                Ontology.classification("single-dropdown", {
                  title: "Where",
                  options: ["Indoors", "Outdoors"]
                })
              ]
            })
          ]
        })
      )
      const [animal] = classifications ?? []
      expect(animal?.required).toBe(true)
      expect(titles(animal?.classifications)).toEqual(["Where"])
      expect(animal?.classifications?.[0]).not.toHaveProperty("parentOptionId")
    }).pipe(provided)
  )

  it.effect("a tree", () =>
    Effect.gen(function* () {
      const { classifications } = yield* roundTrip(
        Ontology.make({
          classifications: [
            Ontology.classification("tree-dropdown", {
              title: "Diagnosis",
              treeOptions: [{ title: "Fracture", children: ["Simple", "Compound"] }, "None"]
            })
          ]
        })
      )
      expect(classifications?.[0]?.options?.map(({ value }) => value)).toEqual([
        "Fracture",
        "Fracture / Simple",
        "Fracture / Compound",
        "None"
      ])
    }).pipe(provided)
  )

  it.effect("a conditional rich text, with a given id", () =>
    Effect.gen(function* () {
      const { classifications } = yield* roundTrip(
        Ontology.make({
          classifications: [
            Ontology.classification("radio", {
              title: "Usable?",
              options: [{ value: "No", schemaId: "unusable" }, "Yes"],
              classifications: [
                Ontology.classification("text", {
                  title: "Why not?",
                  parentOptionId: "unusable",
                  color: "#445566",
                  richText: true
                })
              ]
            })
          ]
        })
      )
      expect(classifications?.[0]?.classifications?.[0]).toMatchObject({
        tool: "text",
        parentOptionId: "unusable",
        color: "#445566",
        richText: true
      })
    }).pipe(provided)
  )

  it.effect("a conditional tree, without given ids", () =>
    Effect.gen(function* () {
      const { classifications } = yield* roundTrip(
        Ontology.make({
          classifications: [
            Ontology.classification("radio", {
              title: "Damaged?",
              options: [
                {
                  value: "Yes",
                  reveals: [
                    Ontology.classification("tree-dropdown", {
                      title: "Damage",
                      treeOptions: [{ title: "Paint", children: ["Scratch", "Rust"] }, "Glass"]
                    })
                  ]
                },
                "No"
              ]
            })
          ]
        })
      )
      const [damaged] = classifications ?? []
      const [yes] = damaged?.options ?? []
      expect(yes?.schemaId).toMatch(/^[0-9a-f]{32}$/)
      expect(damaged?.classifications?.[0]?.parentOptionId).toBe(yes?.schemaId)
      expect(damaged?.classifications?.[0]?.options?.at(-1)?.value).toBe("Glass")
    }).pipe(provided)
  )

  it.effect("all parts of another project: copied with its ids", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      const { id } = yield* projects.create({ name: "Same questions again" })
      const copied = yield* projects.copyLabelSet({ from: projectId, to: id })
      const source = yield* projects.get(projectId)
      expect(source.categorySchema?.tools?.length).toBeGreaterThan(0)
      // Exactly the keys that were read: the classifications of the seed have no `treeOptions`.
      expect(source.categorySchema?.classifications?.some((one) => !("treeOptions" in one))).toBe(true)
      expect(copied.categorySchema).toEqual(source.categorySchema)
      expect((yield* projects.get(id)).categorySchema).toEqual(source.categorySchema)
    }).pipe(provided)
  )

  it.effect("lists that are null, copied as empty ones", () =>
    Effect.gen(function* () {
      const [projects, hub] = yield* Effect.all([Projects, Emulator])
      const { id } = yield* projects.create({ name: "Copy" })
      const stored = hub.state.projects.get(projectId)
      if (stored !== undefined) {
        stored.project = { ...stored.project, categorySchema: { tools: [], relations: null } }
      }
      const { categorySchema } = yield* projects.copyLabelSet({ from: projectId, to: id })
      expect(categorySchema).toEqual({ tools: [], classifications: [], relations: [] })
    }).pipe(provided)
  )

  it.effect("the keys of the vendor's SDK in each raw classification, and the given object unchanged", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      const keys = { treeOptions: [], frameSpecific: false, richText: false, showDropdown: false }
      const inner = Object.freeze({ tool: "text", schemaId: "i", richText: true })
      const asset = Object.freeze({
        tool: "radio",
        schemaId: "a",
        treeOptions: null,
        classifications: [inner]
      })
      const upload = Object.freeze({ tool: "some-upload", schemaId: "u", extensions: [".pdf"] })
      const labelSet = Object.freeze({
        tools: [Object.freeze({ tool: "polygon", schemaId: "t", classifications: [inner] })],
        classifications: [asset, upload],
        relations: [Object.freeze({ tool: "group", schemaId: "r", classifications: [inner] })]
      })
      const full = { ...keys, ...inner }
      const written = {
        tools: [{ tool: "polygon", schemaId: "t", classifications: [full] }],
        classifications: [
          { ...keys, ...asset, classifications: [full] },
          { ...keys, ...upload }
        ],
        relations: [{ tool: "group", schemaId: "r", classifications: [full] }]
      }
      expect((yield* projects.setLabelSet(projectId, labelSet)).categorySchema).toEqual(written)
      const updated = yield* projects.update(projectId, { categorySchema: labelSet })
      expect(updated.categorySchema).toEqual(written)
      const created = yield* projects.create({ name: "With labels", categorySchema: labelSet })
      expect(created.categorySchema).toEqual(written)
      expect(asset).toEqual({ tool: "radio", schemaId: "a", treeOptions: null, classifications: [inner] })
    }).pipe(provided)
  )

  it.effect.each([
    [{ classifications: "none" }, "categorySchema.classifications"],
    [{ classifications: [null] }, "categorySchema.classifications[0]"],
    [{ tools: [{ tool: "point", classifications: [7] }] }, "categorySchema.tools[0].classifications[0]"]
  ])("something that is no ontology is refused before any request: %j", ([labelSet, parameter]) =>
    Effect.gen(function* () {
      const [projects, hub] = yield* Effect.all([Projects, Emulator])
      const call = projects.setLabelSet(projectId, labelSet as unknown as CategorySchema.CategorySchema)
      expect(yield* Effect.flip(call)).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(yield* hub.requests("projects.update")).toHaveLength(0)
    }).pipe(provided)
  )

  it.effect("unknown parts", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      const labelSet = {
        classifications: [],
        relations: [],
        tools: [{ tool: "hologram", schemaId: "h", depth: 3, options: [{ value: "a", weight: 2 }] }],
        skeletons: [{ joints: 17 }]
      }
      yield* projects.setLabelSet(projectId, labelSet)
      expect((yield* projects.get(projectId)).categorySchema).toEqual(labelSet)
    }).pipe(provided)
  )
})

describe("copying", () => {
  it.effect("from a project without an ontology fails and changes nothing", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      const hub = yield* Emulator
      const before = yield* projects.get(projectId)
      const { id } = yield* projects.create({ name: "Old" })
      const stored = hub.state.projects.get(id)
      if (stored !== undefined) stored.project = { ...stored.project, categorySchema: null }
      const error = yield* Effect.flip(projects.copyLabelSet({ from: id, to: projectId }))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "from" })
      expect(error.message).toContain("has no ontology")
      expect((yield* projects.get(projectId)).categorySchema).toEqual(before.categorySchema)
      expect(yield* hub.requests("projects.update")).toHaveLength(0)
    }).pipe(provided)
  )

  it.effect("fails with NotFound if either project does not exist", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      for (const copy of [
        { from: "x1", to: projectId },
        { from: projectId, to: "x1" }
      ]) {
        expect(yield* Effect.flip(projects.copyLabelSet(copy))).toMatchObject({ _tag: "NotFound" })
      }
    }).pipe(provided)
  )
})
