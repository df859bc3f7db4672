/**
 * The contract's endpoints as one application. All its responses have the hub's envelope, also errors of the router and
 * of the decoders.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpRouter from "@effect/platform/HttpRouter"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import { header } from "../../api/apiKey.js"
import {
  BadRequest,
  Forbidden,
  InternalError,
  NotFound,
  TooManyRequests,
  Unauthorized
} from "../../api/envelope.js"
import * as Annotations from "../endpoints/annotations.js"
import * as Assets from "../endpoints/assets.js"
import * as Attachments from "../endpoints/attachments.js"
import * as Batches from "../endpoints/batches.js"
import * as Exports from "../endpoints/exports.js"
import * as Issues from "../endpoints/issues.js"
import * as Llms from "../endpoints/llms.js"
import * as Metrics from "../endpoints/metrics.js"
import * as Notifications from "../endpoints/notifications.js"
import * as Organizations from "../endpoints/organizations.js"
import * as Plugins from "../endpoints/plugins.js"
import * as Projects from "../endpoints/projects.js"
import * as Storages from "../endpoints/storages.js"
import * as Tasks from "../endpoints/tasks.js"
import * as Uploads from "../endpoints/uploads.js"
import * as Hub from "../state/hubService.js"
import * as Authentication from "./authentication.js"
import { HubApi } from "./hubApi.js"
import { withNullsAbsent } from "./nullFields.js"
import { operationOf, withSingleSlashes } from "./requestRoute.js"

const errorResponse = (message: string, status: number) =>
  HttpServerResponse.unsafeJson({ status: status < 500 ? "fail" : "error", message }, { status })

// The contract's error classes have the same wire shape; the class determines the status.
const errorClasses = [BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, InternalError]

const toErrorResponse = (error: unknown): HttpServerResponse.HttpServerResponse | undefined => {
  const errorClass = errorClasses.find((candidate) => error instanceof candidate)
  if (errorClass !== undefined) {
    return errorResponse((error as BadRequest).message, HttpApiSchema.getStatusError(errorClass))
  }
  if (Predicate.isTagged(error, "RouteNotFound")) return errorResponse("Not found.", 404)
  if (Predicate.isTagged(error, "HttpApiDecodeError")) return errorResponse("Invalid parameters.", 400)
  return undefined
}

// The platform reports an unreadable body as a defect of the server, but it is the client's mistake.
const isUnreadableBody = (defect: unknown): boolean =>
  (Predicate.isTagged(defect, "RequestError") &&
    Predicate.hasProperty(defect, "reason") &&
    defect.reason === "Decode") ||
  Predicate.isTagged(defect, "MultipartError")

// These read their bodies themselves: forms, optional bodies, and bodies of plugins.
const operationsReadingAnyBody: ReadonlySet<string> = new Set([
  "assets.importChat",
  "metrics.performance",
  "plugins.fileExplorer",
  "plugins.log",
  "plugins.respond",
  "projects.instructions"
])

/**
 * Whether a request declares a content type other than JSON. A missing content type counts as JSON.
 *
 * @remarks undocumented: what the real hub does with other content types.
 */
const hasWrongContentType = ({ headers, method, url }: HttpServerRequest.HttpServerRequest): boolean => {
  const type = headers["content-type"]
  return (
    method !== "GET" &&
    type !== undefined &&
    !/\bjson\b/i.test(type) &&
    !operationsReadingAnyBody.has(operationOf(method, url.replace(/[?#].*$/s, "")))
  )
}

const refusalOf = (
  hub: Hub.HubService,
  request: HttpServerRequest.HttpServerRequest
): HttpServerResponse.HttpServerResponse | undefined => {
  const operation = operationOf(request.method, request.url.replace(/[?#].*$/s, ""))
  const scope = Authentication.missingScope(hub, request.headers[header], operation)
  if (scope !== undefined) return errorResponse(`Missing scope: ${scope}.`, 403)
  return hasWrongContentType(request)
    ? errorResponse("Expected Content-Type: application/json.", 400)
    : undefined
}

// As a proxy that limits the length of responses.
const withinLimit = (
  { listing: { maxResponseBytes = Number.POSITIVE_INFINITY } }: Hub.HubService,
  { method }: HttpServerRequest.HttpServerRequest,
  response: HttpServerResponse.HttpServerResponse
): HttpServerResponse.HttpServerResponse => {
  const isTooLong = method === "GET" && (response.body.contentLength ?? 0) > maxResponseBytes
  return isTooLong ? errorResponse("The response is too large.", 413) : response
}

const hubEnvelope = (hub: Hub.HubService) =>
  HttpApiBuilder.middleware(HubApi, (app) =>
    Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
      const refusal = refusalOf(hub, request)
      return refusal !== undefined
        ? Effect.succeed(refusal)
        : app.pipe(
            Effect.catchAll((error) => {
              const response = toErrorResponse(error)
              return response === undefined ? Effect.fail(error) : Effect.succeed(response)
            }),
            Effect.catchSomeDefect((defect) =>
              isUnreadableBody(defect)
                ? Option.some(Effect.succeed(errorResponse("The body cannot be read: expected JSON.", 400)))
                : Option.none()
            ),
            Effect.map((response) => withinLimit(hub, request, response))
          )
    })
  )

const handlers = Layer.mergeAll(
  Projects.layer,
  Tasks.layer,
  Annotations.layer,
  Assets.layer,
  Attachments.layer,
  Batches.layer,
  Exports.layer,
  Issues.layer,
  Llms.layer,
  Metrics.layer,
  Notifications.layer,
  Organizations.layer,
  Plugins.layer,
  Storages.layer,
  Uploads.layer
)

const application = (hub: Hub.HubService) =>
  Layer.mergeAll(
    HttpApiBuilder.api(HubApi).pipe(Layer.provide(handlers), Layer.provide(Authentication.layer)),
    hubEnvelope(hub),
    HttpServer.layerContext,
    HttpApiBuilder.Router.Live,
    HttpApiBuilder.Middleware.layer
  )

/** Makes the application of a hub. */
export const make = (hub: Hub.HubService): Effect.Effect<HttpApp.Default, never, Scope.Scope> =>
  Effect.gen(function* () {
    const context = yield* Layer.build(Layer.provide(application(hub), Layer.succeed(Hub.Hub, hub)))
    // SDKs and documents differ in a trailing slash (docs/api-notes.md#storage-fields). The router would also fold
    // slashes in the query (#query-encoding).
    const router = yield* Effect.provide(HttpApiBuilder.httpApp, context).pipe(
      HttpRouter.withRouterConfig({ ignoreTrailingSlash: true, ignoreDuplicateSlashes: false })
    )
    return router.pipe(
      Effect.updateService(HttpServerRequest.HttpServerRequest, (request) =>
        withNullsAbsent(
          request.modify({ url: withSingleSlashes(request.url) }),
          operationOf(request.method, request.url.replace(/[?#].*$/s, ""))
        )
      ),
      Effect.provide(context)
    )
  })
