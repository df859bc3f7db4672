// Up to when the changes of a project are known, as a text to go on from.
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

const decode = Schema.decodeUnknownEither(Content)

/** The watermark of the export of this name: the latest instant, in epoch milliseconds, at which a row was updated. */
export const write = (name: string, millis: number): Checkpoint =>
  Checkpoint.make(
    JSON.stringify({ v: 1, changes: name, updatedAt: DateTime.formatIso(DateTime.unsafeMake(millis)) })
  )

/** The instant of a watermark of the export of this name; on the left a sentence that says what is wrong with it. */
export const read = (name: string, watermark: string): Either.Either<number, string> =>
  Either.flatMap(
    Either.mapLeft(decode(watermark), () => "It is no checkpoint of changes, or none of this version."),
    ({ changes, updatedAt }) =>
      changes === name
        ? Either.right(Date.parse(updatedAt))
        : Either.left(
            "It belongs to another export, or to this one with other options. Give the same options again."
          )
  )

/** The later of two instants, of which either may not be known. */
export const later = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other)

/**
 * Up to when changes are known after an export whose latest row was updated at `latest`: not later than when the hub was
 * asked for it, since of what changes while it is made some is in it and some is not.
 */
export const known = (latest: number | undefined, begunAt: number | undefined): number | undefined =>
  latest === undefined || begunAt === undefined ? latest : Math.min(latest, begunAt)

/** The id of the task of a row, and when it was updated, as far as it tells. */
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
