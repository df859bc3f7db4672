// What compiled decoding is made of.
import type { DriftFinding } from "./drift.js"

/** What a {@link Decode} gives for a value that does not fit. No JSON holds a symbol. */
export const decodeFailure: unique symbol = Symbol("refused")

/**
 * Checks a value and gives it as our types have it: the very same one where nothing changes, or {@link decodeFailure}. What
 * is new to us in it is added to `findings`.
 */
export type Decode = (value: unknown, findings: Array<DriftFinding>) => unknown
