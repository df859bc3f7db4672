// Moving tasks to a stage: what they keep and what is removed.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { captureLogs } from "../../support/Logs.js"
import { inStage, seeded, stages, taskIn, visitsOf, withTasks } from "../../support/SeededTasks.js"

const { projectId } = AngoTest

describe("requeue", () => {
  it.effect("moves the tasks that meet every condition, and returns their number", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const done = yield* inStage("Complete")
        const { batches } = done[0] ?? {}
        const batch = batches?.[0] ?? ""
        const expected = done.filter((task) => task.batches?.includes(batch))
        const others = done.length - expected.length
        expect(others).toBeGreaterThan(0)
        expect(
          yield* tasks.requeue(projectId, {
            toStage: "Label",
            filters: { fromStageIds: ["Complete"], batches: [batch] }
          })
        ).toEqual({ modified: expected.length, toStageId: "Label" })
        expect(yield* inStage("Complete")).toHaveLength(others)
        const moved = yield* tasks.get(expected[0]?.id ?? "")
        expect(moved).toMatchObject({ stage: "Label", status: "TODO" })
        expect(moved.completedAt).toBeUndefined()
      })
    )
  )

  it.effect.each(["taskIds", "assetIds", "externalIds"] as const)("finds one task by %s", (name) =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const task = yield* taskIn("Complete")
        const asset = typeof task.asset === "string" ? task.asset : (task.asset?.id ?? "")
        const filters = {
          taskIds: { taskIds: ["x1", task.id] },
          assetIds: { assetIds: [asset] },
          externalIds: { externalIds: [task.externalId ?? ""] }
        }[name]
        const { modified } = yield* tasks.requeue(projectId, { toStage: "Label", filters })
        expect(modified).toBe(1)
        expect((yield* tasks.get(task.id)).stage).toBe("Label")
      })
    )
  )

  it.effect("keeps answer, assignee and history, and records the move", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const { review } = yield* stages
        const before = yield* tasks.get((yield* taskIn(review)).id, { includeAnswer: true })
        const history = yield* tasks.history(before.id)
        const visits = yield* visitsOf(before.id)
        yield* tasks.requeue(projectId, { toStage: "Label", filters: { taskIds: [before.id] } })
        const after = yield* tasks.get(before.id, { includeAnswer: true })
        expect(after.assignee).toBe(before.assignee)
        expect(after.answer).toEqual(before.answer)
        expect(yield* visitsOf(before.id)).toEqual(visits)
        const now = yield* tasks.history(before.id)
        expect(now.slice(0, -1)).toEqual(history)
        expect(now.at(-1)).toMatchObject({ stage: review, rework: true, answer: before.answer })
      })
    )
  )

  it.effect("removes what the options say", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const { review } = yield* stages
        const { id } = yield* taskIn(review)
        yield* tasks.requeue(projectId, {
          toStage: "Label",
          filters: { taskIds: [id] },
          removeAnnotations: true,
          removeAssignee: true,
          removeStageHistory: true
        })
        const after = yield* tasks.get(id, { includeAnswer: true })
        expect(after.assignee).toBeNull()
        expect(after.answer).toEqual({ tools: [], classifications: [], relations: [] })
        expect(yield* tasks.history(id)).toEqual([])
        expect(yield* visitsOf(id)).toEqual([])
      })
    )
  )

  it.effect("moves every task with all: true", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        expect(yield* tasks.requeue(projectId, { toStage: "Start", all: true })).toMatchObject({
          modified: 60
        })
        expect(yield* inStage("Start")).toHaveLength(60)
      })
    )
  )

  it.effect("does not move tasks out of a stage that forbids it", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const stored = yield* seeded
        const done = yield* inStage("Complete")
        stored.project = {
          ...stored.project,
          stages: (stored.project.stages ?? []).map((stage) =>
            stage.type === "Complete" ? { ...stage, ...{ preventRequeue: true } } : stage
          )
        }
        const { modified } = yield* tasks.requeue(projectId, { toStage: "Label", all: true })
        expect(modified).toBe(60 - done.length)
        expect(yield* inStage("Complete")).toHaveLength(done.length)
      })
    )
  )

  it.effect("fails on an unknown project or stage, and on a missing permission", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        const all = { all: true } as const
        expect(yield* Effect.flip(tasks.requeue("x1", { toStage: "Label", ...all }))).toMatchObject({
          _tag: "NotFound"
        })
        expect(yield* Effect.flip(tasks.requeue(projectId, { toStage: "x1", ...all }))).toMatchObject({
          _tag: "BadRequest",
          vendorMessage: "Invalid stage: x1."
        })
        yield* hub.faults.on("tasks.requeue", [Faults.fail(403)])
        expect(yield* Effect.flip(tasks.requeue(projectId, { toStage: "Label", ...all }))).toMatchObject({
          _tag: "Forbidden"
        })
      })
    )
  )
})

describe("requeue into a Plugin stage", () => {
  const plugin = "206f2f63-0000-4000-8000-000000000005"

  const withPluginStage = Effect.map(seeded, (stored) => {
    const stage = { id: plugin, type: "Plugin", name: "Pre-label", next: ["Complete"], pluginId: "p1" }
    stored.project = { ...stored.project, stages: [...(stored.project.stages ?? []), stage] }
  })

  const warning = {
    level: "WARN",
    message: expect.stringContaining("its plugin does not run for tasks that are moved there"),
    annotations: { operation: "tasks.requeue" }
  }

  const operations = Effect.gen(function* () {
    const hub = yield* Emulator
    return (yield* hub.requests()).map(({ operation }) => operation)
  })

  it.effect("moves the tasks, which wait there, and logs a warning", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        yield* withPluginStage
        const { layer, lines } = captureLogs()
        const [first, second] = yield* inStage("Complete")
        const before = (yield* operations).length
        const filters = { taskIds: [first?.id ?? ""] }
        const result = yield* Effect.provide(tasks.requeue(projectId, { toStage: plugin, filters }), layer)
        expect(result).toMatchObject({ modified: 1 })
        expect((yield* operations).slice(before)).toEqual(["projects.get", "tasks.requeue"])
        expect(lines).toEqual([warning])
        yield* Effect.provide(
          Stream.runDrain(tasks.requeueMany(projectId, [second?.id ?? ""], { toStage: plugin })),
          layer
        )
        expect(lines).toEqual([warning, warning])
        const waiting = yield* inStage(plugin)
        expect(new Set(waiting.map(({ id }) => id))).toEqual(new Set([first?.id, second?.id]))
        expect(new Set(waiting.map(({ status }) => status))).toEqual(new Set(["TODO"]))
      })
    )
  )

  it.effect("logs nothing for another stage, and reads no project for a default one", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const { review } = yield* stages
        const { layer, lines } = captureLogs()
        const before = (yield* operations).length
        const filters = { fromStageIds: ["Complete"] }
        yield* Effect.provide(tasks.requeue(projectId, { toStage: review, filters }), layer)
        yield* Effect.provide(tasks.requeue(projectId, { toStage: "Label", filters }), layer)
        expect((yield* operations).slice(before)).toEqual(["projects.get", "tasks.requeue", "tasks.requeue"])
        expect(lines).toEqual([])
      })
    )
  )

  it.effect("moves the tasks when the project cannot be read", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        yield* withPluginStage
        const hub = yield* Emulator
        yield* hub.faults.on("projects.get", [Faults.fail(403)])
        const { layer, lines } = captureLogs()
        const moving = tasks.requeue(projectId, { toStage: plugin, all: true })
        expect(yield* Effect.provide(moving, layer)).toMatchObject({ modified: 60 })
        expect(lines).toEqual([])
      })
    )
  )
})
