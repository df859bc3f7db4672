// Exports compared with the hub's state.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"
import { download, exported, exportLink, rowsOf } from "../support/Downloads.js"
import { readZip } from "../support/ReadZip.js"

const { projectId } = AngoTest

const first = Effect.map(Emulator, ({ state }) => {
  const stored = state.projects.get(projectId)
  if (stored === undefined) throw new Error("There is no project.")
  return { ...stored, state }
})

const json = (value: unknown) => encodeURIComponent(JSON.stringify(value))

const ids = (rows: ReadonlyArray<{ readonly task: { readonly taskId: string } }>) =>
  rows.map(({ task }) => task.taskId)

describe("rows of tasks", () => {
  it.effect("contain all tasks in order, with their data", () =>
    withHub(
      Effect.gen(function* () {
        const { assets, project, state, tasks } = yield* first
        const rows = yield* rowsOf()
        expect(ids(rows)).toEqual(tasks.map(({ _id }) => _id))
        const stages = new Map((project.stages ?? []).map(({ id, name }) => [id as string, name]))
        for (const [place, row] of rows.entries()) {
          const [task, asset] = [tasks[place], assets[place]]
          const answer = state.answers.get(task?._id ?? "")
          const history = state.histories.get(task?._id ?? "") ?? []
          expect(row).toMatchObject({
            asset: asset?.data,
            assetId: asset?._id,
            externalId: asset?.externalId,
            batches: asset?.batches,
            contextData: asset?.contextData,
            metadata: asset?.metadata,
            task: { stage: stages.get(task?.stage ?? ""), stageId: task?.stage, updatedAt: task?.updatedAt }
          })
          const named = (items: ReadonlyArray<{ readonly objectId?: string | null }> | null | undefined) =>
            (items ?? []).map(({ objectId }) => objectId)
          expect(named(row.task.tools)).toEqual(named(answer?.tools))
          expect(row.task.totalDuration).toBe(task?.duration)
          const visits = row.task.stageHistory.filter((visit: object) => "completedBy" in visit)
          expect(visits).toHaveLength(history.length)
          for (const [nth, item] of history.entries()) {
            const { completedAt, completedBy, duration, stage } = item
            expect(visits[nth]).toMatchObject({ stageId: stage, completedAt, completedBy, duration })
            expect(named(visits[nth].tools)).toEqual(named(item.answer.tools))
          }
        }
      })
    )
  )

  it.effect("contain options by value and corners, and leave out what parameters exclude", () =>
    withHub(
      Effect.gen(function* () {
        const { tasks } = yield* first
        const task = tasks.find(({ stage }) => stage === "Label")?._id ?? ""
        const box = { x: 10, y: 20, width: 30, height: 40, rotation: 90 }
        const at = "2024-06-05T00:00:00.000Z"
        yield* askHub(`POST /annotate/${task}`, {
          answer: {
            objects: [
              {
                schemaId: "5c4e5a5c4e0000000000001",
                "rotated-bounding-box": box,
                metadata: { createdAt: at }
              },
              { schemaId: "5c4e5a5c4e0000000000008", segmentation: { zones: [{ region: [[0, 0]] }] } }
            ],
            classifications: [{ schemaId: "5c4e5a5c4e0000000000009", answer: "5c4e5a5c4e000000000000b" }],
            relations: []
          }
        })
        const rowWith = (query: string) =>
          Effect.map(rowsOf(query), (rows) => rows.find((row) => row.task.taskId === task))
        const row = yield* rowWith("")
        const corners: ReadonlyArray<ReadonlyArray<number>> =
          row.task.tools[0]["rotated-bounding-box"].corners
        expect(corners.map((corner) => corner.map(Math.round))).toEqual([
          [10, 20],
          [-30, 20],
          [-30, 50],
          [10, 50]
        ])
        expect(row.task.tools[0].metadata).toEqual({ createdAt: at, createdIn: "Label" })
        expect(row.task.classifications[0].answer).toBe("Rain")
        expect(row.task.tools[1].segmentation.zones).toHaveLength(1)

        const flags = "&includeMetadata=false&includeHistory=FALSE&includeSegmentationPoints=false"
        const bare = yield* rowWith(`${flags}&includeIdleBlurDurations=true`)
        expect(bare.task.tools[0]).not.toHaveProperty("metadata")
        expect(bare.task).not.toHaveProperty("stageHistory")
        expect(bare.task.tools[1].segmentation.zones).toEqual([])
        expect(bare.task).toMatchObject({ totalIdleDuration: 0, totalBlurDuration: 0 })
      })
    )
  )

  it.effect("are filtered by stages, batches, types, statuses and times", () =>
    withHub(
      Effect.gen(function* () {
        const { project, tasks } = yield* first
        const [batch, other] = project.batches ?? []
        const some = tasks[20]?.createdAt ?? ""
        const wanted = {
          [`&stage=${json(["Complete", "Label"])}`]: ({ stage }) => stage === "Complete" || stage === "Label",
          [`&batches=${json([batch?._id])}`]: ({ batches }) => batches?.includes(batch?._id ?? ""),
          [`&batches=${json([batch?.name, other?._id])}`]: ({ batches = [] }) =>
            batches?.some((id) => id === batch?._id || id === other?._id),
          [`&taskTypes=${json(["default"])}`]: () => true,
          [`&taskTypes=${json(["benchmark", "consensus"])}`]: () => false,
          "&status=todo": ({ status }) => status === "TODO",
          [`&createdAt=${json({ $gt: some })}`]: ({ createdAt }) => (createdAt ?? "") > some,
          [`&updatedAt=${json({ $gt: some, $lt: "2024-06-04T20:00:00.000000Z" })}`]: ({ updatedAt }) =>
            (updatedAt ?? "") > some && (updatedAt ?? "") < "2024-06-04T20:00:00.000"
        } satisfies Record<string, (task: (typeof tasks)[number]) => boolean | undefined>
        for (const [query, isWanted] of Object.entries(wanted)) {
          const expected = tasks.filter((task) => isWanted(task) === true).map(({ _id }) => _id)
          expect([query, ids(yield* rowsOf(query))]).toEqual([query, expected])
        }
      })
    )
  )

  it.effect("are those at the time of the request", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const link = yield* exportLink()
        const { tasks } = yield* first
        const before = yield* rowsOf()
        yield* hub.deleteTask(tasks[0]?._id ?? "")
        const { bytes } = yield* download(link)
        expect(JSON.parse(readZip(bytes)[0]?.text ?? "")).toEqual(before)
        expect(yield* rowsOf()).toEqual(before.slice(1))
      })
    )
  )
})

describe("issues", () => {
  it.effect("are exported with their asset", () =>
    withHub(
      Effect.gen(function* () {
        const { assets, state } = yield* first
        const issues = [...state.issues.values()].filter(({ project }) => project === projectId)
        const rows = yield* rowsOf("&type=issue&format=json")
        expect(rows.length).toBeGreaterThan(1)
        expect(rows).toEqual(
          issues.map((issue) => {
            const { batches, externalId } = assets.find(({ _id }) => _id === issue.asset) ?? {}
            const { project: _, ...shown } = issue
            return { ...shown, asset: { externalId, batches } }
          })
        )
        const open = yield* rowsOf("&type=issue&status=Open")
        expect(open).toEqual(rows.filter(({ status }) => status === "Open"))
      })
    )
  )
})

describe("files of an export", () => {
  it.effect("contain one array, one line per row, or one file per row", () =>
    withHub(
      Effect.gen(function* () {
        const rows = yield* rowsOf("&format=json")
        const [lines] = yield* exported("&format=ndjson")
        expect(lines?.name).toBe(`${projectId}.ndjson`)
        expect(lines?.text).toBe(rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
        const split = yield* exported("&format=split")
        expect(split.map(({ text }) => JSON.parse(text))).toEqual(rows)
        expect(split.map(({ name }) => name)).toEqual(rows.map(({ externalId }) => `${externalId}.json`))
        const none = `&stage=${json(["Nowhere"])}`
        expect((yield* exported(none)).map(({ text }) => text)).toEqual(["[]"])
        expect((yield* exported(`${none}&format=ndjson`)).map(({ text }) => text)).toEqual([""])
        expect(yield* exported(`${none}&format=split`)).toEqual([])
      })
    )
  )
})
