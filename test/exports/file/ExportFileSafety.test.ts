// Power losses: a journal never counts bytes that were not flushed to disk, and a renamed file is complete.
import type * as PlatformError from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import { expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { Exports } from "effect-ango"
import { noSpace, projectId, withStorage } from "../../support/ExportFiles.js"

interface Event {
  readonly what: "written" | "synced" | "renamed"
  /** The part of the name after the path of the export; "/" for the folder. */
  readonly name: string
  readonly bytes: number
}

/** A file system that records writes, syncs and renames in order. */
const recording = (path: string, events: Array<Event>) =>
  Effect.map(FileSystem.FileSystem, (fs) => {
    const note = (what: Event["what"], name: string, bytes = 0) =>
      Effect.sync(
        () => void events.push({ what, name: name.startsWith(path) ? name.slice(path.length) : "/", bytes })
      )
    return {
      ...fs,
      rename: (from: string, to: string) => Effect.zipLeft(fs.rename(from, to), note("renamed", to)),
      open: (name: string, options?: FileSystem.OpenFileOptions) =>
        Effect.map(fs.open(name, options), (file) =>
          Object.create(file, {
            writeAll: {
              value: (bytes: Uint8Array) =>
                Effect.zipLeft(file.writeAll(bytes), note("written", name, bytes.length))
            },
            sync: { value: Effect.zipLeft(file.sync, note("synced", name)) }
          })
        )
    }
  })

it.scopedLive.each(["rows", "archive"] as const)(
  "flushes the %s to disk before the journal counts them",
  (output) =>
    Effect.gen(function* () {
      const { client, path, expectComplete } = yield* withStorage()
      const events: Array<Event> = []
      const syncEvery = 10_000
      yield* Effect.flatMap(Exports, (exports) =>
        exports.toFile(projectId, path, { output, syncEvery })
      ).pipe(
        Effect.provideServiceEffect(FileSystem.FileSystem, recording(path, events)),
        Effect.provide(client())
      )
      if (output === "rows") expectComplete()
      // Unflushed bytes of each file.
      const unflushed = new Map<string, number>()
      const of = (name: string) => unflushed.get(name) ?? 0
      let journals = 0
      for (const [index, { bytes, name, what }] of events.entries()) {
        if (what === "written") {
          unflushed.set(name, of(name) + bytes)
          expect(of(".part") + of(".archive.part")).toBeLessThan(syncEvery + 8192)
        } else if (what === "synced") {
          unflushed.delete(name)
        } else {
          expect([of(".part"), of(".archive.part"), of(".journal.new")]).toEqual([0, 0, 0])
          expect(events[index + 1]).toMatchObject({ what: "synced", name: "/" })
          if (name === ".journal") journals++
        }
      }
      expect(journals).toBeGreaterThan(3)
      expect(events.filter(({ what }) => what === "renamed").at(-1)).toMatchObject({ name: "" })
    })
)

/** A file system that runs `stop` before its operation number `nth`. */
const stopping = (nth: number, stop: Effect.Effect<void, PlatformError.PlatformError>) =>
  Effect.map(FileSystem.FileSystem, (fs) => {
    let steps = 0
    const step = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.suspend(() => (steps++ === nth ? Effect.zipRight(stop, effect) : effect))
    return {
      ...fs,
      rename: (from: string, to: string) => step(fs.rename(from, to)),
      remove: (name: string, options?: FileSystem.RemoveOptions) => step(fs.remove(name, options)),
      stat: (name: string) => step(fs.stat(name)),
      open: (name: string, options?: FileSystem.OpenFileOptions) =>
        Effect.map(step(fs.open(name, options)), (file) =>
          Object.create(file, {
            writeAll: { value: (bytes: Uint8Array) => step(file.writeAll(bytes)) },
            sync: { value: step(file.sync) },
            truncate: { value: (size: FileSystem.SizeInput) => step(file.truncate(size)) }
          })
        )
    }
  })

it.scopedLive.each(["interrupted", "failed"] as const)(
  "a run that was %s at any operation can be resumed",
  (how) =>
    Effect.gen(function* () {
      let stopped = 0
      let isStopped = true
      for (let nth = 0; isStopped; nth++) {
        isStopped = false
        const noticed = Effect.sync(() => {
          isStopped = true
        })
        const { client, path, run, expectComplete } = yield* withStorage()
        const reached = yield* Deferred.make<void>()
        // The interruption arrives during the operation.
        const stop =
          how === "failed"
            ? Effect.fail(noSpace(path))
            : Effect.zipRight(Deferred.succeed(reached, undefined), Effect.sleep("2 millis"))
        const fiber = yield* Effect.flatMap(Exports, (exports) =>
          exports.toFile(projectId, path, { syncEvery: 10_000 })
        ).pipe(
          Effect.provideServiceEffect(FileSystem.FileSystem, stopping(nth, Effect.zipRight(noticed, stop))),
          Effect.provide(client()),
          Effect.fork
        )
        yield* Effect.race(Deferred.await(reached), Fiber.await(fiber))
        const exit = yield* how === "failed" ? Fiber.await(fiber) : Fiber.interrupt(fiber)
        if (Exit.isFailure(exit)) stopped++
        expect(yield* run()).toMatchObject({ rows: 400 })
        expectComplete()
      }
      expect(stopped).toBeGreaterThan(40)
    })
)
