// Generated valid answers pass the validation and the hub; invalid JSON is rejected with mistakes.
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { Annotation, Annotations, CategorySchema, Labels, Ontology, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { LabelImport } from "../../src/schemas/LabelImport.js"
import { cases } from "../support/LabelMistakes.js"
import { ontology } from "../support/LabelOntology.js"
import { preLabel } from "../support/PreLabels.js"
import { nothingSent, seeded } from "../support/SeededTasks.js"
import { inputs } from "../support/WireValues.js"

const compiled = Labels.compile(ontology)

const validAnswers = Arbitrary.make(Ontology.answerSchema(ontology))

const entries = validAnswers.map((answer) => ({ externalId: "a.jpg", ...answer }))

const isSendable = Schema.is(Schema.typeSchema(LabelImport))

const runs = { fastCheck: { numRuns: 300 } }

const deepFreeze = <A>(value: A): A => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}

describe("a generated answer", () => {
  it.prop(
    "is valid, also in the form in which it is sent",
    [entries],
    ([entry]) => {
      const sent = Either.getOrThrowWith(Labels.check(compiled, entry), ({ message }) => new Error(message))
      expect(Either.getOrThrow(Labels.check(compiled, sent))).toBe(sent)
      expect(isSendable(sent)).toBe(true)
    },
    runs
  )

  it.prop(
    "is valid for every ontology",
    [inputs(CategorySchema.CategorySchema)],
    ([schema]) => {
      const answers = Ontology.answerSchema(schema)
      const complete = Schema.is(Ontology.answerSchema(schema, { incomplete: true }))
      for (const answer of FastCheck.sample(Arbitrary.make(answers), { numRuns: 5, seed: 1 })) {
        expect(complete(answer)).toBe(true)
      }
    },
    { fastCheck: { numRuns: 100 } }
  )

  it.effect("is accepted and stored by the hub", () =>
    Effect.gen(function* () {
      const stored = yield* seeded
      stored.project = { ...stored.project, categorySchema: CategorySchema.CategorySchema.make(ontology) }
      const task = stored.tasks.find(({ stage }) => stage === "Start")
      const asset = stored.assets.find(({ labelTasks }) => labelTasks?.[0]?._id === task?._id)
      const annotations = yield* Annotations
      for (const answer of FastCheck.sample(validAnswers, { numRuns: 50, seed: 1 })) {
        const predictions = [{ externalId: asset?.externalId, ...answer }]
        const checked = yield* annotations.validate(AngoTest.projectId, predictions)
        const sent = yield* Effect.all(checked)
        const outcomes = yield* preLabel(AngoTest.projectId, sent)
        expect(outcomes).toMatchObject([{ _tag: "Updated", value: { tasks: [task?._id] } }])
        const { answer: present } = yield* (yield* Tasks).get(task?._id ?? "", { includeAnswer: true })
        expect(Ontology.toOptionValues(present ?? {}, ontology).tools).toMatchObject(sent[0]?.objects ?? [])
        const again = Labels.check(compiled, {
          externalId: "a.jpg",
          ...Annotation.fromAnswer(present ?? {})
        })
        expect(Either.isLeft(again) ? again.left.message : "").toBe("")
      }
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 60 })))
  )
})

describe("any JSON", () => {
  const parts = FastCheck.oneof(
    FastCheck.json().map((text): unknown => JSON.parse(text)),
    FastCheck.constantFrom<unknown>(
      null,
      "",
      -1,
      0.5,
      [],
      {},
      "Vehicle",
      "t-vehicle",
      ["__proto__"],
      Number.NaN
    )
  )

  // A valid entry with one random value replaced.
  const corrupted = FastCheck.tuple(
    FastCheck.oneof(entries, FastCheck.constantFrom<unknown>(...cases.map(([input]) => input))),
    FastCheck.nat(),
    parts
  ).map(([entry, place, part]): unknown => {
    let remaining = place % Math.max(1, JSON.stringify(entry).split(/[,:]/).length)
    return JSON.parse(JSON.stringify(entry), (_, value) => (remaining-- === 0 ? part : value))
  })

  it.prop(
    "is rejected with mistakes or can be sent, deterministically and without modification",
    [FastCheck.oneof({ weight: 5, arbitrary: corrupted }, { weight: 1, arbitrary: parts })],
    ([value]) => {
      const before = structuredClone(value)
      const checked = Labels.check(compiled, deepFreeze(value), {
        sizeOf: () => ({ width: 500, height: 500 })
      })
      expect(value).toEqual(before)
      const again = Labels.check(compiled, before, { sizeOf: () => ({ width: 500, height: 500 }) })
      if (Either.isRight(checked)) {
        expect(isSendable(checked.right)).toBe(true)
        expect(again).toEqual(checked)
      } else {
        const { mistakes } = checked.left
        expect(mistakes.length).toBeGreaterThan(0)
        expect(Either.getOrThrow(Either.flip(again)).mistakes).toEqual(mistakes)
      }
    },
    { fastCheck: { numRuns: 2_000 } }
  )

  const schema = Ontology.answerSchema(ontology)

  // The asset of an entry is not part of its answer.
  it.prop(
    "is valid for the schema exactly when it is valid for the check, with the same messages",
    [corrupted.filter(Predicate.isRecord)],
    ([{ brushDataUrl: _, data: __, externalId: ___, medicalBrushDataUrl: ____, ...answer }]) => {
      const checked = Labels.check(compiled, { ...answer, externalId: "a.jpg" })
      const decoded = Schema.decodeUnknownEither(schema)(answer, { errors: "all" })
      expect(
        Either.match(decoded, {
          onLeft: (error) => ParseResult.ArrayFormatter.formatErrorSync(error).map(({ message }) => message),
          onRight: () => []
        })
      ).toEqual(
        Either.match(checked, {
          onLeft: ({ mistakes }) => mistakes.map(({ message }) => message.replace(/^Row 0[^:]*: /, "")),
          onRight: () => []
        })
      )
      expect(Schema.is(schema)(answer)).toBe(Either.isRight(checked))
      expect(Schema.is(Ontology.answerSchema(ontology, { incomplete: true }))(answer)).toBe(
        Either.isRight(Labels.check(compiled, { ...answer, externalId: "a.jpg" }, { incomplete: true }))
      )
    },
    { fastCheck: { numRuns: 1_000 } }
  )
})

describe("the seeded tasks", () => {
  it.effect("have valid answers, with options by id and by value", () =>
    Effect.gen(function* () {
      const { state } = yield* Emulator
      let count = 0
      for (const { project, tasks } of state.projects.values()) {
        const schema = project.categorySchema ?? {}
        const compiled = Labels.compile(schema)
        for (const { _id } of tasks) {
          const answer = state.answers.get(_id)
          if (answer === undefined) continue
          count++
          for (const form of [answer, Ontology.toOptionValues(answer, schema)]) {
            const checked = Labels.check(compiled, { externalId: _id, ...form })
            expect(Either.isLeft(checked) ? checked.left.message : "").toBe("")
          }
        }
      }
      expect(count).toBeGreaterThan(100)
      yield* nothingSent
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 250 })))
  )
})
