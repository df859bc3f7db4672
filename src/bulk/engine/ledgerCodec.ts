// The format of ledgers: a header line, then one JSON line per state of a row. The last line of a key counts.
import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { decoder } from "../../decoding/decoder.js"
import type { StoreUnavailable } from "../../errors/AngoError.js"

/**
 * The state of a row: `sent`, and its result is unknown; `done`, with its value; or `undone`, and no request for it is
 * in flight. `digest` is that of the row's content, which can change between runs.
 */
export const Entry = Schema.Struct({
  key: Schema.String,
  digest: Schema.String,
  state: Schema.Literal("sent", "done", "undone"),
  value: Schema.optionalWith(Schema.Unknown, { exact: true })
})

export type Entry = typeof Entry.Type

/** The ledger of one bulk write while it runs. */
export interface LedgerSession {
  /** The entries of earlier runs, by key. */
  readonly entries: ReadonlyMap<string, Entry>
  /** Adds entries, which are stored durably when the effect ends. */
  readonly write: (entries: ReadonlyArray<Entry>) => Effect.Effect<void, StoreUnavailable>
}

/**
 * Where a bulk write records its rows. Made by `Ledger.file` or `Ledger.make`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Ledger {
  readonly name: string
  /** Reads the entries of earlier runs of a write, and accepts more until the scope closes. */
  readonly open: (write: string) => Effect.Effect<LedgerSession, StoreUnavailable, Scope.Scope>
}

const Header = Schema.parseJson(Schema.Struct({ ledger: Schema.Literal(1), of: Schema.String }))

const readHeader = Schema.decodeUnknownOption(Header)
const decodeEntry = decoder(Entry)

const readEntry = (line: string): Option.Option<Entry> =>
  Option.flatMap(Option.liftThrowable(JSON.parse)(line), (value) => Either.getRight(decodeEntry(value)))

/** The first line of the ledger of a write, with its line break. */
export const headerLine = (write: string): string =>
  `${Schema.encodeSync(Header)({ ledger: 1, of: write })}\n`

/** Entries as lines, each with its line break. */
export const entryLines = (entries: Iterable<Entry>): string =>
  Array.from(entries, (entry) => `${JSON.stringify(entry)}\n`).join("")

/**
 * The result of reading a ledger: how many entries it has, whether its last line is incomplete (`isTorn`) and whether
 * it lacks its header (`isEmpty`); or the reason why it cannot be used.
 */
export type LedgerText =
  | { readonly _tag: "Read"; readonly lines: number; readonly isTorn: boolean; readonly isEmpty: boolean }
  | { readonly _tag: "Incompatible"; readonly reason: string }

const incompatible = (reason: string): LedgerText => ({ _tag: "Incompatible", reason })

/**
 * Reads the lines of a ledger of this write into `entries`. An incomplete last line is ignored: the process ended while
 * it was being written, before anything relied on it.
 */
export const readLedger = (write: string, text: string, entries: Map<string, Entry>): LedgerText => {
  const lines = text.split("\n")
  const last = lines.pop() ?? ""
  const isTorn = last !== ""
  const [first, ...others] = lines
  // Do not overwrite a file that holds something else.
  if (first === undefined && !headerLine(write).startsWith(last)) {
    return incompatible("It is not a ledger of this version.")
  }
  if (first === undefined) return { _tag: "Read", lines: 0, isTorn, isEmpty: true }
  const header = readHeader(first)
  if (Option.isNone(header))
    return incompatible("Its first line is not the header of a ledger of this version.")
  if (header.value.of !== write) {
    return incompatible(`It belongs to ${header.value.of}; this write is ${write}.`)
  }
  for (const [index, line] of others.entries()) {
    const entry = readEntry(line)
    if (Option.isNone(entry)) return incompatible(`Line ${index + 2} is not an entry of this version.`)
    entries.set(entry.value.key, entry.value)
  }
  return { _tag: "Read", lines: others.length, isTorn, isEmpty: false }
}
