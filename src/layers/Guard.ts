/**
 * Guards for the careful: clients that read and never write.
 *
 * @since 0.1.0
 */
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { label, type Operation } from "../api/operations.js"
import { WriteBlocked } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import { middleware } from "./transport/middleware.js"

/**
 * A write that was not sent: the operation, its method and route template, the path and query as they would have
 * been, and the body: the JSON value, or of a form the names of its parts. It holds data of yours, and no key.
 *
 * @since 0.1.0
 */
export interface PlannedRequest {
  readonly operation: string
  readonly method: string
  readonly route: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** What is done to a write before anything else. */
export class Guard extends Context.Reference<Guard>()("effect-ango/Guard", {
  defaultValue: ():
    | "off"
    | "read-only"
    | { readonly record: (request: PlannedRequest) => Effect.Effect<number> } => "off"
}) {}

/**
 * What a dry run has recorded.
 *
 * @since 0.1.0
 */
export class DryRun extends Context.Tag("effect-ango/DryRun")<
  DryRun,
  {
    /** The writes that were not sent, in their order. */
    readonly requests: Effect.Effect<ReadonlyArray<PlannedRequest>>
  }
>() {}

/**
 * Every write fails with `WriteBlocked` before any request; reads go through. Inputs are checked first, so that
 * `InvalidRequest` still tells a mistake.
 *
 * @example
 * ```ts
 * import { Ango, Guard } from "effect-ango"
 * import { Layer } from "effect"
 *
 * const readOnly = Ango.layerConfig().pipe(Layer.provide(Guard.layerReadOnly))
 * ```
 *
 * @since 0.1.0
 */
export const layerReadOnly: Layer.Layer<Guard> = Layer.succeed(Guard, "read-only")

/**
 * Every write is recorded as data and fails with `WriteBlocked`; reads go through. There is nothing true to answer a
 * write with, so a program that is to be recorded whole catches `WriteBlocked` at each write.
 *
 * @example
 * ```ts
 * import { Ango, Guard, Projects } from "effect-ango"
 * import { Effect, Layer } from "effect"
 *
 * const plan = Effect.gen(function*() {
 *   const projects = yield* Projects
 *   yield* Effect.catchTag(projects.delete("65aa0000000000000000a001"), "WriteBlocked", () => Effect.void)
 *   return yield* Effect.flatMap(Guard.DryRun, ({ requests }) => requests)
 * }).pipe(Effect.provide(Ango.layerConfig().pipe(Layer.provideMerge(Guard.layerDryRun))))
 * ```
 *
 * @since 0.1.0
 */
export const layerDryRun: Layer.Layer<Guard | DryRun> = Layer.unwrapEffect(
  Effect.sync(() => {
    const recorded: Array<PlannedRequest> = []
    return Layer.merge(
      Layer.succeed(Guard, { record: (request) => Effect.sync(() => recorded.push(request)) }),
      Layer.succeed(DryRun, { requests: Effect.sync(() => [...recorded]) })
    )
  })
)

const bodyOf = (body: HttpClientRequest.HttpClientRequest["body"]): { readonly body?: unknown } => {
  switch (body._tag) {
    case "Uint8Array":
      return { body: JSON.parse(new TextDecoder().decode(body.body)) }
    case "FormData":
      return { body: { form: [...body.formData.keys()] } }
    default:
      return {}
  }
}

const planned = (operation: Operation, request: HttpClientRequest.HttpClientRequest): PlannedRequest => ({
  operation: operation.name,
  method: operation.method,
  route: operation.route,
  path: new URL(request.url).pathname,
  query: Object.fromEntries(request.urlParams),
  ...bodyOf(request.body)
})

/** Fails for a write when there is a guard. */
export const check = (
  guard: Guard["Type"],
  operation: Operation,
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<void, WriteBlocked> => {
  if (guard === "off" || operation.repeat === "safe") return Effect.void
  const at = label(operation)
  if (guard === "read-only") {
    return Effect.fail(
      new WriteBlocked({
        ...operationContext(
          operation,
          `${at} was not sent: it writes, and this client is read-only (Guard.layerReadOnly).`
        ),
        guard: "read-only"
      })
    )
  }
  return Effect.flatMap(guard.record(planned(operation, request)), (number) =>
    Effect.fail(
      new WriteBlocked({
        ...operationContext(
          operation,
          `${at} was not sent: this is a dry run, which has recorded it as number ${number} (Guard.DryRun).`
        ),
        guard: "dry-run"
      })
    )
  )
}

/** Holds writes back when there is a guard. */
export const guard = <E>(kind: Guard["Type"]) =>
  middleware<E, E | WriteBlocked>((request, send, call) =>
    Effect.zipRight(check(kind, call.operation, request), send(request))
  )
