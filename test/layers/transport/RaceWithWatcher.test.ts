// An effect raced with a watcher: whichever ends first, no fiber is left running.
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import { raceWithWatcher } from "../../../src/layers/transport/raceWithWatcher.js"

const late = Effect.zipRight(Effect.sleep("10 seconds"), Effect.fail("late"))

/** An effect that never ends, and records its interruption. */
const endless = (ended: Array<string>, name: string) =>
  Effect.onInterrupt(Effect.never, () => Effect.sync(() => void ended.push(name)))

describe("raceWithWatcher", () => {
  it.effect("returns the result of the effect, and interrupts the watcher", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      expect(yield* raceWithWatcher(Effect.as(Effect.yieldNow(), 1), endless(ended, "watcher"))).toBe(1)
      yield* TestClock.adjust("1 millis")
      expect(ended).toEqual(["watcher"])
    })
  )

  it.effect("fails with the failure and the defect of the effect", () =>
    Effect.gen(function* () {
      expect(yield* Effect.exit(raceWithWatcher(Effect.fail("bad"), late))).toEqual(Exit.fail("bad"))
      expect(yield* Effect.exit(raceWithWatcher(Effect.die("worse"), late))).toEqual(Exit.die("worse"))
    })
  )

  it.effect("fails with the failure of the watcher, after interrupting the effect", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const slow = Effect.onInterrupt(Effect.never, () =>
        Effect.zipRight(
          Effect.sleep("5 seconds"),
          Effect.sync(() => void ended.push("effect"))
        )
      )
      const fiber = yield* Effect.fork(Effect.flip(raceWithWatcher(slow, late)))
      yield* TestClock.adjust("10 seconds")
      expect(yield* Fiber.poll(fiber)).toEqual(Option.none())
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(fiber)).toBe("late")
      expect(ended).toEqual(["effect"])
    })
  )

  it.effect("interrupts both when it is interrupted", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const fiber = yield* Effect.fork(raceWithWatcher(endless(ended, "effect"), endless(ended, "watcher")))
      yield* Effect.yieldNow()
      const exit = yield* Fiber.interrupt(fiber)
      expect(Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause)).toBe(true)
      expect(ended.toSorted()).toEqual(["effect", "watcher"])
    })
  )
})
