// Where bulk writes note what they have done: real files, and any store.
import { KeyValueStore } from "@effect/platform"
import { SystemError } from "@effect/platform/Error"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Ledger } from "effect-ango"
import { write } from "../../src/bulk/engine/bulkWrite.js"
import { errors, makeTextWriter } from "../support/BulkWriter.js"
import { inFolder, writing } from "../support/LedgerFiles.js"
import { outcomesOf } from "../support/Outcomes.js"

const rows = ["a:1", "b:1", "c:1"]

const absent = (items: ReadonlyArray<string>) =>
  Effect.succeed(items.map(() => ({ _tag: "Absent" }) as const))

describe("a ledger in a file", () => {
  it.effect("skips what was done with what was made of it, and does what is new or has changed", () =>
    inFolder((path) =>
      Effect.gen(function* () {
        expect((yield* writing(path, rows)).outcomes).toEqual(["Created", "Created", "Created"])
        const again = yield* writing(path, ["a:1", "b:2", "d:1", "c:1"])
        expect(again.outcomes).toEqual(["done-before", "Created", "Created", "done-before"])
        expect(again.sent).toEqual([["b:2"], ["d:1"]])
        expect(again.last).toMatchObject({ value: "c:1" })
      })
    )
  )

  it.effect("does not let a row in again that stands in the input twice", () =>
    inFolder((path) =>
      Effect.gen(function* () {
        yield* writing(path, ["a:1"])
        const again = yield* writing(path, ["a:1", "a:1", "a:2"])
        expect(again.outcomes).toEqual(["done-before", "duplicate", "Failed"])
        expect(again.sent).toEqual([])
      })
    )
  )

  it.effect("tries again what failed, whether that may pass or not", () =>
    inFolder((path) =>
      Effect.gen(function* () {
        const bad = yield* writing(path, rows, {
          respond: (items) =>
            items.includes("b:1") ? Effect.fail(errors.rejected) : Effect.succeed({ _tag: "Done" })
        })
        expect(bad.outcomes).toEqual(["Created", "Failed", "Created"])
        const good = yield* writing(path, rows)
        expect(good.outcomes).toEqual(["done-before", "Created", "done-before"])
        expect(good.sent).toEqual([["b:1"]])
      })
    )
  )

  it.effect("holds keys, digests and what was made, and no content", () =>
    inFolder((path, fs) =>
      Effect.gen(function* () {
        yield* writing(path, ["a:secret"], { toValue: () => "id 1" })
        const text = yield* fs.readFileString(path)
        expect(text).not.toContain("secret")
        expect(
          text
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line))
        ).toMatchObject([
          { ledger: 1, of: "the texts" },
          { key: "a", state: "sent", digest: expect.stringMatching(/^[0-9a-f]{16}$/) },
          { key: "a", state: "done", value: "id 1" }
        ])
      })
    )
  )

  it.effect("is written anew when most of its lines are out of date", () =>
    inFolder((path, fs) =>
      Effect.gen(function* () {
        yield* writing(path, ["a:1"])
        const line = `${(yield* fs.readFileString(path)).trim().split("\n").at(-1)}\n`
        yield* fs.writeFileString(path, line.repeat(2000), { flag: "a" })
        expect((yield* writing(path, ["a:1"])).outcomes).toEqual(["done-before"])
        expect((yield* fs.readFileString(path)).trim().split("\n")).toHaveLength(2)
        expect(yield* fs.exists(`${path}.new`)).toBe(false)
      })
    )
  )

  it.effect.each([
    ["the ledger of another write", '{"ledger":1,"of":"other texts"}\n', "It belongs to other texts"],
    ["a shopping list", "milk\nbread\n", "first line is not the header of a ledger"],
    ["a line of something else", "milk", "is not a ledger of this version"],
    ["a line of garbage", '{"ledger":1,"of":"the texts"}\nmilk\n', "Line 2 is not an entry"]
  ] as const)("is not gone on with when it holds %s, and keeps it", ([, text, reason]) =>
    inFolder((path, fs) =>
      Effect.gen(function* () {
        yield* fs.writeFileString(path, text)
        const { sent, writer } = makeTextWriter()
        const ledger = yield* Ledger.file(path)
        const error = yield* Effect.flip(outcomesOf(write(writer, rows, { ledger })))
        expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "ledger", key: path })
        expect(error.message).toContain(reason)
        expect(sent).toEqual([])
        expect(yield* fs.readFileString(path)).toBe(text)
      })
    )
  )

  it.effect("is for one run at a time, and says so to the others", () =>
    inFolder((path, fs) =>
      Effect.gen(function* () {
        const { sent, writer } = makeTextWriter({ respond: () => Effect.never })
        const first = yield* Effect.fork(
          outcomesOf(write(writer, rows, { ledger: yield* Ledger.file(path) }))
        )
        while (sent.length === 0) yield* Effect.promise(() => new Promise((wake) => setTimeout(wake, 1)))
        const error = yield* Effect.flip(writing(path, rows))
        expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "ledger", key: path })
        expect(error.message).toContain(`in use by another run`)
        expect(error.message).toContain(`${path}.lock`)
        yield* Fiber.interrupt(first)
        expect(yield* fs.exists(`${path}.lock`)).toBe(false)
        // What died without letting go stands in nobody's way.
        yield* fs.writeFileString(`${path}.lock`, "")
        expect((yield* writing(path, rows, { read: absent })).outcomes).toEqual(rows.map(() => "Created"))
      })
    )
  )

  it.effect(
    "is the same file under the name of a link: one run at a time, and none of its notes elsewhere",
    () =>
      inFolder((path, fs) =>
        Effect.gen(function* () {
          const link = `${path}.link`
          yield* writing(path, rows.slice(0, 1))
          yield* fs.symlink(path, link)
          const { sent, writer } = makeTextWriter({ respond: () => Effect.never })
          const first = yield* Effect.fork(
            outcomesOf(write(writer, rows, { ledger: yield* Ledger.file(path) }))
          )
          while (sent.length === 0) yield* Effect.promise(() => new Promise((wake) => setTimeout(wake, 1)))
          const error = yield* Effect.flip(writing(link, rows))
          expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "ledger", key: link })
          expect(error.message).toContain("in use by another run")
          yield* Fiber.interrupt(first)
          // A line that broke off makes the next run write the file anew.
          yield* fs.writeFileString(path, '{"key"', { flag: "a" })
          yield* writing(link, rows, { read: absent })
          expect(yield* fs.readLink(link)).toBe(path)
          expect((yield* writing(path, rows)).outcomes).toEqual(rows.map(() => "done-before"))
        })
      )
  )

  it.effect("that is nowhere ends the write before anything is sent", () =>
    inFolder((path) =>
      Effect.gen(function* () {
        expect(yield* Effect.flip(writing(`${path}/no/such/folder`, rows))).toMatchObject({
          _tag: "StoreUnavailable",
          store: "ledger"
        })
      })
    )
  )
})

describe("a ledger in a store", () => {
  it.effect("goes on over several runs", () =>
    Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "run")
      const run = (some: ReadonlyArray<string>) => {
        const { sent, writer } = makeTextWriter()
        return Effect.as(outcomesOf(write(writer, some, { ledger, chunk: 2 })), sent)
      }
      expect((yield* run(rows)).flat().toSorted()).toEqual(rows)
      expect(yield* run([...rows, "d:1"])).toEqual([["d:1"]])
      expect(yield* run([...rows, "d:1"])).toEqual([])
    }).pipe(Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect("that takes no more notes ends the write: nothing is sent that is not noted", () =>
    Effect.gen(function* () {
      const store = yield* KeyValueStore.KeyValueStore
      let left = 3
      const full = new SystemError({ reason: "WriteZero", module: "KeyValueStore", method: "set" })
      const ledger = Ledger.make(
        { ...store, set: (key, text) => (left-- > 0 ? store.set(key, text) : Effect.fail(full)) },
        "run"
      )
      const { sent, writer } = makeTextWriter()
      const some = Array.from({ length: 20 }, (_, number) => `row ${number}`)
      const error = yield* Effect.flip(outcomesOf(write(writer, some, { ledger, chunk: 2, concurrency: 1 })))
      expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "ledger", key: "run" })
      expect(sent).toEqual([
        ["row 0", "row 1"],
        ["row 2", "row 3"]
      ])
    }).pipe(Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect("leaves no gap where a note could not be written, behind which none is read", () =>
    Effect.gen(function* () {
      const store = yield* KeyValueStore.KeyValueStore
      const full = new SystemError({ reason: "WriteZero", module: "KeyValueStore", method: "set" })
      let number = 0
      // The second note does not get through: it is that of a chunk which is not sent, while the first one is under way.
      const ledger = Ledger.make(
        { ...store, set: (key, text) => (++number === 2 ? Effect.fail(full) : store.set(key, text)) },
        "run"
      )
      const { writer } = makeTextWriter({
        respond: (items) => Effect.as(Effect.sleep("1 second"), { _tag: "Count", written: items.length })
      })
      const running = yield* Effect.fork(
        Effect.flip(outcomesOf(write(writer, rows, { ledger, chunk: 2, concurrency: 2 })))
      )
      while (number < 2) yield* Effect.promise(() => new Promise((wake) => setTimeout(wake, 1)))
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(running)).toMatchObject({ _tag: "StoreUnavailable", store: "ledger" })
      const again = makeTextWriter({ read: absent })
      yield* outcomesOf(write(again.writer, rows, { ledger: Ledger.make(store, "run") }))
      expect(again.sent).toEqual([["c:1"]])
    }).pipe(Effect.provide(KeyValueStore.layerMemory))
  )
})
