/**
 * Blocks writes: read-only clients and dry runs.
 *
 * @since 0.1.0
 */
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { label, type Operation } from "../api/operation.js"
import { WriteBlocked } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import type { CallState } from "./transport/callState.js"
import { redactSecrets } from "./transport/requestSecrets.js"

/**
 * A write that was not sent: the operation, its method and route template, the path and query, and the body: the JSON
 * value, or the names of the parts of a form. It contains your data, and never the key; secrets in the body, such as the
 * keys of a storage, are `<redacted>`.
 *
 * @category models
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

/**
 * How a client treats writes: `"off"` (they are sent) unless a layer blocks them.
 *
 * @category policies
 * @since 0.1.0
 */
export class Guard extends Context.Reference<Guard>()("effect-ango/Guard", {
  defaultValue: ():
    | "off"
    | "read-only"
    | { readonly record: (request: PlannedRequest) => Effect.Effect<number> } => "off"
}) {}

/**
 * The writes that a dry run recorded.
 *
 * @category services
 * @since 0.1.0
 */
export class DryRun extends Context.Tag("effect-ango/DryRun")<
  DryRun,
  {
    /** The recorded writes, in order. */
    readonly requests: Effect.Effect<ReadonlyArray<PlannedRequest>>
  }
>() {}

/**
 * Makes every write fail with `WriteBlocked` before any request; reads are sent. Inputs are validated first, so that an
 * invalid one still fails with `InvalidRequest`.
 *
 * @example
 * ```ts
 * import { Ango, Guard } from "effect-ango"
 * import { Layer } from "effect"
 *
 * const readOnly = Ango.layerConfig().pipe(Layer.provide(Guard.layerReadOnly))
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerReadOnly: Layer.Layer<Guard> = Layer.succeed(Guard, "read-only")

/**
 * Records every write as data and makes it fail with `WriteBlocked`; reads are sent. A write has no result to return, so
 * a program that should run to its end catches `WriteBlocked` at each write.
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
 * @category layers
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

const bodyOf = (
  body: HttpClientRequest.HttpClientRequest["body"],
  secrets: CallState["secrets"]
): { readonly body?: unknown } => {
  switch (body._tag) {
    case "Uint8Array":
      return { body: redactSecrets(JSON.parse(new TextDecoder().decode(body.body)), secrets) }
    case "FormData":
      return { body: { form: [...body.formData.keys()] } }
    default:
      return {}
  }
}

const toPlannedRequest = (
  operation: Operation,
  request: HttpClientRequest.HttpClientRequest,
  secrets: CallState["secrets"]
): PlannedRequest => ({
  operation: operation.name,
  method: operation.method,
  route: operation.route,
  path: new URL(request.url).pathname,
  query: Object.fromEntries(request.urlParams),
  ...bodyOf(request.body, secrets)
})

/**
 * Fails with `WriteBlocked` for a write, if the guard blocks writes.
 *
 * @category policies
 * @since 0.1.0
 */
export const checkWrite = (
  guard: Guard["Type"],
  { operation, secrets }: Pick<CallState, "operation" | "secrets">,
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
  return Effect.flatMap(guard.record(toPlannedRequest(operation, request, secrets)), (number) =>
    Effect.fail(
      new WriteBlocked({
        ...operationContext(
          operation,
          `${at} was not sent: this is a dry run, which recorded it as number ${number} (Guard.DryRun).`
        ),
        guard: "dry-run"
      })
    )
  )
}
