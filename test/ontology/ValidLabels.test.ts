// Valid pre-labels: the form in which they are sent, and what counts as valid.
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { Labels } from "effect-ango"
import { box, entry, ontology, type, vehicle, weather } from "../support/LabelOntology.js"

const compiled = Labels.compile(ontology)

const sent = (input: unknown, options: Labels.CheckOptions = {}) =>
  Either.getOrThrowWith(Labels.check(compiled, input, options), ({ message }) => new Error(message))

const reasons = (input: unknown, options: Labels.CheckOptions = {}) =>
  Either.match(Labels.check(compiled, input, options), {
    onLeft: ({ mistakes }) => mistakes.map(({ path, reason }) => `${reason} ${path}`),
    onRight: () => []
  })

describe("the entry that is sent", () => {
  it("names classes by schemaId and options by value at every depth, and keeps other fields", () => {
    const input = {
      externalId: "a.jpg",
      score: 0.9,
      tools: [
        {
          title: "Vehicle",
          "bounding-box": { ...box, score: 1 },
          confidence: 0.5,
          classifications: [
            { title: "Type", answer: "o-bus" },
            { title: "Damage", answer: ["o-dent", "Rust"], by: "model" }
          ]
        }
      ],
      classifications: [
        {
          title: "Weather",
          schemaId: "",
          answer: "o-fog",
          classifications: [{ title: "Sight", answer: "9 m" }]
        },
        { title: "Place", answer: ["Town", "k-park"] },
        { title: "Twins", answer: "o-same-2" }
      ]
    }
    expect(sent(input)).toEqual({
      externalId: "a.jpg",
      score: 0.9,
      tools: [
        {
          schemaId: "t-vehicle",
          title: "Vehicle",
          "bounding-box": { ...box, score: 1 },
          confidence: 0.5,
          classifications: [
            { schemaId: "q-type", title: "Type", answer: "Bus" },
            { schemaId: "q-damage", title: "Damage", answer: ["Dent", "Rust"], by: "model" }
          ]
        }
      ],
      classifications: [
        {
          title: "Weather",
          schemaId: "q-weather",
          answer: "Fog",
          classifications: [{ schemaId: "q-sight", title: "Sight", answer: "9 m" }]
        },
        { schemaId: "q-place", title: "Place", answer: ["Town", "Town / Park"] },
        // Two options share this value, so that the id is sent.
        { schemaId: "q-twins", title: "Twins", answer: "o-same-2" }
      ]
    })
  })

  it("is the same reference when nothing changes", () => {
    const input = entry({
      objects: [{ ...vehicle, objectId: "v1" }],
      relations: [{ schemaId: "r-convoy", group: ["v1"] }]
    })
    expect(sent(input)).toBe(input)
  })

  it("has the objectId of a PDF area as a field of the object", () => {
    const pdf = { x1: 1, y1: 1, x2: 9, y2: 9, width: 20, height: 20, pageNumber: 1, objectId: "p1" }
    const input = entry({
      objects: [
        { schemaId: "t-total", pdf },
        { ...vehicle, objectId: "v1" }
      ],
      relations: [{ title: "Tows", from: "v1", to: "p1" }]
    })
    expect(sent(input)).toMatchObject({ objects: [{ objectId: "p1", pdf }, { objectId: "v1" }] })
  })

  it("names a class without a schemaId by title", () => {
    const withoutIds = Labels.compile({ tools: [{ tool: "point", title: "Lamp" }] })
    const input = { data: "x", objects: [{ title: "Lamp", point: [1, 2] }] }
    expect(Either.getOrThrow(Labels.check(withoutIds, input))).toBe(input)
  })
})

describe("a valid entry", () => {
  it("may omit optional parts, or set them to null or to an empty answer", () => {
    expect(reasons(entry({ objects: null, relations: null, brushDataUrl: null }))).toEqual([])
    expect(
      reasons(
        entry({
          classifications: [
            weather,
            { title: "Users", answer: [] },
            { title: "Night", answer: null },
            { title: "Twins", answer: "" }
          ]
        })
      )
    ).toEqual([])
  })

  it("may leave required classifications without an answer under `incomplete`", () => {
    const open = { externalId: "a.jpg", objects: [{ ...vehicle, classifications: [] }] }
    expect(reasons(open)).toEqual(["required objects[0].classifications", "required classifications"])
    expect(reasons(open, { incomplete: true })).toEqual([])
  })

  it("reports no missing answer when a classification cannot be identified", () => {
    expect(reasons(entry({ classifications: [{ title: "Wether", answer: "Fog" }] }))).toEqual([
      "unknown-title classifications[0].title"
    ])
  })

  it("answers the classifications of a tracked object once, on any of its pages", () => {
    const at = (page: number, fields: object = {}) => ({
      schemaId: "t-vehicle",
      objectId: "v1",
      page,
      "bounding-box": box,
      ...fields
    })
    expect(reasons(entry({ objects: [at(0), at(10, { classifications: [type] }), at(20)] }))).toEqual([])
    expect(reasons(entry({ objects: [at(0), at(10)] }))).toEqual(["required objects[0].classifications"])
    const endOfTrack = { schemaId: "t-vehicle", objectId: "v1", page: 30, interpolationStopped: true }
    expect(reasons(entry({ objects: [at(0, { classifications: [type] }), endOfTrack] }))).toEqual([])
  })

  it("may name a class by schemaId when two share its title", () => {
    const polygon = [
      [1, 1],
      [2, 2],
      [3, 1]
    ]
    expect(reasons(entry({ objects: [{ schemaId: "t-tree-2", title: "Tree", polygon }] }))).toEqual([])
  })

  it("may list the nodes above the selected one in a tree with one choice", () => {
    const place = (...answer: ReadonlyArray<string>) =>
      reasons(entry({ classifications: [weather, { title: "Place", answer }] }))
    expect(place("Town", "Town / Park")).toEqual([])
    expect(place("Town / Street")).toEqual([])
    expect(place("Town / Park", "Town / Street")).toEqual(["several-answers classifications[1].answer"])
  })

  it("may have any geometry and answer for tools and classifications without documentation", () => {
    expect(
      reasons(
        entry({
          objects: [{ title: "Sign", circle: { r: 4 } }],
          classifications: [weather, { title: "Instance", answer: { anything: [1] } }]
        })
      )
    ).toEqual([])
  })
})

describe("the size of an image", () => {
  const sizeOf: Labels.CheckOptions["sizeOf"] = ({ externalId }, page) =>
    externalId !== "a.jpg" ? undefined : page === 0 ? { width: 100, height: 50 } : { width: 10, height: 10 }
  const inside = (object: object) => reasons(entry({ objects: [object] }), { sizeOf })

  it.each([
    [{ schemaId: "t-vehicle", classifications: [type], "bounding-box": { ...box, y: 10.1 } }, "bounding-box"],
    [{ schemaId: "t-vehicle", classifications: [type], page: 1, "bounding-box": box }, "bounding-box"],
    [
      {
        schemaId: "t-crossing",
        polygon: [
          [0, 0],
          [100, 0],
          [100, 50.5]
        ]
      },
      "polygon"
    ],
    [
      {
        schemaId: "t-lane",
        polyline: [
          [-1, 0],
          [100, 0]
        ]
      },
      "polyline"
    ],
    [{ schemaId: "t-lamp", point: [101, 0] }, "point"],
    [
      {
        schemaId: "t-road",
        segmentation: {
          zones: [
            {
              region: [
                [0, 0],
                [1, 60],
                [1, 1]
              ]
            }
          ]
        }
      },
      "segmentation.zones[0].region"
    ],
    [{ schemaId: "t-ship", "rotated-bounding-box": { ...box, y: 49, rotation: 45 } }, "rotated-bounding-box"]
  ])("rejects %j outside of it", (object, path) => {
    expect(inside(object)).toEqual([`outside-image objects[0].${path}`])
  })

  it("allows geometries that touch the edge, with a tolerance for rounding", () => {
    const edge = { x: 99.7, y: 0.1 + 0.2, width: 0.3 + 1e-9, height: 49.7 }
    expect(inside({ ...vehicle, "bounding-box": edge })).toEqual([])
    expect(
      inside({
        schemaId: "t-crossing",
        polygon: [
          [0, 0],
          [100, 0],
          [100, 50]
        ]
      })
    ).toEqual([])
  })

  it("allows a rotated box that is inside for one of the two documented pivots", () => {
    const tall = { x: 45, y: -20, width: 10, height: 90, rotation: 90 }
    expect(inside({ schemaId: "t-ship", "rotated-bounding-box": tall })).toEqual([])
  })

  it("is not checked when unknown", () => {
    const far = { ...vehicle, "bounding-box": { ...box, x: 5_000 } }
    expect(reasons({ ...entry({ objects: [far] }), externalId: "b.jpg" }, { sizeOf })).toEqual([])
    expect(reasons(entry({ objects: [far] }))).toEqual([])
  })
})
