// The schema of the answers that an ontology allows: valid answers, and the errors of invalid ones.
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { type Annotation, Ontology } from "effect-ango"
import { box, ontology, vehicle, weather } from "../support/LabelOntology.js"

const schema: Schema.Schema<Annotation.AnswerInput> = Ontology.answerSchema(ontology)

const wrong = {
  objects: [{ title: "Vehicel", "bounding-box": { ...box, width: 0 } }],
  classifications: [{ title: "Weather", answer: "Claer" }]
}

const issuesOf = (input: unknown, errors: "first" | "all") =>
  Either.match(Schema.decodeUnknownEither(schema)(input, { errors }), {
    onLeft: (error) =>
      ParseResult.ArrayFormatter.formatErrorSync(error).map(({ message, path }) => [path.join("."), message]),
    onRight: () => []
  })

describe("Ontology.answerSchema", () => {
  it("returns a valid answer unchanged, unknown fields included", () => {
    const answer = { tools: [{ ...vehicle, score: 1 }], classifications: [weather], model: "m1" }
    expect(Schema.decodeUnknownSync(schema)(answer)).toBe(answer)
    expect(Schema.encodeUnknownSync(schema)(answer)).toBe(answer)
    expect(Schema.is(schema)(answer)).toBe(true)
  })

  it("reports every path, what was found, what is expected, and a suggestion", () => {
    expect(issuesOf(wrong, "all")).toEqual([
      ["objects.0.title", expect.stringContaining('Did you mean "Vehicle"?')],
      ["objects.0.bounding-box.width", expect.stringContaining("is 0; expected a size above 0")],
      [
        "classifications.0.answer",
        'classifications[0].answer is "Claer", which "Weather" does not have; expected an option: "Clear", "Rain", "Fog". Did you mean "Clear"?'
      ]
    ])
    expect(issuesOf(3, "all")).toEqual([["", "the entry is 3; expected an object."]])
  })

  it("reports the first mistake unless `errors` is `all`", () => {
    expect(issuesOf(wrong, "first")).toHaveLength(1)
  })

  it("needs no asset, and allows missing required answers only with `incomplete`", () => {
    expect(issuesOf({ objects: [] }, "all")).toEqual([
      ["classifications", expect.stringContaining("Weather")]
    ])
    expect(Schema.is(Ontology.answerSchema(ontology, { incomplete: true }))({ objects: [] })).toBe(true)
  })
})
