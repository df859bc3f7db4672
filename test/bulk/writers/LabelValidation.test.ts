// Validation of pre-labels against the ontology of a project, and against a given one.
import { describe, expect, it } from "@effect/vitest"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Random from "effect/Random"
import { Annotations, Labels, Projects } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { box, entry, ontology, vehicle, weather } from "../../support/LabelOntology.js"
import { withAnnotations } from "../../support/SeededTasks.js"

const { projectId } = AngoTest

describe("validate", () => {
  it.effect("reads the ontology of the project once, and sends no entries", () =>
    withAnnotations((annotations) =>
      Effect.gen(function* () {
        yield* (yield* Projects).setLabelSet(projectId, ontology)
        const hub = yield* Emulator
        const before = (yield* hub.requests()).length
        const wrong = entry({ objects: [{ ...vehicle, title: "Ship" }] })
        const [first, second, third] = yield* annotations.validate(projectId, [entry({}), wrong, "none"])
        expect(first).toEqual(Either.right(entry({})))
        expect(second).toMatchObject({
          left: { _tag: "InvalidLabels", row: 1, key: "a.jpg", mistakes: [{ reason: "contradicting-title" }] }
        })
        expect(third).toMatchObject({ left: { row: 2, mistakes: [{ path: "" }] } })
        const requests = (yield* hub.requests()).slice(before)
        expect(requests.map(({ operation }) => operation)).toEqual(["projects.get"])
      })
    )
  )

  it.effect("fails on an unknown project", () =>
    withAnnotations((annotations) =>
      Effect.gen(function* () {
        expect(yield* Effect.flip(annotations.validate("x1", []))).toMatchObject({ _tag: "NotFound" })
      })
    )
  )
})

type Spoil = (fields: { readonly objects: ReadonlyArray<object> }, at: number) => object

const replaced =
  (change: (object: object) => object): Spoil =>
  ({ objects }, at) => ({ objects: Arr.modify(objects, at, change) })

// Ten kinds of mistakes, with the reason and path of each in an entry whose `at`-th object is invalid.
const kinds: ReadonlyArray<readonly [Labels.Reason, (at: number) => string, Spoil]> = [
  [
    "unknown-title",
    (at) => `objects[${at}].title`,
    replaced(() => ({ title: "Vehicel", "bounding-box": box }))
  ],
  [
    "unknown-schema-id",
    (at) => `objects[${at}].schemaId`,
    replaced(() => ({ schemaId: "t-gone", "bounding-box": box }))
  ],
  ["wrong-tool", (at) => `objects[${at}].point`, replaced(() => ({ schemaId: "t-crossing", point: [1, 1] }))],
  [
    "size",
    (at) => `objects[${at}].bounding-box.width`,
    replaced((one) => ({ ...one, "bounding-box": { ...box, width: -1 } }))
  ],
  [
    "outside-image",
    (at) => `objects[${at}].bounding-box`,
    replaced((one) => ({ ...one, "bounding-box": { ...box, x: 5_000 } }))
  ],
  [
    "unknown-option",
    (at) => `objects[${at}].classifications[0].answer`,
    replaced((one) => ({ ...one, classifications: [{ title: "Type", answer: "Cra" }] }))
  ],
  [
    "duplicate-object-id",
    (at) => `objects[${at}].objectId`,
    replaced((one) => ({ ...one, objectId: "the same" }))
  ],
  ["required", () => "classifications", () => ({ classifications: [] })],
  [
    "wrong-answer-kind",
    () => "classifications[0].answer",
    () => ({ classifications: [{ ...weather, answer: ["Fog"] }] })
  ],
  [
    "unknown-object",
    () => "relations[0].to",
    () => ({ relations: [{ title: "Tows", from: "the same", to: "o 99" }] })
  ]
]

const rows = 10_000
const perRow = 20

describe("10,000 pre-labels of which 1 % are invalid", () => {
  it.effect("are all reported with row, path and the expected value, before any request", () =>
    Effect.gen(function* () {
      const good = Array.from({ length: perRow }, (_, index) => ({
        ...(index % 2 === 0
          ? vehicle
          : { title: "Vehicle", "bounding-box": box, classifications: vehicle.classifications }),
        objectId: index === 0 ? "the same" : `o ${index}`
      }))
      const order = yield* Random.shuffle(Arr.range(0, rows - 1))
      const wanted = new Map<number, string>()
      const spoiled = new Map<number, object>()
      for (const [number, row] of Array.from(order)
        .slice(0, rows / 100)
        .entries()) {
        const [reason, path, spoil] = kinds[number % kinds.length] ?? kinds[0] ?? []
        const at = 1 + (yield* Random.nextIntBetween(0, perRow - 1))
        if (reason === undefined) continue
        wanted.set(row, `${reason} ${path?.(at)}`)
        spoiled.set(row, spoil?.({ objects: good }, at) ?? {})
      }
      const relations = [{ title: "Tows", from: "the same", to: "the same" }]
      const text = JSON.stringify(
        Array.from({ length: rows }, (_, row) => ({
          ...entry({ objects: good, relations, externalId: `${row}.jpg` }),
          ...spoiled.get(row)
        }))
      )
      const checked = Labels.checkAll(ontology, JSON.parse(text), {
        sizeOf: () => ({ width: 1920, height: 1080 })
      })
      const found = new Map<number, string>()
      for (const { key, mistakes, row } of Arr.getLefts(checked)) {
        found.set(row, mistakes.map(({ path, reason }) => `${reason} ${path}`).join())
        expect(key).toBe(`${row}.jpg`)
        for (const { expected, message } of mistakes) {
          expect(expected).not.toBe("")
          expect(message).toContain(`Row ${row} (${key}): `)
        }
      }
      // The service reports the same, before anything is sent.
      yield* (yield* Projects).setLabelSet(AngoTest.projectId, ontology)
      const { validate } = yield* Annotations
      const options = { sizeOf: () => ({ width: 1920, height: 1080 }) }
      const [invalid] = Arr.separate(yield* validate(AngoTest.projectId, JSON.parse(text), options))
      expect(invalid.map(({ row }) => row)).toEqual([...found.keys()])
      const requests = yield* (yield* Emulator).requests()
      expect(requests.map(({ operation }) => operation)).toEqual(["projects.update", "projects.get"])
      expect(wanted.size).toBe(100)
      expect(found).toEqual(wanted)
      expect(checked).toHaveLength(rows)
    }).pipe(Effect.withRandom(Random.make("labels")), Effect.provide(AngoTest.layer({ tasks: 1 })))
  )
})
