// What spans, logs and metrics tell: a written list of names, and no id, no name of yours and no query.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RateLimit, RetryPolicy } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { label, operations } from "../src/api/operations.js"
import { operation as download } from "../src/layers/transfer/download.js"
import { operation as upload } from "../src/layers/transfer/upload.js"
import { mark, methodsOf } from "./support/Methods.js"
import { services } from "./support/Services.js"
import { toItsEnd, watch } from "./support/Watch.js"

// What may be told. To add a name here is to decide that everybody who reads logs may know it.
const attributes = [
  "http.request.method",
  "http.request.resend_count",
  "http.response.status_code",
  "http.route",
  "page",
  "server.address",
  // The runtime's own: where in the program an effect was made.
  "code.stacktrace"
]
const annotations = ["attempt", "kind", "name", "operation", "place", "reason", "waitMillis"]
const news =
  "the hub's answers hold what this version does not know: it is kept, but look for an update (Drift.layerOff silences this)"
const messages = [
  news,
  "the hub refuses more requests (429): all calls wait",
  "waited for the rate limit",
  "will try again"
]
const tags: Readonly<Record<string, ReadonlyArray<string>>> = {
  ango_decode_drift: ["operation"],
  ango_drift: ["operation", "kind"],
  ango_rate_limit_wait: [],
  ango_requests: ["operation", "outcome"],
  ango_retries: ["operation", "reason"]
}

// What the hub says may stand in an error, and nowhere else.
const sentence = `${mark} may not see ${AngoTest.projectId}.`

// The faults, and what is logged because of them.
const weathers: ReadonlyArray<readonly [string, Faults.Fault, string?]> = [
  ["all is well", Faults.ok, "waited for the rate limit"],
  ["the hub is down", Faults.fail(503, sentence), "will try again"],
  [
    "the hub refuses",
    Faults.tooManyRequests({ retryAfter: "2 seconds" }),
    "the hub refuses more requests (429): all calls wait"
  ],
  ["the network is down", Faults.reset, "will try again"],
  ["answers break off", Faults.cutBody(20), "will try again"],
  [
    "answers hold something new",
    Faults.respond(
      200,
      `{"status":"success","data":{"invites":[{"_id":"${mark}","status":"${mark} 1234567"}],"users":[],"${AngoTest.projectId}":1}}`
    ),
    news
  ],
  ["answers have another shape", Faults.respond(200, '{"status":"success","data":{"tasks":1}}')],
  ["nothing is found", Faults.fail(404, sentence)],
  ["nothing answers", Faults.hang, "will try again"]
]

const known = [...Object.values(operations), download, upload]
const isIn = (list: ReadonlyArray<string>) => (name: string) => !list.includes(name)

describe("spans, logs and metrics", () => {
  it.effect.each(weathers)("tell names alone when %s", ([, fault, logs]) =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("*", Faults.repeat(fault))
      const watched = watch(hub)
      // Metrics are the process's: what stands there already is of other tests.
      const before = new Set((yield* watched.metrics).map((metric) => JSON.stringify(metric)))
      const policies = Layer.merge(
        RetryPolicy.layer({ attempts: 2 }),
        RateLimit.layer({ limit: 60, window: "5 seconds" })
      )
      const names = yield* Effect.gen(function* () {
        const methods = methodsOf(yield* Effect.all(services))
        yield* Effect.forEach(methods, ({ run }) => Effect.either(run), { concurrency: "unbounded" })
        return methods.map(({ name }) => name)
      }).pipe(Effect.provide(Layer.provide(watched.client, policies)), watched.observed, (program) =>
        toItsEnd(program, watched.progress)
      )

      const told = watched.names()
      const spanNames = ["program", ...names, ...known.map(label)]
      expect([...told.spans].filter(isIn(spanNames))).toEqual([])
      expect([...told.attributes].filter(isIn(attributes))).toEqual([])
      expect([...told.annotations].filter(isIn(annotations))).toEqual([])
      expect([...told.messages].filter(isIn(messages))).toEqual([])

      if (logs !== undefined) expect([...told.messages]).toContain(logs)
      // The embedded hub knows nothing that the client does not.
      if (fault === Faults.ok) expect([...told.messages]).not.toContain(news)
      const text = watched.told()
      expect(text.includes(mark)).toBe(false)
      expect(text).not.toMatch(/[0-9a-f]{24}|@[a-z]+\.example|\?|limit=/)

      const outcomes = /^(\d{3}|no-answer|[A-Z][A-Za-z]+)$/
      const counted = (yield* watched.metrics).filter((metric) => !before.has(JSON.stringify(metric)))
      expect(counted.length).toBeGreaterThan(30)
      for (const { name, tags: given } of counted) {
        expect(given.map(([tag]) => tag).filter(isIn(tags[name] ?? []))).toEqual([])
        for (const [tag, value] of given) {
          if (tag === "operation") expect(known.map((one) => String(one.name))).toContain(value)
          else if (tag === "kind") expect(["field", "value"]).toContain(value)
          else expect(value).toMatch(outcomes)
        }
      }
    }).pipe(Effect.provide(Emulator.layer({ tasks: 5 })))
  )
})
