// The functions that a schema is compiled to.
import type { DriftFinding } from "./unknownFields.js"

/** What a {@link Decode} returns for a value that does not match. No JSON value is a symbol. */
export const decodeFailure: unique symbol = Symbol("decode failure")

/**
 * Checks a value and returns it as the decoded type has it: the same value where nothing changes, or
 * {@link decodeFailure}. Appends unknown fields and values to `findings`.
 */
export type Decode = (value: unknown, findings: Array<DriftFinding>) => unknown
