// A rate limit shared in Redis: two real processes, one real Redis, one hub, and the times of its requests.
import { execFile } from "node:child_process"
import { randomUUID } from "node:crypto"
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import type { IncomingMessage } from "node:http"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Emulator } from "effect-ango/emulator"
import { Redis } from "ioredis"
import { canary } from "../support/Wire.js"

const url = process.env["REDIS_URL"]
// In CI a missing Redis is an error.
const isSkipped = !url && !process.env["CI"]
const note = isSkipped ? " (skipped: REDIS_URL is not set)" : ""
if (isSkipped) console.warn("The tests of a rate limit in Redis are skipped: set REDIS_URL.")

const redis = new URL(url || "redis://127.0.0.1:6379")
const password = decodeURIComponent(redis.password)

interface Outcome {
  readonly code: number
  readonly printed: string
}

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

/** Runs test/support/SharedBudget.ts as a process. */
const run = (env: Record<string, string>) =>
  Effect.async<Outcome>((resume) => {
    const child = execFile(
      process.execPath,
      ["--import", createRequire(import.meta.url).resolve("tsx"), path("test/support/SharedBudget.ts")],
      {
        env: {
          ...process.env,
          TSX_TSCONFIG_PATH: path("tsconfig.json"),
          REDIS_HOST: redis.hostname,
          REDIS_PORT: redis.port || "6379",
          REDIS_USERNAME: decodeURIComponent(redis.username),
          REDIS_PASSWORD: password,
          NAME: "one",
          TIMES: "1",
          ...env
        }
      },
      (error, stdout, stderr) =>
        resume(
          Effect.succeed({ code: error === null ? 0 : Number(error.code ?? 1), printed: stdout + stderr })
        )
    )
    return Effect.sync(() => child.kill())
  })

interface RecordedRequest {
  readonly at: number
  readonly by: string
}

/** The requests of the processes to the servers of this one: when, and by which process. */
const recordRequests = Effect.acquireRelease(
  Effect.sync(() => {
    const all: Array<RecordedRequest> = []
    const note = (message: unknown) => {
      const { headers } = (message as { readonly request: IncomingMessage }).request
      const by = headers["x-process"]
      if (typeof by === "string") all.push({ at: performance.now(), by })
    }
    subscribe("http.server.request.start", note)
    return { all, note }
  }),
  ({ note }) => Effect.sync(() => unsubscribe("http.server.request.start", note))
).pipe(Effect.map(({ all }) => all))

const served = Effect.map(
  Emulator.serve({ tasks: 1, apiKey: Redacted.make(canary) }),
  (hub): Record<string, string> => ({
    ANGO_BASE_URL: hub.baseUrl,
    ANGO_API_KEY: canary,
    REDIS_PREFIX: `test-${randomUUID()}:`
  })
)

/** All keys in Redis. */
const names = Effect.acquireUseRelease(
  Effect.sync(
    () =>
      new Redis({
        host: redis.hostname,
        port: Number(redis.port || 6379),
        username: decodeURIComponent(redis.username),
        password
      })
  ),
  (client) => Effect.promise(() => client.keys("*")),
  (client) => Effect.promise(() => client.quit())
)

/** The largest number of requests in any span of this length. */
const maxWithin = (requests: ReadonlyArray<RecordedRequest>, millis: number): number =>
  Math.max(
    ...requests.map(({ at }) => requests.filter((other) => other.at >= at && other.at < at + millis).length)
  )

const count = (requests: ReadonlyArray<RecordedRequest>, name: string): number =>
  requests.filter(({ by }) => by === name).length

// Two processes start slowly on a busy machine.
const testTimeout = 60_000

describe.skipIf(isSkipped)(`a budget in Redis${note}`, () => {
  it.scopedLive(
    `is one for two processes with the same key, which take turns${note}`,
    () =>
      Effect.gen(function* () {
        const requests = yield* recordRequests
        const env = yield* served
        const outcomes = yield* Effect.all(
          [run({ ...env, NAME: "one", TIMES: "15" }), run({ ...env, NAME: "two", TIMES: "15" })],
          { concurrency: 2 }
        )
        expect(outcomes).toEqual([
          { code: 0, printed: "done\n" },
          { code: 0, printed: "done\n" }
        ])
        expect([count(requests, "one"), count(requests, "two")]).toEqual([15, 15])
        // A request is sent at least 3 s after the tenth before it; on a busy machine they may arrive closer together. Two
        // budgets, or two uses of a slot, would be 20 requests at once.
        expect(maxWithin(requests, 2000)).toBeLessThanOrEqual(10)
        // While both run, both get the same share.
        const firsts = ["one", "two"].map((name) => requests.findIndex(({ by }) => by === name))
        const both = requests.slice(Math.max(...firsts), Math.max(...firsts) + 10)
        expect(count(both, "one")).toBeGreaterThanOrEqual(3)
        expect(count(both, "two")).toBeGreaterThanOrEqual(3)

        const ours = (yield* names).filter((name) => name.startsWith(env["REDIS_PREFIX"] ?? "none"))
        expect(ours.length).toBeGreaterThan(1)
        for (const name of ours) expect(name).toMatch(/^test-[\w-]+:[0-9a-f]{16}:(turn|seat:\d)$/)
        expect((yield* names).join("\n").includes(canary)).toBe(false)
      }),
    testTimeout
  )

  it.scopedLive(
    `that rejects the password sends nothing, and does not reveal it${note}`,
    () =>
      Effect.gen(function* () {
        const requests = yield* recordRequests
        const { code, printed } = yield* run({ ...(yield* served), REDIS_PASSWORD: "wr0ng-passw0rd" })
        expect(code).toBe(1)
        expect(printed).toContain("StoreUnavailable")
        expect(printed).toMatch(/WRONGPASS/)
        expect(/wr0ng-passw0rd/.test(printed) || printed.includes(canary)).toBe(false)
        expect(requests).toEqual([])
      }),
    testTimeout
  )
})

describe("a rate limit in a Redis that does not respond", () => {
  it.scopedLive(
    "sends nothing, and prints neither key nor password",
    () =>
      Effect.gen(function* () {
        const requests = yield* recordRequests
        const { code, printed } = yield* run({
          ...(yield* served),
          REDIS_HOST: "127.0.0.1",
          REDIS_PORT: "1",
          REDIS_PASSWORD: "r3dis-passw0rd"
        })
        expect(code).toBe(1)
        expect(printed).toMatch(/StoreUnavailable: .* was not sent: .* Check the store/)
        // Printed by ioredis itself: its client is not accessible.
        expect(printed).toContain("[ioredis] Unhandled error event: Error: connect ECONNREFUSED 127.0.0.1:1")
        expect(printed.includes("r3dis-passw0rd") || printed.includes(canary)).toBe(false)
        expect(requests).toEqual([])
      }),
    testTimeout
  )
})
