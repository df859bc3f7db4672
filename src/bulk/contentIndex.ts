// Finds files with the same content as an earlier file.
import * as Effect from "effect/Effect"
import type { Ledger } from "./engine/ledgerCodec.js"

/** The first file of each content, by hash. */
export interface ContentIndex {
  /**
   * Returns the name of an earlier file with this hash. Without one, this file becomes (or stays) the first of its content,
   * and the result is `undefined`.
   */
  readonly duplicateOf: (hash: string, name: string) => string | undefined
  /** A ledger that adds the files of its written rows to the index when it is opened. */
  readonly withLedger: (ledger: Ledger, hashOf: (value: unknown) => string | undefined) => Ledger
}

/** An empty index. */
export const makeContentIndex = (): ContentIndex => {
  const firstNames = new Map<string, string>()
  const duplicateOf: ContentIndex["duplicateOf"] = (hash, name) => {
    const first = firstNames.get(hash)
    if (first === undefined) firstNames.set(hash, name)
    return first === name ? undefined : first
  }
  return {
    duplicateOf,
    withLedger: (ledger, hashOf) => ({
      name: ledger.name,
      open: (write) =>
        Effect.tap(ledger.open(write), ({ entries }) =>
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
