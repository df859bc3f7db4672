// Every documented form of an export row is decoded, classified, and encoded unchanged.
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import {
  CategorySchema,
  ExportClassification,
  ExportGeometry,
  ExportObject,
  ExportRelation,
  ExportRow,
  IssueExportRow,
  LegacyExportRow
} from "effect-ango"
import { decoder } from "../../src/decoding/decoder.js"
import { mismatches } from "../../src/decoding/mismatch.js"
import { exportFiles, exportRows, kindOf, readAll } from "../support/ExportRows.js"

const schemas: Readonly<Record<string, Schema.Schema.AnyNoContext>> = {
  "classifications.json": ExportRow.ExportRow,
  "issues.json": IssueExportRow.IssueExportRow,
  "old.json": LegacyExportRow.LegacyExportRow,
  "relations.json": ExportRow.ExportRow,
  "rows.json": ExportRow.ExportRow,
  "tools.json": ExportRow.ExportRow,
  "video.json": ExportRow.ExportRow
}

it("every file has a schema", () => {
  expect(Object.keys(schemas)).toEqual(exportFiles)
})

describe("encoding a decoded row returns the original", () => {
  for (const [file, schema] of Object.entries(schemas)) {
    it.each(exportRows(file))(`${file} %s`, (_, { row }) => {
      expect(Schema.encodeSync(schema)(Schema.decodeUnknownSync(schema)(row))).toEqual(row)
    })
  }
})

describe("a decoded task row equals its wire form, so that nothing is copied", () => {
  for (const [file, schema] of Object.entries(schemas)) {
    if (file === "issues.json") continue
    it.each(exportRows(file))(`${file} %s`, (_, { row }) => {
      expect(Schema.decodeUnknownSync(schema)(row)).toEqual(row)
      expect(Either.getOrUndefined(decoder(schema)(row))).toBe(row)
    })
  }
})

it("a part of a row keeps unknown fields when decoded alone", () => {
  const parts: ReadonlyArray<Schema.Schema.AnyNoContext> = [
    ExportObject.ExportObject,
    ExportClassification.ExportClassification,
    ExportRelation.ExportRelation,
    ExportRow.ExportStage,
    ExportGeometry.Segmentation,
    LegacyExportRow.LegacyExportObject,
    LegacyExportRow.LegacyExportTask
  ]
  const of = { circle: { radius: 1 }, newField: null }
  for (const part of parts) expect(Schema.decodeUnknownSync(part)(of)).toEqual(of)
})

const decodeRow = Schema.decodeUnknownSync(ExportRow.ExportRow)

const objects = readAll("tools.json", (row) => (decodeRow(row).task.tools ?? []).map(ExportObject.toolOf))

describe("tools", () => {
  it.each(objects)("%s is recognized by its key", (name, tools) => {
    expect(tools.map(({ _tag }) => _tag)).toEqual([kindOf(name)])
  })

  it("cover every documented form", () => {
    expect(new Set(objects.map(([name]) => kindOf(name)))).toEqual(
      new Set([...Object.keys(ExportGeometry.geometries), "medical-brush", "unknown"])
    )
  })

  const tool = (name: string) => objects.find(([found]) => found === name)?.[1][0]

  it("have their geometry in pixels, as drawn", () => {
    expect(tool("bounding-box/negative-sizes")).toEqual({
      _tag: "bounding-box",
      geometry: { x: 40.5, y: 60, height: -40, width: -30.5 }
    })
    expect(tool("point")).toEqual({ _tag: "point", geometry: [7.5, 3] })
  })

  it("an angle is recognized with its points inside or next to it", () => {
    expect(tool("angle/beside")).toEqual({
      _tag: "angle",
      geometry: { angle: 47.25, vertex: [120, 88, 40], p1: [120, 60, 40], p2: [150, 58, 40] }
    })
  })

  it("an unknown tool has its own fields, and none of a known tool", () => {
    expect(tool("unknown")).toEqual({
      _tag: "unknown",
      fields: { circle: { center: [10, 10], radius: 4.5, style: { dashed: true } } }
    })
    expect(tool("unknown/nothing")).toEqual({ _tag: "unknown", fields: {} })
    expect(ExportObject.toolOf({ point: null, "medical-brush": false, angle: 3, p1: "?" })).toEqual({
      _tag: "unknown",
      fields: { "medical-brush": false, angle: 3, p1: "?" }
    })
    expect(ExportObject.toolOf({ objectId: "a", ...{ constructor: 1 } })).toEqual({
      _tag: "unknown",
      fields: { constructor: 1 }
    })
  })

  it("pdf-object-id: the objectId of a PDF is read from either position", () => {
    const ids = readAll("tools.json", (row) => (decodeRow(row).task.tools ?? []).map(ExportObject.objectIdOf))
    expect(Object.fromEntries(ids)).toMatchObject({
      pdf: ["0123456789abcdef0123456"],
      "pdf/as-imported": ["2123456789abcdef0123456"]
    })
  })
})

const answers = readAll("classifications.json", (row) =>
  (decodeRow(row).task.classifications ?? []).map(ExportClassification.answerOf)
)

describe("classifications", () => {
  it.each(answers)("%s is recognized by its kind", (name, known) => {
    expect(known.map(({ _tag }) => _tag)).toEqual([kindOf(name) === "instance" ? "unknown" : kindOf(name)])
  })

  it("cover every documented form", () => {
    expect(new Set(answers.map(([name]) => kindOf(name)))).toEqual(
      new Set([...CategorySchema.ClassificationKind.known, "unknown"])
    )
  })

  it("have their answers", () => {
    expect(Object.fromEntries(answers)).toMatchObject({
      radio: [{ answer: "Sunny" }],
      "checkbox/one": [{ answer: ["Red"] }],
      "tree-dropdown": [{ answer: ["Trunk", "Trunk / Branch", "Trunk / Branch / Leaf"] }],
      boolean: [{ answer: true }],
      "boolean/text": [{ answer: false }],
      "unknown/kind": [{ tool: "slider", answer: 0.75 }]
    })
  })
})

const links = readAll("relations.json", (row) =>
  (decodeRow(row).task.relations ?? []).map(ExportRelation.linkOf)
)

describe("relations", () => {
  it.each(links)("%s is recognized by what it links", (name, known) => {
    expect(known.map(({ _tag }) => _tag)).toEqual([kindOf(name)])
  })

  it("cover every documented form and direction", () => {
    expect(new Set(links.map(([name]) => kindOf(name)))).toEqual(
      new Set(["single", "many", "group", "unknown"])
    )
    const directions = links.flatMap(([, known]) =>
      known.flatMap((link) => (link._tag === "single" ? [link.direction] : []))
    )
    for (const direction of ExportRelation.Direction.known) expect(directions).toContain(direction)
  })
})

describe("an error of a row that does not match names the path", () => {
  const bad = (schema: Schema.Schema.AnyNoContext, row: unknown) => {
    const decoded = Schema.decodeUnknownEither(schema)(row)
    return Either.isLeft(decoded) ? mismatches(decoded.left.issue, row)[0] : undefined
  }

  const drawn = (object: object) => ({ assetId: "a1", task: { taskId: "t1", tools: [{}, object] } })

  const area = { x1: 1, y1: 1, x2: 9, y2: 4, width: 800 }

  it.each([
    ["bounding-box", { x: 1, y: 2, width: "3", height: 4 }, ".width", "a string"],
    ["bounding-box", { x: 1, y: 2, width: 3 }, ".height", "nothing"],
    ["bounding-box", [1, 2, 3, 4], "", "an array"],
    ["rotated-bounding-box", { x: 1, y: 2, width: 3, height: 4 }, ".rotation", "nothing"],
    [
      "rotated-bounding-box",
      { x: 1, y: 2, width: 3, height: 4, rotation: 5, corners: [[1, 2]] },
      ".corners[1]",
      "nothing"
    ],
    ["polygon", [[0, 0], [10]], "[1][1]", "nothing"],
    ["polyline", { 0: [1, 2] }, "", "an object"],
    ["point", [1, 2, 3], "[2]", "a number"],
    ["point", { x: 1, y: 2 }, "", "an object"],
    ["segmentation", { zones: [{ holes: [] }] }, ".zones[0].region", "nothing"],
    ["segmentation", { zones: [{ region: [], holes: [[[1, null]]] }] }, ".zones[0].holes[0][0][1]", "null"],
    ["ner", { start: 1 }, ".end", "nothing"],
    ["pdf", { position: { boundingRect: area, pageNumber: 1 } }, ".position.boundingRect.height", "nothing"],
    ["spline", [["0", "0"]], "[0][0]", "a string"],
    ["angle", { vertex: [1, 2], p1: [1, 2, 3], p2: [1, 2, 3], angle: 4 }, ".vertex[2]", "nothing"],
    ["medical-brush", "yes", "", "a string"]
  ])("%s: %j", (tool, geometry, path, found) => {
    expect(bad(ExportRow.ExportRow, drawn({ [tool]: geometry }))).toMatchObject({
      path: `task.tools[1].${tool}${path}`,
      found
    })
  })

  it.each([
    ["no asset", { task: { taskId: "t1" } }, "assetId"],
    ["no task", { assetId: "a1" }, "task"],
    ["an invalid id", { assetId: "a1", task: { taskId: "../t1" } }, "task.taskId"],
    ["an invalid date", { assetId: "a1", task: { taskId: "t1", updatedAt: "soon" } }, "task.updatedAt"],
    ["milliseconds of no date", { assetId: "a1", task: { taskId: "t1", updatedAt: 9e15 } }, "task.updatedAt"],
    [
      "a nested question",
      {
        assetId: "a1",
        task: { taskId: "t1", classifications: [{ classifications: [{ title: 1 }] }] }
      },
      "task.classifications[0].classifications[0].title"
    ],
    [
      "a stage of the history",
      { assetId: "a1", task: { taskId: "t1", stageHistory: [{ tools: [{ point: [] }] }] } },
      "task.stageHistory[0].tools[0].point[0]"
    ]
  ])("%s", (_, row, path) => {
    expect(bad(ExportRow.ExportRow, row)?.path).toBe(path)
  })

  it("in legacy rows and issues too", () => {
    const old = { tasks: [{ objects: [{ polygon: [[1]] }] }] }
    expect(bad(LegacyExportRow.LegacyExportRow, old)?.path).toBe("tasks[0].objects[0].polygon[0][1]")
    expect(bad(LegacyExportRow.LegacyExportRow, exportRows("rows.json")[0]?.[1].row)?.path).toBe("tasks")
    expect(bad(IssueExportRow.IssueExportRow, { status: "Open" })?.path).toBe("_id")
  })
})
