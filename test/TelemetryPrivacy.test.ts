// Spans, logs and metrics contain only the names listed here, and no id, user data or query.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RateLimit, RetryPolicy } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { label } from "../src/api/operation.js"
import { operations } from "../src/api/operations.js"
import { operation as download } from "../src/layers/transfer/signedDownload.js"
import { operation as upload } from "../src/layers/transfer/signedUpload.js"
import { mark, methodsOf } from "./support/Methods.js"
import { services } from "./support/Services.js"
import { toItsEnd, watch } from "./support/Watch.js"

// The allowed names. Adding one means that everybody who reads logs may see it.
const attributes = [
  "http.request.method",
  "http.request.resend_count",
  "http.response.status_code",
  "http.route",
  "page",
  "server.address",
  // Set by the runtime: where the span was created.
  "code.stacktrace"
]
const annotations = ["attempt", "kind", "name", "operation", "place", "reason", "waitMillis"]
const driftMessage =
  "a response has a field or value that this version does not know; it is preserved. Look for an update of this library, or silence this with Drift.layerOff"
const messages = [
  driftMessage,
  "the hub refuses more requests (429): all calls wait",
  "waited for the rate limit",
  "waiting for another export of the same project to end: the hub keeps one export file per project. A program that " +
    "reads one export inside another of the same project waits for itself: read one after the other",
  "will try again"
]
const tags: Readonly<Record<string, ReadonlyArray<string>>> = {
  ango_decode_drift: ["operation"],
  ango_drift: ["operation", "kind"],
  ango_rate_limit_wait: [],
  ango_requests: ["operation", "outcome"],
  ango_retries: ["operation", "reason"]
}

// A message of the hub may be in an error, and nowhere else.
const sentence = `${mark} may not see ${AngoTest.projectId}.`

// Each situation with its fault, and the log message that it causes.
const situations: ReadonlyArray<readonly [string, Faults.Fault, string?]> = [
  ["nothing fails", Faults.ok, "waited for the rate limit"],
  ["the hub is down", Faults.fail(503, sentence), "will try again"],
  [
    "the hub refuses",
    Faults.tooManyRequests({ retryAfter: "2 seconds" }),
    "the hub refuses more requests (429): all calls wait"
  ],
  ["the network is down", Faults.reset, "will try again"],
  ["responses break off", Faults.cutBody(20), "will try again"],
  [
    "responses have unknown fields and values",
    Faults.respond(
      200,
      `{"status":"success","data":{"invites":[{"_id":"${mark}","status":"${mark} 1234567"}],"users":[],"${AngoTest.projectId}":1}}`
    ),
    driftMessage
  ],
  ["responses have another shape", Faults.respond(200, '{"status":"success","data":{"tasks":1}}')],
  ["nothing is found", Faults.fail(404, sentence)],
  ["nothing responds", Faults.hang, "will try again"]
]

const known = [...Object.values(operations), download, upload]
const isIn = (list: ReadonlyArray<string>) => (name: string) => !list.includes(name)

describe("spans, logs and metrics", () => {
  it.effect.each(situations)("contain only allowed names when %s", ([, fault, logs]) =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("*", Faults.repeat(fault))
      const watched = watch(hub)
      // Metrics belong to the process: existing values are from other tests.
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

      const seen = watched.names()
      const spanNames = ["program", ...names, ...known.map(label)]
      expect([...seen.spans].filter(isIn(spanNames))).toEqual([])
      expect([...seen.attributes].filter(isIn(attributes))).toEqual([])
      expect([...seen.annotations].filter(isIn(annotations))).toEqual([])
      expect([...seen.messages].filter(isIn(messages))).toEqual([])

      if (logs !== undefined) expect([...seen.messages]).toContain(logs)
      // The embedded hub sends nothing that the client does not know.
      if (fault === Faults.ok) expect([...seen.messages]).not.toContain(driftMessage)
      const text = watched.telemetry()
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
