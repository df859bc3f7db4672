/**
 * One export of a project at a time, from its request until its download has ended: the hub keeps one export file per
 * project (docs/api-notes.md#concurrent-exports).
 *
 * The lock holds for all clients of the process that use the same hub. Clients with a shared store of the rate limit
 * (`RateLimiterStore`) hold it between processes too.
 *
 * @since 0.1.0
 */
import type * as RateLimiter from "@effect/experimental/RateLimiter"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { ExportsApi } from "../../api/exports.js"
import { StoreUnavailable } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { digest } from "../../utils/digest.js"
import { holdKeyedLock } from "../../utils/keyLock.js"
import { scrubCause } from "../../utils/scrub.js"
import { holdStoreLock, type LockLost } from "../transport/storeLock.js"

/**
 * Runs one export of a project at a time. The second one waits for the first, without a limit of time; the wait can be
 * interrupted. Failure, interruption and an end before the last row free the project.
 *
 * @category models
 * @since 0.1.0
 */
export interface ExportLock {
  /** The project is locked from the start of the effect to its end. */
  readonly effect: (
    projectId: string
  ) => <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StoreUnavailable, R>
  /** The project is locked from the first pull of the stream to its end. */
  readonly stream: (
    projectId: string
  ) => <A, E, R>(stream: Stream.Stream<A, E, R>) => Stream.Stream<A, E | StoreUnavailable, R>
}

const operation = ExportsApi.operations.request

const unavailable = (problem: string, cause: unknown): StoreUnavailable =>
  new StoreUnavailable({
    store: "export-lock",
    reason: "unreachable",
    ...operationContext(operation, problem),
    ...(cause === undefined ? {} : { cause: scrubCause(cause, []) })
  })

const unreachable = (error: RateLimiter.RateLimiterError): StoreUnavailable =>
  unavailable(
    "The export was not requested: the store that holds the lock of its project does not respond. Check the store.",
    "cause" in error && error.cause !== undefined ? error.cause : error
  )

const lockLost = ({ cause }: LockLost): StoreUnavailable =>
  unavailable(
    "The export was stopped: the lock of its project in the shared store was lost, so that another process may have " +
      "replaced the export file. Check the store, and export again.",
    cause
  )

const notice = Effect.logWarning(
  "waiting for another export of the same project to end: the hub keeps one export file per project. A program that " +
    "reads one export inside another of the same project waits for itself: read one after the other"
).pipe(Effect.annotateLogs({ operation: operation.name }), Effect.delay("1 minute"))

/** Makes the lock of a client, which holds between processes by the store that they share. */
export const make = (
  baseUrl: string,
  shared: Option.Option<RateLimiter.RateLimiterStore["Type"]>
): ExportLock => {
  // Fails when the lock is lost; `None` when it cannot be lost.
  const hold = (
    projectId: string
  ): Effect.Effect<Option.Option<Effect.Effect<never, StoreUnavailable>>, StoreUnavailable, Scope.Scope> =>
    Effect.gen(function* () {
      yield* holdKeyedLock(`export ${baseUrl} ${projectId}`)
      if (Option.isNone(shared)) return Option.none()
      const name = yield* digest(Redacted.make(`${baseUrl} ${projectId}`))
      const lost = yield* Effect.mapError(holdStoreLock(shared.value, `${name}:export`), unreachable)
      return Option.some(Effect.mapError(lost, lockLost))
    })

  const lock = (projectId: string) =>
    Effect.acquireUseRelease(
      Effect.fork(Effect.interruptible(notice)),
      () => hold(projectId),
      Fiber.interrupt
    )

  return {
    effect: (projectId) => (effect) =>
      Effect.scoped(
        Effect.flatMap(lock(projectId), (lost) =>
          Option.isNone(lost) ? effect : Effect.raceFirst(effect, lost.value)
        )
      ),
    stream: (projectId) => (stream) =>
      Stream.unwrapScoped(
        Effect.map(lock(projectId), (lost) =>
          Option.isNone(lost) ? stream : Stream.interruptWhen(stream, lost.value)
        )
      )
  }
}
