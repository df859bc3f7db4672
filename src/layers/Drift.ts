/**
 * What is told of the hub's growth: fields and values in its answers that this version does not know. All of them are
 * kept, and nothing fails because of them unless you want it to.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { label, type Operation } from "../api/operations.js"
import type { DriftFinding as Found } from "../decoding/drift.js"
import { DecodeError } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import { scrub } from "../utils/scrub.js"
import { count, drift } from "./Telemetry.js"

/**
 * An unknown field or an unknown value, and the operation in whose answer it was first seen. `name` is `*` where it
 * does not look like a word of the hub's: it could be somebody's data. The key never stands in it.
 *
 * @since 0.1.0
 */
export interface Finding extends Found {
  readonly operation: string
}

/**
 * What is done with a finding.
 *
 * @since 0.1.0
 */
export type Report = (finding: Finding) => Effect.Effect<void>

/** What becomes of findings. */
export class Drift extends Context.Reference<Drift>()("effect-ango/Drift", {
  defaultValue: (): "log" | "off" | "fail" | { readonly report: Report } => "log"
}) {}

/**
 * Findings go to a function of yours instead of the log: each one once per client. It is run within the call.
 *
 * @example
 * ```ts
 * import { Ango, Drift } from "effect-ango"
 * import { Console, Layer } from "effect"
 *
 * const told = Ango.layerConfig().pipe(
 *   Layer.provide(Drift.layer(({ kind, name, schema }) => Console.log(`new ${kind} in ${schema}: ${name}`)))
 * )
 * ```
 *
 * @since 0.1.0
 */
export const layer = (report: Report): Layer.Layer<Drift> => Layer.succeed(Drift, { report })

/**
 * Nobody is told.
 *
 * @since 0.1.0
 */
export const layerOff: Layer.Layer<Drift> = Layer.succeed(Drift, "off")

/**
 * An unknown field or value makes the call fail with `DecodeError`, which names it: for a test that is to find out
 * when the hub changes.
 *
 * @since 0.1.0
 */
export const layerFail: Layer.Layer<Drift> = Layer.succeed(Drift, "fail")

/** What is done with the findings of one client. */
export interface DriftReporter {
  /** The keys that the client has sent: findings are scrubbed of them. */
  keys: ReadonlyArray<Redacted.Redacted>
  /** The error that the findings in an answer are, when they are to be one. */
  readonly refusal: (operation: Operation, findings: Iterable<Found>) => DecodeError | undefined
  /** Reports those that are new to the client, when they are to be reported. */
  readonly tell: (operation: Operation, findings: Iterable<Found>) => Effect.Effect<void>
}

// What a client remembers of what it has told; a hub that invents more names than this is not told of for ever.
const most = 1_000

// Names as vendors write them; an id, an address or a number of many digits is data.
const isWord = (name: string): boolean => /^[\w .:$-]{1,40}$/.test(name) && !/\d{6}|[0-9a-f]{12}/i.test(name)

const placeOf = ({ path, schema }: Found): string => (path === "" ? schema : `${schema}.${path}`)

const log: Report = (finding) =>
  Effect.logWarning(
    "the hub's answers hold what this version does not know: it is kept, but look for an update (Drift.layerOff " +
      "silences this)"
  ).pipe(
    Effect.annotateLogs({
      operation: finding.operation,
      kind: finding.kind,
      place: placeOf(finding),
      name: finding.name
    })
  )

const failure = (operation: Operation, findings: ReadonlyArray<Finding>): DecodeError => {
  const mismatches = findings.slice(0, 5).map((finding) => {
    const place = placeOf(finding)
    return finding.kind === "field"
      ? { path: `${place}.${finding.name}`, expected: "no such field", found: "an unknown field" }
      : { path: place, expected: "a known value", found: `the unknown value ${finding.name}` }
  })
  const told = mismatches.map(({ found, path }) => `${found} at ${path}`).join(", ")
  return new DecodeError({
    ...operationContext(
      operation,
      `${label(operation)} was answered with what this version does not know: ${told}. ` +
        "It fails because of Drift.layerFail, and could be read otherwise."
    ),
    status: operation.status,
    mismatches
  })
}

/** The watch over one client. */
export const make = (setting: Drift["Type"]): DriftReporter => {
  const told = new Set<string>()
  const report = typeof setting === "object" ? setting.report : log

  const named = (operation: Operation, findings: Iterable<Found>): ReadonlyArray<Finding> =>
    Array.from(new Set(findings), ({ kind, name, path, schema }) => {
      const clean = scrub(name, watch.keys)
      return { kind, schema, path, name: isWord(clean) ? clean : "*", operation: operation.name }
    })

  const isNew = ({ kind, name, path, schema }: Finding): boolean => {
    const id = JSON.stringify([kind, schema, path, name])
    if (told.has(id) || told.size >= most) return false
    told.add(id)
    return true
  }

  const watch: DriftReporter = {
    keys: [],
    refusal: (operation, findings) => {
      if (setting !== "fail") return undefined
      const all = named(operation, findings)
      return all.length === 0 ? undefined : failure(operation, all)
    },
    tell: (operation, findings) =>
      setting === "off" || setting === "fail"
        ? Effect.void
        : Effect.forEach(
            named(operation, findings).filter(isNew),
            (finding) =>
              Effect.zipRight(
                count(drift, { operation: operation.name, kind: finding.kind }),
                report(finding)
              ),
            { discard: true }
          )
  }
  return watch
}
