// How far a list has been read, for those who wait.
import * as Duration from "effect/Duration"

/**
 * How far a list has been read.
 *
 * @since 0.1.0
 */
export interface Progress {
  /** How many distinct items have been read, those before a checkpoint included. */
  readonly received: number
  /** How many the list holds, as told last. */
  readonly total: number
  /** How many rows were left out, under the policy `skip`. */
  readonly skipped: number
  readonly page: number
  readonly elapsed: Duration.Duration
  /** Items per second, since this reading began. */
  readonly rate: number
  /** How long the rest takes at this rate; nothing as long as there is none. */
  readonly eta?: Duration.Duration
  /** What is left of the rate limit, and how many requests it allows per window; nothing without a limit. */
  readonly budget?: { readonly left: number; readonly limit: number; readonly window: Duration.Duration }
}

const number = new Intl.NumberFormat("en-US")

const time = (duration: Duration.Duration): string =>
  Duration.format(Duration.seconds(Math.max(1, Math.ceil(Duration.toSeconds(duration)))))

/**
 * Progress as one line: `1,200 of 2,500 (48 %), 310/s, 5s left, 88 of 100 requests left`.
 *
 * @since 0.1.0
 */
export const format = ({ budget, eta, rate, received, skipped, total }: Progress): string =>
  [
    `${number.format(received)} of ${number.format(total)}` +
      (total === 0 ? "" : ` (${Math.floor((100 * Math.min(received, total)) / total)} %)`),
    ...(skipped === 0 ? [] : [`${number.format(skipped)} skipped`]),
    ...(rate > 0 ? [`${number.format(Math.round(rate))}/s`] : []),
    ...(eta === undefined || received >= total ? [] : [`${time(eta)} left`]),
    ...(budget === undefined ? [] : [`${budget.left} of ${budget.limit} requests left`])
  ].join(", ")
