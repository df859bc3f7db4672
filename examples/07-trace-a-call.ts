// Print what a call does: its spans as a tree, with every attempt, and the counts at the end.
//
// It runs against the embedded hub with faults, without a key:
//
//   npx tsx examples/07-trace-a-call.ts
import { FetchHttpClient } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer, Metric, Option, Stream, Tracer } from "effect"
import { Ango, ConcurrencyLimit, RateLimit, RetryPolicy, Tasks } from "effect-ango"
import { Emulator, Faults } from "effect-ango/emulator"

/** A tracer that prints each span when it ends. Replace it with any other, such as that of OpenTelemetry. */
const consoleTracer = Layer.unwrapEffect(
  Effect.map(Effect.tracer, (native) => {
    const depths = new WeakMap<Tracer.AnySpan, number>()
    return Layer.setTracer(
      Tracer.make({
        context: native.context,
        span: (name, parent, ...rest) => {
          const span = native.span(name, parent, ...rest)
          const depth = Option.match(parent, { onNone: () => 0, onSome: (p) => (depths.get(p) ?? 0) + 1 })
          depths.set(span, depth)
          const end = span.end.bind(span)
          span.end = (endTime, exit) => {
            const millis = Number(endTime - span.status.startTime) / 1e6
            const facts = ["page", "http.response.status_code", "http.request.resend_count"]
              .filter((key) => span.attributes.has(key))
              .map((key) => ` ${key}=${span.attributes.get(key)}`)
            console.log(`${"  ".repeat(depth)}${name} ${millis.toFixed(0)} ms${facts.join("")}`)
            end(endTime, exit)
          }
          return span
        }
      })
    )
  })
)

const policies = Layer.mergeAll(
  RateLimit.layer({ limit: 600, window: "1 minute" }),
  ConcurrencyLimit.layer(8),
  RetryPolicy.layer({ attempts: 6, baseDelay: "200 millis" })
)

const counts = Effect.map(Metric.snapshot, (snapshot) =>
  snapshot.flatMap(({ metricKey: { name, tags }, metricState }) =>
    name.startsWith("ango_") && "count" in metricState
      ? [`${[name, ...tags.map(({ key, value }) => `${key}=${value}`)].join(" ")}: ${metricState.count}`]
      : []
  )
)

Effect.gen(function* () {
  const hub = yield* Emulator.serve({ tasks: 250 })
  yield* hub.faults.on("tasks.list", [Faults.ok, Faults.fail(503), Faults.cutBody(500), Faults.ok])
  // Pages of 100, so that the list takes several.
  const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl, pageSize: 100 }).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(policies)
  )
  const count = yield* Effect.flatMap(Tasks, (tasks) =>
    tasks.stream(hub.projectIds[0], { prefetch: 1 }).pipe(Stream.runCount)
  ).pipe(Effect.withSpan("count tasks"), Effect.provide(consoleTracer), Effect.provide(client))
  yield* Console.log(`${count} tasks`)
  yield* Effect.flatMap(counts, (lines) => Console.log(lines.toSorted().join("\n")))
}).pipe(Effect.scoped, NodeRuntime.runMain)
