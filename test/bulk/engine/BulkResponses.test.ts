// Bulk writes under answers that contradict one another, and interruptions at the worst moments.
import { KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { Ledger, RowOutcome } from "effect-ango"
import { write } from "../../../src/bulk/engine/bulkWrite.js"
import type { ReadBack } from "../../../src/bulk/engine/writer.js"
import { errors, texts } from "../../support/BulkWriter.js"
import { outcomesOf } from "../../support/Outcomes.js"

const rows = ["a:1", "b:1", "c:1", "d:1"]

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)

const shows =
  (...there: ReadonlyArray<string>) =>
  (items: ReadonlyArray<string>) =>
    Effect.succeed(
      items.map(
        (item): ReadBack<string> =>
          there.includes(item) ? { _tag: "Present", value: item } : { _tag: "Absent" }
      )
    )

describe("a hub", () => {
  it.effect("that counts more than it shows is sent nothing twice, in this run or the next", () =>
    Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "run")
      const { sent, writer } = texts({
        says: () => Effect.succeed({ _tag: "Count", done: 3 }),
        readBack: shows("a:1")
      })
      const outcomes = yield* outcomesOf(write(writer, rows, { ledger }))
      expect(tags(outcomes)).toEqual(["Created", "Unknown", "Unknown", "Unknown"])
      expect(Object(outcomes[1]).message).toContain("it counts 3 of 4 rows, and does not show as many.")
      expect(sent).toEqual([rows])

      const later = texts({ readBack: shows("a:1", "b:1", "c:1") })
      expect(tags(yield* outcomesOf(write(later.writer, rows, { ledger })))).toEqual([
        "Skipped",
        "Skipped",
        "Skipped",
        "Created"
      ])
      expect(later.sent).toEqual([["d:1"]])
    }).pipe(Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect("that counts nothing for what was so before is looked at, where rows change something", () =>
    Effect.gen(function* () {
      const none = { says: () => Effect.succeed({ _tag: "Count", done: 0 } as const), readBack: shows("a:1") }
      const changing = texts({ ...none, makes: "Updated" })
      expect(tags(yield* outcomesOf(write(changing.writer, ["a:1", "b:1"], {})))).toEqual([
        "Updated",
        "Failed"
      ])
      expect(changing.sent).toEqual([["a:1", "b:1"], ["b:1"], ["b:1"]])

      const making = texts(none)
      expect(tags(yield* outcomesOf(write(making.writer, ["a:1"], {})))).toEqual(["Failed"])
    })
  )
})

describe("an interruption", () => {
  const rest = (ledger: Ledger.Ledger) => {
    const { sent, writer } = texts({ readBack: () => Effect.fail(errors.busy) })
    return Effect.map(outcomesOf(write(writer, rows, { ledger })), (outcomes) => ({
      sent,
      reasons: outcomes.map((one) => (RowOutcome.isSkipped(one) ? one.reason : one._tag))
    }))
  }

  const done = { sent: [], reasons: rows.map(() => "done-before") }

  it.effect("while what was done is read back for its ids leaves it as done in the ledger", () =>
    Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "run")
      const reached = yield* Deferred.make<void>()
      const { writer } = texts({
        readsBack: true,
        readBack: () => Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never)
      })
      const running = yield* Effect.fork(Stream.runDrain(write(writer, rows, { ledger })))
      yield* Deferred.await(reached)
      yield* Fiber.interrupt(running)
      expect(yield* rest(ledger)).toEqual(done)
    }).pipe(Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect("while that is being noted waits for the note", () =>
    Effect.gen(function* () {
      const store = yield* KeyValueStore.KeyValueStore
      const reached = yield* Deferred.make<void>()
      const goOn = yield* Deferred.make<void>()
      const slow: KeyValueStore.KeyValueStore = {
        ...store,
        set: (key, text) =>
          String(text).includes('"done"')
            ? Deferred.succeed(reached, undefined).pipe(
                Effect.zipRight(Deferred.await(goOn)),
                Effect.zipRight(store.set(key, text))
              )
            : store.set(key, text)
      }
      const { writer } = texts()
      const running = yield* Effect.fork(
        Stream.runDrain(write(writer, rows, { ledger: Ledger.make(slow, "run") }))
      )
      yield* Deferred.await(reached)
      const stopping = yield* Effect.fork(Fiber.interrupt(running))
      yield* Effect.yieldNow()
      yield* Deferred.succeed(goOn, undefined)
      yield* Fiber.join(stopping)
      expect(yield* rest(Ledger.make(store, "run"))).toEqual(done)
    }).pipe(Effect.provide(KeyValueStore.layerMemory))
  )
})
