// A client that is watched: what it sends, logs, traces, counts and fails with.
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

/** An error in every way of printing. */
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

// What a span is told while it lasts; the type does not say that it keeps it.
const eventsOf = (span: Tracer.Span): ReadonlyArray<readonly [string, bigint, Record<string, unknown>]> =>
  "events" in span && Array.isArray(span.events) ? span.events : []

// The runtime tells of each fiber that fails within a stream, with its error, for those who debug. The errors are
// looked through by themselves.
const ofTheRuntime = "Fiber terminated with an unhandled error"

/** A client of a hub, and all that can be seen of it from outside. */
export const watch = (hub: EmulatorService) => {
  const lines: Array<Line> = []
  /** The requests without their key: URL, other headers, body. */
  const sent: Array<Promise<string>> = []
  /** Where the key was sent. */
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
        // A file whose upload is given up cannot be read to its end.
        .catch(() => "given up")
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
    /** The logs, and names, attributes and events of the spans: what is kept for long and read by many. */
    told: () =>
      JSON.stringify([
        lines.filter(({ message }) => String(message) !== ofTheRuntime),
        spans.map((span) => [
          span.name,
          [...span.attributes],
          eventsOf(span).flatMap(([name, , given]) => (name === ofTheRuntime ? [] : [[name, given]]))
        ])
      ]),
    /** Every name under which something is told. */
    names: () => ({
      spans: new Set(spans.map(({ name }) => name)),
      attributes: new Set(spans.flatMap((span) => [...span.attributes.keys()])),
      annotations: new Set(lines.flatMap(({ annotations }) => Object.keys(annotations))),
      messages: new Set(
        [
          ...lines.map(({ message }) => String(message)),
          ...spans.flatMap((span) => eventsOf(span).map(([name]) => name))
        ].filter((message) => message !== ofTheRuntime)
      )
    }),
    /**
     * Everything that was seen, but for the key's own header, and these errors. Of some spans it is what an exporter
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
    /** Grows as long as something happens. */
    progress: () => lines.length + spans.length + sent.length
  }
}

// Of the real clock: what is under way in the process goes on meanwhile.
const nextTurn = Effect.async<void>((resume) => void setTimeout(() => resume(Effect.void), 2))

/** Runs to the end a program that waits for answers and for times: the clock moves when nothing else does. */
export const toItsEnd = <A, E, R>(program: Effect.Effect<A, E, R>, progress: () => number) =>
  Effect.gen(function* () {
    // The clock is known to be moved: else it warns in the log after five seconds of the real clock, on a busy machine.
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
