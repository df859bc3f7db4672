// The deadline covers a whole call: connecting, waits, body and decoding.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Ango, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const page = Effect.flatMap(Tasks, (tasks) => tasks.page(AngoTest.projectId))
const broken = (script: ReadonlyArray<Faults.Fault>) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on("tasks.list", script))

const hub = AngoTest.layer({ tasks: 20, deadline: "20 seconds" })

describe("the deadline", () => {
  it.effect.each([
    ["no response comes", Faults.hang],
    [
      "the body stops in the middle (a timeout around `execute` would end at the headers)",
      Faults.stallBody(100)
    ]
  ] as const)("ends a call when %s", ([, fault]) =>
    Effect.gen(function* () {
      yield* broken([fault])
      const fiber = yield* Effect.fork(Effect.flip(page))
      yield* TestClock.adjust("19999 millis")
      expect(yield* Fiber.poll(fiber)).toMatchObject({ _tag: "None" })
      yield* TestClock.adjust("1 millis")
      const error = yield* Fiber.join(fiber)
      expect(error).toMatchObject({
        _tag: "DeadlineExceeded",
        operation: "tasks.list",
        deadline: Duration.seconds(20),
        attempts: 1
      })
      expect(error.message).toContain("Ango.withDeadline")
    }).pipe(Effect.provide(hub))
  )

  it.effect("covers attempts and waits", () =>
    Effect.gen(function* () {
      yield* broken([Faults.fail(503), Faults.hang])
      const fiber = yield* Effect.fork(Effect.flip(page))
      yield* TestClock.adjust("20 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "DeadlineExceeded", attempts: 2 })
    }).pipe(Effect.provide(hub))
  )

  it.effect("for one effect reaches services that were built before", () =>
    Effect.gen(function* () {
      yield* broken([Faults.hang, Faults.hang])
      const fiber = yield* Effect.fork(Effect.flip(Ango.withDeadline(page, "2 seconds")))
      yield* TestClock.adjust("2 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({
        _tag: "DeadlineExceeded",
        deadline: Duration.seconds(2)
      })
    }).pipe(Effect.provide(hub))
  )
})
