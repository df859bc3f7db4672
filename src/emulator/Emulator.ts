/**
 * An Ango Hub in the process: the contract's endpoints over a seeded state, to seed, inspect and break.
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
import { header } from "../api/Authentication.js"
import { ProjectId } from "../schemas/ids.js"
import { defaultRequestLog, type EmulatorOptions, problemOf } from "./EmulatorOptions.js"
import * as Organizations from "./endpoints/organizations.js"
import type { FaultsService } from "./faults/Faults.js"
import * as FaultPlayer from "./faults/faultPlayer.js"
import * as FaultyHub from "./faults/faultyHub.js"
import { seed } from "./seed/seed.js"
import * as Application from "./server/application.js"
import * as Dialect from "./server/Dialect.js"
import * as InProcess from "./server/fetchHandler.js"
import { operationOf, type RequestName } from "./server/requestRoute.js"
import { ServeFailed, serve } from "./server/socketServer.js"
import { deleteTask, type HubState, type StoredFile } from "./state/HubState.js"
import * as Hub from "./state/hub.js"
import * as Files from "./storage/fileStorage.js"
import type { ReceivedBody } from "./storage/uploadStorage.js"

export type { EmulatorOptions } from "./EmulatorOptions.js"

/**
 * A request that the hub received, without its key.
 *
 * @since 0.1.0
 */
export interface ReceivedRequest {
  /** `tasks.get`; `files` for the hub's own storage, `unknown` for a path of no endpoint. */
  readonly operation: RequestName
  readonly method: string
  /** Path and query, as they were sent. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Whether a key came with it, whatever key: files want none. */
  readonly hasKey: boolean
  /** What came as the body of an upload to the storage, once it has come or has broken off. */
  readonly upload?: ReceivedBody
}

/** @since 0.1.0 */
export interface EmulatorService {
  /** The key that this hub takes. */
  readonly apiKey: Redacted.Redacted
  /** Its base URL, to configure a client with. */
  readonly baseUrl: string
  /** The seeded projects; the first is the one that `tasks` of the options sizes. */
  readonly projectIds: readonly [ProjectId, ...Array<ProjectId>]
  /**
   * The latest requests (10,000 unless told otherwise), oldest first: of one operation, or all. Those that a fault kept
   * away are not in.
   */
  readonly requests: (operation?: RequestName) => Effect.Effect<ReadonlyArray<ReceivedRequest>>
  /** What goes wrong: `faults.on("tasks.list", [fail(503), ok])`, and a log of it. */
  readonly faults: FaultsService
  /**
   * The files of the hub's own storage by their paths, `<projectId>/<type>/<name>` as URLs write it: sizes, hashes, and
   * the contents of those that are kept.
   */
  readonly files: Effect.Effect<ReadonlyMap<string, StoredFile>>
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

/**
 * Builds a hub. Options of which none can be made are a defect: a mistake in the test.
 *
 * @since 0.1.0
 */
export const make = (
  options: EmulatorOptions & { readonly baseUrl?: string } = {}
): Effect.Effect<EmulatorService, never, Scope.Scope> =>
  Effect.gen(function* () {
    const problem = problemOf(options)
    if (problem !== undefined) return yield* Effect.dieMessage(`No hub can be made: ${problem}`)
    const state = seed(options)
    const apiKey = options.apiKey ?? defaultKey
    const baseUrl = options.baseUrl ?? inProcess
    const { dialect = "current", requestLog = defaultRequestLog } = options
    let received: Array<ReceivedRequest> = []
    const faults = FaultPlayer.make({}, options.seed)
    const closed = yield* FaultyHub.closed

    const hub = Hub.make({
      state,
      apiKey,
      baseUrl,
      listing: { maxLimit: options.maxLimit, aboveMaxLimit: options.aboveMaxLimit },
      assignBatches: options.assignBatches ?? "add",
      archiving: options.archives ?? {},
      storing: options.uploads ?? {}
    })
    const application = yield* Application.make(hub)

    // Twice the length before it is cut: a request must not cost a copy of the log.
    const remember = (request: ReceivedRequest): void => {
      received.push(request)
      if (received.length > 2 * requestLog) received = latest()
    }
    const latest = () => received.slice(Math.max(0, received.length - requestLog))

    const app: HttpApp.Default = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
      Effect.suspend(() => {
        const path = request.url.replace(/[?#].*$/s, "")
        const operation = operationOf(request.method, path)
        const fault = faults.next(operation)
        const heard: Mutable<ReceivedRequest> = {
          operation,
          method: request.method,
          url: request.url,
          headers: withoutKey(request.headers),
          hasKey: header in request.headers
        }
        if (FaultyHub.isHeard(fault)) remember(heard)
        const told = (body: ReceivedBody): void => {
          heard.upload = body
        }
        const answer = Files.isFile(path)
          ? Files.app(hub, told)
          : Effect.flatMap(application, (response) =>
              Effect.map(hub.now, (now) =>
                HttpServerResponse.setHeader(
                  Dialect.speak(dialect, operation, state)(response),
                  "date",
                  new Date(now).toUTCString()
                )
              )
            )
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
          operation === undefined ? latest() : latest().filter((one) => one.operation === operation)
        ),
      faults,
      files: Effect.sync(() => new Map(state.files)),
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
  static readonly serve = (
    options: EmulatorOptions & { readonly port?: number | undefined } = {}
  ): Effect.Effect<EmulatorService, ServeFailed, Scope.Scope> => {
    const problem = problemOf(options)
    return problem === undefined
      ? serve(options.port ?? 0, (baseUrl) => make({ ...options, baseUrl }))
      : Effect.fail(new ServeFailed({ message: `No hub can be made: ${problem}` }))
  }
}
