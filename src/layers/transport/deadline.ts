/**
 * The deadline: how long one call may take in total, with attempts, waits, bodies and decoding. `timeLimits.ts` ends an
 * attempt that runs past it; `retry.ts` and `rateLimiter.ts` start no wait that would.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { label } from "../../api/operation.js"
import { DeadlineExceeded } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { CallState } from "./callState.js"
import { type Budget, formatBudget } from "./rateLimiter.js"

const describeProgress = ({ attempts, lastFailure }: CallState): string => {
  if (attempts === 0) {
    return "no request was sent, because the call was waiting for the key, the rate limit or the concurrency limit"
  }
  const failure = lastFailure === undefined ? "" : `, the last failure was ${lastFailure}`
  return attempts === 1 ? `one request was sent${failure}` : `${attempts} requests were sent${failure}`
}

/** Fails with the error for a call that did not end by its deadline. */
export const failDeadline = (
  call: CallState,
  budget: Effect.Effect<Budget | undefined>
): Effect.Effect<never, DeadlineExceeded> =>
  Effect.flatMap(
    budget,
    (remaining) =>
      new DeadlineExceeded({
        ...operationContext(
          call.operation,
          `${label(call.operation)} did not end within its deadline of ${Duration.format(call.deadline)}: ` +
            `${describeProgress(call)}. Give it more time (Ango.withDeadline).${formatBudget(remaining)}`
        ),
        deadline: call.deadline,
        attempts: call.attempts
      })
  )
