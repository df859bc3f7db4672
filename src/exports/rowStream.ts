/**
 * The rows of an archive as a stream: `Exports.stream` and `Exports.rows`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { CallError, FilterNotApplied, InvalidRequest, UnknownBatch } from "../errors/AngoError.js"
import { operation } from "../layers/transfer/signedDownload.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import type { RowPolicy } from "../pagination/listOptions.js"
import type { ExportRow } from "../schemas/ExportRow.js"
import type { IssueExportRow } from "../schemas/IssueExportRow.js"
import type { ExportClient } from "./exportClient.js"
import type { ExportCheck, ExportOptions } from "./exportRequest.js"
import type { RowBatch } from "./rows/rowBatch.js"
import {
  type PolicyRow,
  type ReadError,
  type ReadOptions,
  type RowValidation,
  readBatches,
  readRows
} from "./rows/rowDecoding.js"

export type { PolicyRow, ReadError, ReadOptions } from "./rows/rowDecoding.js"

/**
 * What the rows of an export are, and how they are read.
 *
 * @category options
 * @since 0.1.0
 */
export interface ExportRowOptions<
  Type extends "task" | "issue" = "task",
  Policy extends RowPolicy = "fail",
  Decoded extends boolean = true
> extends ReadOptions<Policy> {
  /** The tasks with their answers (default), or the issues. */
  readonly type?: Type | undefined
  /** Whether rows are decoded (default); `false` returns the result of `JSON.parse`. */
  readonly decode?: Decoded | undefined
}

/**
 * What is exported, and how its rows are read. `format` is `ndjson` by default; every format contains the same rows.
 *
 * @category options
 * @since 0.1.0
 */
export interface ExportStreamOptions<
  Type extends "task" | "issue" = "task",
  Policy extends RowPolicy = "fail",
  Decoded extends boolean = true
> extends Omit<ExportOptions, "type">,
    ExportRowOptions<Type, Policy, Decoded> {}

/**
 * The type of a row for given options.
 *
 * @category models
 * @since 0.1.0
 */
export type ExportedRow<
  Type extends "task" | "issue",
  Policy extends RowPolicy,
  Decoded extends boolean
> = PolicyRow<Decoded extends false ? unknown : Type extends "issue" ? IssueExportRow : ExportRow, Policy>

const positive = Schema.optional(
  Schema.Number.pipe(Schema.positive()).annotations({ title: "a number above 0" })
)

/** Validates the options for reading rows. */
export const RowOptionsSchema = Schema.Struct({
  onRowError: Schema.optional(
    Schema.Literal("fail", "skip", "either").annotations({ title: "fail, skip or either" })
  ),
  type: Schema.optional(Schema.Literal("task", "issue").annotations({ title: "task or issue" })),
  decode: Schema.optional(Schema.Boolean),
  onSkip: Schema.optional(
    Schema.declare(Predicate.isFunction, { title: "a function that returns an effect" })
  ),
  maxRowBytes: positive,
  limits: Schema.optional(Schema.Struct({ maxBytes: positive, maxRatio: positive }))
})

const decoderOf = (
  client: ExportClient,
  { decode, type = "task" }: Pick<ExportRowOptions<"task" | "issue", RowPolicy, boolean>, "decode" | "type">
): RowValidation["decode"] => (decode === false ? undefined : client.exportRows[type])

/**
 * Makes the function that reads the rows of an archive, and compares them with the conditions of their export. It fails
 * with `InvalidRequest` when options are invalid.
 */
export const makeRowStream =
  (client: ExportClient) =>
  <
    E,
    R,
    Type extends "task" | "issue" = "task",
    Policy extends RowPolicy = "fail",
    Decoded extends boolean = true,
    F = never
  >(
    archive: Stream.Stream<Uint8Array, E, R>,
    options: ExportRowOptions<Type, Policy, Decoded> = {},
    check?: (rows: ReadonlyArray<unknown>) => Effect.Effect<void, F>
  ): Stream.Stream<ExportedRow<Type, Policy, Decoded>, E | F | ReadError | InvalidRequest, R> =>
    Stream.unwrap(
      Effect.map(
        validateInput(operation, RowOptionsSchema, options),
        () =>
          readRows(archive, { decode: decoderOf(client, options), check }, options) as Stream.Stream<
            ExportedRow<Type, Policy, Decoded>,
            E | F | ReadError,
            R
          >
      )
    )

/** Makes the function that reads the rows of an archive in batches. */
export const streamBatches =
  (client: ExportClient) =>
  <E, R>(
    archive: Stream.Stream<Uint8Array, E, R>,
    options: ExportRowOptions<"task" | "issue", "fail" | "skip", boolean>,
    check: ExportCheck
  ): Stream.Stream<RowBatch, E | CallError | FilterNotApplied | ReadError | UnknownBatch, R> =>
    readBatches(archive, { decode: decoderOf(client, options), check }, options)
