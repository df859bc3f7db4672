// How many steps of the runtime a call takes, which does not depend on the machine. The platform's client takes some 110 of
// those of a call, to send a request and to read its body.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { defaultScheduler, type Scheduler } from "effect/Scheduler"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { FileSource, Tasks, Uploads } from "effect-ango"
import { scripted } from "./support/Wire.js"

/** Runs an effect, and returns how many steps it and the fibers that it forks take. */
const steps = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<number, E, R> =>
  Effect.suspend(() => {
    let count = 0
    const scheduler: Scheduler = {
      shouldYield: (fiber) => {
        count++
        return defaultScheduler.shouldYield(fiber)
      },
      scheduleTask: (task, priority) => defaultScheduler.scheduleTask(task, priority)
    }
    return Effect.map(Effect.withScheduler(effect, scheduler), () => count)
  })

// The first call compiles schemas.
const warmSteps = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.zipRight(effect, steps(effect))

const id = "65aa0000000000000000b001"
const projectId = "65aa0000000000000000a001"
const json = (data: object) => () =>
  new Response(JSON.stringify({ status: "success", data }), { headers: { "content-length": "200" } })

const row = (index: number) => ({
  _id: (index + 1).toString(16).padStart(24, "0"),
  createdAt: new Date(Date.UTC(2025, 0, 1) + index * 1000).toISOString()
})

const listOf = (pages: number) =>
  Array.from({ length: pages }, (_, page) =>
    json({ tasks: Array.from({ length: 10 }, (_, index) => row(page * 10 + index)), total: pages * 10 })
  )

it.effect("a read of one document", () =>
  Effect.gen(function* () {
    const hub = scripted([json({ task: { _id: id } })])
    const count = yield* Effect.flatMap(Tasks, (tasks) => warmSteps(tasks.get(id))).pipe(
      Effect.provide(hub.layer)
    )
    expect(count).toBeLessThan(240)
  })
)

it.effect("each page of a list", () =>
  Effect.gen(function* () {
    // Without a time of the hub, rows belong to the list if they are older than the local clock says.
    yield* TestClock.setTime(Date.UTC(2026, 0, 1))
    const read = (pages: number) =>
      Effect.flatMap(Tasks, (tasks) => steps(Stream.runDrain(tasks.pages(projectId)))).pipe(
        Effect.provide(scripted(listOf(pages), { pageSize: 10 }).layer)
      )
    const perPage = ((yield* read(60)) - (yield* read(20))) / 40
    expect(perPage).toBeLessThan(290)
  })
)

it.effect("an upload of a small file", () =>
  Effect.gen(function* () {
    const uploadUrl = "https://storage.example/cat.jpg?signature=0123456789"
    const hub = scripted([
      json({ uploadUrl }),
      () => new Response(null, { headers: { "content-length": "0" } }),
      json({ uploadUrl }),
      () => new Response(null, { headers: { "content-length": "0" } })
    ])
    const file = FileSource.bytes(new Uint8Array(1000), { name: "cat.jpg" })
    const count = yield* Effect.flatMap(Uploads, (uploads) => warmSteps(uploads.put(projectId, file))).pipe(
      Effect.provide(hub.layer)
    )
    expect(count).toBeLessThan(480)
  })
)
