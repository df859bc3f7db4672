/**
 * Faults of request bodies: what can go wrong while a file is uploaded.
 *
 * @since 0.1.0
 */

import type { Fault } from "./Fault.js"
import { invariant } from "./invariant.js"

const byteCount = (at: number): number => {
  invariant(
    Number.isInteger(at) && at >= 0,
    `A request body cannot stop after ${at} bytes. Use a whole number of 0 or more.`
  )
  return at
}

/**
 * Resets the connection after the first `at` bytes of the request body. The request is not processed.
 *
 * A body that is shorter, or empty, is read to its end before the reset.
 *
 * @example
 * ```ts
 * import { Emulator, Faults } from "effect-ango/emulator"
 * import { Effect } from "effect"
 *
 * // The first upload fails after 1 MiB, the second succeeds.
 * const interruptUpload = Effect.flatMap(Emulator, (hub) => hub.faults.on("files", Faults.cutUpload(1_048_576)))
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const cutUpload = (at: number): Fault => ({ _tag: "CutUpload", at: byteCount(at) })

/**
 * Reads the first `at` bytes of the request body, then neither reads on nor responds. The request is not processed.
 *
 * @category testing
 * @since 0.1.0
 */
export const stallUpload = (at: number): Fault => ({ _tag: "StallUpload", at: byteCount(at) })

/**
 * Reads the request body at most this fast, then responds as usual.
 *
 * On the hub this affects only uploads to its file storage (`files`); JSON bodies are read at full speed.
 *
 * @category testing
 * @since 0.1.0
 */
export const slowUpload = (bytesPerSecond: number): Fault => {
  invariant(
    Number.isFinite(bytesPerSecond) && bytesPerSecond > 0,
    `An upload cannot run at ${bytesPerSecond} bytes per second. Use a number above 0, or Faults.stallUpload.`
  )
  return { _tag: "SlowUpload", bytesPerSecond }
}
