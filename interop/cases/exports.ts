// Exports: the archive is read by our client too, and the rows are the same.
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { expect } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Exports, Issues, Tasks } from "effect-ango"
import { member, naive, object } from "../pythonClient.js"
import { at, type Call, type Cases, newProject, project, Run, taskIds } from "./case.js"

const options = (kwargs: Record<string, unknown>) => object("ExportOptions", kwargs)

const rowsOf = (found: unknown): ReadonlyArray<unknown> => {
  // As JSON: the rows. As NDJSON: a pair of an iterator over them and their number.
  expect(found).toBeInstanceOf(Array)
  const [first] = found as ReadonlyArray<unknown>
  return Array.isArray(first) ? first : (found as ReadonlyArray<unknown>)
}

const taskIdsOf = (rows: ReadonlyArray<unknown>) =>
  rows.map((row) => at(typeof row === "string" ? JSON.parse(row) : row, "task.taskId")).toSorted()

const exportCase = Effect.fn(function* (call: Call) {
  const { folder, seeded } = yield* Run
  const exports = yield* Exports
  const tasks = yield* Tasks
  const ours = (opts: Parameters<typeof exports.stream>[1]) =>
    Effect.map(Stream.runCollect(exports.stream(seeded, opts)), (rows) =>
      Chunk.toReadonlyArray(rows)
        .map((row) => at(row, "task.taskId"))
        .toSorted()
    )
  // Without stages the client asks for the completed tasks.
  const complete = yield* tasks.collect(seeded, { stage: "Complete", limit: 1000 })
  const completeIds = complete.map(({ id }) => id as string).toSorted()
  expect(completeIds.length).toBeGreaterThan(10)
  expect(taskIdsOf(rowsOf(yield* call([seeded])))).toEqual(completeIds)

  const { stages = [] } = yield* project(seeded)
  const stage = stages?.map(({ id }) => id as string)
  const ndjson = yield* call([seeded, options({ stage, export_format: member("ExportFormats", "NDJSON") })])
  const all = taskIdsOf(rowsOf(ndjson))
  expect(all).toEqual(yield* ours({ stages: "all" }))
  expect(all.length).toBeGreaterThan(completeIds.length)

  const far = object("TimeFilter", { from_date: naive("2999-01-01T00:00:00.000") })
  expect(rowsOf(yield* call([seeded, options({ updated_at: far })]))).toEqual([])
  const past = object("TimeFilter", {
    from_date: naive("2000-01-01T00:00:00.000"),
    to_date: naive("2999-01-01T00:00:00.000")
  })
  const dated = options({
    created_at: past,
    task_type: member("TaskTypes", "DEFAULT"),
    include_history: false
  })
  expect(taskIdsOf(rowsOf(yield* call([seeded, dated])))).toEqual(completeIds)

  const path = join(folder, "export.zip")
  yield* call([seeded, options({ stage: ["Complete"] })], { zip_file_path: path })
  const saved = Stream.fromEffect(Effect.promise(() => readFile(path)))
  expect(yield* Stream.runCount(exports.rows(saved))).toBe(complete.length)

  const own = yield* newProject(2)
  const [first = ""] = yield* taskIds(own)
  yield* (yield* Issues).create(first, { content: "Look" })
  const issues = yield* call([own, options({ export_type: member("ExportTypes", "ISSUE") })])
  expect(rowsOf(issues)).toMatchObject([{ content: "Look" }])
})

export const exports: Cases = { export: exportCase, exportV3: exportCase }
