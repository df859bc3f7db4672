// An effect raced with a watcher. Effect's own races cost several times as much: they merge the fiber refs of the
// winner into the parent, and no attempt sets any.
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"

/** Runs an effect until it ends, or until its watcher fails and interrupts it. No fiber is left running. */
export const raceWithWatcher = <A, E, R, E2>(
  effect: Effect.Effect<A, E, R>,
  watcher: Effect.Effect<never, E2>
): Effect.Effect<A, E | E2, R> =>
  Effect.uninterruptibleMask((restore) =>
    // As exits: the runtime logs the failure of a forked fiber.
    Effect.flatMap(Effect.fork(Effect.exit(restore(effect))), (work) =>
      Effect.flatMap(Effect.fork(Effect.exit(Effect.interruptible(watcher))), (watch) => {
        const first = Effect.async<Exit.Exit<A, E | E2>>((resume) => {
          work.addObserver(resume)
          watch.addObserver(resume)
        })
        const stop = Effect.suspend(() =>
          work.unsafePoll() === null
            ? Fiber.interruptAll([work, watch])
            : Effect.asVoid(Fiber.interruptFork(watch))
        )
        return Effect.flatMap(Effect.exit(restore(first)), (exit) =>
          Effect.zipRight(stop, Effect.flatten(exit))
        )
      })
    )
  )
