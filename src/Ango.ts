/**
 * All services over one client, and all endpoints.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as Config from "effect/Config"
import * as Layer from "effect/Layer"
import { groups } from "./api/groups.js"
import type { InvalidConfig } from "./errors/AngoError.js"
import * as AngoClient from "./layers/AngoClient.js"
import * as AngoConfig from "./layers/AngoConfig.js"
import { Annotations } from "./services/Annotations.js"
import { Assets } from "./services/Assets.js"
import { Attachments } from "./services/Attachments.js"
import { Batches } from "./services/Batches.js"
import { Exports } from "./services/Exports.js"
import { Issues } from "./services/Issues.js"
import { Llms } from "./services/Llms.js"
import { Metrics } from "./services/Metrics.js"
import { Notifications } from "./services/Notifications.js"
import { Organizations } from "./services/Organizations.js"
import { Plugins } from "./services/Plugins.js"
import { Projects } from "./services/Projects.js"
import { Storages } from "./services/Storages.js"
import { Tasks } from "./services/Tasks.js"
import { Uploads } from "./services/Uploads.js"

export { withDeadline, withIdleTimeout, withRetry } from "./layers/transport/callSettings.js"

/**
 * All services of this library.
 *
 * @category services
 * @since 0.1.0
 */
export type Services =
  | Projects
  | Tasks
  | Annotations
  | Assets
  | Attachments
  | Batches
  | Exports
  | Issues
  | Llms
  | Metrics
  | Notifications
  | Organizations
  | Plugins
  | Storages
  | Uploads

/**
 * All services over a client that you provide (`AngoClient.layer` with your settings and policies).
 *
 * @category layers
 * @since 0.1.0
 */
export const layerServices: Layer.Layer<Services, never, AngoClient.AngoClient | AngoConfig.AngoConfig> =
  Layer.mergeAll(
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

/**
 * All endpoints, by group and name, with every policy applied: for the raw envelope of a response, or for an endpoint in
 * another way than its service calls it. Only here, since a program that contains them all has no smaller bundle.
 *
 * @example
 * ```ts
 * import { Ango, AngoClient } from "effect-ango"
 * import { Effect } from "effect"
 *
 * // The whole response, of which `Llms.list` returns the models.
 * const response = Effect.gen(function*() {
 *   const { llms } = Ango.methods(yield* AngoClient.AngoClient)
 *   return yield* llms.list({ urlParams: {} })
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const methods = (client: AngoClient.Client): AngoClient.GroupClient<(typeof groups)[number]> =>
  client.use(...groups)

// `fresh`: layers are memoized by reference within one build, so that two hubs in one program would share the client of
// the first. `suspend`: a fresh layer is never memoized, a suspended one is, and users expect that of the layer they get.
const makeLayer = <E>(config: Layer.Layer<AngoConfig.AngoConfig, E>) =>
  Layer.suspend(() => Layer.fresh(layerServices.pipe(Layer.provide(AngoClient.layer), Layer.provide(config))))

/**
 * All services, with settings by value. Requires an `HttpClient`, for example `FetchHttpClient.layer`. Fails with
 * `InvalidConfig` when a setting is invalid, before any request.
 *
 * A `FetchHttpClient.RequestInit` takes effect when it is provided to the program or to this layer, not when it is
 * provided to `FetchHttpClient.layer` only. Its `redirect` is always `"manual"`.
 *
 * @example
 * ```ts
 * import { Ango, Tasks } from "effect-ango"
 * import { FetchHttpClient } from "@effect/platform"
 * import { Effect, Redacted, Stream } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const tasks = yield* Tasks
 *   return yield* tasks.stream("65aa0000000000000000a001").pipe(Stream.runCount)
 * })
 *
 * const count = program.pipe(
 *   Effect.provide(Ango.layer({ apiKey: Redacted.make("…"), region: "us" })),
 *   Effect.provide(FetchHttpClient.layer)
 * )
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  options: AngoConfig.Options
): Layer.Layer<Services, InvalidConfig, HttpClient.HttpClient> => makeLayer(AngoConfig.layer(options))

/**
 * All services, with settings from a `Config`: by default `ANGO_API_KEY`, and `ANGO_REGION` or `ANGO_BASE_URL`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerConfig = (
  config?: Config.Config<AngoConfig.Options>
): Layer.Layer<Services, InvalidConfig, HttpClient.HttpClient> => makeLayer(AngoConfig.layerConfig(config))
