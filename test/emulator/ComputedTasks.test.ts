// A hub that computes its tasks behaves like one that stores them.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator, type HubState } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"
import { rowsOf } from "../support/Downloads.js"

const { projectId } = AngoTest

const json = (value: unknown) => encodeURIComponent(JSON.stringify(value))

const projectOf = (state: HubState) => {
  const stored = state.projects.get(projectId)
  if (stored === undefined) throw new Error("There is no project.")
  return { ...stored, state }
}

const first = Effect.map(Emulator, ({ state }) => projectOf(state))

const idOf = (row: { readonly task: { readonly taskId: string } }) => row.task.taskId

describe("computed tasks", () => {
  it.effect("are exported as they are listed, including changed ones", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const { assets, state, tasks } = yield* first
        expect(tasks).toHaveLength(100_500)
        const from = tasks[99_000]?.createdAt ?? ""
        const to = tasks[99_900]?.createdAt ?? ""
        const [annotated, deleted] = [tasks[99_100]?._id ?? "", tasks[99_200]?._id ?? ""]
        yield* askHub(`POST /annotate/${annotated}`, { answer: { objects: [{ schemaId: "s" }] } })
        yield* hub.deleteTask(deleted)
        // One task with changed annotations only, and one with a changed asset.
        const [answered, moved] = [tasks[99_300]?._id ?? "", assets[99_400]]
        state.answers.set(answered, { tools: [{ schemaId: "other", objectId: "o" }] })
        if (moved !== undefined) assets[99_400] = { ...moved, batches: ["elsewhere"] }
        const rows = yield* rowsOf(`&createdAt=${json({ $gt: from, $lt: to })}`)
        const listed = tasks.slice(99_001, 99_899)
        expect(rows.map(idOf)).toEqual(listed.map(({ _id }) => _id))
        expect(rows.map(idOf)).not.toContain(deleted)
        for (const [place, row] of rows.entries()) {
          const task = listed[place]
          const { batches, contextData, data } = assets[99_001 + place + (place < 199 ? 0 : 1)] ?? {}
          expect(row).toMatchObject({ asset: data, batches, contextData })
          expect(row.task).toMatchObject({ updatedAt: task?.updatedAt, stageId: task?.stage })
          const { tools = [] } = state.answers.get(task?._id ?? "") ?? {}
          const seen = row.task.tools as ReadonlyArray<object>
          expect(seen).toMatchObject((tools ?? []).map(({ objectId, schemaId }) => ({ objectId, schemaId })))
        }
        expect(rows.find((row) => row.task.taskId === answered).task.tools).toMatchObject([
          { schemaId: "other" }
        ])
        expect(rows.find(({ assetId }) => assetId === moved?._id).batches).toEqual(["elsewhere"])
        expect(rows.find((row) => row.task.taskId === annotated).task.tools).toMatchObject([
          { schemaId: "s" }
        ])
      }),
      { tasks: 100_500, archives: { method: "stored" } }
    )
  )

  it.effect("start with the tasks of a smaller hub", () =>
    Effect.gen(function* () {
      const large = yield* Effect.provide(first, Emulator.layer({ tasks: 1_000_000 }))
      const small = yield* Effect.provide(first, Emulator.layer({ tasks: 1_300 }))
      for (const place of [0, 1, 7, 599, 600, 601, 1_299]) {
        const id = small.tasks[place]?._id ?? ""
        expect(large.tasks[place]).toEqual(small.tasks[place])
        expect(large.assets[place]).toEqual(small.assets[place])
        expect(large.state.answers.get(id)).toEqual(small.state.answers.get(id))
        expect(large.state.histories.get(id)).toEqual(small.state.histories.get(id))
      }
      expect(large.tasks.at(-1)?.externalId).toBe("intersection-04/frame-1000000.jpg")
    })
  )

  it.effect("are listed newest first, page by page", () =>
    withHub(
      Effect.gen(function* () {
        const { tasks } = yield* first
        const page = (number: number) =>
          Effect.map(askHub(`GET /project/${projectId}/tasks?limit=1000&page=${number}`), ({ data }) => data)
        const newest = yield* page(1)
        expect(newest.total).toBe(250_500)
        expect(newest.tasks).toEqual(tasks.slice(-1000).toReversed())
        expect((yield* page(251)).tasks).toEqual(tasks.slice(0, 500).toReversed())
        expect((yield* page(252)).tasks).toEqual([])
      }),
      { tasks: 250_500 }
    )
  )
})
