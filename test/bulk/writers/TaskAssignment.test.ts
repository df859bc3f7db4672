// Assigning tasks to a person, and unassigning them; invalid input is not sent.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { inStage, nothingSent, taskIn, withTasks } from "../../support/SeededTasks.js"

const { projectId } = AngoTest
const labeler = "priya.raman@example.com"

type Service = Tasks["Type"]

describe("assign", () => {
  it.effect("is visible on the tasks, and in the list of the assignee", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const [one, two, other] = (yield* inStage("Label")).map(({ id }) => id)
        yield* tasks.assign(projectId, { tasks: [one ?? "", two ?? ""], stage: "Label", user: labeler })
        expect((yield* tasks.get(one ?? "")).assignee).toBe(labeler)
        const mine = yield* tasks.collect(projectId, { assignee: labeler, limit: 100 })
        expect(mine.map(({ id }) => id)).toEqual(expect.arrayContaining([one, two]))
        yield* tasks.unassign(projectId, { tasks: [one ?? ""], stage: "Label" })
        expect((yield* tasks.get(one ?? "")).assignee).toBeNull()
        expect((yield* tasks.get(two ?? "")).assignee).toBe(labeler)
        expect((yield* tasks.get(other ?? "")).assignee).not.toBeNull()
      })
    )
  )

  it.effect("does not change tasks in another stage", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const done = yield* taskIn("Complete")
        yield* tasks.assign(projectId, { tasks: [done.id], stage: "Label", user: labeler })
        expect((yield* tasks.get(done.id)).assignee).toBeNull()
      })
    )
  )

  it.effect("fails on an unknown project, task, stage or person", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const { id } = yield* taskIn("Label")
        const attempt = (project: string, options: Parameters<Service["assign"]>[1]) =>
          Effect.flip(tasks.assign(project, options))
        const good = { tasks: [id], stage: "Label", user: labeler }
        expect(yield* attempt("x1", good)).toMatchObject({ _tag: "NotFound", status: 400 })
        expect(yield* attempt(projectId, { ...good, tasks: [id, "x1"] })).toMatchObject({ _tag: "NotFound" })
        expect(yield* attempt(projectId, { ...good, stage: "x1" })).toMatchObject({ _tag: "BadRequest" })
        expect(yield* attempt(projectId, { ...good, user: "nobody@example.com" })).toMatchObject({
          _tag: "BadRequest",
          vendorMessage: "Invalid user: nobody@example.com."
        })
        expect((yield* tasks.get(id)).assignee).not.toBe("nobody@example.com")
      })
    )
  )

  it.effect.each([
    [{ status: "fail", message: "No." }, "BadRequest"],
    [{ status: "error", message: "No." }, "BadRequest"],
    [{ error: { statusCode: 403 }, message: "No." }, "Forbidden"]
  ] as const)("a refusal under 200 is no success, though no answer is documented: %j", ([body, tag]) =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        yield* hub.faults.on("tasks.assign", [Faults.respond(200, JSON.stringify(body))])
        const error = yield* Effect.flip(
          tasks.assign(projectId, { tasks: ["t1"], stage: "Label", user: labeler })
        )
        expect(error).toMatchObject({ _tag: tag, vendorMessage: "No." })
      })
    )
  )

  it.effect.each([
    ["no task", { tasks: [] }, "tasks", "at least one task id"],
    ["an invalid task id", { tasks: ["a/b"] }, "tasks[0]", "an id of 1 to 128 letters"],
    ["a stage that is no id", { stage: ".." }, "stage", "an id of 1 to 128 letters"],
    ["a user that is no address", { user: "priya" }, "user", "an e-mail address"],
    ["a user that is empty, which would un-assign", { user: "" }, "user", "an e-mail address"],
    ["a user that is missing, which would un-assign", { user: undefined as never }, "user", "e-mail"]
  ] as const)("%s is refused before any request", ([, wrong, parameter, allowed]) =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          tasks.assign(projectId, { tasks: ["t1"], stage: "Label", user: labeler, ...wrong })
        )
        expect(error).toMatchObject({ _tag: "InvalidRequest", operation: "tasks.assign", parameter })
        expect(error.message).toContain(allowed)
        yield* nothingSent
      })
    )
  )
})
