/**
 * The span of a request, named after the route template.
 *
 * @since 0.1.0
 */
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Tracer from "effect/Tracer"
import { label } from "../../api/operation.js"
import type { CallState } from "./callState.js"

// It keeps nothing and exports nothing.
const silentTracer = Context.get(DefaultServices.liveServices, Tracer.Tracer)

/** Whether anything receives the spans of a fiber. */
export const isTraced = (fiber: Fiber.RuntimeFiber<unknown, unknown>): boolean =>
  fiber.currentTracer !== silentTracer && fiber.getFiberRef(FiberRef.currentTracerEnabled)

// The only query parameter on the span.
const pageOf = (request: HttpClientRequest.HttpClientRequest): { readonly page?: number } => {
  const page = request.urlParams.find(([name]) => name === "page")?.[1]
  return page === undefined ? {} : { page: Number(page) }
}

/** Opens a span with the request's method, route, host, resend count, and the page of a list. */
export const openSpan = (
  call: CallState,
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<Tracer.Span> =>
  Effect.makeSpan(label(call.operation), {
    kind: "client",
    captureStackTrace: false,
    attributes: {
      "http.request.method": request.method,
      "http.route": call.operation.route,
      "http.request.resend_count": Math.max(0, call.attempts - 1),
      "server.address": new URL(request.url).host,
      ...pageOf(request)
    }
  })
