// Asset-builder templates: created, read back, and refused as by the vendor's SDK.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type AssetBuilderTemplate, Ontology, Projects } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

const provided = Effect.provide(AngoTest.layer({ tasks: 3 }))

const smallest: AssetBuilderTemplate.NewAssetBuilderTemplate = {
  name: "Reviews",
  template: "<p>{{review}}</p>",
  selectedExternalId: "row",
  dataConfig: { row: { type: "text" }, review: { type: "text" } }
}

describe("an asset-builder template", () => {
  it.effect("is listed in its project, with an id and the defaults of the vendor's SDK", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      expect(yield* projects.assetBuilderTemplates(projectId)).toEqual([])
      expect(yield* projects.createAssetBuilderTemplate(projectId, smallest)).toBeUndefined()
      expect(yield* projects.assetBuilderTemplates(projectId)).toEqual([
        {
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          description: "",
          name: "Reviews",
          template: "<p>{{review}}</p>",
          batchColumn: "",
          selectedExternalId: "row",
          dataConfig: {
            row: { type: "text", includeInExport: false },
            review: { type: "text", includeInExport: false }
          },
          preLabelConfig: {}
        }
      ])
    }).pipe(provided)
  )

  it.effect("keeps all its fields, next to other templates", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      const cla = yield* Ontology.classification("radio", { title: "Mood", options: ["Calm", "Wild"] })
      const whole = {
        ...smallest,
        name: "Photos",
        description: "One photo a row",
        batchColumn: "week",
        dataConfig: {
          row: { type: "text", includeInExport: true },
          week: { type: "text", includeInExport: false },
          photo: { type: "image", includeInExport: false, storage: "Public" },
          sound: { type: "audio", includeInExport: false, storage: "65aa00000000000000005001" }
        },
        preLabelConfig: { mood: { cla, value: "mood" } }
      } satisfies AssetBuilderTemplate.NewAssetBuilderTemplate
      yield* projects.createAssetBuilderTemplate(projectId, smallest)
      yield* projects.createAssetBuilderTemplate(projectId, whole)
      const [first, second] = yield* projects.assetBuilderTemplates(projectId)
      expect(first?.name).toBe("Reviews")
      expect(second).toEqual({ id: second?.id, ...whole })
      expect(second?.id).not.toBe(first?.id)
      const { assetBuilderTemplates } = yield* projects.get(projectId)
      expect(assetBuilderTemplates).toHaveLength(2)
    }).pipe(provided)
  )

  const wrong: ReadonlyArray<
    readonly [string, Partial<AssetBuilderTemplate.NewAssetBuilderTemplate>, string, RegExp]
  > = [
    ["no name", { name: "" }, "name", /Expected a name/],
    ["no template", { template: "" }, "template", /Expected HTML with placeholders/],
    [
      "no external-id column",
      { selectedExternalId: "" },
      "selectedExternalId",
      /Expected the name of a column/
    ],
    ["no columns", { dataConfig: {} }, "dataConfig", /Expected at least one column/],
    [
      "an unknown external-id column",
      { selectedExternalId: "id" },
      "selectedExternalId",
      /"id" is not a column of dataConfig\. Use one of row, review\./
    ],
    [
      "an unknown batch column",
      { batchColumn: "week" },
      "batchColumn",
      /"week" is not a column of dataConfig/
    ],
    ...(["image", "audio", "video", "pdf"] as const).map(
      (type) =>
        [
          `a column of type ${type} without a storage`,
          { dataConfig: { row: { type: "text" }, file: { type } } },
          "dataConfig.file",
          /Expected a storage \(its id, or "Public"\) for a column of type image, audio, video, pdf/
        ] as const
    ),
    [
      "a column of an unknown type",
      { dataConfig: { row: { type: "number" as "text" } } },
      "dataConfig.row.type",
      /Expected a column type: text, link, image, audio, video, iframe, pdf/
    ]
  ]

  it.effect.each(wrong)("with %s is refused before any request", ([, change, parameter, words]) =>
    Effect.gen(function* () {
      const projects = yield* Projects
      const hub = yield* Emulator
      const error = yield* Effect.flip(
        projects.createAssetBuilderTemplate(projectId, { ...smallest, ...change })
      )
      expect(error).toMatchObject({
        _tag: "InvalidRequest",
        operation: "projects.createAssetBuilderTemplate",
        parameter
      })
      expect(error.message).toMatch(words)
      expect(yield* hub.requests()).toHaveLength(0)
    }).pipe(provided)
  )
})
