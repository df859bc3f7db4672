// Selections of tasks to change: an accidental selection of every task is refused.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest } from "effect-ango/emulator"
import { nothingSent, withTasks } from "../support/SeededTasks.js"

const { projectId } = AngoTest

describe("a selection", () => {
  it.effect.each([
    ["nothing", {}, "filters"],
    ["no filters", { filters: {} }, "filters"],
    ["an empty list", { filters: { taskIds: [] } }, "filters.taskIds"],
    ["only empty lists", { filters: { batches: [], taskIds: [] } }, "filters.batches"],
    ["an empty list next to a condition", { filters: { taskIds: ["t1"], batches: [] } }, "filters.batches"],
    ["an empty list next to all", { all: true, filters: { taskIds: [] } }, "filters.taskIds"],
    ["an undefined list", { filters: { taskIds: undefined } }, "filters"],
    ["all: false", { all: false }, "filters"],
    ["all next to a condition", { all: true, filters: { taskIds: ["t1"] } }, "all"],
    ["a condition that does not exist", { filters: { taskId: ["t1"] } as object }, "filters.taskId"],
    ["filters of null", { filters: null as never }, "filters"],
    ["a list of null", { filters: { taskIds: null as never } }, "filters.taskIds"],
    ["a text instead of a list", { filters: { externalIds: "a" as never } }, "filters.externalIds"],
    ["an invalid id", { filters: { taskIds: ["t1", "a b"] } }, "filters.taskIds[1]"],
    [
      "an invalid id next to a known batch",
      { filters: { taskIds: ["a b"], batches: ["June, morning"] } },
      "filters.taskIds[0]"
    ]
  ] as const)("is refused before any request: %s", ([title, options, parameter]) =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const requeue = yield* Effect.flip(tasks.requeue(projectId, { toStage: "Label", ...options }))
        const priority = yield* Effect.flip(tasks.updatePriority(projectId, { priority: 1, ...options }))
        expect(requeue).toMatchObject({ _tag: "InvalidRequest", operation: "tasks.requeue", parameter })
        expect(priority).toMatchObject({
          _tag: "InvalidRequest",
          operation: "tasks.updatePriority",
          parameter
        })
        if (parameter.startsWith("filters"))
          expect(requeue.message).toMatch(/all: true|there are|an id of|a list of values/)
        if (title === "an empty list") expect(requeue.message).toContain("It is an empty list")
        yield* nothingSent
      })
    )
  )
})
