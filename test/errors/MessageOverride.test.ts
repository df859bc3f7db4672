// Replacing the message of an error keeps everything else.
import { expect, it } from "@effect/vitest"
import { AngoError } from "effect-ango"
import { overrideMessage } from "../../src/errors/messageOverride.js"

it("an error with a replaced message keeps its class, its fields and its cause", () => {
  const cause = new Error("connect ECONNREFUSED")
  const error = new AngoError.ConnectionFailed({
    operation: "tasks.get",
    method: "GET",
    route: "/task/{taskId}",
    message: "no answer",
    phase: "request",
    cause
  })
  const changed = overrideMessage(error, "no answer, and no retries left")
  expect(changed).toBeInstanceOf(AngoError.ConnectionFailed)
  expect(changed).toMatchObject({
    operation: "tasks.get",
    phase: "request",
    message: "no answer, and no retries left"
  })
  expect(changed.cause).toBe(cause)
})
