// A thousand failing uploads over real sockets leave no socket, timer, fiber or open file.
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Ango, FileSource, RateLimit, RetryPolicy, Uploads } from "effect-ango"
import { AngoTest, Emulator, type EmulatorService, Faults } from "effect-ango/emulator"
import { drawn } from "../../support/Uploads.js"

const uploads = 1000

// No fault that hangs: a server that does not read a body does not notice that its client has closed, and keeps the socket.
const broken = Faults.mix({
  seed: 44,
  faults: [
    [0.3, Faults.cutUpload(100_000)],
    [0.1, Faults.cutUpload(0)],
    [0.2, Faults.reset],
    [0.15, Faults.fail(503)],
    [0.15, Faults.fail(403)],
    [0.05, Faults.redirect("http://127.0.0.1:9/b", 307)],
    [0.05, Faults.afterProcessing(Faults.reset)]
  ]
})

const client = (hub: EmulatorService, http: Layer.Layer<HttpClient.HttpClient>) =>
  Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl, idleTimeout: "2 seconds" }).pipe(
    Layer.provide(http),
    Layer.provide(RateLimit.layerOff),
    Layer.provide(RetryPolicy.layer({ attempts: 2, baseDelay: "5 millis", quota: "off" }))
  )

// Large and small files, and some uploads that are interrupted.
const one = (number: number, path: string) =>
  Effect.gen(function* () {
    const source =
      number % 3 === 0 ? FileSource.bytes(drawn(1000), { name: "a.jpg" }) : yield* FileSource.file(path)
    const put = Effect.flatMap(Uploads, (service) => service.put(AngoTest.projectId, source))
    const ended = Effect.map(
      Effect.either(put),
      Either.match({ onLeft: ({ _tag }): string => _tag, onRight: () => "" })
    )
    return number % 10 < 8
      ? yield* ended
      : Option.getOrElse(yield* Effect.timeoutOption(ended, `${number % 37} millis`), () => "given up")
  })

// A handle may be closed between listing and reading it.
const isLink = (name: string, path: string): boolean => {
  try {
    return readlinkSync(`/proc/self/fd/${name}`) === path
  } catch {
    return false
  }
}

const held = (path: string) =>
  Effect.sync(() => {
    const sockets = process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS)/.test(name)).length
    // On Linux: one link per open file of the process.
    const files = readdirSync("/proc/self/fd").filter((name) => isLink(name, path)).length
    return { sockets, files }
  })

it.scopedLive(
  `${uploads} uploads that fail leave no socket and no file open`,
  () =>
    Effect.gen(function* () {
      const folder = mkdtempSync(join(tmpdir(), "ango-"))
      yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
      const path = join(folder, "large.jpg")
      writeFileSync(path, drawn(400_000))
      const hub = yield* Emulator.serve({ tasks: 1, requestLog: 10, uploads: { keep: 0 } })
      yield* hub.faults.on("files", broken)
      yield* Effect.sleep("200 millis")
      const before = yield* held(path)
      const ends = yield* Effect.forEach(
        [FetchHttpClient.layer, NodeHttpClient.layer],
        (http) =>
          Effect.forEach(
            Array.from({ length: uploads / 2 }, (_, number) => number),
            (number) => one(number, path),
            { concurrency: 8 }
          ).pipe(Effect.provide(client(hub, http))),
        { concurrency: 2 }
      )
      const failed = new Set(ends.flat())
      expect(failed.size).toBeGreaterThan(3)
      expect(ends.flat().filter((tag) => tag === "").length).toBeLessThan(uploads / 4)
      const after = yield* Effect.repeat(Effect.delay(held(path), "100 millis"), {
        until: ({ files, sockets }) => sockets <= before.sockets && files <= before.files,
        times: 100
      })
      expect(after.sockets).toBeLessThanOrEqual(before.sockets)
      expect(after.files).toBeLessThanOrEqual(before.files)
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  120_000
)
