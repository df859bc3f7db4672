// Functions for export rows: titles, times, nested classifications, issues and legacy rows.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import {
  type CategorySchema,
  ExportClassification,
  ExportRow,
  ExportTime,
  Issue,
  IssueExportRow,
  LegacyExportRow
} from "effect-ango"
import { readAll } from "../support/ExportRows.js"

const decodeRow = Schema.decodeUnknownSync(ExportRow.ExportRow)

describe("titles", () => {
  const ontology: CategorySchema.CategorySchema = {
    tools: [
      {
        tool: "point",
        schemaId: "t1",
        title: "Nose",
        classifications: [
          {
            tool: "radio",
            schemaId: "q1",
            title: "Size",
            classifications: [{ tool: "text", schemaId: "q2" }]
          }
        ]
      }
    ],
    classifications: [{ tool: "text", schemaId: "q3", title: "Remarks" }],
    relations: [{ tool: "group", schemaId: "r1", title: "Face" }]
  }
  const titles = ExportRow.titlesOf(ontology)

  it("of an ontology include nested classes", () => {
    expect([...titles]).toEqual([
      ["t1", "Nose"],
      ["q1", "Size"],
      ["q3", "Remarks"],
      ["r1", "Face"]
    ])
    expect(ExportRow.titlesOf({}).size).toBe(0)
  })

  it("of an item are its own, or those of its class", () => {
    expect(ExportRow.titleOf({ schemaId: "t1", title: "Old nose" }, titles)).toBe("Old nose")
    expect(ExportRow.titleOf({ schemaId: "t1", title: "" }, titles)).toBe("Nose")
    expect(ExportRow.titleOf({ schemaId: "t1" }, titles)).toBe("Nose")
    expect(ExportRow.titleOf({ schemaId: "t1" })).toBe(undefined)
    expect(ExportRow.titleOf({ schemaId: "gone", title: null }, titles)).toBe(undefined)
    expect(ExportRow.titleOf({}, titles)).toBe(undefined)
  })
})

describe("times (annotation-dates)", () => {
  it("are read from texts and from milliseconds", () => {
    const created = new Map(
      readAll("tools.json", (row) => decodeRow(row).task.tools?.[0]?.metadata?.createdAt).map(
        ([name, time]) => [name, time == null ? undefined : DateTime.formatIso(ExportTime.toDateTime(time))]
      )
    )
    expect(created.get("bounding-box")).toBe("2024-02-01T09:59:00.000Z")
    expect(created.get("bounding-box/negative-sizes")).toBe("2024-02-01T09:59:00.000Z")
  })

  const dates = FastCheck.date({ noInvalidDate: true })

  it.prop("are the same instant in both forms", [dates], ([date]) => {
    const decode = Schema.decodeUnknownSync(ExportTime.ExportTime)
    const instants = [date.getTime(), date.toISOString()].map((time) => ExportTime.toDateTime(decode(time)))
    for (const instant of instants) expect(DateTime.toEpochMillis(instant)).toBe(date.getTime())
  })
})

describe("flatten", () => {
  const question = (title: string, ...classifications: ReadonlyArray<object>) => ({ title, classifications })

  it("lists each classification before its nested ones, with its parents", () => {
    const [row] = readAll("classifications.json", decodeRow).flatMap(([name, found]) =>
      name === "checkbox/nested" ? [found] : []
    )
    const lines = (row?.task.tools ?? []).flatMap(({ classifications }) =>
      ExportClassification.flatten(classifications).map(({ classification, parents }) =>
        [...parents, classification].map(({ title }) => title)
      )
    )
    expect(lines).toEqual([["Colours"], ["Colours", "Which other?"], ["Colours", "Which other?", "Why so?"]])
    expect(ExportClassification.flatten(undefined)).toEqual([])
    expect(ExportClassification.flatten(null)).toEqual([])
  })

  interface Question {
    readonly title: string
    readonly classifications: ReadonlyArray<Question> | null
  }

  const { questions } = FastCheck.letrec<{ readonly questions: Question }>((tie) => ({
    questions: FastCheck.record({
      title: FastCheck.string({ maxLength: 3 }),
      classifications: FastCheck.option(
        FastCheck.array(tie("questions"), { maxLength: 3, depthIdentifier: "q" })
      )
    })
  }))

  const count = (list: ReadonlyArray<Question>): number =>
    list.reduce((sum, { classifications }) => sum + 1 + count(classifications ?? []), 0)

  it.prop("loses and repeats none at any depth", [FastCheck.array(questions, { maxLength: 4 })], ([list]) => {
    const flat = ExportClassification.flatten(list)
    expect(flat).toHaveLength(count(list))
    expect(new Set(flat.map(({ classification }) => classification)).size).toBe(flat.length)
    for (const { classification, parents } of flat) {
      const siblings = parents.length === 0 ? list : (parents.at(-1)?.classifications ?? [])
      expect(siblings).toContain(classification)
    }
  })

  it("keeps the order of siblings", () => {
    const list = [question("a", question("b"), question("c")), question("d")]
    expect(ExportClassification.flatten(list).map(({ classification }) => classification.title)).toEqual([
      "a",
      "b",
      "c",
      "d"
    ])
  })
})

describe("issues", () => {
  const issues = Object.fromEntries(
    readAll("issues.json", Schema.decodeUnknownSync(IssueExportRow.IssueExportRow))
  )
  const summary = (name: string) => {
    const issue = issues[name]
    return issue === undefined
      ? undefined
      : {
          externalId: IssueExportRow.externalIdOf(issue),
          batches: IssueExportRow.batchesOf(issue),
          stage: IssueExportRow.stageOf(issue),
          errors: IssueExportRow.errorCodesOf(issue).map(({ category, name }) => `${category}: ${name}`),
          place: Issue.locationOf(issue)
        }
  }

  it("have an asset, a location, a stage and error codes, in every form", () => {
    expect(summary("newest")).toEqual({
      externalId: "a.jpg",
      batches: ["Batch 1"],
      stage: "206f2f63-0000-4000-8000-000000000006",
      errors: ["Geometry: Too wide"],
      place: { position: [25, 15], page: 0, pageEnd: 4, dataIndex: 1, plane: "C" }
    })
    expect(summary("old-error")).toEqual({
      externalId: "v.mp4",
      batches: [],
      stage: "Label",
      errors: ["Tracking: Lost"],
      place: { page: 10, pageEnd: 20 }
    })
    expect(summary("plain-asset")).toEqual({
      externalId: undefined,
      batches: [],
      stage: undefined,
      errors: [],
      place: undefined
    })
  })
})

describe("legacy rows", () => {
  it("work with the functions for current rows", () => {
    const [, row] = readAll("old.json", Schema.decodeUnknownSync(LegacyExportRow.LegacyExportRow))[0] ?? []
    const objects = row?.tasks.flatMap((task) => task.objects ?? []) ?? []
    expect(objects.map((object) => ExportRow.titleOf(object))).toEqual(["Car", "Road"])
    expect(objects[0]?.masks).toEqual(["https://files.example/a-0.png"])
  })
})
