// Random answers that an ontology allows, for property tests: the `arbitrary` annotation of `Ontology.answerSchema`.
// fast-check arrives as an argument (`fc`), so that nothing here imports it.
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import type { AnswerInput } from "../../schemas/Annotation.js"
import { isAnswer } from "./answerCheck.js"
import { type GeometryTool, isGeometryTool } from "./geometryCheck.js"
import type { Fields } from "./mistake.js"
import type { Class, Classification, OntologyIndex, Scope } from "./ontologyIndex.js"

type Generator<A = unknown> = ReturnType<NonNullable<Schema.Annotations.GenericSchema<A>["arbitrary"]>>

type FastCheck = Parameters<Generator>[0]

const coordinate: Generator<number> = (fc) => fc.double({ min: 0, max: 10_000, noNaN: true })

const size: Generator<number> = (fc) => fc.double({ min: 0.5, max: 10_000, noNaN: true })

const points =
  (minPoints: number): Generator =>
  (fc) =>
    fc.array(fc.tuple(coordinate(fc), coordinate(fc)), { minLength: minPoints, maxLength: minPoints + 4 })

const box = (fc: FastCheck) => ({
  x: coordinate(fc),
  y: coordinate(fc),
  width: size(fc),
  height: size(fc)
})

const outline = points(3)

const geometries: { readonly [Tool in GeometryTool]: Generator } = {
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

// The ways to name a class without ambiguity; none when its ids and titles are missing or shared.
const namesOf = <A extends Class>(scope: Scope<A>, one: A): ReadonlyArray<Fields> => {
  const { schemaId, title } = one
  const ownsId = schemaId !== undefined && scope.byId.get(schemaId) === one
  const ownsTitle = title !== undefined && scope.byTitle.get(title)?.length === 1
  return [
    ...(ownsId ? [{ schemaId }] : []),
    ...(ownsTitle && (schemaId === undefined || ownsId) ? [{ title }] : []),
    ...(ownsId && title !== undefined ? [{ schemaId, title }] : [])
  ]
}

const optionTexts = ({ options }: Classification): ReadonlyArray<string> => [
  ...Array.from(options.byValue, ([value, { length }]) => (length === 1 ? [value] : [])).flat(),
  ...options.byId.keys()
]

// The id of the option that a text names, by id or by value.
const optionId = ({ options }: Classification, text: string): string => {
  const option = options.byId.get(text) ?? options.byValue.get(text)?.[0]
  return option?.schemaId ? option.schemaId : (option?.value ?? text)
}

const answerTo =
  (classification: Classification): Generator =>
  (fc) => {
    const { isMultiple, kind, pattern } = classification
    const options = optionTexts(classification)
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
          selector: (text) => optionId(classification, text),
          maxLength: options.length === 0 ? 0 : kind === "tree-dropdown" && isMultiple === false ? 1 : 4
        })
      default:
        return fc.string()
    }
  }

const visible = (
  scope: Scope<Classification>,
  optionIds: ReadonlyArray<string>
): ReadonlyArray<Classification> =>
  scope.all.filter(({ parentOption }) => parentOption === undefined || optionIds.includes(parentOption.id))

const answeredClassification =
  (scope: Scope<Classification>, classification: Classification): Generator<Fields> =>
  (fc) => {
    const names = namesOf(scope, classification)
    return fc
      .tuple(
        fc.constantFrom(...names),
        answerTo(classification)(fc).filter((answer) => isAnswer(answer) || !classification.isRequired)
      )
      .chain(([name, answer]) => {
        const texts = [answer].flat().filter((one) => typeof one === "string")
        const optionIds = texts.map((text) => optionId(classification, text))
        return answeredClassifications(
          classification.classifications,
          optionIds
        )(fc).map((classifications) => ({
          ...name,
          answer,
          ...(classifications.length === 0 ? {} : { classifications })
        }))
      })
  }

/** Answers to all visible required classifications, and to some of the others. */
const answeredClassifications =
  (scope: Scope<Classification>, optionIds: ReadonlyArray<string>): Generator<ReadonlyArray<Fields>> =>
  (fc) =>
    fc
      .tuple(
        ...visible(scope, optionIds)
          .filter((classification) => namesOf(scope, classification).length > 0)
          .map((classification) => {
            const item = answeredClassification(scope, classification)(fc)
            return classification.isRequired ? item : fc.option(item, { nil: undefined })
          })
      )
      .map((items) => items.filter((item) => item !== undefined))

const object =
  (tools: Scope<Class>, tool: Class): Generator<Fields> =>
  (fc) =>
    fc
      .tuple(
        fc.constantFrom(...namesOf(tools, tool)),
        isGeometryTool(tool.kind) ? geometries[tool.kind](fc) : fc.constant(undefined),
        answeredClassifications(tool.classifications, [])(fc),
        fc.option(fc.nat(99), { nil: undefined })
      )
      .map(([name, geometry, classifications, page]) => ({
        ...name,
        ...(geometry === undefined ? {} : { [tool.kind]: geometry }),
        ...(classifications.length === 0 ? {} : { classifications }),
        ...(page === undefined ? {} : { page })
      }))

const relation =
  (relations: Scope<Class>, one: Class, ids: ReadonlyArray<string>): Generator<Fields> =>
  (fc) => {
    const id = fc.constantFrom(...ids)
    const link = fc.record({ from: id, to: id, direction: fc.constantFrom("straight", "bidirectional") })
    const group = fc.record({ group: fc.array(id, { minLength: 1, maxLength: 4 }) })
    return fc
      .tuple(
        fc.constantFrom(...namesOf(relations, one)),
        one.kind === "group" ? group : link,
        answeredClassifications(one.classifications, [])(fc)
      )
      .map(([name, ends, classifications]) => ({
        ...name,
        ...ends,
        ...(classifications.length === 0 ? {} : { classifications })
      }))
  }

const listOf =
  <A extends Class>(
    scope: Scope<A>,
    itemOf: (one: A) => Generator<Fields>
  ): Generator<ReadonlyArray<Fields>> =>
  (fc) => {
    const named = scope.all.filter((one) => namesOf(scope, one).length > 0)
    return named.length === 0
      ? fc.constant([])
      : fc.array(fc.oneof(...named.map((one) => itemOf(one)(fc))), { maxLength: 4 })
  }

/** Answers that an ontology allows. Required classifications that cannot be named or answered are left out. */
export const generateAnswers =
  <Answer extends AnswerInput>({ classifications, relations, tools }: OntologyIndex): Generator<Answer> =>
  (fc) =>
    listOf(tools, (tool) => object(tools, tool))(fc)
      .chain((objects) => {
        const named = objects.map((one, index): Fields => ({ ...one, objectId: `object ${index}` }))
        const ids = named.map((_, index) => `object ${index}`)
        return fc.record({
          objects: fc.constant(named),
          classifications: answeredClassifications(classifications, [])(fc),
          relations:
            ids.length === 0 ? fc.constant([]) : listOf(relations, (one) => relation(relations, one, ids))(fc)
        })
      })
      // Built from the ontology, whose answers `Answer` is declared to be.
      .map((answer) => answer as unknown as Answer)
