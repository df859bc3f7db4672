/**
 * Whether a call may be repeated when its result is unknown. Part of the contract of each endpoint.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"

/**
 * How a call may be repeated.
 *
 * - `safe`: it only reads.
 * - `idempotent`: a repeat changes nothing more.
 * - `never`: a repeat creates, notifies or moves a second time.
 *
 * @category models
 * @since 0.1.0
 */
export type Class = "safe" | "idempotent" | "never"

/**
 * How to find out whether a write was applied: a read of the contract, and what to look for in its response.
 *
 * @category models
 * @since 0.1.0
 */
export interface Reconcile {
  /** The name of the operation, such as `tasks.get`. */
  readonly read: string
  /** Completes the sentence "call … and look for …". */
  readonly lookFor: string
}

// The methods that read lists are called `stream`, except where a list has no pages.
const methodOf = (read: string): string => {
  const [group = "", name = ""] = read.split(".")
  const method = name === "list" && !["batches", "llms", "storages"].includes(group) ? "stream" : name
  return `${group.charAt(0).toUpperCase()}${group.slice(1)}.${method}`
}

/** How to find out whether a write was applied, as a sentence: "To find out, call Tasks.get and look for …". */
export const describeReconcile = ({ lookFor, read }: Reconcile): string =>
  `To find out, call ${methodOf(read)} and look for ${lookFor}.`

/**
 * The repeatability of an endpoint. `reconcile` is the read that shows a write, if there is one.
 *
 * @category models
 * @since 0.1.0
 */
export interface Declared {
  readonly repeat: Class
  readonly reconcile?: Reconcile
}

/** The annotation of an endpoint that holds its repeatability. */
export class Repeatability extends Context.Tag("effect-ango/Repeatability")<Repeatability, Declared>() {}

/** A call that only reads. */
export const safe: Declared = { repeat: "safe" }

/** A write that may be repeated; `read` shows whether it was applied. */
export const idempotent = (read: string, lookFor: string): Declared => ({
  repeat: "idempotent",
  reconcile: { read, lookFor }
})

/** A write that must not be repeated once it was sent; `read` shows whether it was applied. */
export const never = (read: string, lookFor: string): Declared => ({
  repeat: "never",
  reconcile: { read, lookFor }
})

/** A write that must not be repeated, and that no read shows. */
export const neverShown: Declared = { repeat: "never" }
