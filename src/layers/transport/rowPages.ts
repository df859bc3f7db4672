/**
 * Lists by their rows: a page is read with its rows as they came, and each row is decoded by itself, when it is wanted.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Operation } from "../../api/operations.js"
import type { Declared } from "../../api/rowList.js"
import { decoder } from "../../decoding/decoder.js"
import type { AttemptError, CallError } from "../../errors/AngoError.js"
import type { DriftReporter } from "../Drift.js"
import * as Failure from "./errorMapping.js"
import { type DecodeRows, rowDecoder } from "./rowDecoder.js"
import { withServerTime } from "./serverTime.js"

/**
 * A page with its rows as they came, the length of the whole list, and the hub's time in epoch milliseconds when it
 * told one.
 *
 * @since 0.1.0
 */
export interface RowPage {
  readonly rows: ReadonlyArray<unknown>
  readonly total: number
  readonly answeredAt?: number
}

/**
 * One list, read in two steps.
 *
 * @since 0.1.0
 */
export interface List<Request, Row> {
  /** A page with its rows as the JSON has them. The answer around them is decoded. */
  readonly read: (request: Request) => Effect.Effect<RowPage, CallError>
  /** The same in two steps, to ask for pages ahead: the effect that it gives reads the page, once, when it is wanted. */
  readonly ask: (request: Request) => Effect.Effect<Effect.Effect<RowPage, CallError>, CallError>
  /** Each row by itself; for the words of errors (`data.tasks[3].status`) with its place on the page. */
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

interface Answer {
  readonly data: { readonly [name: string]: unknown; readonly total: number }
}

type Call<A> = (request: unknown, failed?: AttemptError) => Effect.Effect<A, CallError>

/**
 * The list of an operation: `call` gives the answer around its rows, after a first attempt that has `failed` if that is
 * given, and `ask` an effect that gives it.
 */
export const makeRowPages = (
  operation: Operation,
  { name, row }: Declared,
  {
    ask,
    call,
    drift
  }: {
    readonly ask: Call<Effect.Effect<unknown, AttemptError>>
    readonly call: Call<unknown>
    readonly drift: DriftReporter
  }
): List<unknown, unknown> => {
  const answered = (value: unknown, time: Pick<RowPage, "answeredAt">): RowPage => {
    const { data } = value as Answer
    return { rows: data[name] as ReadonlyArray<unknown>, total: data.total, ...time }
  }
  const read = (request: unknown, failed?: AttemptError) =>
    Effect.map(withServerTime(call(request, failed)), ({ value, ...time }) => answered(value, time))
  return {
    read: (request) => read(request),
    ask: (request) =>
      Effect.map(withServerTime(ask(request)), ({ value, ...time }) =>
        value.pipe(
          Effect.map((body) => answered(body, time)),
          // Broken in its middle, or a refusal under a status of success: asked for again, as the policy allows.
          Effect.catchAll((error) => read(request, error))
        )
      ),
    decode: rowDecoder(decoder<unknown, unknown>(row, operation.name), {
      operation,
      drift,
      explain: (value, index, issue) => Failure.fromRow(operation, { list: name, index, row: value }, issue)
    })
  }
}
