// What is to become of a call under a fault: written by hand, for each kind of call and each fault.
import type { Faults } from "effect-ango/emulator"
import type { Mode } from "./Matrix.js"

type Kind = "read" | "set" | "delete" | "create"

/** What an attempt under a fault comes to. */
type Sky =
  /** An answer that can be used. */
  | { readonly is: "fine" }
  /** The hub never had it, or has refused it for now: everybody may ask again. */
  | { readonly is: "not done"; readonly tag: string }
  /** The hub has said that it will not. */
  | { readonly is: "refused"; readonly tag: string }
  /** Nobody can say: `done` by the hub or not; how one attempt ends, and how all of them together end. */
  | {
      readonly is: "open"
      readonly done: boolean
      readonly tag: string
      readonly atLast?: string
      /** The status still comes through, so that a second attempt learns what a first one did. */
      readonly showsStatus?: true
    }

const fine: Sky = { is: "fine" }
const failed: Sky = { is: "open", done: false, tag: "ServerError" }
const unreadable: Sky = { is: "open", done: false, tag: "MalformedResponse" }
const lost: Sky = { is: "open", done: true, tag: "MalformedResponse", showsStatus: true }

/** Every fault. */
export const skies: Readonly<Record<keyof typeof Faults.all, Sky>> = {
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
  // Four times 30 s of silence are more than the two minutes of a call.
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

/** Requests made, times done, and the ending. */
export type Expected = readonly [attempts: number, done: number, ending: string]

/** What is to become of a call of this kind. Four attempts are made in all. */
export const expected = (kind: Kind, sky: Sky, mode: Mode): Expected => {
  const well = kind === "read" ? 0 : 1
  switch (sky.is) {
    case "fine":
      return [1, well, "success"]
    case "refused":
      return [1, 0, sky.tag]
    case "not done":
      return mode === "once" ? [2, well, "success"] : [4, 0, sky.tag]
    case "open": {
      const done = sky.done ? well : 0
      if (kind === "create") return [1, done, `unknown after ${sky.tag}`]
      // It is gone. Whether it was there before, and who took it away, nobody can tell.
      if (kind === "delete" && sky.done && (mode === "once" || sky.showsStatus)) {
        return [2, 1, "unknown after NotFound"]
      }
      if (mode === "once") return [2, well, "success"]
      const tag = sky.atLast ?? sky.tag
      return [4, done, kind === "read" ? tag : `unknown after ${tag}`]
    }
  }
}
