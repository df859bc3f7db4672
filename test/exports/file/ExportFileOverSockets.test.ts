// Exports to files over real sockets that are cut: at every byte of a small archive, and at many bytes of a large one.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import { Ango, Drift, type ExportFileOptions, Exports, RateLimit, RetryPolicy } from "effect-ango"
import { AngoTest, Emulator, type EmulatorOptions, type EmulatorService, Faults } from "effect-ango/emulator"
import { bytesAt, folder, namesIn } from "../../support/Folder.js"
import { captureLogs } from "../../support/Logs.js"

const { projectId } = AngoTest

const options: ExportFileOptions = { stages: "all", includeHistory: false, includeMetadata: false }

/** Serves a hub over a socket, and exports from it into a folder. */
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
    const logs = captureLogs()
    const run = (more: ExportFileOptions = {}, name = "file") =>
      Effect.flatMap(Exports, (exports) =>
        exports.toFile(projectId, `${directory}/${name}`, { ...options, ...more })
      ).pipe(Effect.provide(client), Effect.provide(logs.layer))
    return { hub: served, directory, logs, run }
  })

/** The first byte that each download since the request number `since` asked for. */
const startsOf = (hub: EmulatorService, since: number) =>
  Effect.map(hub.requests("files"), (all) =>
    all.slice(since).map(({ headers }) => Number(/^bytes=(\d+)-$/.exec(headers["range"] ?? "")?.[1] ?? 0))
  )

// Every byte for the usual case, and every third byte for each of the others.
const combinations = [
  { output: "rows", ranges: true, first: 0, every: 1 },
  { output: "archive", ranges: true, first: 0, every: 3 },
  { output: "rows", ranges: false, first: 1, every: 3 },
  { output: "archive", ranges: false, first: 2, every: 3 }
] as const

describe("an export to a file whose socket is cut at every byte of a small archive", {
  timeout: 300_000
}, () => {
  it.scopedLive.each(combinations)("writes the same file: %j", ({ every, first, output, ranges }) =>
    Effect.gen(function* () {
      const { directory, hub, logs, run } = yield* serve({ tasks: 1, archives: { ranges } })
      yield* run({ output }, "undisturbed")
      const expected = bytesAt(directory, "undisturbed")
      const { bytes: size } = yield* run({ output: "archive" }, "archive")
      expect(size).toBeGreaterThan(500)
      let requests = (yield* hub.requests("files")).length
      for (let at: number = first; at < size; at += every) {
        yield* hub.faults.on("files", [Faults.cutBody(at)])
        // Alternately resumed in the same run, and in a second run after the first has failed.
        if (at % 2 === 1) {
          const error = yield* Effect.flip(run({ output }).pipe(Ango.withRetry({ attempts: 1 })))
          expect(["ConnectionFailed", "ArchiveError"]).toContain(error._tag)
        }
        expect(yield* run({ output })).toMatchObject({ bytes: expected.length, resumed: at % 2 === 1 })
        expect(bytesAt(directory, "file").equals(expected)).toBe(true)
        expect(namesIn(directory)).toEqual(["archive", "file", "undisturbed"])
        const starts = yield* startsOf(hub, requests)
        requests += starts.length
        // No byte that arrived is requested again, whether or not the storage supports ranges. The last bytes may have
        // been lost in the broken socket.
        expect(starts).toHaveLength(2)
        expect(starts[0]).toBe(0)
        expect(starts[1]).toBeLessThanOrEqual(at)
        expect(starts[1]).toBeGreaterThanOrEqual(at - 64)
      }
      // A storage that gives no parts is noted.
      const kinds = logs.lines.map(({ level, annotations }) => `${level} ${annotations["operation"]}`)
      expect([...new Set(kinds)]).toEqual(ranges ? [] : ["INFO exports.download"])
    })
  )
})

describe("an export to a file whose socket is cut at 200 bytes of a large archive", {
  timeout: 300_000
}, () => {
  it.scopedLive("writes the same file, and requests each byte about once", () =>
    Effect.gen(function* () {
      const { directory, hub, run } = yield* serve({ tasks: 3000, archives: { method: "stored" } })
      yield* run({}, "undisturbed")
      const expected = bytesAt(directory, "undisturbed")
      const { bytes: size } = yield* run({ output: "archive" }, "archive")
      expect(size).toBeGreaterThan(2_000_000)
      // Ten cuts per run, at random distances; some of the last ones are after the end.
      const runs = FastCheck.sample(
        FastCheck.array(FastCheck.integer({ min: 0, max: Math.floor(size / 9) }), {
          minLength: 10,
          maxLength: 10
        }),
        22
      )
      let effective = 0
      let requests = (yield* hub.requests("files")).length
      for (const [nth, cuts] of runs.entries()) {
        const output = nth % 4 === 3 ? ("archive" as const) : ("rows" as const)
        yield* hub.faults.on("files", cuts.map(Faults.cutBody))
        yield* run({ output, syncEvery: 300_000 }).pipe(Ango.withRetry({ attempts: 20 }))
        expect(
          bytesAt(directory, "file").equals(output === "rows" ? expected : bytesAt(directory, "archive"))
        ).toBe(true)
        expect(namesIn(directory)).toEqual(["archive", "file", "undisturbed"])
        const starts = yield* startsOf(hub, requests)
        requests += starts.length
        effective += starts.length - 1
        // Each download begins where the previous one was cut, except for bytes that were lost on the way.
        const repeated = starts
          .slice(1)
          .map((from, index) => (starts[index] ?? 0) + (cuts[index] ?? 0) - from)
        expect(Math.min(...repeated)).toBeGreaterThanOrEqual(0)
        expect(repeated.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(0.1 * size * 10)
      }
      expect(effective).toBeGreaterThanOrEqual(200)
    })
  )
})
