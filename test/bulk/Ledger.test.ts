// Ledgers of bulk writes, in files and in key-value stores.
import { KeyValueStore } from "@effect/platform"
import { SystemError } from "@effect/platform/Error"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { AngoError, Ledger } from "effect-ango"
import { write } from "../../src/bulk/engine/bulkWrite.js"
import { errors, makeTextWriter } from "../support/BulkWriter.js"
import { inFolder, writing } from "../support/LedgerFiles.js"
import { outcomesOf } from "../support/Outcomes.js"

const rows = ["a:1", "b:1", "c:1"]

const absent = (items: ReadonlyArray<string>) =>
  Effect.succeed(items.map(() => ({ _tag: "Absent" }) as const))

describe("a ledger in a file", () => {
  it.effect("skips rows that were written, with their values, and writes new and changed rows", () =>
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

  it.effect("does not write a repeated row that an earlier run has written", () =>
    inFolder((path) =>
      Effect.gen(function* () {
        yield* writing(path, ["a:1"])
        const again = yield* writing(path, ["a:1", "a:1", "a:2"])
        expect(again.outcomes).toEqual(["done-before", "duplicate", "Failed"])
        expect(again.sent).toEqual([])
      })
    )
  )

  it.effect("tries failed rows again, retryable or not", () =>
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

  it.effect("contains keys, digests and values, and no content", () =>
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

  it.effect("is compacted if most of its lines are outdated", () =>
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
    ["another text", "milk\nbread\n", "first line is not the header of a ledger"],
    ["an incomplete line of another text", "milk", "is not a ledger of this version"],
    ["an invalid line", '{"ledger":1,"of":"the texts"}\nmilk\n', "Line 2 is not an entry"]
  ] as const)("is neither used nor changed if it contains %s", ([, text, reason]) =>
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

  it.effect("whose directory does not exist is unusable: nothing is sent, and a retry does not help", () =>
    inFolder((path) =>
      Effect.gen(function* () {
        const { sent, writer } = makeTextWriter()
        const ledger = yield* Ledger.file(`${path}/missing/ledger`)
        const error = yield* Effect.flip(outcomesOf(write(writer, rows, { ledger })))
        expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "ledger", reason: "unusable" })
        expect(AngoError.isRetryable(error)).toBe(false)
        expect(sent).toEqual([])
      })
    )
  )

  it.effect("is used by one run at a time; other runs fail with StoreUnavailable", () =>
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
        // The lock of a process that ended is taken over.
        yield* fs.writeFileString(`${path}.lock`, "")
        expect((yield* writing(path, rows, { read: absent })).outcomes).toEqual(rows.map(() => "Created"))
      })
    )
  )

  it.effect("is the file itself when opened through a link: one lock, and the link stays a link", () =>
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
        // An incomplete line makes the next run compact the file.
        yield* fs.writeFileString(path, '{"key"', { flag: "a" })
        yield* writing(link, rows, { read: absent })
        expect(yield* fs.readLink(link)).toBe(path)
        expect((yield* writing(path, rows)).outcomes).toEqual(rows.map(() => "done-before"))
      })
    )
  )

  it.effect("that cannot be created ends the write before anything is sent", () =>
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
  it.effect("is shared by several runs", () =>
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

  it.effect("that cannot be written ends the write: no row is sent that is not recorded", () =>
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

  it.effect("has no gap after a failed write, so that later entries are read", () =>
    Effect.gen(function* () {
      const store = yield* KeyValueStore.KeyValueStore
      const full = new SystemError({ reason: "WriteZero", module: "KeyValueStore", method: "set" })
      let number = 0
      // The second write fails: it is for the second chunk, which is not sent, while the first one is in flight.
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
