// Priorities of tasks.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest } from "effect-ango/emulator"
import { inStage, nothingSent, withTasks } from "../support/SeededTasks.js"

const { projectId } = AngoTest

describe("updatePriority", () => {
  it.effect("orders the queue", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const [one, two] = (yield* inStage("Label")).map(({ id }) => id)
        const set = (priority: number, taskId = "") =>
          tasks.updatePriority(projectId, { priority, filters: { taskIds: [taskId] } })
        expect(yield* set(1000, one)).toEqual({ modified: 1 })
        yield* set(-1000, two)
        expect((yield* tasks.get(one ?? "")).priority).toBe(1000)
        const queue = yield* tasks.page(projectId, { sort: "-priority", limit: 60 })
        expect(queue.items[0]?.id).toBe(one)
        expect(queue.items.at(-1)?.id).toBe(two)
      })
    )
  )

  it.effect("changes every task with all: true, and fails for an unknown project", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        expect(yield* tasks.updatePriority(projectId, { priority: 7, all: true })).toEqual({ modified: 60 })
        const all = yield* tasks.collect(projectId, { limit: 100 })
        expect(all.every((task) => task.priority === 7)).toBe(true)
        expect(yield* Effect.flip(tasks.updatePriority("x1", { priority: 7, all: true }))).toMatchObject({
          _tag: "NotFound"
        })
      })
    )
  )

  it.effect.each([1001, -1001, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "priority-range: %d is refused before any request",
    (priority) =>
      withTasks((tasks) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(tasks.updatePriority(projectId, { priority, all: true }))
          expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "priority" })
          expect(error.message).toContain("Expected an integer from -1000 to 1000")
          yield* nothingSent
        })
      )
  )
})
