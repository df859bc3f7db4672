// A tracer that records its spans, to check what they contain.
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"

export const recorder = () => {
  const spans: Array<Tracer.Span> = []
  const layer = Layer.unwrapEffect(
    Effect.map(Effect.tracer, (native) =>
      Layer.setTracer(
        Tracer.make({
          span: (...args) => {
            const span = native.span(...args)
            spans.push(span)
            return span
          },
          context: native.context
        })
      )
    )
  )
  return { spans, layer }
}

const json = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner))

/** What an exporter sees of a span: its name, kind and attributes, and its failure. */
export const exported = (span: Tracer.Span): string =>
  json([
    span.name,
    span.kind,
    [...span.attributes],
    span.status._tag === "Ended" && span.status.exit._tag === "Failure"
      ? Cause.pretty(span.status.exit.cause, { renderErrorCause: true })
      : "succeeded"
  ])

/** The name, the attributes and the status of a span, with the result of its effect. */
export const held = (span: Tracer.Span): string => json([span.name, [...span.attributes], span.status])
