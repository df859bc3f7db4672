// Reviews of tasks, and the stages they lead to.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { nothingSent, stages, taskIn, visitsOf, withTasks } from "../support/SeededTasks.js"

describe("review", () => {
  it.effect("is stored in the task", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const { id, stage } = yield* taskIn("Label")
        yield* tasks.review(id, { status: "Fixed" })
        expect(yield* tasks.get(id)).toMatchObject({ stage, review: { status: "Fixed" } })
      })
    )
  )

  it.effect.each([
    ["Accepted", "Complete", "Completed"],
    ["Rejected", "rework", "TODO"]
  ] as const)("%s moves a task in review to the next stage of that branch", ([status, to, then]) =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const { review, rework } = yield* stages
        const { id } = yield* taskIn(review)
        yield* tasks.review(id, { status })
        expect(yield* tasks.get(id)).toMatchObject({
          review: { status },
          stage: to === "rework" ? rework : to,
          status: then,
          assignee: null
        })
        expect((yield* tasks.history(id)).at(-1)).toMatchObject({ stage: review })
        expect((yield* visitsOf(id))?.at(-1)).toMatchObject({ stageId: review, reviewStatus: status })
      })
    )
  )

  it.effect("fails for an unknown task, and refuses other statuses before any request", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(tasks.review("t1", { status: "accepted" as "Accepted" }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "reviewStatus" })
        expect(error.message).toContain("Todo, Accepted, Rejected, Fixed")
        yield* nothingSent
        expect(yield* Effect.flip(tasks.review("x1", { status: "Accepted" }))).toMatchObject({
          _tag: "NotFound",
          status: 404
        })
      })
    )
  )
})
