// Exports of one project by two processes with a store in Redis, against a hub with one export file per project.
import { type ChildProcess, execFile } from "node:child_process"
import { randomUUID } from "node:crypto"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango, RateLimit } from "effect-ango"
import { Emulator } from "effect-ango/emulator"
import { digestOf, exportWays } from "../support/ExportWays.js"

const url = process.env["REDIS_URL"]
// In CI a missing Redis is an error.
const isSkipped = !url && !process.env["CI"]
const note = isSkipped ? " (skipped: REDIS_URL is not set)" : ""
if (isSkipped) console.warn("The test of exports with a lock in Redis is skipped: set REDIS_URL.")

const redis = new URL(url || "redis://127.0.0.1:6379")

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

/** Starts test/support/SharedExports.ts as a process; `run` lets it begin, and returns the lines that it printed. */
const start = (env: Record<string, string>) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.async<{ readonly child: ChildProcess; readonly ended: Promise<ReadonlyArray<string>> }>(
        (resume) => {
          const ended = new Promise<ReadonlyArray<string>>((end) => {
            const child = execFile(
              process.execPath,
              [
                "--import",
                createRequire(import.meta.url).resolve("tsx"),
                path("test/support/SharedExports.ts")
              ],
              {
                env: {
                  ...process.env,
                  TSX_TSCONFIG_PATH: path("tsconfig.json"),
                  REDIS_HOST: redis.hostname,
                  REDIS_PORT: redis.port || "6379",
                  REDIS_USERNAME: decodeURIComponent(redis.username),
                  REDIS_PASSWORD: decodeURIComponent(redis.password),
                  ...env
                }
              },
              (error, stdout, stderr) =>
                end(
                  error === null
                    ? stdout.split("\n").filter((line) => line !== "" && line !== "ready")
                    : [`${error.message} ${stderr}`]
                )
            )
            // The first line says that it waits; an exit before it is reported by `ended`.
            child.stdout?.once("data", () => resume(Effect.succeed({ child, ended })))
            child.once("exit", () => resume(Effect.succeed({ child, ended })))
          })
        }
      ),
      ({ child }) => Effect.sync(() => child.kill())
    ),
    ({ child, ended }) =>
      Effect.promise(() => {
        child.stdin?.end("go\n")
        return ended
      })
  )

const seeds = Array.from({ length: 20 }, (_, index) => index + 1)

/** Two processes, each with a client of its own, one hub, and what each export returns alone. */
const exportTogether = (store: "redis" | "none") =>
  Effect.gen(function* () {
    const hub = yield* Emulator.serve({ tasks: 24, archives: { onePerProject: true } })
    const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
      Layer.provide(RateLimit.layerOff),
      Layer.provide(FetchHttpClient.layer)
    )
    const alone = yield* Effect.forEach(Object.entries(exportWays), ([name, way]) =>
      Effect.map(way, (rows) => `${name} ${digestOf(rows)}`)
    ).pipe(Effect.provide(client))
    expect(new Set(alone.map((line) => line.split(" ")[1])).size).toBe(alone.length)
    const env = {
      ANGO_BASE_URL: hub.baseUrl,
      ANGO_API_KEY: Redacted.value(hub.apiKey),
      REDIS_PREFIX: `test-${randomUUID()}:`,
      STORE: store
    }
    const [first = 1, last = 1] = [seeds.at(0), seeds.at(-1)]
    const runs = yield* Effect.forEach(
      [0, 100],
      (offset) => start({ ...env, FIRST: `${first + offset}`, LAST: `${last + offset}` }),
      { concurrency: 2 }
    )
    const printed = yield* Effect.all(runs, { concurrency: 2 })
    const expected = [0, 100].map((offset) =>
      seeds.flatMap((seed) => alone.map((line) => `${seed + offset} ${line}`)).toSorted()
    )
    return { printed: printed.map((lines) => lines.toSorted()), expected }
  })

describe.skipIf(isSkipped)(`two processes${note}`, () => {
  it.scopedLive(
    `with a shared store get the rows of their own exports, for 20 seeds${note}`,
    () =>
      Effect.gen(function* () {
        const { expected, printed } = yield* exportTogether("redis")
        expect(printed).toEqual(expected)
      }),
    300_000
  )

  it.scopedLive(
    `without one get rows of each other, or fail${note}`,
    () =>
      Effect.gen(function* () {
        const { expected, printed } = yield* exportTogether("none")
        expect(printed).not.toEqual(expected)
      }),
    300_000
  )
})
