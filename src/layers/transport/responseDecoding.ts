/**
 * From the bytes of a response to JSON, and from JSON to what its schema says.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
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

const parseJson: DecodeBody<unknown> = (call, bytes) =>
  Effect.suspend(() => {
    const text = textDecoder.decode(bytes)
    return Effect.try({
      try: (): unknown => JSON.parse(text),
      catch: () => ErrorMapping.malformedResponse(call, text)
    })
  })

/** Decodes a response with a schema's decoder, and reports unknown fields and values to `drift`. */
export const decodeWith =
  <A>(decode: Decoder<A>, drift: DriftReporter): DecodeBody<A> =>
  (call, bytes) =>
    Effect.flatMap(parseJson(call, bytes), (body) => {
      drift.keys = call.keys
      const findings: Array<DriftFinding> = []
      const decoded = decode(body, findings)
      if (Either.isLeft(decoded)) return Effect.fail(ErrorMapping.fromMismatch(call, body, decoded.left))
      if (findings.length === 0) return Effect.succeed(decoded.right)
      const error = drift.toError(call.operation, findings)
      return error === undefined
        ? Effect.as(drift.report(call.operation, findings), decoded.right)
        : Effect.fail(error)
    })

/** Maps a stack overflow on deeply nested JSON to `DecodeError`, and counts each `DecodeError`. */
export const mapDecodeErrors =
  (call: CallState) =>
  <A>(decoding: Effect.Effect<A, AttemptError>): Effect.Effect<A, AttemptError> =>
    decoding.pipe(
      Effect.catchSomeDefect((defect) =>
        defect instanceof RangeError
          ? Option.some(Effect.fail(ErrorMapping.nestedTooDeeply(call)))
          : Option.none()
      ),
      Effect.tapError((error) =>
        error._tag === "DecodeError" ? count(decodeDrift, { operation: call.operation.name }) : Effect.void
      )
    )

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
      ? Effect.succeed(mapDecodeErrors(call)(decode(call, bytes)))
      : Effect.map(decode(call, bytes), Effect.succeed)
