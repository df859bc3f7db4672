// Invalid answers fail before any request, with the path of the mistake.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Annotation, type Annotations, type LabelImport, RowOutcome } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { preLabel } from "../support/PreLabels.js"
import { withAnnotations } from "../support/SeededTasks.js"

const { projectId } = AngoTest

/** The errors of an import without validation against the ontology. */
const failuresOf = (entries: ReadonlyArray<LabelImport.LabelImport>) =>
  Effect.map(preLabel(projectId, entries, { validate: false }), (outcomes) =>
    outcomes.filter(RowOutcome.isFailed).map(({ error }) => error)
  )

const operations = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests(), (requests) => requests.map(({ operation }) => operation))
)

const box = { x: 10, y: 20, width: 30, height: 40 }

describe("an invalid answer", () => {
  const object = (fields: object) => ({ tools: [{ schemaId: "s1", ...fields }] }) as Annotation.AnswerInput
  const question = (fields: object) => ({ classifications: [fields] }) as Annotation.AnswerInput
  const relation = (fields: object) => ({ relations: [fields] }) as Annotation.AnswerInput
  const pdf = { x1: 1, y1: 1, x2: 2, y2: 2, width: 9, height: 9, pageNumber: 0 }

  const mistakes: ReadonlyArray<readonly [Annotation.AnswerInput, string, string]> = [
    [{ tools: [{ "bounding-box": box }] }, "tools[0]", "an object with a schemaId or a title"],
    [object({ "bounding-box": { ...box, x: "1" } }), "tools[0].bounding-box.x", "number"],
    [object({ "bounding-box": { ...box, x: Number.NaN } }), "tools[0].bounding-box.x", "a finite number"],
    [object({ "bounding-box": box, polygon: [[1, 2]] }), "tools[0]", "an object of one tool"],
    [object({ polygon: [] }), "tools[0].polygon", "at least one point"],
    [object({ polygon: [[1, 2, 3]] }), "tools[0].polygon[0][2]", "no such field"],
    [object({ point: [1] }), "tools[0].point[1]", "a value"],
    [
      object({ "rotated-bounding-box": { ...box, rotation: 181 } }),
      "tools[0].rotated-bounding-box.rotation",
      "degrees from -180 to 180"
    ],
    [object({ ner: { start: 9, end: 3 } }), "tools[0].ner", "a span that starts before it ends"],
    [object({ pdf }), "tools[0].pdf.pageNumber", "a page number, counted from 1"],
    [object({ "bounding-box": box, page: -1 }), "tools[0].page", "a page or frame, counted from 0"],
    [
      object({ "bounding-box": box, classifications: [{ schemaId: "c1", answer: 3 }] }),
      "tools[0].classifications[0].answer",
      "an option, a list of options, a text, true or false"
    ],
    [question({ answer: "Calm" }), "classifications[0]", "a classification with a schemaId or a title"],
    [question({ schemaId: "c1" }), "classifications[0].answer", "a value"],
    [
      question({ schemaId: "c1", answer: ["a", 1] }),
      "classifications[0].answer",
      "an option, a list of options"
    ],
    [relation({ schemaId: "r1", from: "a" }), "relations[0]", "a relation with from and to, or with a group"],
    [relation({ from: "a", to: "b" }), "relations[0]", "a relation with a schemaId or a title"],
    [
      relation({ schemaId: "r1", from: "a", to: "b", direction: "back" }),
      "relations[0].direction",
      "straight, reverse or bidirectional"
    ],
    [{ tools: [], objects: [] }, "", "objects under tools or under objects, not both"]
  ]

  it.effect.each(mistakes)("fails before any write: %j", ([answer, path, allowed]) =>
    withAnnotations((annotations) =>
      Effect.gen(function* () {
        const written = yield* Effect.flip(annotations.annotate("t1", answer, { merge: true }))
        const [imported] = yield* failuresOf([{ externalId: "b.jpg", ...answer }])
        expect(written).toMatchObject({
          _tag: "InvalidRequest",
          operation: "annotations.annotate",
          parameter: path === "" ? "answer" : `answer.${path}`
        })
        expect(imported).toMatchObject({
          _tag: "InvalidRequest",
          operation: "annotations.importLabels",
          parameter: path === "" ? "row" : `row.${path}`
        })
        for (const error of [written, imported]) expect(error?.message).toContain(`Expected ${allowed}`)
        expect(yield* operations).toEqual(["projects.get"])
      })
    )
  )

  it.effect.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("fails for a duration of %d", (duration) =>
    withAnnotations((annotations) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(annotations.annotate("t1", {}, { duration, merge: true }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "duration" })
        expect(error.message).toContain("milliseconds, 0 or more")
        expect(yield* (yield* Emulator).requests()).toEqual([])
      })
    )
  )

  it.effect.each([{}, { externalId: "", data: "" }])("fails an import of %j, which names no asset", (entry) =>
    Effect.gen(function* () {
      const [error] = yield* failuresOf([entry])
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "row" })
      expect(error?.message).toContain("an entry with an externalId or with data")
      expect(yield* operations).toEqual(["projects.get"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it("an object with a geometry of another tool does not typecheck", () => {
    const check = (annotations: Annotations["Type"]) => [
      annotations.annotate("t1", { tools: [{ schemaId: "s1", circle: 1 }] }),
      // @ts-expect-error a box is not a list of points
      annotations.annotate("t1", { tools: [{ schemaId: "s1", polygon: box }] }),
      // @ts-expect-error a number is not a coordinate as text
      annotations.annotate("t1", { tools: [{ schemaId: "s1", "bounding-box": { ...box, x: "1" } }] }),
      // @ts-expect-error one tool per object
      annotations.annotate("t1", { tools: [{ schemaId: "s1", "bounding-box": box, point: [1, 2] }] })
    ]
    expect(check).toBeTypeOf("function")
  })
})
