// Filtered lists: updates add rows in the middle and remove others, while the total may stay.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

describe("a filtered list of tasks", () => {
  it.effect("misses no task when one before the cursor leaves and one after it enters", () =>
    Effect.gen(function* () {
      const [tasks, hub] = yield* Effect.all([Tasks, Emulator])
      const stored = hub.state.projects.get(projectId)?.tasks ?? []
      stored.forEach((task, index) => {
        stored[index] = { ...task, status: index === 35 ? "TODO" : "Completed" }
      })
      const set = (index: number, status: "Completed" | "TODO") => {
        const task = stored[index]
        if (task !== undefined) stored[index] = { ...task, status, updatedAt: "2040-01-01T00:00:00.000Z" }
      }
      const returned: Array<string> = []
      yield* tasks.pages(projectId, { status: "Completed", prefetch: 1 }).pipe(
        Stream.runForEach(({ items, page }) =>
          Effect.sync(() => {
            returned.push(...items.map(({ id }) => id))
            if (page !== 1) return
            set(0, "TODO")
            set(35, "Completed")
          })
        )
      )
      const throughout = stored.filter((_, index) => index !== 0 && index !== 35).map((task) => task._id)
      expect(throughout.filter((id) => !returned.some((one) => one === id))).toEqual([])
      expect(new Set(returned).size).toBe(returned.length)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 40, pageSize: 10 })))
  )

  it.effect("requests the times of tasks in addition to the given fields", () =>
    Effect.gen(function* () {
      const [tasks, hub] = yield* Effect.all([Tasks, Emulator])
      yield* Stream.runDrain(tasks.stream(projectId, { fields: ["status"] }))
      const [request] = yield* hub.requests("tasks.list")
      const fields = new URL(request?.url ?? "", "https://hub.example").searchParams.get("fields")
      expect(fields?.split(",").toSorted()).toEqual([
        "_id",
        "asset",
        "createdAt",
        "project",
        "status",
        "updatedAt"
      ])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20, pageSize: 10 })))
  )
})
