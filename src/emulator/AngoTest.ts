/**
 * A test layer with every service over an embedded hub: no network, no key.
 *
 * @since 0.1.0
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ango from "../Ango.js"
import type { Options as ClientOptions } from "../layers/AngoConfig.js"
import * as RateLimit from "../layers/RateLimit.js"
import { ProjectId } from "../schemas/ids.js"
import { Emulator, type EmulatorOptions } from "./Emulator.js"
import { seededProjectId } from "./seed/seed.js"

/**
 * The id of the first seeded project, the one whose size the option `tasks` sets. It is the same in every hub.
 *
 * @category testing
 * @since 0.1.0
 */
export const projectId: ProjectId = ProjectId.make(seededProjectId(0))

/**
 * Options of {@link layer}: content and behaviour of the hub, `pageSize` and `deadline` of the client.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends EmulatorOptions, Pick<ClientOptions, "pageSize" | "deadline"> {}

/**
 * Provides every service of the library over a hub in this process, and the `Emulator` to inspect the hub, change its
 * state and add faults.
 *
 * Each build makes a new hub; the same options give the same content. The client's rate limit is off, because a test
 * on virtual time would wait forever for its window. A 429 still pauses all calls of the client until its `Retry-After`
 * has passed: build a new layer per test.
 *
 * @example
 * ```ts
 * import { Tasks } from "effect-ango"
 * import { AngoTest } from "effect-ango/emulator"
 * import { Effect, Stream } from "effect"
 *
 * const count = Effect.gen(function*() {
 *   const tasks = yield* Tasks
 *   return yield* tasks.stream(AngoTest.projectId).pipe(Stream.runCount)
 * }).pipe(Effect.provide(AngoTest.layer({ tasks: 2_500 })))
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const layer = (options: Options = {}): Layer.Layer<Ango.Services | Emulator> =>
  Layer.unwrapEffect(
    Effect.map(Emulator, (hub) =>
      Ango.layer({
        apiKey: hub.apiKey,
        baseUrl: hub.baseUrl,
        pageSize: options.pageSize,
        deadline: options.deadline
      }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, hub.fetch)),
        Layer.provide(RateLimit.layerOff),
        // The hub's own settings are valid; an invalid page size or deadline is a mistake in the test.
        Layer.orDie
      )
    )
  ).pipe(Layer.provideMerge(Emulator.layer(options)))
