// Exports to files over real sockets that are cut: at every byte of a small archive, and at many places of a large one.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import { Ango, Drift, type ExportFileOptions, Exports, RateLimit, RetryPolicy } from "effect-ango"
import { AngoTest, Emulator, type EmulatorOptions, type EmulatorService, Faults } from "effect-ango/emulator"
import { bytesAt, folder, namesIn } from "../../support/Folder.js"

const { projectId } = AngoTest

const options: ExportFileOptions = { stages: "all", includeHistory: false, includeMetadata: false }

/** A hub behind a socket, and exports of it into a folder. */
const serve = (hub: EmulatorOptions) =>
  Effect.gen(function* () {
    const served = yield* Emulator.serve(hub)
    const client = yield* Ango.layer({ apiKey: served.apiKey, baseUrl: served.baseUrl }).pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(RetryPolicy.layer({ baseDelay: "1 millis", quota: "off" })),
      Layer.provide(Layer.merge(RateLimit.layerOff, Drift.layerOff)),
      Layer.merge(NodeFileSystem.layer),
      Layer.build
    )
    const directory = yield* folder
    const run = (more: ExportFileOptions = {}, name = "file") =>
      Effect.flatMap(Exports, (exports) =>
        exports.toFile(projectId, `${directory}/${name}`, { ...options, ...more })
      ).pipe(Effect.provide(client))
    return { hub: served, directory, run }
  })

/** From which byte on each download of the latest export was asked for. */
const asked = (hub: EmulatorService, since: number) =>
  Effect.map(hub.requests("files"), (all) =>
    all.slice(since).map(({ headers }) => Number(/^bytes=(\d+)-$/.exec(headers["range"] ?? "")?.[1] ?? 0))
  )

// Each byte in the usual way, and each in one of the others.
const combinations = [
  { as: "rows", ranges: true, first: 0, every: 1 },
  { as: "archive", ranges: true, first: 0, every: 3 },
  { as: "rows", ranges: false, first: 1, every: 3 },
  { as: "archive", ranges: false, first: 2, every: 3 }
] as const

describe("the socket, cut at every byte of a small archive", { timeout: 300_000 }, () => {
  it.scopedLive.each(combinations)("gives the same file: %j", ({ as, every, first, ranges }) =>
    Effect.gen(function* () {
      const { directory, hub, run } = yield* serve({ tasks: 1, archives: { ranges } })
      yield* run({ output: as }, "undisturbed")
      const whole = bytesAt(directory, "undisturbed")
      const { bytes: size } = yield* run({ output: "archive" }, "archive")
      expect(size).toBeGreaterThan(500)
      let seen = (yield* hub.requests("files")).length
      for (let at: number = first; at < size; at += every) {
        yield* hub.faults.on("files", [Faults.cutBody(at)])
        // By turns in one run, and in a second one after the first has failed.
        if (at % 2 === 1) {
          const error = yield* Effect.flip(run({ output: as }).pipe(Ango.withRetry({ attempts: 1 })))
          expect(["ConnectionFailed", "ArchiveError"]).toContain(error._tag)
        }
        expect(yield* run({ output: as })).toMatchObject({ bytes: whole.length, resumed: at % 2 === 1 })
        expect(bytesAt(directory, "file").equals(whole)).toBe(true)
        expect(namesIn(directory)).toEqual(["archive", "file", "undisturbed"])
        const froms = yield* asked(hub, seen)
        seen += froms.length
        // No byte that came is asked for again, whether or not the storage gives parts: what a broken socket has not
        // handed over did not come.
        expect(froms).toHaveLength(2)
        expect(froms[0]).toBe(0)
        expect(froms[1]).toBeLessThanOrEqual(at)
        expect(froms[1]).toBeGreaterThanOrEqual(at - 64)
      }
    })
  )
})

describe("the socket, cut at 200 places of a large archive", { timeout: 300_000 }, () => {
  it.scopedLive("gives the same file, and asks for each byte about once", () =>
    Effect.gen(function* () {
      const { directory, hub, run } = yield* serve({ tasks: 3000, archives: { method: "stored" } })
      yield* run({}, "undisturbed")
      const whole = bytesAt(directory, "undisturbed")
      const { bytes: size } = yield* run({ output: "archive" }, "archive")
      expect(size).toBeGreaterThan(2_000_000)
      // Runs that are cut ten times each, at any distance; some of the last cuts come after the end.
      const runs = FastCheck.sample(
        FastCheck.array(FastCheck.integer({ min: 0, max: Math.floor(size / 9) }), {
          minLength: 10,
          maxLength: 10
        }),
        22
      )
      let effective = 0
      let seen = (yield* hub.requests("files")).length
      for (const [nth, cuts] of runs.entries()) {
        const as = nth % 4 === 3 ? ("archive" as const) : ("rows" as const)
        yield* hub.faults.on("files", cuts.map(Faults.cutBody))
        yield* run({ output: as, syncEvery: 300_000 }).pipe(Ango.withRetry({ attempts: 20 }))
        expect(bytesAt(directory, "file").equals(as === "rows" ? whole : bytesAt(directory, "archive"))).toBe(
          true
        )
        expect(namesIn(directory)).toEqual(["archive", "file", "undisturbed"])
        const froms = yield* asked(hub, seen)
        seen += froms.length
        effective += froms.length - 1
        // What was served of one download ends at its cut, and the next one begins there, but for what was on the way.
        const again = froms.slice(1).map((from, index) => (froms[index] ?? 0) + (cuts[index] ?? 0) - from)
        expect(Math.min(...again)).toBeGreaterThanOrEqual(0)
        expect(again.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(0.1 * size * 10)
      }
      expect(effective).toBeGreaterThanOrEqual(200)
    })
  )
})
