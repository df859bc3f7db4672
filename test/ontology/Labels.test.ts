// Mistakes of pre-labels: reason, path, message and suggestion.
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { Labels } from "effect-ango"
import { cases } from "../support/LabelMistakes.js"
import { box, entry, ontology, vehicle, weather } from "../support/LabelOntology.js"

const compiled = Labels.compile(ontology)

const mistakesOf = (input: unknown, options: Labels.CheckOptions & { readonly row?: number } = {}) =>
  Either.match(Labels.check(compiled, input, options), {
    onLeft: ({ mistakes }) => mistakes,
    onRight: () => []
  })

const flatBox = entry({ objects: [{ ...vehicle, "bounding-box": { ...box, width: 0 } }] })

describe("a mistake", () => {
  it.each(cases)("in %j is %s at %s", (input, reason, path, words) => {
    const mistakes = mistakesOf(input)
    expect(mistakes.map((mistake) => [mistake.reason, mistake.path])).toEqual([[reason, path]])
    expect(mistakes[0]?.message).toContain(words)
  })

  // The record makes the compiler check that no reason is missing.
  it("has a case above for every reason", () => {
    const covered = new Set(cases.map(([, reason]) => reason))
    const every: Record<Labels.Reason, true> = {
      ...{ "no-asset": true, "wrong-kind": true, "two-lists": true, "no-class": true },
      ...{ "unknown-schema-id": true, "unknown-title": true, "ambiguous-title": true },
      ...{ "contradicting-title": true, "misplaced-class": true, "wrong-tool": true, "no-geometry": true },
      ...{ "several-geometries": true, "not-finite": true, size: true, points: true, rotation: true },
      ...{ span: true, "page-number": true, "outside-image": true, page: true, "mixed-track": true },
      ...{ "duplicate-object-id": true, "wrong-answer-kind": true, "several-answers": true },
      ...{ "unknown-option": true, "ambiguous-option": true, "repeated-option": true, "unknown-path": true },
      ...{ pattern: true, "not-revealed": true, required: true, "wrong-relation": true },
      ...{ "unknown-object": true }
    }
    expect([...covered].toSorted()).toEqual(Object.keys(every).toSorted())
  })

  it("names its row, and escapes the externalId", () => {
    const [mistake] = mistakesOf({ ...flatBox, externalId: "a.jpg" }, { row: 17 })
    expect(mistake).toMatchObject({ row: 17, key: "a.jpg", expected: expect.any(String), found: "0" })
    expect(mistake?.message).toMatch(/^Row 17 \(a\.jpg\): objects\[0\]\.bounding-box\.width is 0; /)
    const [other] = mistakesOf({ ...flatBox, externalId: "a\n\u001b[2J" })
    expect(other?.message).toMatch(/^Row 0 \("a\\n\\u001b\[2J"\): /)
  })

  it("is reported together with all others of its row, which the error counts", () => {
    const input = {
      objects: [{ title: "Vehicel", page: -1, "bounding-box": { ...box, width: 0, x: null } }],
      classifications: [
        { title: "Weather", answer: "Claer" },
        { title: "Users", answer: ["Bike", "Cat"] }
      ],
      relations: [{ title: "Tows", from: "a", to: "b" }]
    }
    const checked = Labels.check(compiled, input)
    const { message, mistakes } = Either.getOrThrow(Either.flip(checked))
    expect(mistakes.map(({ path, reason }) => `${reason} ${path}`).toSorted()).toEqual([
      "no-asset ",
      "page objects[0].page",
      "size objects[0].bounding-box.width",
      "unknown-object relations[0].from",
      "unknown-object relations[0].to",
      "unknown-option classifications[0].answer",
      "unknown-option classifications[1].answer[1]",
      "unknown-title objects[0].title",
      "wrong-kind objects[0].bounding-box.x"
    ])
    expect(message).toMatch(/And 8 more mistakes in this row\.$/)
  })

  it("does not contain free text or links", () => {
    const secret = "https://files.example/m.png?X-Amz-Signature=s3cret"
    const reported = JSON.stringify([
      mistakesOf({
        ...flatBox,
        externalId: undefined,
        data: secret,
        brushDataUrl: [secret],
        objects: secret
      }),
      mistakesOf(entry({ objects: [{ ...vehicle, "bounding-box": { ...box, x: secret } }] })),
      mistakesOf(
        entry({
          classifications: [
            { ...weather, answer: "Fog", classifications: [{ title: "Sight", answer: secret }] }
          ]
        })
      )
    ])
    expect(reported).not.toContain("s3cret")
    expect(reported).toContain("brushDataUrl")
  })
})
