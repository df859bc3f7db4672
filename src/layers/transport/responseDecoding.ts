/**
 * From the bytes of a response to JSON, and from JSON to what its schema says.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Decoder } from "../../decoding/decoder.js"
import type { DriftFinding } from "../../decoding/unknownFields.js"
import type { AttemptError } from "../../errors/AngoError.js"
import type { DriftReporter } from "../Drift.js"
import { count, decodeDrift } from "../Telemetry.js"
import type { CallState } from "./callState.js"
import * as ErrorMapping from "./errorMapping.js"

/** Decodes the bytes of a call's response. */
export type DecodeBody<A> = (call: CallState, bytes: Uint8Array) => Effect.Effect<A, AttemptError>

const textDecoder = new TextDecoder()

const parse = (text: string): Either.Either<unknown, unknown> => Either.try((): unknown => JSON.parse(text))

const decodeJson = <A>(
  decode: Decoder<A>,
  drift: DriftReporter,
  call: CallState,
  bytes: Uint8Array
): Effect.Effect<A, AttemptError> => {
  const text = textDecoder.decode(bytes)
  const body = parse(text)
  if (Either.isLeft(body)) return Effect.fail(ErrorMapping.malformedResponse(call, text))
  drift.keys = call.keys
  const findings: Array<DriftFinding> = []
  const decoded = decode(body.right, findings)
  if (Either.isLeft(decoded))
    return failDecode(call, ErrorMapping.fromMismatch(call, body.right, decoded.left))
  if (findings.length === 0) return Effect.succeed(decoded.right)
  const error = drift.toError(call.operation, findings)
  return error === undefined
    ? Effect.as(drift.report(call.operation, findings), decoded.right)
    : failDecode(call, error)
}

// Each `DecodeError` is counted.
const failDecode = (call: CallState, error: AttemptError): Effect.Effect<never, AttemptError> =>
  error._tag === "DecodeError"
    ? Effect.zipRight(count(decodeDrift, { operation: call.operation.name }), Effect.fail(error))
    : Effect.fail(error)

/**
 * Decodes a response with a schema's decoder, and reports unknown fields and values to `drift`. A stack overflow on
 * deeply nested JSON is a `DecodeError`.
 */
export const decodeWith =
  <A>(decode: Decoder<A>, drift: DriftReporter): DecodeBody<A> =>
  (call, bytes) =>
    Effect.suspend(() => {
      try {
        return decodeJson(decode, drift, call, bytes)
      } catch (defect) {
        if (!(defect instanceof RangeError)) throw defect
        return failDecode(call, ErrorMapping.nestedTooDeeply(call))
      }
    })

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

// Starts with `{` and ends with `}`: a truncated body or an HTML page does not.
const looksLikeObject = (bytes: Uint8Array): boolean => {
  let start = 0
  let end = bytes.length
  while (isSpace(bytes[start])) start++
  while (isSpace(bytes[end - 1])) end--
  return bytes[start] === 0x7b && bytes[end - 1] === 0x7d
}

/**
 * Returns an effect that decodes the response when it is needed: waiting bytes take a third of the memory of decoded
 * objects. A body that does not look like a JSON object is decoded at once, while the call can still be retried.
 */
export const deferDecoding =
  <A>(decode: DecodeBody<A>): DecodeBody<Effect.Effect<A, AttemptError>> =>
  (call, bytes) =>
    looksLikeObject(bytes)
      ? Effect.succeed(decode(call, bytes))
      : Effect.map(decode(call, bytes), (value) => Effect.succeed(value))
