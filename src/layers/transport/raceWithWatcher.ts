// An effect beside a watcher of it. The platform's races cost several times as much: they pass on what their fibers
// have set, which nobody here does.
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"

/** Runs an effect until it ends or its watcher fails, which then ends it. Nothing is left running. */
export const raceWithWatcher = <A, E, R, E2>(
  effect: Effect.Effect<A, E, R>,
  watcher: Effect.Effect<never, E2>
): Effect.Effect<A, E | E2, R> =>
  Effect.uninterruptibleMask((restore) =>
    // As exits: what fails in a fiber of its own would be logged by the runtime.
    Effect.flatMap(Effect.fork(Effect.exit(restore(effect))), (work) =>
      Effect.flatMap(Effect.fork(Effect.exit(Effect.interruptible(watcher))), (watch) => {
        const first = Effect.async<Exit.Exit<A, E | E2>>((resume) => {
          work.addObserver(resume)
          watch.addObserver(resume)
        })
        const end = Effect.suspend(() =>
          work.unsafePoll() === null
            ? Fiber.interruptAll([work, watch])
            : Effect.asVoid(Fiber.interruptFork(watch))
        )
        return Effect.flatMap(Effect.exit(restore(first)), (exit) =>
          Effect.zipRight(end, Effect.flatten(exit))
        )
      })
    )
  )
