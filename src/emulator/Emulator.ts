/**
 * An Ango Hub in the process: every endpoint of the contract over a state that tests can seed, inspect and change.
 *
 * @since 0.1.0
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Mutable } from "effect/Types"
import { header } from "../api/apiKey.js"
import { ProjectId } from "../schemas/ids.js"
import { defaultRequestLog, type EmulatorOptions, findProblem } from "./EmulatorOptions.js"
import * as Organizations from "./endpoints/organizations.js"
import { awaitScopeClose } from "./faults/exchangeFault.js"
import type { FaultsService } from "./faults/Faults.js"
import * as FaultPlayer from "./faults/faultPlayer.js"
import * as FaultyHub from "./faults/faultyHub.js"
import { seed } from "./seed/seed.js"
import * as Application from "./server/application.js"
import * as Dialect from "./server/Dialect.js"
import { makeFetch } from "./server/fetchHandler.js"
import { operationOf, type RequestName } from "./server/requestRoute.js"
import { ServeFailed, serve } from "./server/socketServer.js"
import { deleteTask, type HubState, type SentNotification, type StoredFile } from "./state/HubState.js"
import * as Hub from "./state/hubService.js"
import * as Files from "./storage/fileStorage.js"
import type { ReceivedBody } from "./storage/uploadStorage.js"

export type { EmulatorOptions } from "./EmulatorOptions.js"

/**
 * A request that the hub received, without its API key.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReceivedRequest {
  /** The operation, such as `tasks.get`; `files` for the hub's file storage, `unknown` for a path without an endpoint. */
  readonly operation: RequestName
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  /** Headers as sent, except the one with the API key; names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether the request had an API key, valid or not. Requests for files need none. */
  readonly hasKey: boolean
  /** The body of a file upload: set once the body has ended or has been interrupted. */
  readonly upload?: ReceivedBody
}

/**
 * The embedded hub: how to reach it, what it received, and how to change its state and its behaviour.
 *
 * @example
 * ```ts
 * import { Tasks } from "effect-ango"
 * import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
 * import { Effect } from "effect"
 *
 * const retriesAfter503 = Effect.gen(function*() {
 *   const hub = yield* Emulator
 *   yield* hub.faults.on("tasks.list", Faults.fail(503))
 *   const tasks = yield* Tasks
 *   yield* tasks.page(AngoTest.projectId, { limit: 10 })
 *   const requests = yield* hub.requests("tasks.list")
 *   return requests.length // 2
 * }).pipe(Effect.provide(AngoTest.layer()))
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export interface EmulatorService {
  /** The API key that the hub accepts. */
  readonly apiKey: Redacted.Redacted
  /** The base URL to configure a client with. In the process it is reachable through {@link EmulatorService.fetch} only. */
  readonly baseUrl: string
  /** The ids of the seeded projects. The option `tasks` sets the size of the first. */
  readonly projectIds: readonly [ProjectId, ...Array<ProjectId>]
  /**
   * The latest requests (10,000, unless `requestLog` says otherwise), oldest first: those of one operation, or all.
   * Requests that a fault kept from reaching the hub are missing; see `faults.log`.
   */
  readonly requests: (operation?: RequestName) => Effect.Effect<ReadonlyArray<ReceivedRequest>>
  /** Sets faults for the next requests, `faults.on("tasks.list", [Faults.fail(503)])`, and logs what happened. */
  readonly faults: FaultsService
  /**
   * The files in the hub's file storage, by their URL-encoded paths `<projectId>/<type>/<name>`: sizes, hashes, and
   * contents up to the size of the option `uploads.keep`.
   */
  readonly files: Effect.Effect<ReadonlyMap<string, StoredFile>>
  /** The notifications that were sent, oldest first. They reach nobody. */
  readonly notifications: Effect.Effect<ReadonlyArray<SentNotification>>
  /** Everything the hub stores, in wire shapes. Tests may change it in place; the hub does not check their changes. */
  readonly state: HubState
  /** Deletes a task, as another user might while a list is read. `false` if there is no such task. */
  readonly deleteTask: (taskId: string) => Effect.Effect<boolean>
  /** Accepts an invite on behalf of the invited person, who becomes a member. `false` if none is pending. */
  readonly acceptInvite: (email: string) => Effect.Effect<boolean>
  /** The hub as an HTTP application, to serve with any platform. */
  readonly app: HttpApp.Default
  /** A `fetch` function that calls the hub in this process, without a network. */
  readonly fetch: typeof globalThis.fetch
}

const defaultKey = Redacted.make("e5f1c0de-0000-4000-8000-ef5ec7a4901d")

// A host that cannot be resolved: a request that leaves the process fails.
const inProcessUrl = "https://hub.ango.test/v2"

const withoutKey = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== header))

/**
 * Makes a hub. Invalid options are a mistake in the test, and a defect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: EmulatorOptions & { readonly baseUrl?: string } = {}
): Effect.Effect<EmulatorService, never, Scope.Scope> =>
  Effect.gen(function* () {
    const problem = findProblem(options)
    if (problem !== undefined) return yield* Effect.dieMessage(`Invalid hub options: ${problem}`)
    const state = seed(options)
    const apiKey = options.apiKey ?? defaultKey
    const baseUrl = options.baseUrl ?? inProcessUrl
    const { dialect = "current", requestLog = defaultRequestLog } = options
    let received: Array<ReceivedRequest> = []
    const faults = FaultPlayer.make({}, options.seed)
    const closed = yield* awaitScopeClose

    const hub = Hub.make({
      state,
      apiKey,
      scopes: new Map(options.serviceAccounts?.map(({ key, scopes }) => [Redacted.value(key), scopes])),
      baseUrl,
      listing: {
        maxLimit: options.maxLimit,
        aboveMaxLimit: options.aboveMaxLimit,
        maxResponseBytes: options.maxResponseBytes,
        timePerRow: options.timePerRow
      },
      assignBatches: options.assignBatches ?? "add",
      taskFilters: options.taskFilters ?? "strict",
      archiveOptions: options.archives ?? {},
      uploadOptions: options.uploads ?? {}
    })
    const application = yield* Application.make(hub)

    // The log grows to twice its length before it is cut, so that not every request copies it.
    const logRequest = (request: ReceivedRequest): void => {
      received.push(request)
      if (received.length > 2 * requestLog) received = latest()
    }
    const latest = () => received.slice(Math.max(0, received.length - requestLog))

    const app: HttpApp.Default = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
      Effect.suspend(() => {
        const path = request.url.replace(/[?#].*$/s, "")
        const operation = operationOf(request.method, path)
        const fault = faults.next(operation)
        const entry: Mutable<ReceivedRequest> = {
          operation,
          method: request.method,
          url: request.url,
          headers: withoutKey(request.headers),
          hasKey: header in request.headers
        }
        if (FaultyHub.reachesHub(fault)) logRequest(entry)
        const onUpload = (body: ReceivedBody): void => {
          entry.upload = body
        }
        const handler = Files.isFilePath(path)
          ? Files.app(hub, onUpload)
          : Effect.flatMap(application, (response) =>
              Effect.map(hub.now, (now) =>
                HttpServerResponse.setHeader(
                  Dialect.applyDialect(dialect, operation, state)(response),
                  "date",
                  new Date(now).toUTCString()
                )
              )
            )
        return FaultyHub.withFault(fault, closed)(handler)
      })
    )

    const [first, ...others] = Array.from(state.projects.keys(), (id) => ProjectId.make(id))

    return {
      apiKey,
      baseUrl,
      projectIds: [first ?? ProjectId.make("none"), ...others],
      requests: (operation) =>
        Effect.sync(() =>
          operation === undefined ? latest() : latest().filter((request) => request.operation === operation)
        ),
      faults,
      files: Effect.sync(() => new Map(state.files)),
      notifications: Effect.sync(() => [...state.notifications]),
      state,
      deleteTask: (taskId) => Effect.sync(() => deleteTask(state, taskId)),
      acceptInvite: (email) => Organizations.acceptInvite(hub, email),
      app,
      fetch: yield* makeFetch(app)
    }
  })

/**
 * The embedded Ango Hub. `AngoTest.layer` provides it together with every service of the library; `Emulator.serve`
 * serves it over HTTP.
 *
 * @category services
 * @since 0.1.0
 */
export class Emulator extends Context.Tag("effect-ango/Emulator")<Emulator, EmulatorService>() {
  /** Provides a new hub, without a client. Invalid options are a defect. */
  static readonly layer = (options?: EmulatorOptions): Layer.Layer<Emulator> =>
    Layer.scoped(Emulator, make(options))

  /**
   * Serves a new hub over HTTP on 127.0.0.1 until the scope closes, for programs in other processes and languages.
   * Port 0 (the default) picks a free port; `baseUrl` contains it. Needs the package `@effect/platform-node`. Fails with
   * {@link ServeFailed} for invalid options and for a port that cannot be opened.
   *
   * @example
   * ```ts
   * import { Emulator } from "effect-ango/emulator"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const hub = yield* Emulator.serve({ port: 4010, tasks: 1_000 })
   *   yield* Effect.log(`Listening on ${hub.baseUrl}`)
   *   return yield* Effect.never
   * }).pipe(Effect.scoped)
   * ```
   */
  static readonly serve = (
    options: EmulatorOptions & { readonly port?: number | undefined } = {}
  ): Effect.Effect<EmulatorService, ServeFailed, Scope.Scope> => {
    const problem = findProblem(options)
    return problem === undefined
      ? serve(options.port ?? 0, (baseUrl) => make({ ...options, baseUrl }))
      : Effect.fail(new ServeFailed({ message: `Invalid hub options: ${problem}` }))
  }
}
