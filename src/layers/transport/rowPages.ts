/**
 * Pages of lists whose rows are decoded one by one: a page is fetched with its rows undecoded.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Operation } from "../../api/operations.js"
import type { Declared } from "../../api/rowList.js"
import { decoder } from "../../decoding/decoder.js"
import type { AttemptError, CallError } from "../../errors/AngoError.js"
import type { DriftReporter } from "../Drift.js"
import * as ErrorMapping from "./errorMapping.js"
import { type DecodeRows, makeRowDecoder } from "./rowDecoder.js"
import { withServerTime } from "./serverTime.js"

/**
 * A page with undecoded rows, the length of the whole list, and the hub's time of the response in epoch
 * milliseconds, if it had one.
 *
 * @category models
 * @since 0.1.0
 */
export interface RowPage {
  readonly rows: ReadonlyArray<unknown>
  readonly total: number
  readonly respondedAt?: number
}

/**
 * The response of a page: the length of its body in bytes, the milliseconds from sending the request to the end of the
 * body, and an effect that decodes the envelope, to be run once.
 *
 * @category models
 * @since 0.1.0
 */
export interface RawPage {
  readonly bytes: number
  readonly millis: number
  readonly decode: Effect.Effect<RowPage, CallError>
}

/**
 * One list: its pages with undecoded rows, and the decoder of these rows.
 *
 * @category models
 * @since 0.1.0
 */
export interface List<Request, Row> {
  /** Fetches a page. The envelope is decoded, the rows are not. */
  readonly read: (request: Request) => Effect.Effect<RowPage, CallError>
  /** Fetches the bytes of a page and decodes them later: pages that are fetched ahead wait in a third of the memory. */
  readonly ask: (request: Request) => Effect.Effect<RawPage, CallError>
  /** Decodes the rows of a page. Errors name the path in the response (`data.tasks[3].status`). */
  readonly decode: DecodeRows<Row>
}

type DataOf<Method> = Method extends (
  request: never
) => Effect.Effect<{ readonly data: infer Data }, infer _Error>
  ? Data
  : never

type RowOf<Data> = {
  [Key in keyof Data]: Data[Key] extends ReadonlyArray<infer Row> ? Row : never
}[keyof Data]

type RequestOf<Method> = Method extends (request: infer Request) => unknown ? Request : never

/**
 * The lists whose endpoints declare their rows.
 *
 * @category models
 * @since 0.1.0
 */
export type Lists<
  Methods extends { readonly [Group in "assets" | "projects" | "tasks"]: { readonly list: unknown } }
> = {
  readonly [Group in "assets" | "projects" | "tasks"]: List<
    RequestOf<Methods[Group]["list"]>,
    RowOf<DataOf<Methods[Group]["list"]>>
  >
}

interface Envelope {
  readonly data: { readonly [name: string]: unknown; readonly total: number }
}

interface Body {
  readonly bytes: number
  readonly decode: Effect.Effect<unknown, AttemptError>
}

/** Runs a call. `firstFailure` counts as its first attempt: the retry policy decides whether there is another. */
export type RunCall<A> = (request: unknown, firstFailure?: AttemptError) => Effect.Effect<A, CallError>

/** Makes the list of an operation from its call, which decodes the envelope at once (`call`) or later (`ask`). */
export const makeRowPages = (
  operation: Operation,
  { name, row }: Declared,
  {
    ask,
    call,
    drift
  }: {
    readonly ask: RunCall<Body>
    readonly call: RunCall<unknown>
    readonly drift: DriftReporter
  }
): List<unknown, unknown> => {
  // `Declared.envelope` is the schema of `value`: `name` holds the rows (api/rowList.ts).
  const toPage = (value: unknown, time: Pick<RowPage, "respondedAt">): RowPage => {
    const { data } = value as Envelope
    return { rows: data[name] as ReadonlyArray<unknown>, total: data.total, ...time }
  }
  const read = (request: unknown, firstFailure?: AttemptError) =>
    Effect.map(withServerTime(call(request, firstFailure)), ({ value, ...time }) => toPage(value, time))
  return {
    read: (request) => read(request),
    ask: (request) =>
      Effect.flatMap(Clock.currentTimeMillis, (sentAt) =>
        Effect.flatMap(withServerTime(ask(request)), ({ value: { bytes, decode }, ...time }) =>
          Effect.map(Clock.currentTimeMillis, (now) => ({
            bytes,
            millis: now - sentAt,
            decode: Effect.matchEffect(decode, {
              onSuccess: (envelope) => Effect.succeed(toPage(envelope, time)),
              // Malformed JSON, or an error reported with a 2xx: fetched again, if the retry policy allows.
              onFailure: (error) => read(request, error)
            })
          }))
        )
      ),
    decode: makeRowDecoder(decoder<unknown, unknown>(row, operation.name), {
      operation,
      drift,
      toError: (value, index, issue) =>
        ErrorMapping.fromRowMismatch(operation, { list: name, index, row: value }, issue)
    })
  }
}
