// The expected result of a call under a fault: written by hand for each kind of call and each fault.
import type { Faults } from "effect-ango/emulator"
import type { Mode } from "./Matrix.js"

type Kind = "read" | "set" | "delete" | "create"

/** The result of an attempt under a fault. */
type FaultResult =
  /** A usable response. */
  | { readonly is: "fine" }
  /** Not received, or refused for now: every call may be retried. */
  | { readonly is: "not done"; readonly tag: string }
  /** Refused for good. */
  | { readonly is: "refused"; readonly tag: string }
  /** Unknown: `done` says whether the hub applied it, `tag` how one attempt fails, `atLast` how the call fails. */
  | {
      readonly is: "open"
      readonly done: boolean
      readonly tag: string
      readonly atLast?: string
      /** The status arrives, so that a second attempt sees the effect of the first. */
      readonly showsStatus?: true
    }

const fine: FaultResult = { is: "fine" }
const failed: FaultResult = { is: "open", done: false, tag: "ServerError" }
const unreadable: FaultResult = { is: "open", done: false, tag: "MalformedResponse" }
const lost: FaultResult = { is: "open", done: true, tag: "MalformedResponse", showsStatus: true }

/** The result of an attempt under each fault. */
export const faultResults: Readonly<Record<keyof typeof Faults.all, FaultResult>> = {
  latency: fine,
  duplicatePage: fine,
  shiftedPage: fine,
  shiftedPageBack: fine,

  refuse: { is: "not done", tag: "ConnectionFailed" },
  tooManyRequests: { is: "not done", tag: "RateLimited" },
  tooManyRequestsWithHint: { is: "not done", tag: "RateLimited" },
  redirect: { is: "refused", tag: "OriginMismatch" },

  reset: { is: "open", done: false, tag: "ConnectionFailed" },
  resetAfter: { is: "open", done: true, tag: "ConnectionFailed" },
  // Four attempts with 30 s of silence exceed the deadline of two minutes.
  hang: { is: "open", done: false, tag: "DeadlineExceeded", atLast: "DeadlineExceeded" },
  hangAfter: { is: "open", done: true, tag: "DeadlineExceeded", atLast: "DeadlineExceeded" },
  stall: { is: "open", done: true, tag: "ConnectionFailed", atLast: "DeadlineExceeded", showsStatus: true },
  cut: { is: "open", done: true, tag: "ConnectionFailed", showsStatus: true },

  json500: failed,
  json502: failed,
  json503: failed,
  json504: failed,
  html500: failed,
  html502: failed,
  html503: failed,
  html504: failed,
  empty500: failed,
  empty502: failed,
  empty503: failed,
  empty504: failed,
  badGatewayAfter: { is: "open", done: true, tag: "ServerError" },

  html200: unreadable,
  empty200: unreadable,
  noContent: unreadable,
  truncated: lost,
  malformed: lost
}

/** Requests sent, times applied, and the ending. */
export type Expected = readonly [attempts: number, done: number, ending: string]

/** The expected result of a call. There are at most four attempts. */
export const expected = (kind: Kind, result: FaultResult, mode: Mode): Expected => {
  const applied = kind === "read" ? 0 : 1
  switch (result.is) {
    case "fine":
      return [1, applied, "success"]
    case "refused":
      return [1, 0, result.tag]
    case "not done":
      return mode === "once" ? [2, applied, "success"] : [4, 0, result.tag]
    case "open": {
      const done = result.done ? applied : 0
      if (kind === "create") return [1, done, `unknown after ${result.tag}`]
      // The second attempt finds nothing: the first may have deleted it, or it did not exist.
      if (kind === "delete" && result.done && (mode === "once" || result.showsStatus)) {
        return [2, 1, "unknown after NotFound"]
      }
      if (mode === "once") return [2, applied, "success"]
      const tag = result.atLast ?? result.tag
      return [4, done, kind === "read" ? tag : `unknown after ${tag}`]
    }
  }
}
