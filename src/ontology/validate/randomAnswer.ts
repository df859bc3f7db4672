// Answers that fit an ontology, drawn by chance: for property tests of those who write pre-labels.
import type { LazyArbitrary } from "effect/Arbitrary"
import type * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import type { AnswerInput } from "../../schemas/Annotation.js"
import { isAnswer } from "./answerCheck.js"
import type { Fields } from "./finding.js"
import { type Drawn, hasGeometry } from "./geometryCheck.js"
import type { Class, Classes, Question, Scope } from "./ontologyIndex.js"

type Draw<A = unknown> = LazyArbitrary<A>

type Fc = Parameters<LazyArbitrary<unknown>>[0]

const coordinate: Draw<number> = (fc) => fc.double({ min: 0, max: 10_000, noNaN: true })

const size: Draw<number> = (fc) => fc.double({ min: 0.5, max: 10_000, noNaN: true })

const points =
  (least: number): Draw =>
  (fc) =>
    fc.array(fc.tuple(coordinate(fc), coordinate(fc)), { minLength: least, maxLength: least + 4 })

const box = (fc: Fc) => ({
  x: coordinate(fc),
  y: coordinate(fc),
  width: size(fc),
  height: size(fc)
})

const outline = points(3)

const geometries: { readonly [Tool in Drawn]: Draw } = {
  "bounding-box": (fc) => fc.record(box(fc)),
  "rotated-bounding-box": (fc) =>
    fc.record({ ...box(fc), rotation: fc.double({ min: -180, max: 180, noNaN: true }) }),
  polygon: outline,
  polyline: points(2),
  point: (fc) => fc.tuple(coordinate(fc), coordinate(fc)),
  segmentation: (fc) =>
    fc.record({
      zones: fc.array(
        fc.record(
          { region: outline(fc), holes: fc.array(outline(fc), { maxLength: 2 }) },
          { requiredKeys: ["region"] }
        ),
        { minLength: 1, maxLength: 3 }
      )
    }),
  ner: (fc) => fc.tuple(fc.nat(999), fc.nat(99)).map(([start, length]) => ({ start, end: start + length })),
  pdf: (fc) =>
    fc
      .record({
        x1: fc.nat(99),
        y1: fc.nat(99),
        right: fc.integer({ min: 1, max: 99 }),
        pageNumber: fc.nat(9)
      })
      .map(({ pageNumber, right, x1, y1 }) => ({
        ...{ x1, y1, x2: x1 + right, y2: y1 + right, width: 200, height: 200 },
        pageNumber: pageNumber + 1
      })),
  spline: points(2)
}

// How a class can be named without a doubt; not at all where ids and titles are missing, or not its own.
const namesOf = <A extends Class>(scope: Scope<A>, one: A): ReadonlyArray<Fields> => {
  const { schemaId, title } = one
  const isMine = schemaId !== undefined && scope.byId.get(schemaId) === one
  const isTitled = title !== undefined && scope.byTitle.get(title)?.length === 1
  return [
    ...(isMine ? [{ schemaId }] : []),
    ...(isTitled && (schemaId === undefined || isMine) ? [{ title }] : []),
    ...(isMine && title !== undefined ? [{ schemaId, title }] : [])
  ]
}

const optionsOf = ({ options }: Question): ReadonlyArray<string> => [
  ...Array.from(options.byValue, ([value, { length }]) => (length === 1 ? [value] : [])).flat(),
  ...options.byId.keys()
]

// A text of an option, and the same option by its id, are one answer.
const chosenBy = ({ options }: Question, text: string): string => {
  const option = options.byId.get(text) ?? options.byValue.get(text)?.[0]
  return option?.schemaId ? option.schemaId : (option?.value ?? text)
}

const answerOf =
  (question: Question): Draw =>
  (fc) => {
    const { isMultiple, kind, pattern } = question
    const options = optionsOf(question)
    switch (kind) {
      case "text":
        return pattern === undefined
          ? fc.string()
          : Option.getOrElse(
              Option.map(Option.liftThrowable(() => fc.stringMatching(pattern))(), (texts) =>
                texts.filter((text) => pattern.test(text))
              ),
              () => fc.constant(null)
            )
      case "boolean":
        return fc.boolean()
      case "radio":
      case "single-dropdown":
        return options.length === 0 ? fc.constant(null) : fc.constantFrom(...options)
      case "checkbox":
      case "multi-dropdown":
      case "rank":
      case "tree-dropdown":
        return fc.uniqueArray(options.length === 0 ? fc.constant("") : fc.constantFrom(...options), {
          selector: (text) => chosenBy(question, text),
          maxLength: options.length === 0 ? 0 : kind === "tree-dropdown" && isMultiple === false ? 1 : 4
        })
      default:
        return fc.string()
    }
  }

const asked = (questions: Scope<Question>, chosen: ReadonlyArray<string>): ReadonlyArray<Question> =>
  questions.all.filter(({ revealedBy }) => revealedBy === undefined || chosen.includes(revealedBy))

const answered =
  (questions: Scope<Question>, question: Question): Draw<Fields> =>
  (fc) => {
    const names = namesOf(questions, question)
    return fc
      .tuple(
        fc.constantFrom(...names),
        answerOf(question)(fc).filter((answer) => isAnswer(answer) || !question.isRequired)
      )
      .chain(([name, answer]) => {
        const texts = [answer].flat().filter((one) => typeof one === "string")
        const chosen = texts.map((text) => chosenBy(question, text))
        return replies(
          question.questions,
          chosen
        )(fc).map((classifications) => ({
          ...name,
          answer,
          ...(classifications.length === 0 ? {} : { classifications })
        }))
      })
  }

/** Answers to all required questions that are asked, and to some of the others. */
const replies =
  (questions: Scope<Question>, chosen: ReadonlyArray<string>): Draw<ReadonlyArray<Fields>> =>
  (fc) =>
    fc
      .tuple(
        ...asked(questions, chosen)
          .filter((question) => namesOf(questions, question).length > 0)
          .map((question) => {
            const reply = answered(questions, question)(fc)
            return question.isRequired ? reply : fc.option(reply, { nil: undefined })
          })
      )
      .map((drawn) => drawn.filter((reply) => reply !== undefined))

const object =
  (tools: Scope<Class>, tool: Class): Draw<Fields> =>
  (fc) =>
    fc
      .tuple(
        fc.constantFrom(...namesOf(tools, tool)),
        hasGeometry(tool.kind) ? geometries[tool.kind](fc) : fc.constant(undefined),
        replies(tool.questions, [])(fc),
        fc.option(fc.nat(99), { nil: undefined })
      )
      .map(([name, geometry, classifications, page]) => ({
        ...name,
        ...(geometry === undefined ? {} : { [tool.kind]: geometry }),
        ...(classifications.length === 0 ? {} : { classifications }),
        ...(page === undefined ? {} : { page })
      }))

const relation =
  (relations: Scope<Class>, one: Class, ids: ReadonlyArray<string>): Draw<Fields> =>
  (fc) => {
    const id = fc.constantFrom(...ids)
    const link = fc.record({ from: id, to: id, direction: fc.constantFrom("straight", "bidirectional") })
    const group = fc.record({ group: fc.array(id, { minLength: 1, maxLength: 4 }) })
    return fc
      .tuple(
        fc.constantFrom(...namesOf(relations, one)),
        one.kind === "group" ? group : link,
        replies(one.questions, [])(fc)
      )
      .map(([name, ends, classifications]) => ({
        ...name,
        ...ends,
        ...(classifications.length === 0 ? {} : { classifications })
      }))
  }

const several = <A extends Class>(
  scope: Scope<A>,
  draw: (one: A) => FastCheck.Arbitrary<Fields>,
  fc: Fc
): FastCheck.Arbitrary<ReadonlyArray<Fields>> => {
  const named = scope.all.filter((one) => namesOf(scope, one).length > 0)
  return named.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...named.map(draw)), { maxLength: 4 })
}

/** Answers that fit an ontology. A required question that cannot be named or answered is not drawn. */
export const answers =
  <Answer extends AnswerInput>({ questions, relations, tools }: Classes): Draw<Answer> =>
  (fc) =>
    several(tools, (tool) => object(tools, tool)(fc), fc)
      .chain((objects) => {
        const named = objects.map((one, index): Fields => ({ ...one, objectId: `object ${index}` }))
        const ids = named.map((_, index) => `object ${index}`)
        return fc.record({
          objects: fc.constant(named),
          classifications: replies(questions, [])(fc),
          relations:
            ids.length === 0
              ? fc.constant([])
              : several(relations, (one) => relation(relations, one, ids)(fc), fc)
        })
      })
      .map((answer) => answer as unknown as Answer)
