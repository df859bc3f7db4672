// Prefetching: the same items, order and requests, in less time.
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { FetchHttpClient } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Ango, RateLimit, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

const patient = { deadline: Duration.infinity }

const storedIds = Effect.map(Emulator, (hub) =>
  (hub.state.projects.get(projectId)?.tasks ?? []).map((task) => task._id)
)

const requestCount = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests("tasks.list"), (all) => all.length)
)

const slow = Effect.flatMap(Emulator, (hub) =>
  hub.faults.on("tasks.list", Faults.repeat(Faults.latency("1 second")))
)

const ids = (prefetch?: number) =>
  Effect.flatMap(Tasks, (tasks) =>
    Stream.runFold(tasks.stream(projectId, { prefetch }), [] as Array<string>, (all, { id }) => [...all, id])
  )

describe("prefetched pages", () => {
  it.effect.each([1, 2, 8, 64])("are returned in order and requested once, %d at a time", (prefetch) =>
    Effect.gen(function* () {
      expect(yield* ids(prefetch)).toEqual(yield* storedIds)
      expect(yield* requestCount).toBe(12)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 120, pageSize: 10, ...patient })))
  )

  it.effect.each([
    [1, 12],
    [4, 4],
    [undefined, 3]
  ] as const)(
    "%s at a time: twelve pages with one second of latency take %d seconds",
    ([prefetch, seconds]) =>
      Effect.gen(function* () {
        yield* slow
        const fiber = yield* Effect.fork(ids(prefetch))
        yield* TestClock.adjust(Duration.millis(seconds * 1000 - 1))
        expect(yield* Fiber.poll(fiber)).toMatchObject({ _tag: "None" })
        yield* TestClock.adjust("1 millis")
        expect(yield* Fiber.join(fiber)).toEqual(yield* storedIds)
      }).pipe(Effect.provide(AngoTest.layer({ tasks: 120, pageSize: 10, ...patient })))
  )

  it.effect("are limited by backpressure of a slow consumer", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      let ahead = 0
      yield* tasks.pages(projectId, { prefetch: 4 }).pipe(
        Stream.runForEach((page) =>
          Effect.gen(function* () {
            // Gives the client time to request all pages that it may.
            for (let turn = 0; turn < 200; turn++) yield* Effect.yieldNow()
            ahead = Math.max(ahead, (yield* requestCount) - page.page)
          })
        )
      )
      expect(ahead).toBeGreaterThanOrEqual(4)
      // In flight, received, and handed over.
      expect(ahead).toBeLessThanOrEqual(10)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 400, pageSize: 10, ...patient })))
  )

  it.effect("respect the rate limit", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl, pageSize: 10, ...patient }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, hub.fetch)),
        Layer.provide(RateLimit.layer({ limit: 5, window: "1 minute" }))
      )
      const fiber = yield* Effect.fork(Effect.provide(ids(), client))
      yield* TestClock.adjust("59 seconds")
      expect(yield* requestCount).toBe(5)
      yield* TestClock.adjust("1 seconds")
      expect(yield* requestCount).toBe(10)
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(fiber)).toHaveLength(120)
    }).pipe(Effect.provide(Emulator.layer({ tasks: 120 })))
  )

  it.effect("are returned up to the failed one, even if that fails first", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const delayed = Faults.latency("1 second")
      yield* hub.faults.on("tasks.list", [Faults.ok, delayed, delayed, Faults.fail(404), delayed])
      const tasks = yield* Tasks
      const returned: Array<string> = []
      const keep = Stream.runForEach(({ id }: { readonly id: string }) =>
        Effect.sync(() => returned.push(id))
      )
      const fiber = yield* Effect.fork(Effect.flip(keep(tasks.stream(projectId, { prefetch: 4 }))))
      yield* TestClock.adjust("1 second")
      const error = yield* Fiber.join(fiber)
      expect(error._tag).toBe("NotFound")
      expect(returned).toHaveLength(30)
      yield* keep(tasks.stream(projectId, { checkpoint: Object(error).checkpoint }))
      expect(returned).toEqual(yield* storedIds)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 120, pageSize: 10, ...patient })))
  )

  it.effect("are not requested before the second page is needed", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      yield* Stream.runDrain(Stream.take(tasks.stream(projectId), 10))
      expect(yield* requestCount).toBe(1)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 120, pageSize: 10, ...patient })))
  )

  it.effect("are refused for an invalid prefetch", () =>
    Effect.gen(function* () {
      for (const prefetch of [0, -1, 1.5, 65, Number.NaN]) {
        expect(yield* Effect.flip(ids(prefetch))).toMatchObject({
          _tag: "InvalidRequest",
          parameter: "prefetch"
        })
      }
      expect(yield* requestCount).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 10 })))
  )
})

describe("an interrupted stream", () => {
  it.scopedLive("cancels its requests at once, and leaves none running", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 5 }, (_, index) => ({
        _id: `65aa00000000000000000${index}`,
        createdAt: "2020-01-01T00:00:00.000Z"
      }))
      const waiting = new Set<ServerResponse>()
      let received = 0
      // A server that responds to the first two requests only.
      const server = createServer((_, response) => {
        if (received++ < 2) {
          const page = rows.map((row) => ({ ...row, _id: `${row._id}${received}` }))
          response.setHeader("content-type", "application/json")
          response.end(JSON.stringify({ status: "success", data: { tasks: page, total: 1_000 } }))
          return
        }
        waiting.add(response)
        response.on("close", () => waiting.delete(response))
      })
      yield* Effect.async<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void)))
      yield* Effect.addFinalizer(() => Effect.sync(() => server.close()))
      const { port } = server.address() as AddressInfo
      const until = (condition: () => boolean) =>
        Effect.timeout(Effect.repeat(Effect.sleep("5 millis"), { until: condition }), "5 seconds")

      let most = 0
      const isReadingAhead = () => {
        most = Math.max(most, waiting.size)
        return most >= 3
      }
      const returned = yield* Effect.flatMap(Tasks, (tasks) =>
        tasks.stream(projectId, { prefetch: 4 }).pipe(
          Stream.tap(() =>
            // Holds the stream until the next pages are requested.
            received > 1 ? Effect.ignore(until(isReadingAhead)) : Effect.void
          ),
          Stream.take(10),
          Stream.runCount
        )
      ).pipe(
        Effect.provide(
          Ango.layer({
            apiKey: Redacted.make("key"),
            baseUrl: `http://127.0.0.1:${port}`,
            pageSize: 5
          }).pipe(Layer.provide(FetchHttpClient.layer))
        )
      )
      expect(returned).toBe(10)
      expect(most).toBeGreaterThanOrEqual(3)
      yield* until(() => waiting.size === 0)
      const before = received
      yield* Effect.sleep("50 millis")
      expect(received).toBe(before)
    })
  )
})
