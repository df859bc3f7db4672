// A canary key goes through every method of every service, whole and broken, and is looked for everywhere.
import { inspect } from "node:util"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Ango, Assets, Batches, Projects, RetryPolicy, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { type OperationName, operations } from "../src/api/Operations.js"
import { held, recorder } from "./support/Spans.js"
import { canary } from "./support/Wire.js"

// One argument list fits every method: an id of a project and of a task alike, then options.
const methods = Effect.map(Effect.all([Projects, Tasks, Assets, Batches]), (services) =>
  services.flatMap((service) =>
    Object.values(service as unknown as Record<string, (...args: ReadonlyArray<unknown>) => unknown>)
  )
)

const run = (result: unknown): Effect.Effect<unknown, unknown> =>
  Effect.isEffect(result)
    ? (result as Effect.Effect<unknown, unknown>)
    : Stream.runDrain(result as Stream.Stream<unknown, unknown>)

const echo = JSON.stringify({ status: "fail", message: `the key ${canary} is not welcome` })

const faults: Record<string, Faults.Fault> = {
  none: Faults.ok,
  "400": Faults.respond(400, echo),
  "401": Faults.respond(401, echo),
  "429": Faults.respond(429, echo, { "content-type": "application/json", "retry-after": "9999" }),
  "500": Faults.respond(500, echo),
  "200 fail": Faults.respond(200, echo),
  html: Faults.respond(200, `<html>${canary}</html>`, { "content-type": "text/html" }),
  "not json": Faults.respond(200, canary),
  shape: Faults.respond(200, JSON.stringify({ status: "success", data: { [canary]: canary } })),
  "request id": Faults.respond(500, echo, { "content-type": "application/json", "x-request-id": canary }),
  empty: Faults.empty(),
  cut: Faults.cut(10),
  redirect: Faults.redirect(`https://evil.example/?apikey=${canary}`),
  "redirect to a path with the key": Faults.redirect(`https://evil.example/${canary}`),
  refused: Faults.refuse
}

const prints = (error: unknown): ReadonlyArray<string> => [
  String(error),
  JSON.stringify(error) ?? "",
  inspect(error, { depth: 12, showHidden: true }),
  Cause.pretty(Cause.fail(error), { renderErrorCause: true })
]

describe("the key", () => {
  it.effect.each(Object.keys(faults))("is found nowhere but in its header: %s", (name) =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const { layer: tracer, spans } = recorder()
      const logger = Logger.replace(
        Logger.defaultLogger,
        Logger.make((entry) => void lines.push(inspect(entry, { depth: 12 })))
      )
      const hub = yield* Emulator
      const sentTo = new Set<string>()
      const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(
          Layer.succeed(FetchHttpClient.Fetch, (input, init) => {
            const request = new Request(input, init)
            if (request.headers.get("apikey") === canary) sentTo.add(new URL(request.url).origin)
            return hub.fetch(input, init)
          })
        ),
        Layer.provide(RetryPolicy.layer({ attempts: 1 }))
      )

      const outcomes = yield* Effect.gen(function* () {
        const all = yield* methods
        expect(all.length).toBeGreaterThanOrEqual(17)
        return yield* Effect.forEach(all, (method) =>
          Effect.gen(function* () {
            for (const operation of Object.keys(operations) as Array<OperationName>) {
              yield* hub.faults.on(operation, [faults[name] ?? Faults.ok])
            }
            const outcome = yield* Effect.either(run(method(AngoTest.projectId, { limit: 1000 })))
            yield* Effect.logDebug("outcome", outcome)
            return outcome
          })
        )
      }).pipe(
        Effect.withSpan("program"),
        Effect.provide(client),
        Effect.provide(Layer.mergeAll(tracer, logger)),
        Logger.withMinimumLogLevel(LogLevel.All)
      )

      const errors = outcomes.filter(Either.isLeft).map(({ left }) => left)
      if (name !== "none") expect(errors.length).toBe(outcomes.length)
      const everything = [...errors.flatMap(prints), ...lines, ...spans.map(held)].join("\n")
      expect(everything.length).toBeGreaterThan(1000)
      expect(everything).not.toContain(canary)
      expect([...sentTo]).toEqual(
        name === "refused" ? [new URL(hub.baseUrl).origin] : [new URL(hub.baseUrl).origin]
      )
    }).pipe(Effect.provide(Emulator.layer({ tasks: 30, apiKey: Redacted.make(canary) })))
  )
})
