/**
 * From what the platform and the hub report to the errors of this library. Nothing of the original leaves: it
 * holds the request, and the request holds the key.
 *
 * @since 0.1.0
 */
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { label, type Operation } from "../../api/operations.js"
import { mismatches } from "../../decoding/mismatch.js"
import * as E from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { connectionPhase } from "../../errors/platformErrors.js"
import { issueAt, type ParseError, type ParseIssue } from "../../schemas/parseIssue.js"
import { scrub, scrubCause } from "../../utils/scrub.js"
import type { CallState } from "./callState.js"

const requestIdHeaders = ["x-request-id", "x-amzn-requestid", "x-amzn-trace-id", "cf-ray"]

/** The id under which the hub or a proxy logged the request, if a header names one. */
export const requestId = (
  response: HttpClientResponse.HttpClientResponse,
  keys: ReadonlyArray<Redacted.Redacted>
): { readonly requestId?: string } => {
  const name = requestIdHeaders.find((candidate) => response.headers[candidate] !== undefined)
  const value = name === undefined ? undefined : response.headers[name]
  return value === undefined ? {} : { requestId: scrub(value, keys) }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined

// Both documented error shapes keep their sentence in a top-level `message` (docs/api-notes.md#errors).
const messageOf = (body: unknown): string | undefined => {
  const message = field(body, "message") ?? field(field(body, "error"), "message")
  return typeof message === "string" && message !== "" ? message : undefined
}

/**
 * How long the hub asks to wait: `Retry-After` in seconds, or as an HTTP date. A date is measured against the
 * answer's own `Date`, since our clock may differ from the hub's; against `now` when it has none.
 */
export const retryAfter = (
  headers: Readonly<Record<string, string>>,
  now: number
): Duration.Duration | undefined => {
  const text = headers["retry-after"]?.trim() ?? ""
  if (/^\d+(\.\d+)?$/.test(text)) return Duration.seconds(Number(text))
  // An HTTP date begins with the name of a day; what else a lenient parser takes for a date is no hint.
  const until = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(until)) return undefined
  const sent = Date.parse(headers["date"] ?? "")
  return Duration.millis(Math.max(0, until - (Number.isNaN(sent) ? now : sent)))
}

const quote = (vendorMessage: string | undefined): string =>
  vendorMessage === undefined ? "" : ` The hub says: ${JSON.stringify(vendorMessage)}.`

const unknownProject = /^invalid project/i

/** The error for a refusal: by status, and by the one sentence with which the hub tells an unknown project. */
const refusal = (
  operation: Operation,
  status: number,
  details: { readonly vendorMessage?: string; readonly requestId?: string },
  hint: Duration.Duration | undefined
): E.AttemptError => {
  const at = label(operation)
  const said = quote(details.vendorMessage)
  const say = (message: string) => ({ ...operationContext(operation, message), status, ...details })
  if (status === 401) {
    return new E.Unauthorized(
      say(
        `${at} was refused (401): the key is missing, wrong or revoked.${said} Check ANGO_API_KEY and the region.`
      )
    )
  }
  if (status === 403) {
    return new E.Forbidden(
      say(`${at} was refused (403): the key's user may not do this.${said} Ask a manager of the project.`)
    )
  }
  if (status === 404 || (status === 400 && unknownProject.test(details.vendorMessage ?? ""))) {
    return new E.NotFound(
      say(
        `${at} found nothing (${status}).${said} Check the id, and that the key's user can see it in this region.`
      )
    )
  }
  if (status === 429) {
    return new E.RateLimited({
      ...say(
        `${at} was refused (429): too many requests.${said}` +
          (hint === undefined
            ? " The hub gave no time to wait."
            : ` The hub asks to wait ${Duration.format(hint)}.`)
      ),
      ...(hint === undefined ? {} : { retryAfter: hint })
    })
  }
  if ((status >= 500 && status < 600) || status === 408) {
    return new E.ServerError({
      ...say(`${at} failed in the hub (${status}).${said} Try again later; if it stays, tell the vendor.`),
      ...(hint === undefined ? {} : { retryAfter: hint })
    })
  }
  if (status === 400 || status === 422 || (status >= 200 && status < 300)) {
    return new E.BadRequest(say(`${at} was refused (${status}).${said} Check the parameters.`))
  }
  return new E.UnexpectedStatus(say(`${at} was answered with the undocumented status ${status}.${said}`))
}

/** The error for an answer whose status is not 2xx. Reads the body for the hub's sentence. */
export const fromStatus = (
  call: CallState,
  response: HttpClientResponse.HttpClientResponse,
  now: number
): Effect.Effect<E.AttemptError> =>
  Effect.map(
    Effect.orElseSucceed(response.text, () => ""),
    (text) => {
      const sentence = messageOf(parseJson(text))
      return refusal(
        call.operation,
        response.status,
        {
          ...requestId(response, call.keys),
          ...(sentence === undefined ? {} : { vendorMessage: scrub(sentence, call.keys) })
        },
        retryAfter(response.headers, now)
      )
    }
  )

const sayPhase: Record<E.ConnectionFailed["phase"], (cause: string) => string> = {
  connect: (cause) =>
    `was not sent, as no connection could be made: ${cause}. Check the network and the base URL.`,
  request: (cause) => `got no answer: ${cause}. Check the network and the base URL.`,
  body: (cause) => `broke off in the middle of the answer: ${cause}.`
}

/** The error for a failure of the platform's HTTP client. */
export const fromHttp = (call: CallState, error: HttpClientError.HttpClientError): E.ConnectionFailed => {
  const cause = scrubCause(error.cause ?? error.description, call.keys)
  const phase = connectionPhase(error)
  return new E.ConnectionFailed({
    ...operationContext(call.operation, `${label(call.operation)} ${sayPhase[phase](cause.message)}`),
    phase,
    cause
  })
}

const malformed = (text: string, contentType: string): E.MalformedResponse["reason"] => {
  const start = text.trimStart()
  if (start === "") return "empty"
  if (start.startsWith("<") || contentType.includes("html")) return "html"
  // A JSON text that begins as one and ends as one is broken in the middle.
  return /^[{[]/.test(start) && !/[}\]]\s*$/.test(start) ? "truncated" : "not-json"
}

const explain: Record<E.MalformedResponse["reason"], string> = {
  empty: "with an empty body. Try again; if it stays, check the base URL",
  html: "with a page of HTML, as a proxy or a login page does. Check the base URL and the network",
  truncated: "with a JSON text that breaks off. Try again, or ask for smaller pages",
  "not-json": "with something that is not JSON. Check the base URL"
}

// A refusal under a status of success, in either of the two documented error shapes (docs/api-notes.md#errors).
const refusedStatus = (body: unknown, answered: number): number | undefined => {
  const code = field(field(body, "error"), "statusCode")
  if (typeof code === "number") return code
  const status = field(body, "status")
  return status === "fail" || status === "error" ? answered : undefined
}

/** The error for an answer that is no JSON, or nothing. */
export const malformedAnswer = ({ answer, operation }: CallState, text: string): E.MalformedResponse => {
  const { contentType = "", requestId, status = 0 } = answer ?? {}
  const reason = malformed(text, contentType)
  return new E.MalformedResponse({
    ...operationContext(operation, `${label(operation)} was answered (${status}) ${explain[reason]}.`),
    status,
    reason,
    ...(requestId === undefined ? {} : { requestId })
  })
}

/** What is wrong with the shape of an answer, found in the whole of it. */
export const misshapen = (
  operation: Operation,
  { issue, root }: { readonly issue: ParseIssue; readonly root: unknown },
  { requestId, status }: { readonly status: number; readonly requestId?: string }
): E.DecodeError => {
  const found = mismatches(issue, root)
  const first = found[0]
  const place =
    first === undefined
      ? "its shape is unknown"
      : `at ${first.path || "the top"} ${first.expected} was expected and ${first.found} came` +
        (first.item === undefined ? "" : ` (item ${first.item})`)
  return new E.DecodeError({
    ...operationContext(
      operation,
      `${label(operation)} was answered in a shape that this version does not know: ${place}. ` +
        "Please report it with this message; it holds no data of yours."
    ),
    status,
    mismatches: found,
    ...(requestId === undefined ? {} : { requestId })
  })
}

/** The error for an answer that is JSON and does not fit: a refusal under a status of success, or another shape. */
export const fromAnswer = (call: CallState, body: unknown, issue: ParseIssue): E.AttemptError => {
  const { keys, operation } = call
  const answer: { readonly status: number; readonly requestId?: string } = call.answer ?? operation
  const refused = refusedStatus(body, answer.status)
  if (refused === undefined) return misshapen(operation, { issue, root: body }, answer)
  const sentence = messageOf(body)
  return refusal(
    operation,
    refused,
    {
      ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
      ...(sentence === undefined ? {} : { vendorMessage: scrub(sentence, keys) })
    },
    undefined
  )
}

/** The error for one row of a list, told as it would be of the whole answer. */
export const fromRow = (
  operation: Operation,
  { index, list, row }: { readonly list: string; readonly index: number; readonly row: unknown },
  issue: ParseIssue
): E.DecodeError => {
  const root = { data: { [list]: { [index]: row } } }
  return misshapen(operation, { issue: issueAt(["data", list, index], root, issue), root }, operation)
}

/** The error for an answer that is nested deeper than the stack allows to decode. */
export const tooDeep = ({ answer, operation }: Pick<CallState, "answer" | "operation">): E.DecodeError =>
  new E.DecodeError({
    ...operationContext(
      operation,
      `${label(operation)} was answered with JSON that is nested too deeply to be read.`
    ),
    status: answer?.status ?? 0,
    mismatches: []
  })

/** The error for an input that does not fit its schema; the message quotes no value. */
export const fromInput = (operation: Operation, error: ParseError): E.InvalidRequest => {
  const first = mismatches(error.issue, undefined)[0]
  const parameter = first?.path || "input"
  return new E.InvalidRequest({
    ...operationContext(
      operation,
      `${label(operation)} was not sent: ${parameter} is not usable. ` +
        `Expected ${first?.expected ?? "another value"}, got ${first?.found ?? "something else"}.`
    ),
    parameter
  })
}
