// One invalid entry for every kind of mistake, with the expected reason, path and message.
import type { Labels } from "effect-ango"
import { box, entry, type, vehicle, weather } from "./LabelOntology.js"

const single = (object: object) => entry({ objects: [object] })
const vehicleWith = (fields: object) => single({ ...vehicle, ...fields })
const boxWith = (fields: object) => vehicleWith({ "bounding-box": { ...box, ...fields } })
const answered = (...items: ReadonlyArray<unknown>) => entry({ classifications: [weather, ...items] })
const sameId = (object: object) =>
  entry({
    objects: [
      { ...vehicle, objectId: "v1" },
      { ...object, objectId: "v1" }
    ]
  })
const related = (relation: object) =>
  entry({
    objects: [
      { ...vehicle, objectId: "v1" },
      { ...vehicle, objectId: "v2" }
    ],
    relations: [relation]
  })
const line = [
  [1, 1],
  [2, 2]
]
const triangle = [...line, [3, 1]]
const pdf = { x1: 1, y1: 1, x2: 9, y2: 9, width: 20, height: 20, pageNumber: 1 }
const ship = { ...box, rotation: 0 }

/** The entry, the reason, the path, and a part of the message. */
export type Case = readonly [unknown, Labels.Reason, string, string]

/** Entries that `LabelOntology` rejects, with one mistake each. */
export const cases: ReadonlyArray<Case> = [
  [5, "wrong-kind", "", "Row 0: the entry is 5; expected an object"],
  [{ classifications: [weather] }, "no-asset", "", "names no asset; expected an externalId or data"],
  [{ classifications: [weather], data: 3 }, "wrong-kind", "data", "is 3; expected a text"],
  [entry({ brushDataUrl: 1 }), "wrong-kind", "brushDataUrl", "expected a text"],
  [entry({ objects: {} }), "wrong-kind", "objects", "is an object; expected a list"],
  [entry({ objects: [null] }), "wrong-kind", "objects[0]", "is null; expected an object"],
  [entry({ tools: [], objects: [] }), "two-lists", "objects", "so is tools"],
  [vehicleWith({ lock: "yes" }), "wrong-kind", "objects[0].lock", "is a text; expected true or false"],
  [
    single({ "bounding-box": box }),
    "no-class",
    "objects[0]",
    "has no schemaId and no title; expected one of"
  ],
  [
    vehicleWith({ schemaId: "t-vehicel" }),
    "unknown-schema-id",
    "objects[0].schemaId",
    'is "t-vehicel", which no tool here has; expected one of "Vehicle", "Ship"'
  ],
  [
    vehicleWith({ schemaId: "Vehicle" }),
    "unknown-schema-id",
    "objects[0].schemaId",
    'Did you mean "t-vehicle"?'
  ],
  [
    single({ title: "Vehicel", "bounding-box": box }),
    "unknown-title",
    "objects[0].title",
    'is "Vehicel", which no tool here has; expected one of "Vehicle", "Ship", "Crossing", "Lane", "Lamp" and 7 more. Did you mean "Vehicle"?'
  ],
  [
    single({
      title: "Tree",
      polygon: triangle
    }),
    "ambiguous-title",
    "objects[0].title",
    'is "Tree", the title of 2 tools; expected the schemaId of one of them: "t-tree-1", "t-tree-2"'
  ],
  [
    vehicleWith({ title: "Ship" }),
    "contradicting-title",
    "objects[0].title",
    'is "Ship", but the schemaId is that of "Vehicle"; expected the same class'
  ],
  [
    answered({ schemaId: "q-type", answer: "Car" }),
    "misplaced-class",
    "classifications[1].schemaId",
    'belongs to the classification "Type" of "Vehicle"; expected one of "Weather"'
  ],
  [
    single({
      schemaId: "t-vehicle",
      polygon: triangle,
      classifications: [type]
    }),
    "wrong-tool",
    "objects[0].polygon",
    'is the geometry of another tool: "Vehicle" is a bounding-box'
  ],
  [single({ schemaId: "t-sky", point: [1, 1] }), "wrong-tool", "objects[0].point", '"Sky" is a brush'],
  [
    answered({ schemaId: "q-night", tool: "radio", answer: true }),
    "wrong-tool",
    "classifications[1].tool",
    'is "radio"; "Night" is a boolean'
  ],
  [
    single({ schemaId: "t-vehicle", boundingBox: box, classifications: [type] }),
    "no-geometry",
    "objects[0]",
    'has no geometry: "Vehicle" is a bounding-box. Did you mean "bounding-box"?'
  ],
  [
    vehicleWith({ point: [1, 1] }),
    "several-geometries",
    "objects[0]",
    "has the geometries bounding-box and point; expected one"
  ],
  [
    boxWith({ width: Number.NaN }),
    "not-finite",
    "objects[0].bounding-box.width",
    "is NaN; expected a finite"
  ],
  [boxWith({ x: "1" }), "wrong-kind", "objects[0].bounding-box.x", "is a text; expected a finite number"],
  [boxWith({ width: 0 }), "size", "objects[0].bounding-box.width", "is 0; expected a size above 0"],
  [boxWith({ height: -40 }), "size", "objects[0].bounding-box.height", "use ExportGeometry.normalizeBox"],
  [
    vehicleWith({ "bounding-box": [1, 2, 3, 4] }),
    "wrong-kind",
    "objects[0].bounding-box",
    "an object of x, y"
  ],
  [
    single({ title: "Ship", "rotated-bounding-box": { ...ship, rotation: 181 } }),
    "rotation",
    "objects[0].rotated-bounding-box.rotation",
    "is 181; expected degrees from -180 to 180"
  ],
  [
    single({
      title: "Crossing",
      polygon: line
    }),
    "points",
    "objects[0].polygon",
    "has 2 points; expected at least 3 points"
  ],
  [
    single({ title: "Crossing", polygon: [[1, 1], [2], [3, 1]] }),
    "wrong-kind",
    "objects[0].polygon[1]",
    "[x, y]"
  ],
  [
    single({ title: "Lane", polyline: [[1, 1]] }),
    "points",
    "objects[0].polyline",
    "has 1 point; expected at least 2"
  ],
  [
    single({ title: "Road", segmentation: { zones: [] } }),
    "points",
    "objects[0].segmentation.zones",
    "one zone"
  ],
  [
    single({
      title: "Road",
      segmentation: {
        zones: [
          {
            region: triangle,
            holes: [[[1, 1]]]
          }
        ]
      }
    }),
    "points",
    "objects[0].segmentation.zones[0].holes[0]",
    "has 1 point"
  ],
  [
    single({ title: "Name", ner: { start: 9, end: 3 } }),
    "span",
    "objects[0].ner.end",
    "is 3; expected an end at or after the start, 9"
  ],
  [single({ title: "Name", ner: { start: -1, end: 3 } }), "span", "objects[0].ner.start", "0 or more"],
  [
    single({ title: "Total", pdf: { ...pdf, pageNumber: 0 } }),
    "page-number",
    "objects[0].pdf.pageNumber",
    "is 0; expected a page number, counted from 1"
  ],
  [single({ title: "Total", pdf: { ...pdf, x2: 1 } }), "size", "objects[0].pdf", "an area of 0"],
  [
    single({ title: "Total", pdf: { ...pdf, x2: 21 } }),
    "outside-image",
    "objects[0].pdf",
    "image of 20 by 20"
  ],
  [vehicleWith({ page: 1.5 }), "page", "objects[0].page", "is 1.5; expected a page or frame, counted from 0"],
  [
    sameId({ ...vehicle }),
    "duplicate-object-id",
    "objects[1].objectId",
    'is "v1", which objects[0] already has on page 0'
  ],
  [
    sameId({ title: "Lamp", point: [1, 1], page: 3 }),
    "mixed-track",
    "objects[1].objectId",
    'one object cannot be both "Vehicle" and "Lamp"'
  ],
  [
    vehicleWith({ classifications: [{ title: "Type", answer: "Cra" }] }),
    "unknown-option",
    "objects[0].classifications[0].answer",
    'is "Cra", which "Type" does not have; expected an option: "Car", "Bus", "Lorry". Did you mean "Car"?'
  ],
  [
    vehicleWith({ classifications: [type, { title: "Damage", answer: ["Dent", "Rusty"] }] }),
    "unknown-option",
    "objects[0].classifications[1].answer[1]",
    'Did you mean "Rust"?'
  ],
  [
    answered({ title: "Place", answer: ["Town", "Town / Prak"] }),
    "unknown-path",
    "classifications[1].answer[1]",
    'is "Town / Prak", which "Place" does not have; expected a path of the tree: "Town", "Town / Park", "Town / Street", "Country". Did you mean "Town / Park"?'
  ],
  [
    answered({ title: "Twins", answer: "Same" }),
    "ambiguous-option",
    "classifications[1].answer",
    '"o-same-1", "o-same-2"'
  ],
  [
    answered({ title: "Order", answer: ["A", "B", "A"] }),
    "repeated-option",
    "classifications[1].answer[2]",
    'repeats "A"; expected each option once'
  ],
  [
    answered({ title: "Users", answer: "Bike" }),
    "wrong-answer-kind",
    "classifications[1].answer",
    'is the text "Bike"; "Users" (multi-dropdown) takes a list of options'
  ],
  [answered({ title: "Night" }), "wrong-answer-kind", "classifications[1].answer", "is missing"],
  [
    answered({ title: "Night", answer: "no" }),
    "wrong-answer-kind",
    "classifications[1].answer",
    "true or false"
  ],
  [
    answered({ title: "Instance", answer: 3 }),
    "wrong-answer-kind",
    "classifications[1].answer",
    "a text, true"
  ],
  [
    entry({ classifications: [{ ...weather, answer: ["Clear", "Rain"] }] }),
    "several-answers",
    "classifications[0].answer",
    'is a list of 2; "Weather" (radio) takes one option'
  ],
  [
    answered({ ...weather, answer: "Rain" }),
    "several-answers",
    "classifications[1]",
    'answers "Weather", which classifications[0] already answers'
  ],
  [
    answered({ title: "Place", answer: ["Town / Park", "Country"] }),
    "several-answers",
    "classifications[1].answer",
    "takes one node"
  ],
  [
    entry({
      classifications: [{ ...weather, answer: "Fog", classifications: [{ title: "Sight", answer: "far" }] }]
    }),
    "pattern",
    "classifications[0].classifications[0].answer",
    'is a text of 3 characters that does not match "^\\\\d+ m$"'
  ],
  [
    entry({ classifications: [{ ...weather, classifications: [{ title: "Sight", answer: "9 m" }] }] }),
    "not-revealed",
    "classifications[0].classifications[0]",
    'answers "Sight", which is shown only when the option "Fog" is selected'
  ],
  [
    entry({ classifications: [] }),
    "required",
    "classifications",
    'has no answer to "Weather", which is required'
  ],
  [entry({ classifications: [{ ...weather, answer: "" }] }), "required", "classifications", '"Weather"'],
  [
    vehicleWith({ classifications: null }),
    "required",
    "objects[0].classifications",
    'has no answer to "Type"'
  ],
  [
    entry({ classifications: [{ ...weather, answer: "Fog" }] }),
    "required",
    "classifications[0].classifications",
    'has no answer to "Sight"'
  ],
  [
    related({ title: "Tows", group: ["v1"] }),
    "wrong-relation",
    "relations[0].group",
    '"Tows" is a one-to-one relation'
  ],
  [related({ title: "Convoy", from: "v1", to: "v2" }), "wrong-relation", "relations[0]", "expected a group"],
  [related({ title: "Tows" }), "wrong-relation", "relations[0]", "has no objects; expected from and to"],
  [related({ title: "Convoy", group: [] }), "wrong-relation", "relations[0].group", "at least one objectId"],
  [
    related({ title: "Tows", from: "v1", to: "v2", direction: "back" }),
    "wrong-relation",
    "relations[0].direction",
    'is "back"'
  ],
  [
    related({ title: "Tows", from: "v1", to: "v9x" }),
    "unknown-object",
    "relations[0].to",
    'is "v9x", which no object'
  ],
  [
    related({ title: "Tows", from: "v1" }),
    "wrong-kind",
    "relations[0].to",
    "is missing; expected an objectId"
  ]
]
