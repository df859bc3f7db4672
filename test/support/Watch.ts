// A watched client: everything that it sends, logs, traces and counts.
import { inspect } from "node:util"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HashMap from "effect/HashMap"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import type * as Tracer from "effect/Tracer"
import { Ango } from "effect-ango"
import type { EmulatorService } from "effect-ango/emulator"
import { exported, held, recorder } from "./Spans.js"

/** Prints an error in every way. */
export const prints = (error: unknown): ReadonlyArray<string> => [
  String(error),
  JSON.stringify(error) ?? "",
  inspect(error, { depth: 12, showHidden: true }),
  Cause.pretty(Cause.fail(error), { renderErrorCause: true })
]

interface Line {
  readonly message: unknown
  readonly annotations: Readonly<Record<string, unknown>>
  readonly cause: string
}

// The native span keeps its events; the type `Span` does not show them.
const eventsOf = (span: Tracer.Span): ReadonlyArray<readonly [string, bigint, Record<string, unknown>]> =>
  "events" in span && Array.isArray(span.events) ? span.events : []

// The runtime logs each failure of a fiber within a stream at debug level. The tests check the errors themselves.
const runtimeMessage = "Fiber terminated with an unhandled error"

/** A client of a hub, and everything that can be observed of it. */
export const watch = (hub: EmulatorService) => {
  const lines: Array<Line> = []
  /** The requests without their key: URL, other headers, body. */
  const sent: Array<Promise<string>> = []
  /** The origins that the key was sent to. */
  const origins = new Set<string>()
  const { layer: tracer, spans } = recorder()
  const logger = Logger.replace(
    Logger.defaultLogger,
    Logger.make(({ annotations, cause, message }) => {
      lines.push({
        message,
        annotations: Object.fromEntries(HashMap.toEntries(annotations)),
        cause: Cause.pretty(cause)
      })
    })
  )
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init)
    if (request.headers.has("apikey")) origins.add(new URL(request.url).origin)
    const others = [...request.headers].filter(([name]) => name !== "apikey")
    sent.push(
      request
        .clone()
        .text()
        // The body of an interrupted upload cannot be read to its end.
        .catch(() => "interrupted")
        .then((body) => JSON.stringify([request.url, others, body]))
    )
    return hub.fetch(request)
  }
  const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch))
  )
  const observed = <A, E, R>(program: Effect.Effect<A, E, R>) =>
    program.pipe(
      Effect.withSpan("program"),
      Effect.provide(Layer.merge(tracer, logger)),
      Logger.withMinimumLogLevel(LogLevel.All)
    )
  const metrics = Effect.map(Metric.snapshot, (pairs) =>
    pairs
      .filter(({ metricKey }) => metricKey.name.startsWith("ango_"))
      .map(({ metricKey, metricState }) => ({
        name: metricKey.name,
        tags: metricKey.tags.map(({ key, value }) => [key, value] as const),
        state: JSON.stringify(metricState)
      }))
  )
  return {
    client,
    observed,
    lines,
    spans,
    sent,
    origins,
    metrics,
    /** The logs, and the names, attributes and events of the spans. */
    telemetry: () =>
      JSON.stringify([
        lines.filter(({ message }) => String(message) !== runtimeMessage),
        spans.map((span) => [
          span.name,
          [...span.attributes],
          eventsOf(span).flatMap(([name, , given]) => (name === runtimeMessage ? [] : [[name, given]]))
        ])
      ]),
    /** All names in logs and spans. */
    names: () => ({
      spans: new Set(spans.map(({ name }) => name)),
      attributes: new Set(spans.flatMap((span) => [...span.attributes.keys()])),
      annotations: new Set(lines.flatMap(({ annotations }) => Object.keys(annotations))),
      messages: new Set(
        [
          ...lines.map(({ message }) => String(message)),
          ...spans.flatMap((span) => eventsOf(span).map(([name]) => name))
        ].filter((message) => message !== runtimeMessage)
      )
    }),
    /**
     * Everything observed except the key's header, and the errors. For the spans `asExported` only what an exporter
     * sees: Effect keeps the result of a call in its span.
     */
    everything: (errors: ReadonlyArray<unknown>, asExported: ReadonlyArray<string> = []) =>
      Effect.gen(function* () {
        const requests = yield* Effect.promise(() => Promise.all(sent))
        return [
          ...errors.flatMap(prints),
          ...requests,
          inspect(lines, { depth: 8 }),
          ...spans.flatMap((span) => [
            asExported.includes(span.name) ? exported(span) : held(span),
            inspect(eventsOf(span), { depth: 8 })
          ]),
          JSON.stringify(yield* metrics)
        ].join("\n")
      }),
    /** Grows while something happens. */
    progress: () => lines.length + spans.length + sent.length
  }
}

// On the real clock: running work in the process proceeds meanwhile.
const nextTurn = Effect.async<void>((resume) => void setTimeout(() => resume(Effect.void), 2))

/** Runs a program to its end: the test clock moves when nothing else happens. */
export const toItsEnd = <A, E, R>(program: Effect.Effect<A, E, R>, progress: () => number) =>
  Effect.gen(function* () {
    // Otherwise the test clock logs a warning after five real seconds, which happens on a busy machine.
    yield* TestClock.adjust(0)
    const fiber = yield* Effect.fork(program)
    for (let seen = -1, quiet = 0; Option.isNone(yield* Fiber.poll(fiber)); ) {
      yield* nextTurn
      quiet = progress() === seen ? quiet + 1 : 0
      seen = progress()
      if (quiet > 20) yield* TestClock.adjust("10 seconds")
    }
    return yield* Fiber.join(fiber)
  })
