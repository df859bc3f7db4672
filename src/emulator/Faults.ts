/**
 * Things that go wrong, as data: what the hub does with a request instead of answering it.
 *
 * @since 0.1.0
 */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/**
 * One fault, for one request.
 *
 * @since 0.1.0
 */
export type Fault =
  | { readonly _tag: "Ok" }
  | {
      readonly _tag: "Respond"
      readonly status: number
      readonly body: string
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly _tag: "CutBody"; readonly at: number }
  | { readonly _tag: "StallBody"; readonly at: number }
  | { readonly _tag: "Hang" }
  | { readonly _tag: "Refuse" }

/**
 * No fault: the hub answers.
 *
 * @since 0.1.0
 */
export const ok: Fault = { _tag: "Ok" }

/**
 * Answers with this status and body instead of the hub's.
 *
 * @since 0.1.0
 */
export const respond = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" }
): Fault => ({ _tag: "Respond", status, body, headers })

/**
 * 429, with a `Retry-After` in whole seconds when a time is given.
 *
 * @since 0.1.0
 */
export const tooManyRequests = (options: { readonly retryAfter?: Duration.DurationInput } = {}): Fault =>
  respond(429, JSON.stringify({ status: "fail", message: "Too many requests." }), {
    "content-type": "application/json",
    ...(options.retryAfter === undefined
      ? {}
      : { "retry-after": String(Math.ceil(Duration.toSeconds(options.retryAfter))) })
  })

/**
 * An error answer of the hub with this status.
 *
 * @since 0.1.0
 */
export const fail = (status: number, message = "Something went wrong."): Fault =>
  respond(status, JSON.stringify({ status: status < 500 ? "fail" : "error", message }))

/**
 * A page of HTML, as a proxy gives; by default under 502.
 *
 * @since 0.1.0
 */
export const html = (status = 502): Fault =>
  respond(status, "<!doctype html><html><body><h1>Bad gateway</h1></body></html>", {
    "content-type": "text/html"
  })

/**
 * An answer without a body.
 *
 * @since 0.1.0
 */
export const empty = (status = 200): Fault => respond(status, "")

/**
 * A redirect to another address.
 *
 * @since 0.1.0
 */
export const redirect = (location: string, status = 302): Fault => respond(status, "", { location })

/**
 * The answer breaks off after so many bytes: in process the body fails, behind a socket it ends early.
 *
 * @since 0.1.0
 */
export const cut = (at: number): Fault => ({ _tag: "CutBody", at })

/**
 * The answer stops after so many bytes, and neither ends nor breaks.
 *
 * @since 0.1.0
 */
export const stall = (at: number): Fault => ({ _tag: "StallBody", at })

/**
 * No answer, ever.
 *
 * @since 0.1.0
 */
export const hang: Fault = { _tag: "Hang" }

/**
 * The connection is refused. Only the in-process hub can do this: behind a socket it answers 503.
 *
 * @since 0.1.0
 */
export const refuse: Fault = { _tag: "Refuse" }

const partial = (
  response: HttpServerResponse.HttpServerResponse,
  at: number,
  rest: Stream.Stream<Uint8Array, Error>
) =>
  response.body._tag === "Uint8Array"
    ? HttpServerResponse.stream(Stream.concat(Stream.succeed(response.body.body.subarray(0, at)), rest), {
        status: response.status,
        contentType: "application/json"
      })
    : response

/** What comes of a request under a fault. */
export const apply =
  (fault: Fault) =>
  <E, R>(
    answer: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
  ): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R> => {
    switch (fault._tag) {
      case "Ok":
        return answer
      case "Respond":
        return Effect.succeed(
          HttpServerResponse.text(fault.body, { status: fault.status, headers: fault.headers }).pipe(
            fault.headers["content-type"] === undefined
              ? (response) => response
              : HttpServerResponse.setHeader("content-type", fault.headers["content-type"])
          )
        )
      case "CutBody":
        return Effect.map(answer, (response) =>
          partial(response, fault.at, Stream.fail(new Error("the connection was cut")))
        )
      case "StallBody":
        return Effect.map(answer, (response) => partial(response, fault.at, Stream.never))
      case "Hang":
        // The platform answers uninterruptibly; a client that gives up must end this.
        return Effect.interruptible(Effect.never)
      case "Refuse":
        return Effect.succeed(HttpServerResponse.empty({ status: 503 }))
    }
  }
