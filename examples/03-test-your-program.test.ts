// Your program, and a test of it without network or key.
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Stream, TestClock } from "effect"
import { Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

/** The program under test: who has how many tasks to do. */
const workload = (projectId: string) =>
  Effect.flatMap(Tasks, (tasks) =>
    tasks.stream(projectId, { status: "TODO" }).pipe(
      Stream.runFold({} as Record<string, number>, (counts, { assignee }) => {
        const who = assignee ?? "nobody"
        return { ...counts, [who]: (counts[who] ?? 0) + 1 }
      })
    )
  )

describe("workload", () => {
  it.effect("counts the open tasks of each assignee", () =>
    Effect.gen(function* () {
      const counts = yield* workload(AngoTest.projectId)
      expect(counts["amara.okafor@example.com"]).toBeGreaterThan(0)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 100 })))
  )

  it.effect("waits until Retry-After has passed", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("tasks.list", [Faults.tooManyRequests({ retryAfter: "30 seconds" })])
      const fiber = yield* Effect.fork(workload(AngoTest.projectId))
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.join(fiber)
      expect(yield* hub.requests("tasks.list")).toHaveLength(2)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 10 })))
  )
})
