// Progress reports of lists.
import { FetchHttpClient } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Ango, Progress, RateLimit, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

describe("progress", () => {
  it.effect("reports count, rate, estimated time and rate limit after each page", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("tasks.list", Faults.repeat(Faults.latency("2 seconds")))
      const seen: Array<Progress.Progress> = []
      const client = Ango.layer({
        apiKey: hub.apiKey,
        baseUrl: hub.baseUrl,
        pageSize: 10,
        deadline: Duration.infinity
      }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, hub.fetch)),
        Layer.provide(RateLimit.layer({ limit: 100, window: "1 minute" }))
      )
      const onProgress = (progress: Progress.Progress) => Effect.sync(() => void seen.push(progress))
      yield* Effect.fork(
        Effect.flatMap(Tasks, (tasks) =>
          Stream.runDrain(tasks.stream(projectId, { onProgress, prefetch: 1 }))
        ).pipe(Effect.provide(client))
      )
      yield* TestClock.adjust("1 minute")
      expect(seen.map(Progress.format)).toEqual([
        "10 of 40 (25 %), 5/s, 6s left, 99 of 100 requests left",
        "20 of 40 (50 %), 5/s, 4s left, 98 of 100 requests left",
        "30 of 40 (75 %), 5/s, 2s left, 97 of 100 requests left",
        "40 of 40 (100 %), 5/s, 96 of 100 requests left"
      ])
      expect(seen.map(({ elapsed }) => Duration.toSeconds(elapsed))).toEqual([2, 4, 6, 8])
    }).pipe(Effect.provide(Emulator.layer({ tasks: 40 })))
  )

  it.effect("counts items before the checkpoint, but not in the rate", () =>
    Effect.gen(function* () {
      const [tasks, hub] = yield* Effect.all([Tasks, Emulator])
      const first = yield* Stream.runLast(Stream.take(tasks.pages(projectId), 2))
      const from = first._tag === "Some" ? first.value.checkpoint : undefined
      yield* hub.faults.on("tasks.list", Faults.repeat(Faults.latency("1 second")))
      const seen: Array<Progress.Progress> = []
      const onProgress = (progress: Progress.Progress) => Effect.sync(() => void seen.push(progress))
      yield* Effect.fork(
        Stream.runDrain(tasks.stream(projectId, { checkpoint: from, onProgress, prefetch: 1 }))
      )
      yield* TestClock.adjust("1 minute")
      expect(seen.map(Progress.format)).toEqual(["30 of 40 (75 %), 10/s, 1s left", "40 of 40 (100 %), 10/s"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 40, pageSize: 10 })))
  )

  it.effect("adds up the skipped rows of all pages", () =>
    Effect.gen(function* () {
      const [tasks, hub] = yield* Effect.all([Tasks, Emulator])
      const rows = hub.state.projects.get(projectId)?.tasks ?? []
      for (const at of [3, 12, 13]) {
        const row = rows[at]
        if (row !== undefined) rows[at] = { ...row, status: 7 as never }
      }
      const seen: Array<string> = []
      const onProgress = (progress: Progress.Progress) =>
        Effect.sync(() => void seen.push(Progress.format(progress)))
      yield* Stream.runDrain(tasks.stream(projectId, { onRowError: "skip", onProgress }))
      expect(seen).toEqual([
        "10 of 30 (33 %), 1 skipped",
        "20 of 30 (66 %), 3 skipped",
        "30 of 30 (100 %), 3 skipped"
      ])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30, pageSize: 10 })))
  )

  it.effect("is reported before the items of the page are emitted", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const seen: Array<string> = []
      const onProgress = ({ page }: Progress.Progress) => Effect.sync(() => void seen.push(`page ${page}`))
      yield* tasks
        .stream(projectId, { onProgress, prefetch: 1 })
        .pipe(Stream.runForEach(() => Effect.sync(() => seen.push("item"))))
      expect(seen).toEqual(["page 1", "item", "item", "page 2", "item"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3, pageSize: 2 })))
  )

  it("of an empty list is formatted too", () => {
    const nothing = { received: 0, total: 0, skipped: 2, page: 1, elapsed: Duration.zero, rate: 0 }
    expect(Progress.format(nothing)).toBe("0 of 0, 2 skipped")
  })
})
