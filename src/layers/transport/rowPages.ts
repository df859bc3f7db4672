/**
 * Pages of lists whose rows are decoded one by one: a page is fetched with its rows undecoded.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Operation } from "../../api/operation.js"
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
 * One list: its pages with undecoded rows, and the decoder of these rows.
 *
 * @category models
 * @since 0.1.0
 */
export interface List<Request, Row> {
  /** Fetches a page. The envelope is decoded, the rows are not. */
  readonly read: (request: Request) => Effect.Effect<RowPage, CallError>
  /**
   * Fetches the bytes of a page and returns an effect that decodes its envelope, to be run once: pages that are fetched
   * ahead wait in a third of the memory.
   */
  readonly ask: (request: Request) => Effect.Effect<Effect.Effect<RowPage, CallError>, CallError>
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

const listGroups = ["assets", "projects", "tasks"] as const

type ListGroup = (typeof listGroups)[number]

/** Whether the list of a group declares its rows. */
export const isListGroup = (group: string): group is ListGroup => listGroups.some((name) => name === group)

/**
 * The lists whose endpoints declare their rows.
 *
 * @category models
 * @since 0.1.0
 */
export type Lists<Methods extends { readonly [Group in ListGroup]: { readonly list: unknown } }> = {
  readonly [Group in ListGroup]: List<
    RequestOf<Methods[Group]["list"]>,
    RowOf<DataOf<Methods[Group]["list"]>>
  >
}

interface Envelope {
  readonly data: { readonly [name: string]: unknown; readonly total: number }
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
    readonly ask: RunCall<Effect.Effect<unknown, AttemptError>>
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
      Effect.map(withServerTime(ask(request)), ({ value, ...time }) =>
        value.pipe(
          Effect.map((envelope) => toPage(envelope, time)),
          // Malformed JSON, or an error reported with a 2xx: fetched again, if the retry policy allows.
          Effect.catchAll((error) => read(request, error))
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
