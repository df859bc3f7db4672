/**
 * Pages of lists with duplicated, shifted or missing rows.
 */
import * as Array from "effect/Array"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

const decoder = new TextDecoder()
const encoder = new TextEncoder()

const pageParameter = /([?&]page=)(\d+)/

/** The page number in the query of a `GET`, if there is one. */
export const pageOf = (method: string, url: string): number | undefined => {
  const page = method === "GET" ? pageParameter.exec(url)?.[2] : undefined
  return page === undefined ? undefined : Number(page)
}

/** The same URL with another page number. */
export const withPage = (url: string, page: number): string => url.replace(pageParameter, `$1${page}`)

const parse = Option.liftThrowable((body: Uint8Array): unknown => JSON.parse(decoder.decode(body)))

// A list is the one array in `data`, next to its total (docs/api-notes.md#pagination).
const parseList = (body: Uint8Array) =>
  Option.filterMap(parse(body), (envelope) => {
    if (!Predicate.hasProperty(envelope, "data") || !Predicate.isRecord(envelope.data)) return Option.none()
    const { data } = envelope
    return Option.map(
      Array.findFirst(Object.entries(data), (entry): entry is [string, Array<unknown>] =>
        Array.isArray(entry[1])
      ),
      ([name, rows]) => ({
        rows,
        withRows: (replacement: ReadonlyArray<unknown>) => ({
          ...envelope,
          data: { ...data, [name]: replacement }
        })
      })
    )
  })

/**
 * Builds one page out of two adjacent ones. With a positive `by` it is the later page, starting `by` rows too early;
 * with a negative `by` the earlier page, starting that many rows too late. Bodies without a list stay unchanged.
 */
export const shiftRows = (earlier: Uint8Array, later: Uint8Array, by: number): Uint8Array =>
  Option.match(Option.all([parseList(earlier), parseList(later)]), {
    onNone: () => (by > 0 ? later : earlier),
    onSome: ([before, after]) => {
      const size = before.rows.length
      const from = by > 0 ? Math.max(0, size - by) : Math.min(size, -by)
      const rows = [...before.rows, ...after.rows].slice(from, from + size)
      return encoder.encode(JSON.stringify((by > 0 ? after : before).withRows(rows)))
    }
  })
