/**
 * The rows of exports: the part of the service `Exports` that reads them.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { InvalidRequest } from "../errors/AngoError.js"
import type { AngoClient } from "../layers/AngoClient.js"
import { operation } from "../layers/transfer/download.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import type { RowPolicy } from "../pagination/listOptions.js"
import type { ExportRow } from "../schemas/ExportRow.js"
import type { IssueExportRow } from "../schemas/IssueExportRow.js"
import type { ExportOptions } from "./exportRequest.js"
import {
  exportRows,
  type Giving,
  type PolicyRow,
  type ReadError,
  type ReadOptions
} from "./rows/decodedRows.js"

export type { PolicyRow, ReadError, ReadOptions } from "./rows/decodedRows.js"

/**
 * What an export holds, tasks or issues, and how its rows are read.
 *
 * @since 0.1.0
 */
export interface ExportRowOptions<
  Type extends "task" | "issue" = "task",
  Policy extends RowPolicy = "fail",
  Decoded extends boolean = true
> extends ReadOptions<Policy> {
  /** The tasks with their answers (default), or the issues. */
  readonly type?: Type | undefined
  /** Whether rows are decoded (default); with `false` they are given as `JSON.parse` gave them. */
  readonly decode?: Decoded | undefined
}

/**
 * What is exported, and how its rows are read. The `format` is `ndjson` by default; the rows are the same in each.
 *
 * @since 0.1.0
 */
export interface ExportStreamOptions<
  Type extends "task" | "issue" = "task",
  Policy extends RowPolicy = "fail",
  Decoded extends boolean = true
> extends Omit<ExportOptions, "type">,
    ExportRowOptions<Type, Policy, Decoded> {}

/**
 * A row of an export, as the options have it.
 *
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

/** How rows are read, for a check. */
export const RowStream = Schema.Struct({
  onRowError: Schema.optional(
    Schema.Literal("fail", "skip", "either").annotations({ title: "fail, skip or either" })
  ),
  type: Schema.optional(Schema.Literal("task", "issue").annotations({ title: "task or issue" })),
  decode: Schema.optional(Schema.Boolean),
  onSkip: Schema.optional(Schema.declare(Predicate.isFunction, { title: "a function that gives an effect" })),
  maxRowBytes: positive,
  limits: Schema.optional(Schema.Struct({ maxBytes: positive, maxRatio: positive }))
})

const decoderOf = (
  client: AngoClient["Type"],
  { decode, type = "task" }: Pick<ExportRowOptions<"task" | "issue", RowPolicy, boolean>, "decode" | "type">
): Giving<unknown>["decode"] => (decode === false ? undefined : client.exportRows[type])

/** The rows of an archive, as the options have it; those are looked at first. */
export const makeRowStream =
  (client: AngoClient["Type"]) =>
  <
    E,
    R,
    Type extends "task" | "issue" = "task",
    Policy extends RowPolicy = "fail",
    Decoded extends boolean = true
  >(
    archive: Stream.Stream<Uint8Array, E, R>,
    options: ExportRowOptions<Type, Policy, Decoded> = {}
  ): Stream.Stream<ExportedRow<Type, Policy, Decoded>, E | ReadError | InvalidRequest, R> =>
    Stream.unwrap(
      Effect.map(validateInput(operation, RowStream, options), () => {
        const giving = { decode: decoderOf(client, options), give: (_: unknown, decoded: unknown) => decoded }
        return exportRows(archive, giving, options) as Stream.Stream<
          ExportedRow<Type, Policy, Decoded>,
          E | ReadError,
          R
        >
      })
    )

/** The texts of an archive's rows, each of them decoded to find out whether it can be. */
export const checked =
  (client: AngoClient["Type"]) =>
  <E, R>(
    archive: Stream.Stream<Uint8Array, E, R>,
    options: ExportRowOptions<"task" | "issue", "fail" | "skip", boolean>
  ): Stream.Stream<string, E | ReadError, R> =>
    exportRows(archive, { decode: decoderOf(client, options), give: ({ text }) => text }, options)
