// Exports of one project at once, against a hub with one export file per project: each gets its own rows.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import { Exports } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { locks } from "../../src/utils/keyLock.js"
import { folder } from "../support/Folder.js"

const { projectId } = AngoTest

const hub = (seed: number) =>
  Layer.merge(AngoTest.layer({ tasks: 24, seed, archives: { onePerProject: true } }), NodeContext.layer)

const texts = (rows: Iterable<unknown>) => Array.from(rows, (row) => JSON.stringify(row)).toSorted()

const lines = (path: string) => readFileSync(path, "utf8").split("\n").filter(Boolean).toSorted()

const pause = Effect.flatMap(Random.nextIntBetween(0, 12), (times) =>
  Effect.repeatN(Effect.yieldNow(), times)
)

/** Every way to export, with rows that differ from those of the others. Returns the rows as texts. */
const ways = {
  stream: (_: string) =>
    Effect.flatMap(Exports, (exports) =>
      exports.stream(projectId, { decode: false }).pipe(
        Stream.tap(() => pause),
        Stream.runCollect,
        Effect.map(texts)
      )
    ),
  issues: (_: string) =>
    Effect.flatMap(Exports, (exports) =>
      exports.stream(projectId, { type: "issue", decode: false }).pipe(
        Stream.tap(() => pause),
        Stream.runCollect,
        Effect.map(texts)
      )
    ),
  toFile: (path: string) =>
    Effect.flatMap(Exports, (exports) =>
      Effect.map(exports.toFile(projectId, path, { stages: ["Label"], includeMetadata: false }), () =>
        lines(path)
      )
    ),
  archive: (path: string) =>
    Effect.flatMap(Exports, (exports) =>
      Effect.map(
        exports.toFile(projectId, path, { stages: ["Start"], output: "archive" }),
        ({ bytes, crc32 }) => [`${bytes} bytes, ${crc32}`]
      )
    ),
  update: (path: string) =>
    Effect.flatMap(Exports, (exports) =>
      Effect.map(exports.update(projectId, path, { includeHistory: false }), () => lines(path))
    ),
  changes: (_: string) =>
    Effect.gen(function* () {
      const exports = yield* Exports
      const rows: Array<unknown> = []
      yield* exports.changes(
        projectId,
        (chunk) =>
          Effect.zipRight(
            pause,
            Effect.sync(() => void rows.push(...chunk))
          ),
        { includeHistory: false, includeMetadata: false, stages: ["Label", "Complete"] }
      )
      return texts(rows)
    })
}

const names = Object.keys(ways) as ReadonlyArray<keyof typeof ways>

const seeds = Array.from({ length: 20 }, (_, index) => index + 1)

describe("exports of one project at once", () => {
  it.scoped.each(seeds)("each get their own rows: seed %i", (seed) =>
    Effect.gen(function* () {
      const path = yield* folder
      const run = (name: keyof typeof ways, index: number | string) =>
        ways[name](join(path, `${name}-${index}.out`))
      const alone = new Map<string, ReadonlyArray<string>>()
      for (const name of names) alone.set(name, yield* run(name, "alone"))
      expect(new Set(Array.from(alone.values(), (rows) => rows.join())).size).toBe(names.length)

      const order = Chunk.toReadonlyArray(yield* Random.shuffle([...names, ...names]))
      const found = yield* Effect.forEach(
        order,
        (name, index) =>
          Effect.zipRight(
            pause,
            Effect.map(run(name, index), (rows) => [name, rows] as const)
          ),
        { concurrency: "unbounded" }
      )
      for (const [name, rows] of found) expect([name, rows]).toEqual([name, alone.get(name)])
      expect(locks.size).toBe(0)
    }).pipe(Effect.withRandom(Random.make(seed)), Effect.provide(hub(seed)))
  )

  it.effect("are requested one after another: the next one when the download before has ended", () =>
    Effect.gen(function* () {
      const exports = yield* Exports
      const { requests } = yield* Emulator
      yield* Effect.all(
        [1, 2, 3].map(() => Stream.runDrain(exports.stream(projectId))),
        { concurrency: "unbounded" }
      )
      const order = (yield* requests()).map(({ operation }) => operation)
      expect(order).toEqual([1, 2, 3].flatMap(() => ["exports.request", "files"]))
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )

  it.effect("of two clients wait for each other, those of two projects do not", () =>
    Effect.gen(function* () {
      const { fetch: _, projectIds } = yield* Emulator
      const exports = yield* Exports
      const begun = yield* Deferred.make<void>()
      const held = yield* Effect.fork(
        exports
          .stream(projectId)
          .pipe(Stream.runForEach(() => Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never)))
      )
      yield* Deferred.await(begun)
      // Another client of the same hub, with services of its own.
      const second = yield* Effect.fork(
        Effect.provide(
          Effect.flatMap(Exports, (other) => Stream.runDrain(other.stream(projectId))),
          AngoTest.layer({ tasks: 3 })
        )
      )
      const other = projectIds[1]
      if (other === undefined) throw new Error("one project only")
      yield* Stream.runDrain(exports.stream(other))
      yield* Effect.repeatN(Effect.yieldNow(), 200)
      expect(yield* Fiber.poll(second)).toMatchObject({ _tag: "None" })
      yield* Fiber.interrupt(held)
      expect(Exit.isSuccess(yield* Fiber.await(second))).toBe(true)
      expect(locks.size).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )
})

describe("an export that ends early frees its project", () => {
  const next = Effect.gen(function* () {
    const rows = yield* Effect.flatMap(Exports, (exports) =>
      Stream.runCount(exports.stream(projectId, { stages: "all" }))
    )
    expect(rows).toBe(3)
    expect(locks.size).toBe(0)
  })

  it.effect.each([
    ["taken in part", (rows: Stream.Stream<unknown, unknown>) => Stream.runDrain(Stream.take(rows, 1))],
    ["failed", (rows: Stream.Stream<unknown, unknown>) => Stream.runForEach(rows, () => Effect.fail("no"))],
    [
      "interrupted",
      (rows: Stream.Stream<unknown, unknown>) => Stream.runForEach(rows, () => Effect.interrupt)
    ],
    [
      "never read",
      (rows: Stream.Stream<unknown, unknown>) => Effect.scoped(Effect.asVoid(Stream.toPull(rows)))
    ]
  ] as const)("%s", ([, end]) =>
    Effect.gen(function* () {
      const exports = yield* Exports
      yield* Effect.exit(end(exports.stream(projectId, { stages: "all" })))
      yield* next
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )

  it.effect.each([
    ["a request that fails", "exports.request"],
    ["a download that fails", "files"]
  ] as const)("%s", ([, operation]) =>
    Effect.gen(function* () {
      const { faults } = yield* Emulator
      const exports = yield* Exports
      yield* faults.on(operation, Faults.fail(403))
      yield* Effect.flip(Stream.runDrain(exports.stream(projectId)))
      yield* next
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )

  it.effect("a wait that is interrupted", () =>
    Effect.gen(function* () {
      const exports = yield* Exports
      const begun = yield* Deferred.make<void>()
      const held = yield* Effect.fork(
        exports
          .stream(projectId)
          .pipe(Stream.runForEach(() => Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never)))
      )
      yield* Deferred.await(begun)
      const waiting = yield* Effect.fork(Stream.runDrain(exports.stream(projectId)))
      yield* Effect.repeatN(Effect.yieldNow(), 50)
      yield* Fiber.interrupt(waiting)
      yield* Fiber.interrupt(held)
      yield* next
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )
})
