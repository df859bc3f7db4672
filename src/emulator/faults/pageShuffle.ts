/**
 * Pages of lists, as faults mix them up.
 */
import * as Array from "effect/Array"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

const decoder = new TextDecoder()
const encoder = new TextEncoder()

const query = /([?&]page=)(\d+)/

/** The page that an address names in its query. */
export const pageOf = (method: string, url: string): number | undefined => {
  const found = method === "GET" ? query.exec(url)?.[2] : undefined
  return found === undefined ? undefined : Number(found)
}

/** The same address for another page. */
export const withPage = (url: string, page: number): string => url.replace(query, `$1${page}`)

const parse = Option.liftThrowable((body: Uint8Array): unknown => JSON.parse(decoder.decode(body)))

// A list is the one array in `data`, beside its total (docs/api-notes.md#pagination).
const listIn = (body: Uint8Array) =>
  Option.filterMap(parse(body), (envelope) => {
    if (!Predicate.hasProperty(envelope, "data") || !Predicate.isRecord(envelope.data)) return Option.none()
    const { data } = envelope
    return Option.map(
      Array.findFirst(Object.entries(data), (entry): entry is [string, Array<unknown>] =>
        Array.isArray(entry[1])
      ),
      ([name, rows]) => ({
        rows,
        write: (other: ReadonlyArray<unknown>) => ({ ...envelope, data: { ...data, [name]: other } })
      })
    )
  })

/**
 * Two adjacent pages as one: the later one begun `by` rows early, or with a negative `by` the earlier one begun so many
 * rows late. Answers that hold no list stay as they are.
 */
export const shifted = (earlier: Uint8Array, later: Uint8Array, by: number): Uint8Array =>
  Option.match(Option.all([listIn(earlier), listIn(later)]), {
    onNone: () => (by > 0 ? later : earlier),
    onSome: ([before, after]) => {
      const size = before.rows.length
      const from = by > 0 ? Math.max(0, size - by) : Math.min(size, -by)
      const rows = [...before.rows, ...after.rows].slice(from, from + size)
      return encoder.encode(JSON.stringify((by > 0 ? after : before).write(rows)))
    }
  })
