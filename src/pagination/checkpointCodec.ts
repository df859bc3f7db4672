// The state of a scan as text, from which another process can resume.
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Either from "effect/Either"
import * as List from "effect/List"
import * as Schema from "effect/Schema"
import * as Query from "../api/queryEncoding.js"
import { Checkpoint } from "../schemas/Checkpoint.js"
import type { Edge, Gap, ScanState } from "./completeness.js"

// Older gaps are dropped from a checkpoint. Then only the count can show that the list is complete.
const maxGaps = 100

const Count = Schema.NonNegativeInt

const Size = Schema.typeSchema(Query.Limit)

// Null stands for infinity, which JSON lacks.
const Time = Schema.NullOr(Schema.Number)

const EdgeText = Schema.Tuple(Time, Schema.Array(Schema.String))

const Content = Schema.parseJson(
  Schema.Struct({
    v: Schema.Literal(1),
    list: Schema.String,
    limit: Size,
    widest: Size,
    page: Count,
    // Where the size has not been the same for all pages: otherwise the product of limit and page.
    reached: Schema.optional(Count),
    totals: Schema.Tuple(Count, Count, Count),
    since: Schema.Number,
    rows: Schema.Tuple(Count, Count, Count),
    hasEnded: Schema.Boolean,
    isOrdered: Schema.Boolean,
    isVague: Schema.Boolean,
    edge: EdgeText,
    gaps: Schema.Array(Schema.Tuple(EdgeText, EdgeText, Count))
  })
)

type Content = typeof Content.Type

const writeEdge = ({ createdAt, ids, size }: Edge): typeof EdgeText.Type => [
  Number.isFinite(createdAt) ? createdAt : null,
  Array.from(ids).slice(0, size)
]

const readEdge = ([createdAt, ids]: typeof EdgeText.Type, infinity: number): ScanState["edge"] => ({
  createdAt: createdAt ?? infinity,
  ids: new Set(ids),
  size: ids.length
})

/**
 * Identifies a list and its filter in checkpoints. It is a digest, since a filter may contain personal data, and a
 * strong one, since a checkpoint read with another filter would silently skip rows.
 */
export const nameOf = (list: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify(list)))).slice(0, 16)

/** The checkpoint of a scan of the list with this name. */
export const write = (listName: string, state: ScanState): Checkpoint => {
  const gaps = Array.from(List.take(state.gaps, maxGaps))
  const content: Content = {
    v: 1,
    list: listName,
    limit: state.pageSize,
    widest: state.maxPageSize,
    page: state.page,
    ...(state.endIndex === state.page * state.pageSize ? {} : { reached: state.endIndex }),
    totals: [state.firstTotal, state.latestTotal, state.maxTotal],
    since: state.snapshotTime,
    rows: [state.received, state.receivedFromSnapshot, state.repeated],
    hasEnded: state.hasEnded,
    isOrdered: state.isOrdered,
    isVague: state.hasUnknownGap || List.size(state.gaps) > maxGaps,
    edge: writeEdge(state.edge),
    gaps: gaps.map(({ from, offset, to }) => [writeEdge(from), writeEdge(to), offset])
  }
  return Checkpoint.make(JSON.stringify(content))
}

const decode = Schema.decodeUnknownEither(Content)

/** The state in a checkpoint of the list with this name, or a sentence that says why it cannot be used. */
export const read = (listName: string, checkpoint: string): Either.Either<ScanState, string> =>
  Either.flatMap(
    Either.mapLeft(
      decode(checkpoint),
      () => "It is not a checkpoint of this version. Read the list without it."
    ),
    (content) =>
      content.list === listName
        ? Either.right({
            pageSize: content.limit,
            maxPageSize: content.widest,
            page: content.page,
            endIndex: content.reached ?? content.page * content.limit,
            firstTotal: content.totals[0],
            latestTotal: content.totals[1],
            maxTotal: content.totals[2],
            snapshotTime: content.since,
            received: content.rows[0],
            receivedFromSnapshot: content.rows[1],
            repeated: content.rows[2],
            hasEnded: content.hasEnded,
            isOrdered: content.isOrdered,
            hasUnknownGap: content.isVague,
            edge: readEdge(content.edge, Number.NEGATIVE_INFINITY),
            gaps: List.fromIterable(
              content.gaps.map(
                ([from, to, offset]): Gap => ({
                  from: readEdge(from, Number.NEGATIVE_INFINITY),
                  to: readEdge(to, Number.POSITIVE_INFINITY),
                  offset
                })
              )
            ),
            samePage: { ids: "", times: 0 }
          })
        : Either.left("It belongs to another list or another filter. Give the filter with which it was made.")
  )
