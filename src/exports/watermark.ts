// The watermark of a change feed: the instant up to which changes are known, encoded as text.
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { Checkpoint } from "../schemas/Checkpoint.js"
import { Timestamp } from "../schemas/Timestamp.js"

const Content = Schema.parseJson(
  Schema.Struct({ v: Schema.Literal(1), changes: Schema.String, updatedAt: Timestamp })
)

const decodeContent = Schema.decodeUnknownEither(Content)

/** Encodes the watermark of the export with this fingerprint; `millis` is in epoch milliseconds. */
export const encode = (fingerprint: string, millis: number): Checkpoint =>
  Checkpoint.make(
    JSON.stringify({ v: 1, changes: fingerprint, updatedAt: DateTime.formatIso(DateTime.unsafeMake(millis)) })
  )

/** Why a text cannot be used as a watermark; `isForeign` when it is the watermark of another export. */
export interface InvalidWatermark {
  readonly isForeign: boolean
  readonly message: string
}

/** Decodes the watermark of the export with this fingerprint to epoch milliseconds. */
export const decode = (fingerprint: string, watermark: string): Either.Either<number, InvalidWatermark> =>
  Either.flatMap(
    Either.mapLeft(decodeContent(watermark), () => ({
      isForeign: false,
      message: "It is not a checkpoint of changes, or not one of this version."
    })),
    ({ changes, updatedAt }) =>
      changes === fingerprint
        ? Either.right(Date.parse(updatedAt))
        : Either.left({
            isForeign: true,
            message: "It belongs to another project or to other options. Use the same options again."
          })
  )

/** The later of two instants; an unknown one is ignored. */
export const later = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other)

/**
 * The instant up to which all changes are in an export whose latest row was updated at `latest`. Never later than when
 * the hub received the request: of changes made while it exports, only some are in the export.
 */
export const completeUntil = (
  latest: number | undefined,
  requestedAt: number | undefined
): number | undefined =>
  latest === undefined || requestedAt === undefined ? latest : Math.min(latest, requestedAt)

/** The id of the task of a row and when it was updated, in epoch milliseconds; `undefined` where the row lacks them. */
export const taskOf = (
  row: unknown
): { readonly id: string | undefined; readonly updatedAt: number | undefined } => {
  const task = Predicate.isRecord(row) && Predicate.isRecord(row["task"]) ? row["task"] : {}
  const { taskId, updatedAt } = task
  const instant =
    typeof updatedAt === "string" || typeof updatedAt === "number" ? DateTime.make(updatedAt) : Option.none()
  return {
    id: typeof taskId === "string" ? taskId : undefined,
    updatedAt: Option.getOrUndefined(Option.map(instant, DateTime.toEpochMillis))
  }
}
