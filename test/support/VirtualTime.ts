// A clock for many programs at once, which jumps from one awaited instant to the next. `TestClock` wakes one sleeper at a
// time and checks every fiber in between, which takes minutes for a thousand programs.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

interface Sleep {
  readonly at: number
  readonly wake: () => void
}

// Turns of the event loop between two instants: the responses of the embedded hub take a few, as they pass streams and
// promises.
const turns = 10

const waitForTurns = Effect.async<void>((resume) => {
  const turn = (left: number): void =>
    void setImmediate(() => (left === 0 ? resume(Effect.void) : turn(left - 1)))
  turn(turns)
})

/** Runs an effect on a clock of its own, whose waits take no real time. */
export const withoutWaiting = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  let now = 0
  const sleeps = new Set<Sleep>()

  const sleep = (duration: Duration.Duration): Effect.Effect<void> =>
    Effect.async((resume) => {
      const one = { at: now + Duration.toMillis(duration), wake: () => resume(Effect.void) }
      sleeps.add(one)
      return Effect.sync(() => void sleeps.delete(one))
    })

  const clock: Clock.Clock = {
    ...Clock.make(),
    unsafeCurrentTimeMillis: () => now,
    unsafeCurrentTimeNanos: () => BigInt(Math.floor(now * 1e6)),
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanos: Effect.sync(() => BigInt(Math.floor(now * 1e6))),
    sleep
  }

  const jump = Effect.sync(() => {
    now = Math.min(...Array.from(sleeps, ({ at }) => at))
    for (const one of sleeps) {
      if (one.at > now) continue
      sleeps.delete(one)
      one.wake()
    }
  })

  return Effect.gen(function* () {
    const fiber = yield* Effect.fork(Effect.withClock(effect, clock))
    while ((yield* Fiber.poll(fiber))._tag === "None") {
      yield* waitForTurns
      if (sleeps.size > 0) yield* jump
    }
    return yield* Fiber.join(fiber)
  })
}
