// The answers of an ontology as a schema: what it takes, and how it says no.
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

describe("the schema of an ontology's answers", () => {
  it("gives what fits as it is, fields that nobody knows included", () => {
    const answer = { tools: [{ ...vehicle, score: 1 }], classifications: [weather], model: "m1" }
    expect(Schema.decodeUnknownSync(schema)(answer)).toBe(answer)
    expect(Schema.encodeUnknownSync(schema)(answer)).toBe(answer)
    expect(Schema.is(schema)(answer)).toBe(true)
  })

  it("names every place, what is there, and what may have been meant", () => {
    expect(issuesOf(wrong, "all")).toEqual([
      ["objects.0.title", expect.stringContaining('Did you mean "Vehicle"?')],
      ["objects.0.bounding-box.width", expect.stringContaining("is 0; expected a size above 0")],
      [
        "classifications.0.answer",
        'classifications[0].answer is "Claer", which "Weather" does not have. Did you mean "Clear"?'
      ]
    ])
    expect(issuesOf(3, "all")).toEqual([["", "the entry is 3; expected an answer: an object."]])
  })

  it("stops at the first mistake unless it is asked for all, as schemas do", () => {
    expect(issuesOf(wrong, "first")).toHaveLength(1)
  })

  it("needs no asset, and takes open questions only when it is told to", () => {
    expect(issuesOf({ objects: [] }, "all")).toEqual([
      ["classifications", expect.stringContaining("Weather")]
    ])
    expect(Schema.is(Ontology.answerSchema(ontology, { incomplete: true }))({ objects: [] })).toBe(true)
  })
})
