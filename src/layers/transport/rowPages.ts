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
import { type DecodeBody, deferDecoding } from "./responseDecoding.js"
import { type DecodeRows, makeRowDecoder } from "./rowDecoder.js"

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

const listGroups = ["assets", "projects", "tasks"] as const

type ListGroup = (typeof listGroups)[number]

/** Whether the list of a group declares its rows. */
export const isListGroup = (group: string): group is ListGroup => listGroups.some((name) => name === group)

/**
 * The lists among these methods whose endpoints declare their rows.
 *
 * @category models
 * @since 0.1.0
 */
export type Lists<Methods> = {
  readonly [Group in keyof Methods & ListGroup]: Methods[Group] extends { readonly list: infer Method }
    ? List<RequestOf<Method>, RowOf<DataOf<Method>>>
    : never
}

interface Envelope {
  readonly data: { readonly [name: string]: unknown; readonly total: number }
}

/** Runs a call. `firstFailure` counts as its first attempt: the retry policy decides whether there is another. */
export type RunCall<A> = (request: unknown, firstFailure?: AttemptError) => Effect.Effect<A, CallError>

/** Makes the list of an operation: `run` makes its call, `decodeEnvelope` decodes a page up to its rows. */
export const makeRowPages = (
  operation: Operation,
  { name, row }: Declared,
  {
    decodeEnvelope,
    drift,
    run
  }: {
    readonly run: <A>(decode: DecodeBody<A>) => RunCall<A>
    readonly decodeEnvelope: DecodeBody<unknown>
    readonly drift: DriftReporter
  }
): List<unknown, unknown> => {
  // `Declared.envelope` is the schema of the value: `name` holds the rows (api/rowList.ts).
  const decodePage: DecodeBody<RowPage> = (call, bytes) =>
    Effect.map(decodeEnvelope(call, bytes), (value) => {
      const { data } = value as Envelope
      const respondedAt = call.response?.respondedAt
      const page = { rows: data[name] as ReadonlyArray<unknown>, total: data.total }
      return respondedAt === undefined ? page : { ...page, respondedAt }
    })
  const decodeLater = deferDecoding(decodePage)
  const read = run(decodePage)
  const ask = run((call, bytes) =>
    Effect.clockWith((clock) => {
      const now = clock.unsafeCurrentTimeMillis()
      const millis = now - (call.response?.sentAt ?? now)
      return Effect.map(decodeLater(call, bytes), (decode) => ({ bytes: bytes.length, millis, decode }))
    })
  )
  return {
    read: (request) => read(request),
    ask: (request) =>
      Effect.map(ask(request), ({ bytes, decode, millis }) => ({
        bytes,
        millis,
        // Malformed JSON, or an error reported with a 2xx: fetched again, if the retry policy allows.
        decode: Effect.catchAll(decode, (error) => read(request, error))
      })),
    decode: makeRowDecoder(decoder<unknown, unknown>(row, operation.name), {
      operation,
      drift,
      toError: (value, index, issue) =>
        ErrorMapping.fromRowMismatch(operation, { list: name, index, row: value }, issue)
    })
  }
}
