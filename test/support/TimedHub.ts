// A hub that records the times of its requests on the test clock.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import { Ango, type AngoError, Tasks } from "effect-ango"

export const taskId = "65aa0000000000000000b001"
export const task = () => Response.json({ status: "success", data: { task: { _id: taskId } } })
export const refused = (retryAfter?: number) => () =>
  new Response("{}", {
    status: 429,
    headers: retryAfter === undefined ? {} : { "retry-after": `${retryAfter}` }
  })

/** A hub that responds with each of `answers` in turn, then with a task, and the times of its requests. */
export const hub = (
  policies: Layer.Layer<never, AngoError.InvalidConfig> = Layer.empty,
  answers: ReadonlyArray<() => Response> = [],
  {
    key = "key",
    deadline = "1 hour",
    idleTimeout = "30 seconds"
  }: {
    readonly key?: string
    readonly deadline?: Duration.DurationInput
    readonly idleTimeout?: Duration.DurationInput
  } = {}
) =>
  Effect.map(Effect.runtime<never>(), (runtime) => {
    const sent: Array<number> = []
    const fetch: typeof globalThis.fetch = async () => {
      sent.push(Runtime.runSync(runtime)(Clock.currentTimeMillis))
      return (answers[sent.length - 1] ?? task)()
    }
    const layer = Ango.layer({ apiKey: Redacted.make(key), deadline, idleTimeout }).pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
      Layer.provide(policies)
    )
    return { layer, sent }
  })

export const get = Effect.flatMap(Tasks, (tasks) => tasks.get(taskId))
export const gets = (count: number) =>
  Effect.all(
    Array.from({ length: count }, () => get),
    { concurrency: "unbounded" }
  )
