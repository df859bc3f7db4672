// Bookmarks, and lists that resume from them.
import { KeyValueStore } from "@effect/platform"
import { SystemError } from "@effect/platform/Error"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { AngoError, Checkpoint, Checkpoints, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

const mark = (text: string) => Checkpoint.Checkpoint.make(text)

const memory = Effect.provide(KeyValueStore.layerMemory)

describe("a bookmark", () => {
  it.effect("loads the last checkpoint with its note, until it is cleared", () =>
    Effect.gen(function* () {
      const bookmark = yield* Checkpoints.bookmark("nightly")
      expect(yield* bookmark.load).toEqual(Option.none())
      for (const page of ["one", "two", "three"]) yield* bookmark.save(mark(page), `${page} bytes`)
      const again = yield* Checkpoints.bookmark("nightly")
      expect(Option.getOrThrow(yield* again.load)).toMatchObject({ checkpoint: "three", note: "three bytes" })
      yield* again.save(mark("four"))
      expect(Option.getOrThrow(yield* bookmark.load).checkpoint).toBe("four")
      yield* bookmark.clear
      expect(yield* again.load).toEqual(Option.none())
      const store = yield* KeyValueStore.KeyValueStore
      expect(yield* store.size).toBe(0)
    }).pipe(memory)
  )

  it.effect("loads the previous entry when the last write was cut", () =>
    Effect.gen(function* () {
      const store = yield* KeyValueStore.KeyValueStore
      const bookmark = yield* Checkpoints.bookmark("nightly")
      yield* store.set("nightly.a", "")
      expect(yield* bookmark.load).toEqual(Option.none())
      yield* bookmark.save(mark("one"))
      yield* bookmark.save(mark("two"))
      yield* store.set("nightly.b", '{"turn":1,"check')
      const again = yield* Checkpoints.bookmark("nightly")
      expect(Option.getOrThrow(yield* again.load).checkpoint).toBe("one")
      yield* again.save(mark("two"))
      expect(Option.getOrThrow(yield* again.load).checkpoint).toBe("two")
    }).pipe(memory)
  )

  it.effect("loads the last checkpoint when clearing was interrupted", () =>
    Effect.gen(function* () {
      const store = yield* KeyValueStore.KeyValueStore
      let removed = 0
      const dying: KeyValueStore.KeyValueStore = {
        ...store,
        remove: (key) => (removed++ === 0 ? store.remove(key) : Effect.dieMessage("killed"))
      }
      for (const last of ["two", "three"]) {
        const bookmark = Checkpoints.make(dying, last)
        for (const page of ["one", "two", "three"].slice(0, last === "two" ? 2 : 3)) {
          yield* bookmark.save(mark(page))
        }
        removed = 0
        yield* Effect.exit(bookmark.clear)
        const again = Checkpoints.make(store, last)
        expect(Option.getOrThrow(yield* again.load).checkpoint).toBe(last)
      }
    }).pipe(memory)
  )

  it.effect("fails with its key when the store has other content or is unavailable", () =>
    Effect.gen(function* () {
      const store = yield* KeyValueStore.KeyValueStore
      yield* store.set("nightly.a", "a shopping list")
      yield* store.set("nightly.b", "another")
      const bookmark = yield* Checkpoints.bookmark("nightly")
      expect(yield* Effect.flip(bookmark.load)).toMatchObject({
        _tag: "StoreUnavailable",
        store: "checkpoint",
        key: "nightly"
      })
      const refusing = Effect.fail(
        new SystemError({ reason: "PermissionDenied", module: "KeyValueStore", method: "get" })
      )
      const broken = Checkpoints.make(
        KeyValueStore.make({
          get: () => refusing,
          getUint8Array: () => refusing,
          set: () => refusing,
          remove: () => refusing,
          clear: refusing,
          size: refusing
        }),
        "nightly"
      )
      for (const failure of [broken.load, broken.save(mark("one")), broken.clear]) {
        expect(yield* Effect.flip<unknown, unknown, never>(failure)).toMatchObject({
          _tag: "StoreUnavailable",
          store: "checkpoint",
          key: "nightly"
        })
      }
    }).pipe(memory)
  )
})

describe("a list with a bookmark", () => {
  const hub = AngoTest.layer({ tasks: 40, pageSize: 10 })

  it.effect("resumes after the last processed page, and clears the bookmark at the end", () =>
    Effect.gen(function* () {
      const [tasks, emulator] = yield* Effect.all([Tasks, Emulator])
      const resume = yield* Checkpoints.bookmark("nightly")
      const first = yield* tasks.stream(projectId, { resume }).pipe(Stream.take(25), Stream.runCollect)
      expect(first.length).toBe(25)
      // Two pages were processed completely.
      const rest = yield* Stream.runCollect(tasks.stream(projectId, { resume }))
      expect(rest.length).toBe(20)
      expect(Option.isNone(yield* resume.load)).toBe(true)
      const ids = new Set([...Array.from(first).slice(0, 20), ...rest].map(({ id }) => id))
      expect(ids.size).toBe(emulator.state.projects.get(projectId)?.tasks.length)
    }).pipe(Effect.provide(hub), memory)
  )

  it.effect("refuses the bookmark of another filter, and checkpoint together with resume", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const resume = yield* Checkpoints.bookmark("nightly")
      const [page] = yield* tasks.pages(projectId, { resume }).pipe(Stream.take(2), Stream.runCollect)
      expect(
        yield* Effect.flip(Stream.runDrain(tasks.stream(projectId, { resume, status: "TODO" })))
      ).toMatchObject({ _tag: "InvalidRequest", parameter: "resume" })
      expect(
        yield* Effect.flip(Stream.runDrain(tasks.stream(projectId, { resume, checkpoint: page?.checkpoint })))
      ).toMatchObject({
        _tag: "InvalidRequest",
        parameter: "checkpoint"
      })
    }).pipe(Effect.provide(hub), memory)
  )

  it.effect("fails with the checkpoint of the emitted page when the bookmark cannot be saved", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const resume = {
        key: "nightly",
        load: Effect.succeedNone,
        save: () =>
          Effect.fail(
            new AngoError.StoreUnavailable({
              store: "checkpoint",
              reason: "unreachable",
              key: "nightly",
              message: "full"
            })
          ),
        clear: Effect.void
      }
      const error = yield* Effect.flip(Stream.runDrain(tasks.stream(projectId, { resume })))
      expect(error._tag).toBe("StoreUnavailable")
      const rest = yield* Stream.runCollect(tasks.stream(projectId, { checkpoint: Object(error).checkpoint }))
      expect(rest.length).toBe(30)
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([
    ["resume", {}],
    ["resume", null],
    ["onProgress", 5]
  ] as const)("refuses an invalid bookmark or progress callback: %s", ([parameter, value]) =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const wrong = { [parameter]: value } as object
      expect(yield* Effect.flip(Stream.runDrain(tasks.stream(projectId, wrong)))).toMatchObject({
        _tag: "InvalidRequest",
        parameter
      })
    }).pipe(Effect.provide(hub))
  )
})
