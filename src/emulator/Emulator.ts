/**
 * An Ango Hub in the process: the contract's endpoints over a seeded state, to seed, inspect and break.
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
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { header } from "../api/Authentication.js"
import {
  BadRequest,
  Forbidden,
  InternalError,
  NotFound,
  TooManyRequests,
  Unauthorized
} from "../api/Envelope.js"
import type { OperationName } from "../api/Operations.js"
import { ProjectId } from "../schemas/Id.js"
import * as Annotations from "./Annotations.js"
import * as Assets from "./Assets.js"
import * as Attachments from "./Attachments.js"
import * as Authentication from "./Authentication.js"
import * as Batches from "./Batches.js"
import * as Exports from "./Exports.js"
import * as FaultPlayer from "./FaultPlayer.js"
import type { FaultsService } from "./Faults.js"
import * as FaultyHub from "./FaultyHub.js"
import * as Files from "./Files.js"
import * as Hub from "./Hub.js"
import { HubApi } from "./HubApi.js"
import * as InProcess from "./InProcess.js"
import * as Issues from "./Issues.js"
import type { ListingOptions } from "./Listing.js"
import * as Metrics from "./Metrics.js"
import * as Organizations from "./Organizations.js"
import * as Plugins from "./Plugins.js"
import * as Projects from "./Projects.js"
import { operationOf } from "./Routes.js"
import { serve } from "./Server.js"
import { deleteTask, type HubState } from "./State.js"
import * as Storages from "./Storages.js"
import { type SeedOptions, seed } from "./seed/seed.js"
import * as Tasks from "./Tasks.js"
import * as Uploads from "./Uploads.js"

/**
 * How the hub is filled and how it behaves.
 *
 * @since 0.1.0
 */
export interface EmulatorOptions extends SeedOptions, ListingOptions {
  /** The one key it takes; by default one made for it. */
  readonly apiKey?: Redacted.Redacted | undefined
  /**
   * Whether `POST /assignBatches` adds to the batches that an asset is in (default), or replaces them.
   *
   * @remarks undocumented: no document says which of the two the real hub does (dossier C18).
   */
  readonly assignBatches?: "add" | "replace" | undefined
}

/**
 * A request that the hub received, without its key.
 *
 * @since 0.1.0
 */
export interface ReceivedRequest {
  /** `tasks.get`; `unknown` for a path of no endpoint. */
  readonly operation: OperationName | "unknown"
  readonly method: string
  /** Path and query, as they were sent. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** @since 0.1.0 */
export interface EmulatorService {
  /** The key that this hub takes. */
  readonly apiKey: Redacted.Redacted
  /** Its base URL, to configure a client with. */
  readonly baseUrl: string
  /** The seeded projects; the first is the one that `tasks` of the options sizes. */
  readonly projectIds: readonly [ProjectId, ...Array<ProjectId>]
  /** The requests received so far, oldest first: of one operation, or all. Those that a fault kept away are not in. */
  readonly requests: (operation?: OperationName) => Effect.Effect<ReadonlyArray<ReceivedRequest>>
  /** What goes wrong: `faults.on("tasks.list", [fail(503), ok])`, and a log of it. */
  readonly faults: FaultsService
  /** Everything it remembers, in wire shapes; to be changed with care. */
  readonly state: HubState
  /** Deletes a task as another user might while a list is read; `false` when there is none. */
  readonly deleteTask: (taskId: string) => Effect.Effect<boolean>
  /** Accepts an invite as the invited would: they become a member. `false` when none is pending for the address. */
  readonly acceptInvite: (email: string) => Effect.Effect<boolean>
  /** The hub as an application, to serve. */
  readonly app: HttpApp.Default
  /** The hub as a `fetch` function: the in-process way to it. */
  readonly fetch: typeof globalThis.fetch
}

/** The key of a hub that was given none. */
const defaultKey = Redacted.make("e5f1c0de-0000-4000-8000-ef5ec7a4901d")

/** A host that no resolver knows: what is sent there outside of the process goes nowhere. */
const inProcess = "https://hub.ango.test/v2"

const withoutKey = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== header))

const refused = (message: string, status: number) =>
  HttpServerResponse.unsafeJson({ status: status < 500 ? "fail" : "error", message }, { status })

// The contract's error classes look alike on the wire; their status is told by the class.
const errorClasses = [BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, InternalError]

const toRefusal = (error: unknown): HttpServerResponse.HttpServerResponse | undefined => {
  const known = errorClasses.find((candidate) => error instanceof candidate)
  if (known !== undefined) return refused((error as BadRequest).message, HttpApiSchema.getStatusError(known))
  if (Predicate.isTagged(error, "RouteNotFound")) return refused("Not found.", 404)
  if (Predicate.isTagged(error, "HttpApiDecodeError")) return refused("Invalid parameters.", 400)
  return undefined
}

// Every refusal in the hub's envelope, those of the router and the decoders too.
const vendorEnvelope = HttpApiBuilder.middleware(HubApi, (app) =>
  Effect.catchAll(app, (error) => {
    const response = toRefusal(error)
    return response === undefined ? Effect.fail(error) : Effect.succeed(response)
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
  Metrics.layer,
  Organizations.layer,
  Plugins.layer,
  Storages.layer,
  Uploads.layer
)

const application = Layer.mergeAll(
  HttpApiBuilder.api(HubApi).pipe(Layer.provide(handlers), Layer.provide(Authentication.layer)),
  vendorEnvelope,
  HttpServer.layerContext,
  HttpApiBuilder.Router.Live,
  HttpApiBuilder.Middleware.layer
)

/**
 * Builds a hub.
 *
 * @since 0.1.0
 */
export const make = (
  options: EmulatorOptions & { readonly baseUrl?: string } = {}
): Effect.Effect<EmulatorService, never, Scope.Scope> =>
  Effect.gen(function* () {
    const state = seed(options)
    const apiKey = options.apiKey ?? defaultKey
    const baseUrl = options.baseUrl ?? inProcess
    const received: Array<ReceivedRequest> = []
    const faults = FaultPlayer.make({}, options.seed)
    const closed = yield* FaultyHub.closed

    const hub = Hub.make({
      state,
      apiKey,
      baseUrl,
      listing: { maxLimit: options.maxLimit },
      assignBatches: options.assignBatches ?? "add"
    })
    const context = yield* Layer.build(Layer.provide(application, Layer.succeed(Hub.Hub, hub)))
    // SDKs and documents differ in a slash at the end (dossier C11).
    const router = yield* Effect.provide(HttpApiBuilder.httpApp, context).pipe(
      HttpRouter.withRouterConfig({ ignoreTrailingSlash: true })
    )

    const app: HttpApp.Default = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
      Effect.suspend(() => {
        const path = request.url.replace(/[?#].*$/s, "")
        const operation = operationOf(request.method, path)
        const fault = faults.next(operation)
        if (FaultyHub.isHeard(fault)) {
          received.push({
            operation,
            method: request.method,
            url: request.url,
            headers: withoutKey(request.headers)
          })
        }
        const answer = Files.isFile(path) ? Files.app(state) : Effect.provide(router, context)
        return FaultyHub.under(fault, closed)(answer)
      })
    )

    const [first, ...others] = Array.from(state.projects.keys(), (id) => ProjectId.make(id))

    return {
      apiKey,
      baseUrl,
      projectIds: [first ?? ProjectId.make("none"), ...others],
      requests: (operation) =>
        Effect.sync(() =>
          operation === undefined ? [...received] : received.filter((one) => one.operation === operation)
        ),
      faults,
      state,
      deleteTask: (taskId) => Effect.sync(() => deleteTask(state, taskId)),
      acceptInvite: (email) => Organizations.acceptInvite(hub, email),
      app,
      fetch: yield* InProcess.fetchTo(app)
    }
  })

/**
 * The embedded Ango Hub. `AngoTest.layer` gives it together with every service; `Emulator.serve` puts it behind a
 * socket.
 *
 * @since 0.1.0
 */
export class Emulator extends Context.Tag("effect-ango/Emulator")<Emulator, EmulatorService>() {
  /** A hub of its own, without any client. */
  static readonly layer = (options?: EmulatorOptions): Layer.Layer<Emulator> =>
    Layer.scoped(Emulator, make(options))

  /**
   * The same hub over HTTP on loopback, until the scope closes. Port 0 (the default) takes a free one; `baseUrl`
   * of the result tells which. Needs the package `@effect/platform-node`.
   */
  static readonly serve = (options: EmulatorOptions & { readonly port?: number | undefined } = {}) =>
    serve(options.port ?? 0, (baseUrl) => make({ ...options, baseUrl }))
}
