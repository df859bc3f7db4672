// Uploads that are slow, silent, interrupted, or blocked by a guard.
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Ango, FileSource, Guard, RateLimit } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { atOnce, drawn, holds, put } from "../../support/Uploads.js"
import { watch } from "../../support/Watch.js"

const once = Ango.withRetry({ attempts: 1 })

const breakFiles = (script: Faults.Script) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on("files", script))

const large = drawn(400_000)
const cat = FileSource.bytes(large, { name: "cat.jpg" })
const small = FileSource.bytes(drawn(1000), { name: "small.png" })

const hub = AngoTest.layer({ tasks: 1 })

describe("a silent upload", () => {
  it.effect("ends after the idle timeout of its storage", () =>
    Effect.gen(function* () {
      yield* breakFiles([Faults.stallUpload(100_000)])
      const before = yield* Clock.currentTimeMillis
      const error = yield* atOnce(Effect.flip(once(put(cat))))
      expect(error).toMatchObject({ _tag: "ConnectionFailed", phase: "request", operation: "uploads.put" })
      const took = (yield* Clock.currentTimeMillis) - before
      expect([took >= 30_000, took < 33_000]).toEqual([true, true])
    }).pipe(Effect.provide(hub))
  )

  it.effect("ends after the idle timeout of its source, and closes it", () =>
    Effect.gen(function* () {
      let isClosed = false
      const source = FileSource.stream(1_000_000, () =>
        Stream.concat(Stream.make(large), Stream.never).pipe(
          Stream.ensuring(
            Effect.sync(() => {
              isClosed = true
            })
          )
        )
      )
      const error = yield* atOnce(Effect.flip(once(put(source))))
      expect(error).toMatchObject({ _tag: "ConnectionFailed", phase: "request" })
      while (!isClosed) yield* TestClock.adjust("1 millis")
    }).pipe(Effect.provide(hub))
  )
})

describe("a slow upload", () => {
  it.effect("may take longer than the deadline while parts are sent", () =>
    Effect.gen(function* () {
      yield* breakFiles([Faults.slowUpload(8_000)])
      const before = yield* Clock.currentTimeMillis
      const { fileUrl } = yield* atOnce(Ango.withDeadline(once(put(cat)), "20 seconds"))
      expect((yield* Clock.currentTimeMillis) - before).toBeGreaterThan(45_000)
      expect(yield* holds(fileUrl, large)).toBe(true)
    }).pipe(Effect.provide(hub))
  )

  it.effect("must get its response before the deadline, after attempts and waits", () =>
    Effect.gen(function* () {
      yield* breakFiles(Faults.repeat(Faults.latency("25 seconds", Faults.fail(503))))
      const error = yield* atOnce(Effect.flip(Ango.withDeadline(put(small), "1 minute")))
      expect(error).toMatchObject({ _tag: "DeadlineExceeded", operation: "uploads.put", attempts: 3 })
    }).pipe(Effect.provide(hub))
  )
})

describe("a guard", () => {
  it.effect("blocks the file, and a dry run records it", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const guard = yield* Layer.memoize(Guard.layerDryRun)
      const client = Layer.provide(watch(hub).client, Layer.merge(guard, RateLimit.layerOff))
      expect(yield* Effect.provide(Effect.flip(put(small)), client)).toMatchObject({ _tag: "WriteBlocked" })
      const { requests } = yield* Effect.provide(Guard.DryRun, guard)
      const planned = yield* requests
      expect(planned).toMatchObject([{ operation: "uploads.put", query: {} }])
      expect(JSON.stringify(planned)).not.toContain("X-Hub-Token")
      expect(yield* hub.requests("files")).toEqual([])
    }).pipe(Effect.scoped, Effect.provide(Emulator.layer({ tasks: 1 })))
  )
})

describe("an upload that is interrupted", () => {
  it.effect("closes its source", () =>
    Effect.gen(function* () {
      let opened = 0
      let closed = 0
      const source = FileSource.stream(10 ** 9, () =>
        Stream.acquireRelease(
          Effect.sync(() => void opened++),
          () => Effect.sync(() => void closed++)
        ).pipe(Stream.flatMap(() => Stream.repeatValue(large)))
      )
      yield* breakFiles([Faults.stallUpload(200_000)])
      const fiber = yield* Effect.fork(put(source))
      while (opened === 0) yield* TestClock.adjust("1 millis")
      yield* Fiber.interrupt(fiber)
      while (closed === 0) yield* TestClock.adjust("1 millis")
      expect([opened, closed]).toEqual([1, 1])
    }).pipe(Effect.provide(hub))
  )
})
