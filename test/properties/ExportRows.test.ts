// Every row that a hub may export can be decoded without losing anything.
import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { ExportClassification, ExportObject, ExportRow, IssueExportRow, LegacyExportRow } from "effect-ango"
import { wireValues } from "../support/WireValues.js"

const runs = { fastCheck: { numRuns: 100 } }

describe("a row of tasks is unchanged by decoding and by encoding", () => {
  const same = <A, I>(name: string, schema: Schema.Schema<A, I>) =>
    it.prop(
      name,
      [wireValues(schema)],
      ([wire]) => {
        const row = Schema.decodeUnknownSync(schema)(wire)
        expect(row).toEqual(wire)
        expect(Schema.encodeSync(schema)(row)).toEqual(wire)
      },
      runs
    )

  same("ExportRow", ExportRow.ExportRow)
  same("LegacyExportRow", LegacyExportRow.LegacyExportRow)
})

it.prop(
  "a row of issues is the same JSON after decoding and encoding",
  [wireValues(IssueExportRow.IssueExportRow)],
  ([wire]) => {
    const { IssueExportRow: schema } = IssueExportRow
    expect(Schema.encodeSync(schema)(Schema.decodeUnknownSync(schema)(wire))).toEqual(wire)
  },
  runs
)

it.prop(
  "toolOf returns the tool whose geometry the object has",
  [wireValues(ExportObject.ExportObject)],
  ([wire]) => {
    const object = Schema.decodeUnknownSync(ExportObject.ExportObject)(wire)
    const tool = ExportObject.toolOf(object)
    if ("geometry" in tool) {
      const geometry: unknown = object[tool._tag]
      if (typeof geometry === "object") expect(tool.geometry).toBe(geometry)
      else expect(tool).toMatchObject({ _tag: "angle", geometry: { angle: geometry } })
    } else if (tool._tag === "medical-brush") expect(object["medical-brush"]).toBe(true)
    else expect(object).toMatchObject(tool.fields)
  },
  runs
)

it.prop(
  "answerOf returns the typed answer, or the answer as received",
  [wireValues(ExportClassification.ExportClassification)],
  ([wire]) => {
    const classification = Schema.decodeUnknownSync(ExportClassification.ExportClassification)(wire)
    const known = ExportClassification.answerOf(classification)
    if (known._tag === "boolean")
      expect(String(classification.answer).toLowerCase()).toBe(String(known.answer))
    else expect(known.answer).toBe(classification.answer)
    if (known._tag !== "unknown") expect(classification.tool).toBe(known._tag)
  },
  runs
)
