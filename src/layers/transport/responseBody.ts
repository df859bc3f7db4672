/**
 * Reads the body of a response: in one step if it is short, by parts otherwise, so that silence within it is noticed.
 *
 * @since 0.1.0
 */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ConnectionFailed } from "../../errors/AngoError.js"
import { join } from "../../utils/concat.js"
import type { CallState } from "./callState.js"
import { decompress } from "./compression.js"
import { connectionIdle, recordActivity } from "./idleTimeout.js"
import type { Response } from "./response.js"

// It pulls by hand, as running the stream costs twice as much and most bodies are one chunk or two.
const readParts = (response: Response, onData: () => void): Effect.Effect<Uint8Array, ConnectionFailed> =>
  Effect.scoped(
    Effect.flatMap(Stream.toPull(response.stream), (pull) => {
      const parts: Array<Uint8Array> = []
      const next = Effect.map(pull, (chunk) => {
        for (const part of chunk) parts.push(part)
        onData()
      })
      return Effect.catchAll(Effect.forever(next), (end) =>
        Option.isNone(end) ? Effect.sync(() => join(parts)) : Effect.fail(end.value)
      )
    })
  )

// In bytes per millisecond. A connection that is slower is not called silent: its bodies are read by parts.
const slowestRate = 8

// Whether a body that arrives at the slowest rate arrives within the idle timeout. Then it is read in one step, which
// costs less, and the timeout counts from its start.
const isShort = ({ headers }: Response, { idleMillis }: CallState): boolean => {
  const length = headers["content-length"]
  return length !== undefined && Number(length) <= idleMillis * slowestRate
}

/** Reads the body of a call's response within the idle timeout, and decompresses it. */
export const readBody = (
  call: CallState,
  clock: Clock.Clock,
  response: Response
): Effect.Effect<Uint8Array, ConnectionFailed> => {
  const onData = () => recordActivity(call, clock, "body")
  onData()
  const body = isShort(response, call) ? response.bytes : readParts(response, onData)
  return Effect.flatMap(body, (bytes) => decompress(response.headers, bytes))
}

/** A response whose body is read by its `stream` only, after the attempt has ended: with a time limit of its own. */
export const withSilenceLimit = (call: CallState, response: Response): Response =>
  call.idleMillis === Number.POSITIVE_INFINITY
    ? response
    : {
        status: response.status,
        headers: response.headers,
        url: response.url,
        get bytes() {
          return response.bytes
        },
        get stream() {
          return Stream.timeoutFail(response.stream, () => connectionIdle(call, "body"), call.idleMillis)
        }
      }
