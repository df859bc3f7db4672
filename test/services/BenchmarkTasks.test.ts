// Benchmark tasks and the benchmark settings of a project, against the emulator.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { refuses, withHub } from "../support/Projects.js"

const { projectId } = AngoTest

const setup = Effect.all({ hub: Emulator, projects: Projects, tasks: Tasks })
const hubLayer = AngoTest.layer({ tasks: 12 })

const benchmarks = Effect.gen(function* () {
  const tasks = yield* Stream.runCollect((yield* Tasks).stream(projectId))
  return Array.from(tasks).flatMap(({ id, isBenchmark, type }) => (isBenchmark ? [[id, type]] : []))
})

describe("benchmark tasks", () => {
  it.effect("are marked, and unmarked with isBenchmark false", () =>
    Effect.gen(function* () {
      const { tasks } = yield* setup
      const [first, second, third] = (yield* tasks.page(projectId, { limit: 12, sort: "createdAt" })).items
      const ids = [first?.id ?? "", third?.id ?? ""]
      expect(yield* benchmarks).toEqual([])
      expect(yield* tasks.setBenchmark(projectId, { tasks: ids })).toBeUndefined()
      expect(yield* benchmarks).toEqual(ids.map((id) => [id, "benchmark"]))
      expect(yield* tasks.get(second?.id ?? "")).toEqual(second)
      yield* tasks.setBenchmark(projectId, { tasks: ids.slice(1), isBenchmark: false })
      expect(yield* benchmarks).toEqual([[ids[0], "benchmark"]])
      expect(yield* tasks.get(ids[1] ?? "")).toMatchObject({ isBenchmark: false, type: "default" })
    }).pipe(Effect.provide(hubLayer))
  )

  it.effect("are not changed if one of the ids is no task of the project", () =>
    Effect.gen(function* () {
      const { hub, tasks } = yield* setup
      const [task] = (yield* tasks.page(projectId, { limit: 1 })).items
      const elsewhere = hub.state.projects.get(hub.projectIds[1] ?? "")?.tasks[0]?._id ?? ""
      for (const unknown of ["65aa0000000000000000b001", elsewhere]) {
        const error = yield* Effect.flip(tasks.setBenchmark(projectId, { tasks: [task?.id ?? "", unknown] }))
        expect(error).toMatchObject({ _tag: "NotFound", operation: "tasks.setBenchmark", status: 404 })
      }
      expect(yield* benchmarks).toEqual([])
    }).pipe(Effect.provide(hubLayer))
  )

  it.effect("need at least one task, and valid ids", () =>
    Effect.gen(function* () {
      const { hub, tasks } = yield* setup
      for (const ids of [[], ["a/b"]]) {
        const error = yield* Effect.flip(tasks.setBenchmark(projectId, { tasks: ids }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", operation: "tasks.setBenchmark" })
      }
      expect(yield* hub.requests()).toEqual([])
    }).pipe(Effect.provide(hubLayer))
  )

  it.effect("fail with NotFound for an unknown project, and with Forbidden without permission", () =>
    Effect.gen(function* () {
      const { hub, tasks } = yield* setup
      const call = (project: string) => Effect.flip(tasks.setBenchmark(project, { tasks: ["t1"] }))
      expect(yield* call("x1")).toMatchObject({ _tag: "NotFound", vendorMessage: "Invalid project: x1." })
      yield* hub.faults.on("tasks.setBenchmark", [Faults.fail(403, "Only managers.")])
      expect(yield* call(projectId)).toMatchObject({ _tag: "Forbidden", vendorMessage: "Only managers." })
    }).pipe(Effect.provide(hubLayer))
  )
})

describe("benchmark settings", () => {
  it.effect("are settings of the project, and come back", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const changes = { benchmarkEnabled: true, benchmarkRatio: 15, benchmarkCutoff: true }
        expect(yield* projects.update(projectId, changes)).toMatchObject(changes)
        expect(yield* projects.update(projectId, { benchmarkCutoff: false })).toMatchObject({
          ...changes,
          benchmarkCutoff: false
        })
        expect(yield* projects.get(projectId)).toMatchObject({ ...changes, benchmarkCutoff: false })
      })
    )
  )

  it.effect.each([12.5, -1, 101, Number.NaN])("need a whole percentage: %d", (benchmarkRatio) =>
    refuses(
      (projects) => projects.update(projectId, { benchmarkRatio }),
      "benchmarkRatio",
      /Expected a whole percentage from 0 to 100/
    )
  )
})
