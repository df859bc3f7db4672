// When a bulk write stops: on a failure that affects every row, or after too many failures in a row.
import { isTransientReadFailure } from "./failureClass.js"

/** Failures are counted for requests with several rows, and for the preparation of single rows. */
export type Step = "request" | "preparation"

/** Stops one bulk write. Shared by its chunks; the first reason counts. */
export interface StopSignal<E> {
  /** Why no more rows are sent. */
  readonly reason: () => E | undefined
  readonly stop: (reason: E) => void
  /** Starts both counts of a step again. */
  readonly recordSuccess: (step?: Step) => void
  /** Stops after {@link maxConsecutiveFailures}. */
  readonly recordTransientFailure: (error: E, step?: Step) => void
  /** Stops after {@link maxConsecutiveRejections} of single rows. */
  readonly recordRejection: (error: E, step?: Step) => void
  /** Records the failure of a read for many rows; a permanent one stops the write. */
  readonly recordReadFailure: (error: E) => void
}

const maxConsecutiveFailures = 5
const maxConsecutiveRejections = 50

/** The stop signal of a write that has not sent anything yet. */
export const makeStopSignal = <E extends { readonly _tag: string }>(): StopSignal<E> => {
  let reason: E | undefined
  const counts = {
    request: { failures: 0, rejections: 0 },
    preparation: { failures: 0, rejections: 0 }
  }

  const stop = (error: E): void => {
    reason ??= error
  }

  const recordTransientFailure: StopSignal<E>["recordTransientFailure"] = (error, step = "request") => {
    // A guard that the caller configured is not a fault of the hub.
    if (error._tag === "WriteBlocked") return
    counts[step].failures++
    if (counts[step].failures >= maxConsecutiveFailures) stop(error)
  }

  return {
    reason: () => reason,
    stop,
    recordSuccess: (step = "request") => {
      counts[step] = { failures: 0, rejections: 0 }
    },
    recordTransientFailure,
    recordRejection: (error, step = "request") => {
      counts[step].rejections++
      if (counts[step].rejections >= maxConsecutiveRejections) stop(error)
    },
    recordReadFailure: (error) => {
      if (isTransientReadFailure(error)) recordTransientFailure(error)
      else stop(error)
    }
  }
}
