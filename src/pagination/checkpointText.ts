// A reading as a text, so that another process can go on with it.
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Either from "effect/Either"
import * as List from "effect/List"
import * as Schema from "effect/Schema"
import * as Query from "../api/queryEncoding.js"
import { Checkpoint } from "../schemas/Checkpoint.js"
import type { Edge, Gap, ScanState } from "./scanState.js"

// A longer reading forgets its oldest gaps: then the count alone can tell whether it is whole.
const mostGaps = 100

const Count = Schema.NonNegativeInt

const Size = Schema.typeSchema(Query.Limit)

// JSON has no infinity.
const Instant = Schema.NullOr(Schema.Number)

const WrittenEdge = Schema.Tuple(Instant, Schema.Array(Schema.String))

const Content = Schema.parseJson(
  Schema.Struct({
    v: Schema.Literal(1),
    list: Schema.String,
    limit: Size,
    widest: Size,
    page: Count,
    totals: Schema.Tuple(Count, Count, Count),
    since: Schema.Number,
    rows: Schema.Tuple(Count, Count, Count),
    hasEnded: Schema.Boolean,
    isOrdered: Schema.Boolean,
    isVague: Schema.Boolean,
    edge: WrittenEdge,
    gaps: Schema.Array(Schema.Tuple(WrittenEdge, WrittenEdge, Count))
  })
)

type Content = typeof Content.Type

const writeEdge = ({ at, ids, size }: Edge): typeof WrittenEdge.Type => [
  Number.isFinite(at) ? at : null,
  Array.from(ids).slice(0, size)
]

const readEdge = ([at, ids]: typeof WrittenEdge.Type, none: number): ScanState["edge"] => ({
  at: at ?? none,
  ids: new Set(ids),
  size: ids.length
})

/**
 * The name of a list with its filter, by which a checkpoint knows its own: a digest, since a filter may name people, and
 * a strong one, since under another filter a checkpoint would pass over rows without a word.
 */
export const nameOf = (list: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify(list)))).slice(0, 16)

/** A reading of the list of this name as a checkpoint. */
export const write = (list: string, reading: ScanState): Checkpoint => {
  const gaps = Array.from(List.take(reading.gaps, mostGaps))
  const content: Content = {
    v: 1,
    list,
    limit: reading.limit,
    widest: reading.widest,
    page: reading.page,
    totals: [reading.first, reading.latest, reading.peak],
    since: reading.since,
    rows: [reading.received, reading.settled, reading.late],
    hasEnded: reading.hasEnded,
    isOrdered: reading.isOrdered,
    isVague: reading.isVague || List.size(reading.gaps) > mostGaps,
    edge: writeEdge(reading.edge),
    gaps: gaps.map(({ from, offset, to }) => [writeEdge(from), writeEdge(to), offset])
  }
  return Checkpoint.make(JSON.stringify(content))
}

const decode = Schema.decodeUnknownEither(Content)

/** The reading of a checkpoint of the list of this name; on the left a sentence that says what is wrong with it. */
export const read = (list: string, checkpoint: string): Either.Either<ScanState, string> =>
  Either.flatMap(
    Either.mapLeft(decode(checkpoint), () => "It is no checkpoint of this version."),
    (content) =>
      content.list === list
        ? Either.right({
            limit: content.limit,
            widest: content.widest,
            page: content.page,
            first: content.totals[0],
            latest: content.totals[1],
            peak: content.totals[2],
            since: content.since,
            received: content.rows[0],
            settled: content.rows[1],
            late: content.rows[2],
            hasEnded: content.hasEnded,
            isOrdered: content.isOrdered,
            isVague: content.isVague,
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
            again: { ids: "", times: 0 }
          })
        : Either.left(
            "It belongs to another list, or to this one with another filter. Give the same filter again."
          )
  )
