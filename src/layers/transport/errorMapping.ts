/**
 * Maps failures of the platform and error responses of the hub to the errors of this library. The originals are never
 * passed on: they hold the request, and the request holds the key.
 *
 * @since 0.1.0
 */
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { label, type Operation } from "../../api/operation.js"
import { mismatches, textWithSpaces } from "../../decoding/mismatch.js"
import * as E from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { operationContext } from "../../errors/OperationContext.js"
import { connectionPhase } from "../../errors/platformErrors.js"
import { issueAt, type ParseIssue } from "../../schemas/parseIssue.js"
import { scrub, scrubCause } from "../../utils/scrub.js"
import type { CallState } from "./callState.js"
import { requestId, retryAfter } from "./responseHeaders.js"

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

// Both documented error shapes have a top-level `message` (docs/api-notes.md#errors).
const vendorMessageOf = (body: unknown): string | undefined => {
  const message = field(body, "message") ?? field(field(body, "error"), "message")
  return typeof message === "string" && message !== "" ? message : undefined
}

const quote = (vendorMessage: string | undefined): string => {
  if (vendorMessage === undefined) return ""
  const end = /[.!?…]$/.test(vendorMessage) ? "" : "."
  return ` The hub says: ${JSON.stringify(vendorMessage)}${end}`
}

const unknownProject = /^invalid project/i

// What a NotFound is about: the project, if the hub says so, or the only id in the path; else unknown.
const missingItem = ({ method, route }: Operation, vendorMessage: string | undefined): string | undefined => {
  if (unknownProject.test(vendorMessage ?? "")) return "project"
  const ids = Array.from(route.matchAll(/\{(\w+)Id\}/g), ([, name]) => name)
  return method === "GET" && ids.length === 1 ? ids[0] : undefined
}

const describeNotFound = (
  operation: Operation,
  {
    quoted,
    status,
    vendorMessage
  }: { readonly quoted: string; readonly status: number } & {
    readonly vendorMessage: string | undefined
  }
): string => {
  const item = missingItem(operation, vendorMessage)
  return (
    `${label(operation)} found nothing (${status}): ` +
    (item === undefined
      ? `something that the request names does not exist, or the key's user cannot see it.${quoted} Check the ids`
      : `the ${item} does not exist, or the key's user cannot see it.${quoted} Check the ${item} id`) +
    " and the region."
  )
}

const serviceAccountKey = /^ango_sa_/

// The first characters of a key are no secret, and show that it belongs to a service account.
const describeForbidden = ([key]: CallState["keys"], quoted: string): string =>
  key !== undefined && serviceAccountKey.test(Redacted.value(key))
    ? `the key belongs to a service account, which may call only what its scopes allow.${quoted} ` +
      "Ask an administrator of the organization for the missing scope."
    : `the key's user may not do this, or the key lacks a scope.${quoted} Ask a manager of the project.`

// By status; an unknown project is a 400, and is recognized by its message.
const errorOfStatus = (
  operation: Operation,
  status: number,
  details: { readonly vendorMessage?: string; readonly requestId?: string },
  { keys, wait }: Pick<CallState, "keys"> & { readonly wait?: Duration.Duration | undefined }
): E.AttemptError => {
  const at = label(operation)
  const quoted = quote(details.vendorMessage)
  const fields = (message: string) => ({ ...operationContext(operation, message), status, ...details })
  if (status === 401) {
    return new E.Unauthorized(
      fields(
        `${at} was refused (401): the key is missing, wrong or revoked.${quoted} Check ANGO_API_KEY and the region.`
      )
    )
  }
  if (status === 403) {
    return new E.Forbidden({
      ...fields(`${at} was refused (403): ${describeForbidden(keys, quoted)}`),
      reason: "permission"
    })
  }
  if (status === 451) {
    return new E.Forbidden({
      ...fields(
        `${at} was refused (451): the organization does not allow requests from this IP address or country.${quoted} ` +
          "Run the program in an allowed network, or ask an administrator of the organization to allow this one."
      ),
      reason: "network"
    })
  }
  if (status === 404 || (status === 400 && unknownProject.test(details.vendorMessage ?? ""))) {
    return new E.NotFound(
      fields(describeNotFound(operation, { quoted, status, vendorMessage: details.vendorMessage }))
    )
  }
  if (status === 429) {
    return new E.RateLimited({
      ...fields(
        `${at} was refused (429): too many requests.${quoted}` +
          (wait === undefined
            ? " The hub sent no Retry-After."
            : ` The hub asks to wait ${Duration.format(wait)}.`)
      ),
      ...(wait === undefined ? {} : { retryAfter: wait })
    })
  }
  if ((status >= 500 && status < 600) || status === 408) {
    return new E.ServerError({
      ...fields(
        `${at} failed in the hub (${status}).${quoted} Try again later; if it persists, contact the vendor.`
      ),
      ...(wait === undefined ? {} : { retryAfter: wait })
    })
  }
  if (status === 400 || status === 422 || (status >= 200 && status < 300)) {
    return new E.BadRequest(fields(`${at} was refused (${status}).${quoted} Check the parameters.`))
  }
  return new E.UnexpectedStatus(
    fields(`${at} got the undocumented status ${status}.${quoted} Please report it with this message.`)
  )
}

/** Makes the error for a response whose status is not 2xx, from the text of its body: the hub's message. */
export const fromStatus = (
  call: CallState,
  response: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  text: string,
  now: number
): E.AttemptError => {
  const vendorMessage = vendorMessageOf(parseJson(text))
  return errorOfStatus(
    call.operation,
    response.status,
    {
      ...requestId(response, call.keys),
      ...(vendorMessage === undefined ? {} : { vendorMessage: scrub(vendorMessage, call.keys) })
    },
    { keys: call.keys, wait: retryAfter(response.headers, now) }
  )
}

const describePhase: Record<E.ConnectionFailed["phase"], (cause: string) => string> = {
  connect: (cause) =>
    `was not sent, because no connection could be made: ${cause}. Check the network and the base URL.`,
  request: (cause) => `got no response: ${cause}. Check the network and the base URL.`,
  body: (cause) => `broke off in the middle of the response: ${cause}.`
}

/** Makes the error for a failure of the platform's HTTP client. */
export const fromHttpClient = (
  call: CallState,
  error: HttpClientError.HttpClientError
): E.ConnectionFailed => {
  const cause = scrubCause(error.cause ?? error.description, call.keys)
  const phase = connectionPhase(error)
  return new E.ConnectionFailed({
    ...operationContext(call.operation, `${label(call.operation)} ${describePhase[phase](cause.message)}`),
    phase,
    cause
  })
}

const classifyText = (text: string, contentType: string): E.MalformedResponse["reason"] => {
  const start = text.trimStart()
  if (start === "") return "empty"
  if (start.startsWith("<") || contentType.includes("html")) return "html"
  // Starts as JSON and does not end as JSON: truncated. Starts and ends as JSON: malformed in between.
  return /^[{[]/.test(start) && !/[}\]]\s*$/.test(start) ? "truncated" : "not-json"
}

const describeText: Record<E.MalformedResponse["reason"], string> = {
  empty: "with an empty body. Try again; if it persists, check the base URL",
  html: "that is an HTML page, perhaps of a proxy or a login. Check the base URL and the network",
  truncated: "that is truncated JSON. Try again, or request smaller pages",
  "not-json": "that is not JSON. Check the base URL"
}

// The status of an error that came with a 2xx, in either of the two documented error shapes
// (docs/api-notes.md#errors).
const errorStatusOf = (body: unknown, responseStatus: number): number | undefined => {
  const code = field(field(body, "error"), "statusCode")
  if (typeof code === "number") return code
  const status = field(body, "status")
  return status === "fail" || status === "error" ? responseStatus : undefined
}

/** Makes the error for a response that is not JSON. */
export const malformedResponse = ({ operation, response }: CallState, text: string): E.MalformedResponse => {
  const { contentType = "", requestId, status = 0 } = response ?? {}
  const reason = classifyText(text, contentType)
  return new E.MalformedResponse({
    ...operationContext(operation, `${label(operation)} got a response (${status}) ${describeText[reason]}.`),
    status,
    reason,
    ...(requestId === undefined ? {} : { requestId })
  })
}

/** Makes the error for an issue of decoding; `root` is the whole value, for the paths of its mismatches. */
export const decodeError = (
  operation: Operation,
  { issue, root }: { readonly issue: ParseIssue; readonly root: unknown },
  { requestId, status }: { readonly status: number; readonly requestId?: string }
): E.DecodeError => {
  const found = mismatches(issue, root)
  const first = found[0]
  const problem =
    first === undefined
      ? "its shape is unknown"
      : `expected ${first.expected} at ${first.path || "the top"}, got ${first.found}` +
        (first.item === undefined ? "" : ` (item ${first.item})`)
  return new E.DecodeError({
    ...operationContext(
      operation,
      `${label(operation)} got a response of a shape that this version does not know: ${problem}. ` +
        "Please report it with this message; it contains none of your data."
    ),
    status,
    mismatches: found,
    ...(requestId === undefined ? {} : { requestId })
  })
}

/** Makes the error for JSON that does not match its schema: an error reported with a 2xx, or an unknown shape. */
export const fromMismatch = (call: CallState, body: unknown, issue: ParseIssue): E.AttemptError => {
  const { keys, operation } = call
  const response: { readonly status: number; readonly requestId?: string } = call.response ?? operation
  const errorStatus = errorStatusOf(body, response.status)
  if (errorStatus === undefined) return decodeError(operation, { issue, root: body }, response)
  const vendorMessage = vendorMessageOf(body)
  return errorOfStatus(
    operation,
    errorStatus,
    {
      ...(response.requestId === undefined ? {} : { requestId: response.requestId }),
      ...(vendorMessage === undefined ? {} : { vendorMessage: scrub(vendorMessage, keys) })
    },
    { keys }
  )
}

/** Makes the error for one row of a list, with the path that it has in the whole response. */
export const fromRowMismatch = (
  operation: Operation,
  { index, list, row }: { readonly list: string; readonly index: number; readonly row: unknown },
  issue: ParseIssue
): E.DecodeError => {
  const root = { data: { [list]: { [index]: row } } }
  return decodeError(operation, { issue: issueAt(["data", list, index], root, issue), root }, operation)
}

/** Makes the error for JSON that is nested more deeply than the stack allows to decode. */
export const nestedTooDeeply = ({
  operation,
  response
}: Pick<CallState, "operation" | "response">): E.DecodeError =>
  new E.DecodeError({
    ...operationContext(
      operation,
      `${label(operation)} got a response that is nested too deeply to be decoded.`
    ),
    status: response?.status ?? 0,
    mismatches: []
  })

/** Makes the error for an input that does not match its schema; the message quotes numbers and values of options only. */
export const fromInput = (operation: Operation, issue: ParseIssue): E.InvalidRequest => {
  const first = mismatches(issue, undefined)[0]
  const expected = first?.expected ?? "another value"
  const found = first?.found ?? "something else"
  const hint =
    expected.startsWith("an id of ") && found === textWithSpaces ? " Give the id, not the name." : ""
  return invalidRequest(operation, first?.path || "input", `Expected ${expected}, got ${found}.${hint}`)
}
