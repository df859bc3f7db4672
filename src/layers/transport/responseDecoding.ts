/**
 * What is made of an answer: of its bytes JSON, and of that what its schema says.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { Decoder } from "../../decoding/decoder.js"
import type { DriftFinding } from "../../decoding/drift.js"
import type { AttemptError } from "../../errors/AngoError.js"
import type { DriftReporter } from "../Drift.js"
import { count, decodeDrift } from "../Telemetry.js"
import type { CallState } from "./callState.js"
import * as Failure from "./errorMapping.js"

/** Reads the bytes of a call's answer. */
export type Read = (call: CallState, bytes: Uint8Array) => Effect.Effect<unknown, AttemptError>

const text = new TextDecoder()

const parse = (call: CallState, bytes: Uint8Array): Effect.Effect<unknown, AttemptError> =>
  Effect.suspend(() => {
    const body = text.decode(bytes)
    return Effect.try({
      try: (): unknown => JSON.parse(body),
      catch: () => Failure.malformedAnswer(call, body)
    })
  })

/** Reads an answer as a schema says; what is new in it is told. */
export const decodedBy =
  <A>(decode: Decoder<A>, drift: DriftReporter): Read =>
  (call, bytes) =>
    Effect.flatMap(parse(call, bytes), (body) => {
      drift.keys = call.keys
      const findings: Array<DriftFinding> = []
      const decoded = decode(body, findings)
      if (Either.isLeft(decoded)) return Effect.fail(Failure.fromAnswer(call, body, decoded.left))
      if (findings.length === 0) return Effect.succeed(decoded.right)
      const refusal = drift.refusal(call.operation, findings)
      return refusal === undefined
        ? Effect.as(drift.tell(call.operation, findings), decoded.right)
        : Effect.fail(refusal)
    })

/** Fails with an error of ours where an answer is nested too deeply, and counts those of another shape. */
export const counted =
  (call: CallState) =>
  <A>(read: Effect.Effect<A, AttemptError>): Effect.Effect<A, AttemptError> =>
    read.pipe(
      Effect.catchSomeDefect((defect) =>
        defect instanceof RangeError ? Option.some(Effect.fail(Failure.tooDeep(call))) : Option.none()
      ),
      Effect.tapError((error) =>
        error._tag === "DecodeError" ? count(decodeDrift, { operation: call.operation.name }) : Effect.void
      )
    )

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

// Begins and ends as an object does: what broke off, or is a page of HTML, shows at once.
const looksWhole = (bytes: Uint8Array): boolean => {
  let start = 0
  let end = bytes.length
  while (isSpace(bytes[start])) start++
  while (isSpace(bytes[end - 1])) end--
  return bytes[start] === 0x7b && bytes[end - 1] === 0x7d
}

/**
 * Gives an effect that reads the answer: text waits in a third of the memory that its objects take, and what is read
 * just before it is used is soon gone. An answer that does not look like JSON is read at once, while the call can be
 * repeated.
 */
export const deferDecoding =
  (read: Read) =>
  (call: CallState, bytes: Uint8Array): Effect.Effect<Effect.Effect<unknown, AttemptError>, AttemptError> =>
    looksWhole(bytes)
      ? Effect.succeed(counted(call)(read(call, bytes)))
      : Effect.map(read(call, bytes), Effect.succeed)
