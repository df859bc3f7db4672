// The book of a bulk write: what was sent, and what became of it, one JSON line per row.
import type * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { StoreUnavailable } from "../../errors/AngoError.js"

/**
 * What is known of a row: it was sent, and nothing was heard of it yet; it was done; or it was not, and nothing is
 * under way. `digest` tells the row's content from another one under the same key.
 */
export const Entry = Schema.Struct({
  key: Schema.String,
  digest: Schema.String,
  state: Schema.Literal("sent", "done", "undone"),
  value: Schema.optionalWith(Schema.Unknown, { exact: true })
})

export type Entry = typeof Entry.Type

/** The ledger of one write while it runs. */
export interface Book {
  /** What earlier runs have left. */
  readonly entries: ReadonlyMap<string, Entry>
  /** Has noted them for good when it ends. */
  readonly write: (entries: ReadonlyArray<Entry>) => Effect.Effect<void, StoreUnavailable>
}

/**
 * Where a bulk write notes what it has done. Make one with `Ledger.file` or `Ledger.make`.
 *
 * @since 0.1.0
 */
export interface Ledger {
  readonly name: string
  /** Reads what earlier runs have noted of a write, and notes more until the scope closes. */
  readonly open: (of: string) => Effect.Effect<Book, StoreUnavailable, Scope.Scope>
}

const Header = Schema.parseJson(Schema.Struct({ ledger: Schema.Literal(1), of: Schema.String }))
const Line = Schema.parseJson(Entry)

const readHeader = Schema.decodeUnknownOption(Header)
const readLine = Schema.decodeUnknownOption(Line)
const writeLine = Schema.encodeSync(Line)

/** The first line of a ledger, with its end. */
export const header = (of: string): string => `${Schema.encodeSync(Header)({ ledger: 1, of })}\n`

/** Entries as lines, each with its end. */
export const lines = (entries: Iterable<Entry>): string =>
  Array.from(entries, (entry) => `${writeLine(entry)}\n`).join("")

/** What a text of lines held: how many entries, whether it must be written anew before it is added to; or why it is no ledger. */
export type Held =
  | { readonly _tag: "Read"; readonly lines: number; readonly isTorn: boolean; readonly isEmpty: boolean }
  | { readonly _tag: "Refused"; readonly reason: string }

const refused = (reason: string): Held => ({ _tag: "Refused", reason })

/**
 * Reads lines into a map, the later ones over the earlier ones. A last line that breaks off is what a death in the
 * middle of writing leaves: what it was to say had not been relied on yet.
 */
export const read = (of: string, text: string, into: Map<string, Entry>): Held => {
  const all = text.split("\n")
  const last = all.pop() ?? ""
  const isTorn = last !== ""
  const [first, ...others] = all
  // A file that holds something else is not taken for a ledger whose first line broke off.
  if (first === undefined && !header(of).startsWith(last)) {
    return refused("It holds something else, and no ledger of this version.")
  }
  if (first === undefined) return { _tag: "Read", lines: 0, isTorn, isEmpty: true }
  const known = readHeader(first)
  if (Option.isNone(known)) return refused("Its first line is not that of a ledger of this version.")
  if (known.value.of !== of) {
    return refused(`It is the ledger of ${known.value.of}, and this is ${of}.`)
  }
  for (const [index, line] of others.entries()) {
    const entry = readLine(line)
    if (Option.isNone(entry)) return refused(`Its line ${index + 2} is no entry of this version.`)
    into.set(entry.value.key, entry.value)
  }
  return { _tag: "Read", lines: others.length, isTorn, isEmpty: false }
}
