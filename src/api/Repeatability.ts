/**
 * Whether a call may be made again when it is not known what became of it: part of the contract of each endpoint.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"

/**
 * - `safe`: it reads.
 * - `idempotent`: a repeat changes nothing that the first time has not changed.
 * - `never`: a repeat creates, notifies or moves a second time.
 *
 * @since 0.1.0
 */
export type Class = "safe" | "idempotent" | "never"

/**
 * What shows whether a write has happened: a read of the contract, and what to look for in its answer.
 *
 * @since 0.1.0
 */
export interface Reconcile {
  /** The name of an operation, `tasks.get`. */
  readonly read: string
  /** Completes "… and look for". */
  readonly lookFor: string
}

/**
 * What an endpoint says of its repetition; a write also says which read shows it, where there is one.
 *
 * @since 0.1.0
 */
export interface Declared {
  readonly repeat: Class
  readonly reconcile?: Reconcile
}

/** The annotation by which an endpoint declares it. */
export class Repeatability extends Context.Tag("effect-ango/Repeatability")<Repeatability, Declared>() {}

/** It reads. */
export const safe: Declared = { repeat: "safe" }

/** A write that may be sent again; `read` shows it. */
export const idempotent = (read: string, lookFor: string): Declared => ({
  repeat: "idempotent",
  reconcile: { read, lookFor }
})

/** A write that must not be sent again once the hub may have it; `read` shows it. */
export const never = (read: string, lookFor: string): Declared => ({
  repeat: "never",
  reconcile: { read, lookFor }
})

/** A write that must not be sent again, and that no read shows. */
export const neverShown: Declared = { repeat: "never" }
