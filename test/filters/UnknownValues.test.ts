// Conditions with undocumented values: sent unchanged, and logged as a warning.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { Issues, type TaskFilter, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

const logging = <A, E, R>(program: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const messages: Array<string> = []
    const logger = Logger.make(({ message }) => void messages.push(String(message)))
    return Effect.as(Effect.provide(program, Logger.replace(Logger.defaultLogger, logger)), messages)
  })

const readPage = (filter: TaskFilter) => Effect.flatMap(Tasks, (tasks) => tasks.page(projectId, filter))

describe("a condition with an undocumented value", () => {
  it.effect.each([
    [
      { status: "Complete" },
      [
        'The value "Complete" of status is unknown to this version, and is sent unchanged. Did you mean "Completed"?'
      ]
    ],
    [{ status: ["TODO", "completed"] }, ['Did you mean "Completed"?']],
    [
      { reviewStatus: "Acepted" },
      [
        'The value "Acepted" of reviewStatus is unknown to this version, and is sent unchanged. Did you mean "Accepted"'
      ]
    ],
    [{ taskType: "gold" }, ["Known values are default, consensus, benchmark."]],
    [{ status: "TODO", taskType: ["benchmark", "default"], reviewStatus: "Fixed" }, []]
  ] as const)("is logged as a warning: %j", ([filter, warnings]) =>
    Effect.gen(function* () {
      const messages = yield* logging(readPage(filter))
      expect(messages).toEqual(warnings.map((warning) => expect.stringContaining(warning)))
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )

  it.effect("is sent unchanged, and not quoted in the log", () =>
    Effect.gen(function* () {
      const { requests } = yield* Emulator
      const messages = yield* logging(
        Effect.zipRight(
          readPage({ status: "amara@example.com" }),
          Effect.flatMap(Issues, (issues) => issues.page({ status: "Opened" }))
        )
      )
      expect(messages).toHaveLength(2)
      expect(messages.join()).not.toContain("amara")
      expect(messages[1]).toContain('Did you mean "Open"?')
      expect((yield* requests("tasks.list"))[0]?.url).toContain("amara")
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )
})
