// Which files have the same bytes as one before them.
import * as Effect from "effect/Effect"
import type { Ledger } from "./engine/ledgerFormat.js"

/** The first file of each content, by its hash. */
export interface ContentIndex {
  /** The name of the first file of this content, when that is another one; else this one counts as the first. */
  readonly duplicateOf: (hash: string, name: string) => string | undefined
  /** The ledger, of which what it says was done counts too. */
  readonly with: (ledger: Ledger, hashOf: (value: unknown) => string | undefined) => Ledger
}

/** No contents yet. */
export const makeContentIndex = (): ContentIndex => {
  const first = new Map<string, string>()
  const duplicateOf: ContentIndex["duplicateOf"] = (hash, name) => {
    const before = first.get(hash)
    if (before === undefined) first.set(hash, name)
    return before === name ? undefined : before
  }
  return {
    duplicateOf,
    with: (ledger, hashOf) => ({
      name: ledger.name,
      open: (of) =>
        Effect.tap(ledger.open(of), ({ entries }) =>
          Effect.sync(() => {
            for (const { key, state, value } of entries.values()) {
              const hash = state === "done" ? hashOf(value) : undefined
              if (hash !== undefined) duplicateOf(hash, key)
            }
          })
        )
    })
  }
}
