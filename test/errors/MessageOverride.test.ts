// An error that is told more of keeps everything else that it holds.
import { expect, it } from "@effect/vitest"
import { AngoError } from "effect-ango"
import { overrideMessage } from "../../src/errors/messageOverride.js"

it("an error with another message keeps its class, its fields and its cause", () => {
  const cause = new Error("connect ECONNREFUSED")
  const error = new AngoError.ConnectionFailed({
    operation: "tasks.get",
    method: "GET",
    route: "/task/{taskId}",
    message: "no answer",
    phase: "request",
    cause
  })
  const told = overrideMessage(error, "no answer, and no retries left")
  expect(told).toBeInstanceOf(AngoError.ConnectionFailed)
  expect(told).toMatchObject({
    operation: "tasks.get",
    phase: "request",
    message: "no answer, and no retries left"
  })
  expect(told.cause).toBe(cause)
})
