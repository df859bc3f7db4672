// The builders: defaults, inputs, and that all randomness comes from Effect's Random.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { CategorySchema, Ontology } from "effect-ango"

const seeded =
  (seed: string) =>
  <A>(effect: Effect.Effect<A>): Effect.Effect<A> =>
    Effect.withRandom(effect, Random.make(seed))

const hex32 = expect.stringMatching(/^[0-9a-f]{32}$/)
const colorCode = expect.stringMatching(/^#[0-9a-f]{6}$/)

const sample = Ontology.make({
  tools: [
    Ontology.tool("polygon", {
      title: "Leaf",
      classifications: [Ontology.classification("text", { title: "Species" })]
    })
  ],
  classifications: [
    Ontology.classification("tree-dropdown", {
      treeOptions: [{ title: "Plant", children: ["Tree", "Moss"] }, "Stone"]
    })
  ],
  relations: [Ontology.relation("group", { title: "Same plant" })]
})

describe("an ontology", () => {
  it.effect("is the same for the same Random seed, and differs for another", () =>
    Effect.gen(function* () {
      const [a, b, c] = yield* Effect.all([
        seeded("one")(sample),
        seeded("one")(sample),
        seeded("two")(sample)
      ])
      expect(a).toEqual(b)
      expect(a).not.toEqual(c)
    })
  )

  it.effect("has unique ids", () =>
    Effect.gen(function* () {
      const text = JSON.stringify(yield* sample)
      const ids = Array.from(text.matchAll(/"(?:schemaId|key)":"([^"]+)"/g), ([, id]) => id)
      // Three categories and one nested; four nodes, each with its key and its option.
      expect(ids).toHaveLength(12)
      expect(new Set(ids).size).toBe(8)
    })
  )

  it.effect("matches the schema, and is empty without parts", () =>
    Effect.gen(function* () {
      expect(Schema.is(CategorySchema.CategorySchema)(yield* sample)).toBe(true)
      expect(yield* Ontology.make()).toEqual({ tools: [], classifications: [], relations: [] })
    })
  )
})

describe("a category", () => {
  it.effect("has the vendor's keys in order, with a random schemaId and color", () =>
    Effect.gen(function* () {
      const tool = yield* Ontology.tool("bounding-box")
      expect(tool).toEqual({
        tool: "bounding-box",
        title: "",
        required: false,
        columnField: false,
        color: colorCode,
        shortcutKey: "",
        classifications: [],
        options: [],
        schemaId: hex32
      })
      expect(Object.keys(tool).join()).toBe(
        "tool,title,required,columnField,color,shortcutKey,classifications,options,schemaId"
      )
    })
  )

  it.effect("is written with an empty tree and without flags, if it is a classification", () =>
    Effect.gen(function* () {
      expect(yield* Ontology.classification("radio")).toMatchObject({
        treeOptions: [],
        frameSpecific: false,
        richText: false,
        showDropdown: false
      })
      const tree = yield* Ontology.classification("tree-dropdown", { treeOptions: ["Stone"], richText: true })
      expect(tree).toMatchObject({ treeOptions: [{ title: "Stone" }], frameSpecific: false, richText: true })
    })
  )

  it.effect("keeps the given fields", () =>
    Effect.gen(function* () {
      const given = {
        title: "Remark",
        required: true,
        columnField: true,
        color: "#ABCDEF",
        shortcutKey: "ctrl+3",
        schemaId: "17",
        multiple: true,
        parentOptionId: "yes",
        regex: "^A",
        richText: true,
        frameSpecific: true,
        showDropdown: false,
        exportName: "remark",
        displayName: "Remark!",
        abbreviatedName: "R",
        attributeType: "dynamic",
        defaultValue: 7
      }
      expect(yield* Ontology.classification("text", given)).toEqual({
        tool: "text",
        classifications: [],
        options: [],
        treeOptions: [],
        ...given
      })
      expect(yield* Ontology.tool("pdf", { ocrEnabled: true, schemaId: "1" })).toMatchObject({
        ocrEnabled: true,
        schemaId: "1"
      })
    })
  )

  it.effect("does not modify its input, and can be built twice", () =>
    Effect.gen(function* () {
      const nested = yield* Ontology.classification("text")
      const options = Object.freeze({
        options: Object.freeze([{ value: "Yes", reveals: Object.freeze([Object.freeze(nested)]) }])
      })
      const builder = Ontology.classification("radio", options)
      const [first, second] = [yield* builder, yield* builder]
      expect(first.options).toHaveLength(1)
      expect(second.classifications).toHaveLength(1)
      expect(first.schemaId).not.toBe(second.schemaId)
      expect(nested).not.toHaveProperty("parentOptionId")
    })
  )
})

describe("options", () => {
  it.effect("can be texts, or objects with their own schemaIds", () =>
    Effect.gen(function* () {
      const no = yield* Ontology.option("No")
      const { options } = yield* Ontology.classification("radio", {
        options: ["Yes", no, { value: "Perhaps", schemaId: "p" }]
      })
      expect(options).toEqual([
        { value: "Yes", schemaId: hex32 },
        { value: "No", schemaId: no.schemaId },
        { value: "Perhaps", schemaId: "p" }
      ])
    })
  )

  it.effect("reveal classifications, which get the option's id and follow those that are always shown", () =>
    Effect.gen(function* () {
      const question = yield* Ontology.classification("radio", {
        classifications: [Ontology.classification("text", { title: "always" })],
        options: [
          { value: "A", reveals: [Ontology.classification("text", { title: "under A" })] },
          { value: "B", schemaId: "b", reveals: [Ontology.classification("text", { title: "under B" })] }
        ]
      })
      const [a] = question.options ?? []
      expect(question.classifications?.map(({ parentOptionId, title }) => [title, parentOptionId])).toEqual([
        ["always", undefined],
        ["under A", a?.schemaId],
        ["under B", "b"]
      ])
      expect(JSON.stringify(question)).not.toContain("reveals")
    })
  )
})

describe("a tree", () => {
  it.effect("becomes options: one per node with its path and key, parents first", () =>
    Effect.gen(function* () {
      const { options, treeOptions } = yield* Ontology.classification("tree-dropdown", {
        options: ["overwritten"],
        treeOptions: [
          { title: "Trunk", key: "t", children: [{ title: "Branch", key: "b", children: ["Leaf"] }] },
          { title: "Root", key: "r", value: "R1" }
        ]
      })
      const leaf = treeOptions?.[0]?.children?.[0]?.children?.[0]
      expect(treeOptions).toEqual([
        {
          title: "Trunk",
          key: "t",
          value: "t",
          children: [
            {
              title: "Branch",
              key: "b",
              value: "b",
              children: [{ title: "Leaf", key: hex32, value: leaf?.key, children: [] }]
            }
          ]
        },
        { title: "Root", key: "r", value: "R1", children: [] }
      ])
      expect(options).toEqual([
        { value: "Trunk", schemaId: "t" },
        { value: "Trunk / Branch", schemaId: "b" },
        { value: "Trunk / Branch / Leaf", schemaId: leaf?.key },
        { value: "Root", schemaId: "r" }
      ])
    })
  )

  it("has paths even when the hub gives no keys", () => {
    expect(Ontology.flattenTree([{ title: "A", key: null, children: [{ title: "B" }] }])).toEqual([
      { value: "A" },
      { value: "A / B" }
    ])
  })
})
