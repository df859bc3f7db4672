// Export rows follow from the hub's state and match the documented schema.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Annotation, Annotations, ExportObject, ExportRow, IssueExportRow } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import type { ExportParameters } from "../../src/api/exports.js"
import { issueRows, taskRows } from "../../src/emulator/archive/exportRows.js"
import { taskIn } from "../support/SeededTasks.js"

type Conditions = Partial<Omit<ExportParameters, "project">>

const asked = (project: string, conditions: Conditions = {}) =>
  ({ project, ...conditions }) as ExportParameters

const decodeRow = Schema.decodeUnknownSync(ExportRow.ExportRow)
const decodeIssue = Schema.decodeUnknownSync(IssueExportRow.IssueExportRow)

/** All rows of the seed's first project. */
const rows = (conditions: Conditions = {}) =>
  Effect.map(Emulator, ({ state }) => [...taskRows(state, asked(AngoTest.projectId, conditions))])

/** The row of a task, read. */
const rowOf = (id: string) =>
  Effect.map(rows(), (all) => decodeRow(all.find(({ task }) => task.taskId === id)))

const withHub = <A, E>(test: Effect.Effect<A, E, Layered>) =>
  Effect.provide(test, AngoTest.layer({ tasks: 60 }))

type Layered = Effect.Effect.Context<ReturnType<typeof taskIn>> | Annotations | Emulator

const switches: ReadonlyArray<Conditions> = [
  {},
  { includeMetadata: false, includeHistory: false, includeIdleBlurDurations: true }
]

describe("every seeded row", () => {
  it.effect("matches the documented schema, with any parameters", () =>
    withHub(
      Effect.map(Emulator, ({ state }) => {
        let count = 0
        for (const project of state.projects.keys()) {
          for (const conditions of switches) {
            for (const row of taskRows(state, asked(project, conditions))) {
              expect(decodeRow(row)).toEqual(row)
              for (const object of row.task.tools ?? []) {
                expect(
                  ExportObject.toolOf(Schema.decodeUnknownSync(ExportObject.ExportObject)(object))._tag
                ).not.toBe("unknown")
              }
              count++
            }
          }
        }
        const tasks = [...state.projects.values()].flatMap((project) => project.tasks)
        expect(count).toBe(tasks.length * switches.length)
      })
    )
  )

  it.effect("of issues matches as well", () =>
    withHub(
      Effect.map(Emulator, ({ state }) => {
        const found = [...state.projects.keys()].flatMap((project) => [...issueRows(state, asked(project))])
        expect(found).toHaveLength(state.issues.size)
        expect(found.length).toBeGreaterThan(0)
        for (const row of found) {
          const issue = decodeIssue(row)
          expect(IssueExportRow.externalIdOf(issue)).toMatch(/./)
          expect(IssueExportRow.batchesOf(issue)).toHaveLength(1)
        }
      })
    )
  )
})

describe("a row contains the hub's state", () => {
  it.effect("of its task, with names of stages and batches and values of options", () =>
    withHub(
      Effect.gen(function* () {
        const task = yield* taskIn("Quality review")
        const row = yield* rowOf(task.id)
        expect(row).toMatchObject({
          externalId: task.externalId,
          batches: [expect.stringMatching(/June|July/)],
          task: { stage: "Quality review", stageId: task.stage, totalDuration: task.duration }
        })
        const weather = row.task.classifications?.find(({ title }) => title === "Weather")
        expect(["Clear", "Rain", "Fog"]).toContain(weather?.answer)
        expect(row.task.stageHistory?.map(({ stage }) => stage)).toEqual(["Start", "Label"])
        expect(row.task.stageHistory?.[0]).toMatchObject({ tools: [], duration: 0 })
        expect(row.task.stageHistory?.[1]).toMatchObject({
          duration: task.duration,
          tools: row.task.tools,
          completedBy: expect.stringContaining("@")
        })
        expect(row.task.tools?.[0]?.metadata).toMatchObject({ createdIn: "Label" })
      })
    )
  )

  const object = (objectId: string, geometry: object) =>
    ({ schemaId: "s1", objectId, ...geometry }) as Annotation.ObjectInput
  const area = { x1: 1, y1: 2, x2: 3, y2: 4, width: 800, height: 1200 }
  const drawn: ReadonlyArray<Annotation.ObjectInput> = [
    object("box", { "bounding-box": { x: 9, y: 9, width: -3, height: 4 } }),
    object("turned", { "rotated-bounding-box": { x: 5, y: 5, width: 4, height: 2, rotation: 90 } }),
    object("outline", {
      polygon: [
        [0, 0],
        [1, 0],
        [0, 1]
      ]
    }),
    object("line", {
      polyline: [
        [0, 0],
        [1, 1]
      ]
    }),
    object("dot", { point: [1, 2] }),
    object("pixels", {
      segmentation: {
        zones: [
          {
            region: [
              [0, 0],
              [1, 0],
              [0, 1]
            ]
          }
        ]
      }
    }),
    object("name", { ner: { start: 1, end: 2 } }),
    object("words", { pdf: { ...area, pageNumber: 2, text: "total" } }),
    object("curve", {
      spline: [
        [0, 0],
        [1, 1]
      ]
    }),
    object("wheel", { circle: { center: [1, 1], radius: 2 } })
  ]

  it.effect("of every tool, in the form of exports", () =>
    withHub(
      Effect.gen(function* () {
        const { id } = yield* taskIn("Label")
        yield* (yield* Annotations).annotate(id, { tools: drawn })
        const row = yield* rowOf(id)
        const tools = new Map(
          row.task.tools?.map((one) => [one.objectId ?? "", ExportObject.toolOf(one)] as const)
        )
        expect([...tools.values()].map(({ _tag }) => _tag)).toEqual(
          drawn.map((one) => {
            const [, , tool = ""] = Object.keys(one)
            return tool === "circle" ? "unknown" : tool
          })
        )
        expect(tools.get("box")).toMatchObject({ geometry: { width: -3 } })
        expect(tools.get("turned")).toMatchObject({
          geometry: {
            corners: [
              [5, 5],
              [3, 5],
              [3, 9],
              [5, 9]
            ].map((corner) => corner.map((n) => expect.closeTo(n)))
          }
        })
        expect(tools.get("words")).toMatchObject({
          geometry: {
            position: { boundingRect: area, pageNumber: 2 },
            content: { text: "total" }
          }
        })
        const pixels = row.task.tools?.find(({ objectId }) => objectId === "pixels")
        expect(pixels).not.toHaveProperty("metadata")
      })
    )
  )
})

describe("conditions of an export", () => {
  const count = (conditions: Conditions) => Effect.map(rows(conditions), ({ length }) => length)

  it.effect("stages, batches by name or id, and task types select rows", () =>
    withHub(
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const project = state.projects.get(AngoTest.projectId)
        const all = yield* rows()
        const complete = yield* rows({ stage: ["Complete"] })
        expect(complete.length).toBeGreaterThan(0)
        expect(complete).toEqual(all.filter(({ task }) => task.stageId === "Complete"))
        let inBatches = 0
        for (const { _id, name } of project?.project.batches ?? []) {
          const found = yield* rows({ batches: [name] })
          expect(found).toEqual(all.filter(({ batches }) => batches?.includes(name)))
          expect(yield* rows({ batches: [_id] })).toEqual(found)
          inBatches += found.length
        }
        expect(inBatches).toBe(all.length)
        expect(yield* count({ batches: ["no such batch"] })).toBe(0)
        expect(yield* count({ taskTypes: ["benchmark", "consensus"] })).toBe(0)
        expect(yield* count({ taskTypes: ["default"] })).toBe(all.length)
      })
    )
  )

  it.effect("time ranges exclude their ends", () =>
    withHub(
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const times = (state.projects.get(AngoTest.projectId)?.tasks ?? []).map(
          ({ createdAt }) => createdAt ?? ""
        )
        const $gt = times[9] ?? ""
        const $lt = times[20] ?? ""
        expect(yield* count({ createdAt: { $gt } })).toBe(50)
        expect(yield* count({ createdAt: { $lt } })).toBe(20)
        expect(yield* count({ createdAt: { $gt, $lt } })).toBe(10)
        expect(yield* count({ updatedAt: { $lt: "2000-01-01T00:00:00.000Z" } })).toBe(0)
      })
    )
  )

  it.effect("metadata, history and idle times can be left out", () =>
    withHub(
      Effect.gen(function* () {
        const [lean] = yield* rows({ stage: ["Complete"], includeMetadata: false, includeHistory: false })
        expect(lean?.task).not.toHaveProperty("stageHistory")
        expect(lean?.task.tools?.[0]).not.toHaveProperty("metadata")
        expect(lean?.task).not.toHaveProperty("totalIdleDuration")
        const [full] = yield* rows({ stage: ["Complete"], includeIdleBlurDurations: true })
        expect(full?.task.stageHistory).toHaveLength(3)
        expect(full?.task).toMatchObject({ totalIdleDuration: 0, totalBlurDuration: 0 })
      })
    )
  )

  it.effect("rows are built on demand", () =>
    withHub(
      Effect.map(Emulator, ({ state }) => {
        const all = taskRows(state, asked(AngoTest.projectId))
        const first = all.next().value
        state.projects.get(AngoTest.projectId)?.tasks.splice(1)
        expect(first).toBeDefined()
        expect([...all]).toEqual([])
        expect([...taskRows(state, asked("none")), ...issueRows(state, asked("none"))]).toEqual([])
      })
    )
  )
})
