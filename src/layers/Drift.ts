/**
 * Drift of the API: fields and values in responses that this version does not know. They are preserved and reported; they
 * fail a call only with {@link layerFail}.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { label, type Operation } from "../api/operation.js"
import type { DriftFinding } from "../decoding/unknownFields.js"
import { DecodeError } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import { scrub } from "../utils/scrub.js"
import { count, drift } from "./Telemetry.js"

/**
 * An unknown field or value, and the operation whose response first had it. `name` is `*` where it does not look like a
 * word of the API, as it could be user data. It never contains the key.
 *
 * @category models
 * @since 0.1.0
 */
export interface Finding extends DriftFinding {
  readonly operation: string
}

/**
 * Handles a finding.
 *
 * @category models
 * @since 0.1.0
 */
export type Report = (finding: Finding) => Effect.Effect<void>

/**
 * How a client handles findings: `"log"` unless a layer replaces it.
 *
 * @category policies
 * @since 0.1.0
 */
export class Drift extends Context.Reference<Drift>()("effect-ango/Drift", {
  defaultValue: (): "log" | "off" | "fail" | { readonly report: Report } => "log"
}) {}

/**
 * Passes findings to a function instead of the log, each one once per client. It runs within the call.
 *
 * @example
 * ```ts
 * import { Ango, Drift } from "effect-ango"
 * import { Console, Layer } from "effect"
 *
 * const reported = Ango.layerConfig().pipe(
 *   Layer.provide(Drift.layer(({ kind, name, schema }) => Console.log(`new ${kind} in ${schema}: ${name}`)))
 * )
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (report: Report): Layer.Layer<Drift> => Layer.succeed(Drift, { report })

/**
 * Ignores findings.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerOff: Layer.Layer<Drift> = Layer.succeed(Drift, "off")

/**
 * Makes a call fail with `DecodeError` for an unknown field or value, which the error names: for tests that detect changes
 * of the API.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerFail: Layer.Layer<Drift> = Layer.succeed(Drift, "fail")

/**
 * Handles the findings of one client.
 *
 * @category models
 * @since 0.1.0
 */
export interface DriftReporter {
  /** The keys that the client has sent: findings are scrubbed of them. */
  keys: ReadonlyArray<Redacted.Redacted>
  /** The error for the findings in a response, if the client fails on findings. */
  readonly toError: (operation: Operation, findings: Iterable<DriftFinding>) => DecodeError | undefined
  /** Reports the findings that are new to the client, if the client reports findings. */
  readonly report: (operation: Operation, findings: Iterable<DriftFinding>) => Effect.Effect<void>
}

// Bounds what a client remembers of reported findings, and so what it reports.
const maxReported = 1_000

// Looks like an identifier of an API; ids, addresses and long numbers are data.
const isWord = (name: string): boolean => /^[\w .:$-]{1,40}$/.test(name) && !/\d{6}|[0-9a-f]{12}/i.test(name)

const placeOf = ({ path, schema }: DriftFinding): string => (path === "" ? schema : `${schema}.${path}`)

const log: Report = (finding) =>
  Effect.logWarning(
    "a response has a field or value that this version does not know; it is preserved. Look for an update of this " +
      "library, or silence this with Drift.layerOff"
  ).pipe(
    Effect.annotateLogs({
      operation: finding.operation,
      kind: finding.kind,
      place: placeOf(finding),
      name: finding.name
    })
  )

const makeError = (operation: Operation, findings: ReadonlyArray<Finding>): DecodeError => {
  const mismatches = findings.slice(0, 5).map((finding) => {
    const place = placeOf(finding)
    return finding.kind === "field"
      ? { path: `${place}.${finding.name}`, expected: "no such field", found: "an unknown field" }
      : { path: place, expected: "a known value", found: `the unknown value ${finding.name}` }
  })
  const list = mismatches.map(({ found, path }) => `${found} at ${path}`).join(", ")
  return new DecodeError({
    ...operationContext(
      operation,
      `${label(operation)} got a response with what this version does not know: ${list}. ` +
        "The call fails because of Drift.layerFail; without it the response is usable."
    ),
    status: operation.status,
    mismatches
  })
}

/**
 * Makes the reporter of one client.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (setting: Drift["Type"]): DriftReporter => {
  const reported = new Set<string>()
  const handle = typeof setting === "object" ? setting.report : log

  const toFindings = (operation: Operation, findings: Iterable<DriftFinding>): ReadonlyArray<Finding> =>
    Array.from(new Set(findings), ({ kind, name, path, schema }) => {
      const clean = scrub(name, reporter.keys)
      return { kind, schema, path, name: isWord(clean) ? clean : "*", operation: operation.name }
    })

  const isNew = ({ kind, name, path, schema }: Finding): boolean => {
    const id = JSON.stringify([kind, schema, path, name])
    if (reported.has(id) || reported.size >= maxReported) return false
    reported.add(id)
    return true
  }

  const reporter: DriftReporter = {
    keys: [],
    toError: (operation, findings) => {
      if (setting !== "fail") return undefined
      const all = toFindings(operation, findings)
      return all.length === 0 ? undefined : makeError(operation, all)
    },
    report: (operation, findings) =>
      setting === "off" || setting === "fail"
        ? Effect.void
        : Effect.forEach(
            toFindings(operation, findings).filter(isNew),
            (finding) =>
              Effect.zipRight(
                count(drift, { operation: operation.name, kind: finding.kind }),
                handle(finding)
              ),
            { discard: true }
          )
  }
  return reporter
}
