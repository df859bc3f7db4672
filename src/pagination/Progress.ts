/**
 * Progress of a list that is being read, for a display.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import { formatThousands } from "../utils/thousands.js"

/**
 * Progress after a page; see `onProgress` of the list options.
 *
 * @category models
 * @since 0.1.0
 */
export interface Progress {
  /** Distinct items read so far, including those before the checkpoint from which the list was resumed. */
  readonly received: number
  /** Length of the list, from the latest response. */
  readonly total: number
  /** Rows skipped under the policy `skip`. */
  readonly skipped: number
  /** Number of the page, from 1. */
  readonly page: number
  readonly elapsed: Duration.Duration
  /** Items per second in this run. */
  readonly rate: number
  /** Estimated time for the remaining items; absent until there is a rate. */
  readonly eta?: Duration.Duration
  /** Remaining requests of the rate limit, and how many it allows per window; absent without a rate limit. */
  readonly budget?: { readonly left: number; readonly limit: number; readonly window: Duration.Duration }
}

const time = (duration: Duration.Duration): string =>
  Duration.format(Duration.seconds(Math.max(1, Math.ceil(Duration.toSeconds(duration)))))

/**
 * Formats progress as one line: `1,200 of 2,500 (48 %), 310/s, 5s left, 88 of 100 requests left`.
 *
 * @category utilities
 * @since 0.1.0
 */
export const format = ({ budget, eta, rate, received, skipped, total }: Progress): string =>
  [
    `${formatThousands(received)} of ${formatThousands(total)}` +
      (total === 0 ? "" : ` (${Math.floor((100 * Math.min(received, total)) / total)} %)`),
    ...(skipped === 0 ? [] : [`${formatThousands(skipped)} skipped`]),
    ...(rate > 0 ? [`${formatThousands(Math.round(rate))}/s`] : []),
    ...(eta === undefined || received >= total ? [] : [`${time(eta)} left`]),
    ...(budget === undefined ? [] : [`${budget.left} of ${budget.limit} requests left`])
  ].join(", ")
