// Attempts within their time limits: whichever ends first, no fiber is left running.
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import { operations } from "../../../src/api/operations.js"
import * as CallState from "../../../src/layers/transport/callState.js"
import { recordActivity } from "../../../src/layers/transport/idleTimeout.js"
import * as TimeLimits from "../../../src/layers/transport/timeLimits.js"

const noBudget = Effect.succeed(undefined)

/** A call that starts now, with a deadline of 10 s unless another is given. */
const started = (deadline: Duration.DurationInput = "10 seconds") =>
  Effect.clockWith((clock) =>
    Effect.succeed(
      CallState.make(
        operations["tasks.get"],
        { deadline: Duration.decode(deadline), idleTimeout: Duration.seconds(30) },
        clock.unsafeCurrentTimeMillis()
      )
    )
  )

const run = <A, E>(attempt: Effect.Effect<A, E>, deadline?: Duration.DurationInput) =>
  Effect.map(started(deadline), (call) => TimeLimits.make().run(call, noBudget, attempt)).pipe(Effect.flatten)

/** An effect that never ends, and records its interruption. */
const endless = (ended: Array<string>, name = "attempt") =>
  Effect.onInterrupt(Effect.never, () => Effect.sync(() => void ended.push(name)))

/** How many sleeps are pending. */
const sleeps = Effect.map(TestClock.sleeps(), (all) => Array.from(all).length)

describe("an attempt", () => {
  it.effect("returns its result", () =>
    Effect.gen(function* () {
      expect(yield* run(Effect.as(Effect.yieldNow(), 1))).toBe(1)
      expect(yield* run(Effect.succeed(2))).toBe(2)
      const fiber = yield* Effect.fork(run(Effect.delay(Effect.succeed(3), "1 seconds")))
      yield* TestClock.adjust("1 seconds")
      expect(yield* Fiber.join(fiber)).toBe(3)
    })
  )

  it.effect("leaves no timer, and the last of several ends theirs", () =>
    Effect.gen(function* () {
      let timers = 0
      const clock: Clock.Clock = {
        ...Clock.make(),
        unsafeCurrentTimeMillis: () => 0,
        sleep: () =>
          Effect.suspend(() => {
            timers++
            return Effect.onInterrupt(Effect.never, () => Effect.sync(() => void timers--))
          })
      }
      const limits = TimeLimits.make()
      const ends = yield* Effect.forEach([1, 2], () => Deferred.make<void>())
      yield* Effect.gen(function* () {
        const fibers = yield* Effect.forEach(ends, (end) =>
          Effect.flatMap(started(), (call) => Effect.fork(limits.run(call, noBudget, Deferred.await(end))))
        )
        for (const [left, fiber] of [
          [1, fibers[0]],
          [0, fibers[1]]
        ] as const) {
          yield* Effect.yieldNow()
          expect(timers).toBe(1)
          const end = ends[1 - left]
          if (end !== undefined) yield* Deferred.succeed(end, undefined)
          yield* fiber?.await ?? Effect.void
          yield* Effect.yieldNow()
          expect(timers).toBe(left)
        }
      }).pipe(Effect.withClock(clock))
    })
  )

  it.effect("fails with its failure and its defect", () =>
    Effect.gen(function* () {
      expect(yield* Effect.exit(run(Effect.fail("bad")))).toEqual(Exit.fail("bad"))
      expect(yield* Effect.exit(run(Effect.die("worse")))).toEqual(Exit.die("worse"))
    })
  )

  it.effect("is interrupted at the deadline, and the failure comes after that", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const slow = Effect.onInterrupt(Effect.never, () =>
        Effect.zipRight(
          Effect.sleep("5 seconds"),
          Effect.sync(() => void ended.push("attempt"))
        )
      )
      const fiber = yield* Effect.fork(Effect.flip(run(slow)))
      yield* TestClock.adjust("10 seconds")
      expect(yield* Fiber.poll(fiber)).toEqual(Option.none())
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "DeadlineExceeded" })
      expect(ended).toEqual(["attempt"])
    })
  )

  it.effect("is interrupted with its caller", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const fiber = yield* Effect.fork(run(endless(ended)))
      yield* Effect.yieldNow()
      const exit = yield* Fiber.interrupt(fiber)
      expect(Exit.isFailure(exit) && Cause.isInterruptedOnly(exit.cause)).toBe(true)
      expect(ended).toEqual(["attempt"])
    })
  )

  it.effect("runs in an interrupted caller, as in a finalizer", () =>
    Effect.gen(function* () {
      const results: Array<number> = []
      const finalizer = Effect.map(run(Effect.as(Effect.yieldNow(), 1)), (one) => results.push(one))
      const fiber = yield* Effect.fork(Effect.onInterrupt(Effect.never, () => Effect.orDie(finalizer)))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(fiber)
      expect(results).toEqual([1])
    })
  )

  it.effect("sees the state of its caller, and does not change it", () =>
    Effect.gen(function* () {
      const ref = FiberRef.unsafeMake("outside")
      yield* FiberRef.set(ref, "caller")
      const seen = yield* run(Effect.zipLeft(FiberRef.get(ref), FiberRef.set(ref, "attempt")))
      expect([seen, yield* FiberRef.get(ref)]).toEqual(["caller", "caller"])
    })
  )
})

describe("attempts in flight at once", () => {
  it.effect("have one timer, and each ends at its own limit", () =>
    Effect.gen(function* () {
      const limits = TimeLimits.make()
      const fibers = yield* Effect.forEach([3, 7, 9, 3], (seconds) =>
        Effect.flatMap(started(`${seconds} seconds`), (call) =>
          Effect.fork(Effect.flip(limits.run(call, noBudget, Effect.never)))
        )
      )
      yield* Effect.yieldNow()
      const over = Effect.map(Effect.forEach(fibers, Fiber.poll), (polled) => polled.map(Option.isSome))
      yield* TestClock.adjust("2999 millis")
      expect(yield* over).toEqual([false, false, false, false])
      expect(yield* sleeps).toBe(1)
      yield* TestClock.adjust("1 millis")
      yield* Effect.forEach([fibers[0], fibers[3]], (fiber) => fiber?.await ?? Effect.void)
      expect(yield* over).toEqual([true, false, false, true])
      yield* TestClock.adjust("4 seconds")
      yield* fibers[1]?.await ?? Effect.void
      expect(yield* over).toEqual([true, true, false, true])
      yield* TestClock.adjust("2 seconds")
      yield* fibers[2]?.await ?? Effect.void
    })
  )

  it.effect("are ended for silence, counted from the latest activity of each", () =>
    Effect.gen(function* () {
      const limits = TimeLimits.make()
      const silent = yield* started("1 hours")
      const active = yield* started("1 hours")
      const clock = yield* Effect.clock
      const attempt = (call: CallState.CallState) =>
        Effect.zipRight(
          Effect.sync(() => recordActivity(call, clock, "request")),
          Effect.never
        )
      const first = yield* Effect.fork(Effect.flip(limits.run(silent, noBudget, attempt(silent))))
      const second = yield* Effect.fork(Effect.flip(limits.run(active, noBudget, attempt(active))))
      yield* TestClock.adjust("20 seconds")
      recordActivity(active, clock, "body")
      yield* TestClock.adjust("10 seconds")
      expect(yield* Fiber.join(first)).toMatchObject({ _tag: "ConnectionFailed", phase: "request" })
      yield* TestClock.adjust("19999 millis")
      expect(yield* Fiber.poll(second)).toEqual(Option.none())
      yield* TestClock.adjust("1 millis")
      expect(yield* Fiber.join(second)).toMatchObject({ _tag: "ConnectionFailed", phase: "body" })
    })
  )
})
