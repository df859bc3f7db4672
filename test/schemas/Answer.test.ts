// Answers: merging, options by id and by value, and objects under `tools` and `objects`.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { Annotation, Answer, type CategorySchema, Ontology } from "effect-ango"

const object = (objectId: string | undefined, fields: object = {}): Answer.AnswerObject => ({
  schemaId: "s1",
  ...(objectId === undefined ? {} : { objectId }),
  ...fields
})

const merged = (present: Answer.Answer, added: Answer.Answer) => Answer.merge(present, added)

describe("merge", () => {
  it("replaces objects with the same objectId, and puts added items first", () => {
    const old = [object("a"), object("b")]
    const again = object("a", { point: [1, 2] })
    expect(merged({ tools: old }, { tools: [object("c"), again] }).tools).toEqual([
      object("c"),
      again,
      object("b")
    ])
  })

  it("keeps the other pages of a tracked object", () => {
    const frames = [0, 10, 20].map((page) => object("car1", { page }))
    const moved = object("car1", { page: 10, point: [9, 9] })
    expect(merged({ tools: frames }, { tools: [moved] }).tools).toEqual([moved, frames[0], frames[2]])
  })

  it("reads the page and the objectId of a PDF from all documented places (pdf-object-id)", () => {
    const outside = object("p", { pdf: { pageNumber: 1 } })
    const inside = object(undefined, { pdf: { objectId: "p", pageNumber: 2 } })
    const stored = object("p", { pdf: { position: { pageNumber: 3 } } })
    const present = { tools: [outside, inside, stored] }
    const again = [1, 2, 3].map((pageNumber) => object("p", { pdf: { pageNumber } }))
    expect(merged(present, { tools: again }).tools).toEqual(again)
  })

  it("keeps objects without an objectId", () => {
    const withoutId = object(undefined)
    expect(merged({ tools: [withoutId, withoutId] }, { tools: [withoutId] }).tools).toHaveLength(3)
  })

  it("replaces the answers to a classification, by schemaId or by title, per page", () => {
    const present: Answer.Answer = {
      classifications: [
        { schemaId: "c1", title: "Mood", answer: "a" },
        { schemaId: "c1", title: "Mood", answer: "b" },
        { schemaId: "c1", title: "Mood", answer: "c", ...{ page: 3 } },
        { schemaId: "c2", title: "Fur", answer: "d" }
      ]
    }
    for (const question of [{ schemaId: "c1" }, { title: "Mood" }]) {
      const added = { ...question, answer: "new" }
      expect(merged(present, { classifications: [added] }).classifications).toEqual([
        added,
        ...(present.classifications ?? []).slice(2)
      ])
    }
  })

  it("replaces a relation with the same objectId or the same objects", () => {
    const present: Answer.Answer = {
      relations: [
        { schemaId: "r1", objectId: "x", from: "a", to: "b" },
        { schemaId: "r1", from: "b", to: "a" },
        { schemaId: "r2", group: ["a", "b"] },
        { schemaId: "r3", group: ["a", "b"] }
      ]
    }
    const added: Answer.Answer["relations"] = [
      { schemaId: "r1", from: "a", to: "b", ...{ direction: "reverse" } },
      { schemaId: "r2", group: ["b", "a"] }
    ]
    expect(merged(present, { relations: added }).relations).toEqual([
      ...added,
      present.relations?.[1],
      present.relations?.[3]
    ])
  })

  const objects = FastCheck.array(
    FastCheck.record({
      objectId: FastCheck.constantFrom("a", "b", "c"),
      page: FastCheck.constantFrom(0, 1),
      n: FastCheck.nat()
    })
  ).map((list) => [...new Map(list.map((one) => [`${one.objectId}${one.page}`, one])).values()])

  it.prop("loses and repeats nothing, and is idempotent", [objects, objects], ([a, b]) => {
    const key = ({ objectId, page }: { readonly objectId?: unknown; readonly page?: unknown }) =>
      `${objectId}${page}`
    const once = merged({ tools: a }, { tools: b })
    const keys = (once.tools ?? []).map(key)
    expect(new Set(keys)).toEqual(new Set([...a, ...b].map(key)))
    expect(new Set(keys).size).toBe(keys.length)
    expect(merged(once, { tools: b })).toEqual(once)
  })

  it("keeps unknown fields", () => {
    expect(merged({ tools: null, ...{ sketches: [1] } }, {})).toEqual({
      sketches: [1],
      tools: [],
      classifications: [],
      relations: []
    })
  })
})

describe("options", () => {
  const schema: CategorySchema.CategorySchema = {
    classifications: [
      {
        tool: "radio",
        schemaId: "q1",
        title: "Mood",
        options: [
          { value: "Calm", schemaId: "o1" },
          { value: "o1", schemaId: "o2" }
        ],
        classifications: [
          { tool: "checkbox", schemaId: "q2", title: "Why", options: [{ value: "Sun", schemaId: "o3" }] }
        ]
      },
      {
        tool: "tree-dropdown",
        schemaId: "q3",
        title: "Kind",
        treeOptions: [{ title: "Animal", key: "k1", children: [{ title: "Cat", key: "k2" }] }]
      },
      { tool: "text", schemaId: "q4", title: "Remarks" }
    ],
    tools: [
      {
        tool: "point",
        schemaId: "t1",
        classifications: [{ tool: "radio", schemaId: "q5", options: [{ value: "Big", schemaId: "o4" }] }]
      }
    ]
  }

  const byValue: Answer.Answer = {
    tools: [{ schemaId: "t1", ...{ point: [1, 2], classifications: [{ schemaId: "q5", answer: "Big" }] } }],
    classifications: [
      { schemaId: "q1", answer: "Calm", ...{ classifications: [{ schemaId: "q2", answer: ["Sun", "?"] }] } },
      { schemaId: "q3", answer: ["Animal", "Animal / Cat"] },
      { schemaId: "q4", answer: "Calm" },
      { schemaId: "unknown", answer: "Calm" }
    ]
  }
  const byId: Answer.Answer = {
    tools: [{ schemaId: "t1", ...{ point: [1, 2], classifications: [{ schemaId: "q5", answer: "o4" }] } }],
    classifications: [
      { schemaId: "q1", answer: "o1", ...{ classifications: [{ schemaId: "q2", answer: ["o3", "?"] }] } },
      { schemaId: "q3", answer: ["k1", "k2"] },
      { schemaId: "q4", answer: "Calm" },
      { schemaId: "unknown", answer: "Calm" }
    ]
  }

  it("are converted between values and ids at every depth (option-answers)", () => {
    expect(Ontology.toOptionValues(byId, schema)).toEqual(byValue)
    expect(Ontology.toOptionIds(byValue, schema)).toEqual(byId)
    // An id stays an id, even when it is also the value of another option.
    expect(Ontology.toOptionIds(byId, schema)).toEqual(byId)
  })

  it("are found by the title of a classification without a schemaId", () => {
    const titled = { classifications: [{ title: "Mood", answer: "Calm" }] }
    expect(Ontology.toOptionIds(titled, schema)).toEqual({
      classifications: [{ title: "Mood", answer: "o1" }]
    })
  })
})

describe("AnswerPayload (answer-keys)", () => {
  it.effect("has its objects under `objects`, with the input's order of fields", () =>
    Effect.gen(function* () {
      const answer = Annotation.toAnswer({
        relations: [],
        tools: [{ title: "Cat", "bounding-box": { width: 3, x: 1, y: 2, height: 4 }, schemaId: "s1" }]
      })
      const wire = yield* Schema.encode(Answer.AnswerPayload)(answer)
      expect(JSON.stringify(wire)).toBe(
        '{"objects":[{"title":"Cat","bounding-box":{"width":3,"x":1,"y":2,"height":4},"schemaId":"s1"}],' +
          '"classifications":[],"relations":[]}'
      )
      expect(yield* Schema.decode(Answer.AnswerPayload)(wire)).toEqual(answer)
    })
  )
})
