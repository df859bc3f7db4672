// Several organizations in one program: each has its own key and its own client.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as LayerMap from "effect/LayerMap"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import * as TestClock from "effect/TestClock"
import { Ango, RateLimit, RetryPolicy, Tasks } from "effect-ango"

const taskId = "65aa0000000000000000b001"
const getTask = Effect.flatMap(Tasks, (tasks) => tasks.get(taskId))
const task = () => Response.json({ status: "success", data: { task: { _id: taskId } } })

class Orgs extends LayerMap.Service<Orgs>()("Orgs", {
  lookup: (org: string) =>
    Ango.layer({ apiKey: Redacted.make(`key-of-${org}`) }).pipe(
      Layer.provide(RateLimit.layer({ limit: 2, window: "10 seconds" })),
      Layer.provide(RetryPolicy.layer({ attempts: 2, baseDelay: 1, quota: { limit: 1, window: "1 hour" } }))
    ),
  idleTimeToLive: "1 minute"
}) {}

const as =
  (org: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.provide(effect, Orgs.get(org))

/** A hub for all organizations; records requests as `<seconds> <key>`, and responds per key. */
const hub = (answerOf: Readonly<Record<string, () => Response>> = {}) =>
  Effect.gen(function* () {
    const runtime = yield* Effect.runtime<never>()
    const start = yield* Clock.currentTimeMillis
    const sent: Array<string> = []
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const key = new Request(input, init).headers.get("apikey") ?? "no key"
      const now = Runtime.runSync(runtime)(Clock.currentTimeMillis)
      sent.push(`${Math.floor((now - start) / 1000)} ${key}`)
      return (answerOf[key] ?? task)()
    }
    const layer = Orgs.Default.pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch))
    )
    return { layer, sent }
  })

describe("several organizations in one program", () => {
  it.effect("send their own key, even from one fiber", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub()
      yield* Effect.all([as("a")(getTask), as("b")(Effect.zipRight(getTask, as("a")(getTask)))]).pipe(
        Effect.provide(layer)
      )
      expect(sent).toEqual(["0 key-of-a", "0 key-of-b", "0 key-of-a"])
    })
  )

  it.effect("wait for their own rate limit only, across uses of a client", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub()
      const threeTimes = (org: string) => Effect.replicateEffect(as(org)(getTask), 3)
      const fiber = yield* Effect.fork(
        Effect.provide(Effect.zip(threeTimes("a"), threeTimes("b"), { concurrent: true }), layer)
      )
      yield* TestClock.adjust("9 seconds")
      expect(sent.toSorted()).toEqual(["0 key-of-a", "0 key-of-a", "0 key-of-b", "0 key-of-b"])
      yield* TestClock.adjust("1 seconds")
      yield* Fiber.join(fiber)
      expect(sent.slice(4).toSorted()).toEqual(["10 key-of-a", "10 key-of-b"])
    })
  )

  it.effect("pause for a 429 of their own only", () =>
    Effect.gen(function* () {
      const refused = () => new Response("{}", { status: 429, headers: { "retry-after": "7200" } })
      const { layer, sent } = yield* hub({ "key-of-a": refused })
      yield* Effect.gen(function* () {
        expect(yield* Effect.flip(as("a")(getTask))).toMatchObject({ _tag: "RateLimited" })
        expect((yield* Effect.flip(as("a")(getTask))).message).toContain("refused an earlier call")
        yield* as("b")(getTask)
      }).pipe(Effect.provide(layer))
      expect(sent).toEqual(["0 key-of-a", "0 key-of-b"])
    })
  )

  it.effect("use up their own retry quota only", () =>
    Effect.gen(function* () {
      const down = () => new Response("{}", { status: 503 })
      const { layer, sent } = yield* hub({ "key-of-a": down, "key-of-b": down })
      const failures = Effect.all([
        Effect.flip(as("a")(getTask)),
        Effect.flip(as("a")(getTask)),
        Effect.flip(as("b")(getTask))
      ])
      const fiber = yield* Effect.fork(Effect.provide(failures, layer))
      yield* TestClock.adjust("1 minutes")
      const isUsedUp = (yield* Fiber.join(fiber)).map(({ message }) => message.includes("used up"))
      expect(isUsedUp).toEqual([false, true, false])
      expect(sent.map((one) => one.split(" ")[1])).toEqual([
        ...Array.from({ length: 3 }, () => "key-of-a"),
        ...Array.from({ length: 2 }, () => "key-of-b")
      ])
    })
  )

  it.effect("report an invalid key of one, and the others work", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub()
      yield* Effect.gen(function* () {
        const error = yield* Effect.flip(as("x y")(getTask))
        expect(error).toMatchObject({ _tag: "InvalidConfig", setting: "apiKey" })
        expect(error.message).not.toContain("key-of")
        yield* as("b")(getTask)
      }).pipe(Effect.provide(layer))
      expect(sent).toEqual(["0 key-of-b"])
    })
  )
})
