// Conditions by values that no document names: asked for, and said.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { Issues, type TaskFilter, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

const logging = <A, E, R>(program: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const told: Array<string> = []
    const logger = Logger.make(({ message }) => void told.push(String(message)))
    return Effect.as(Effect.provide(program, Logger.replace(Logger.defaultLogger, logger)), told)
  })

const asked = (filter: TaskFilter) => Effect.flatMap(Tasks, (tasks) => tasks.page(projectId, filter))

describe("a condition by a value that no document names", () => {
  it.effect.each([
    [
      { status: "Complete" },
      ['A value of status is unknown to this version, and is sent unchanged. Did you mean "Completed"?']
    ],
    [{ status: ["TODO", "completed"] }, ['Did you mean "Completed"?']],
    [
      { reviewStatus: "Acepted" },
      ['A value of reviewStatus is unknown to this version, and is sent unchanged. Did you mean "Accepted"']
    ],
    [{ taskType: "gold" }, ["Known values are default, consensus, benchmark."]],
    [{ status: "TODO", taskType: ["benchmark", "default"], reviewStatus: "Fixed" }, []]
  ] as const)("is warned of: %j", ([filter, warnings]) =>
    Effect.gen(function* () {
      const told = yield* logging(asked(filter))
      expect(told).toEqual(warnings.map((warning) => expect.stringContaining(warning)))
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )

  it.effect("is asked for as it is, and not quoted", () =>
    Effect.gen(function* () {
      const { requests } = yield* Emulator
      const told = yield* logging(
        Effect.zipRight(
          asked({ status: "amara@example.com" }),
          Effect.flatMap(Issues, (issues) => issues.page({ status: "Opened" }))
        )
      )
      expect(told).toHaveLength(2)
      expect(told.join()).not.toContain("amara")
      expect(told[1]).toContain('Did you mean "Open"?')
      expect((yield* requests("tasks.list"))[0]?.url).toContain("amara")
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )
})
