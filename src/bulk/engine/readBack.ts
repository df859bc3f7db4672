// Reading rows back whose result is unknown.
import * as Effect from "effect/Effect"
import type { AmbiguousOutcome, DecodeError } from "../../errors/AngoError.js"
import type { Run } from "./bulkRun.js"
import type { Outcomes, PendingRow, WrittenRow } from "./outcomeRecorder.js"

/** Rows that the hub shows, rows that it does not show, and the `Unknown` outcomes of the others. */
export interface ReadBackResult<Item, A, E> {
  readonly present: ReadonlyArray<WrittenRow<Item, A>>
  readonly absent: ReadonlyArray<PendingRow<Item>>
  readonly outcomes: Outcomes<A, E>
}

const unspecified = "the response does not say which rows were written."

/** Reads rows back; `error` is the failure of their request, if it failed. */
export const readRowsBack = <Item, A, E extends { readonly _tag: string }>(
  { interruptible, record, signal, writer: { readBack } }: Run<Item, A, E>,
  rows: ReadonlyArray<PendingRow<Item>>,
  error?: AmbiguousOutcome | DecodeError
): Effect.Effect<ReadBackResult<Item, A, E>> => {
  const unknown = (why: string): ReadBackResult<Item, A, E> => ({
    present: [],
    absent: [],
    outcomes: record.unknown(rows, why, error)
  })
  if (rows.length === 0) return Effect.succeed({ present: [], absent: [], outcomes: [] })
  if (readBack === undefined) {
    return Effect.succeed(unknown(error === undefined ? unspecified : `its request failed (${error._tag}).`))
  }
  return Effect.match(interruptible(readBack.read(rows.map(({ item }) => item))), {
    onFailure: (failure) => {
      signal.recordReadFailure(failure)
      return unknown(`reading it back failed (${failure._tag}).`)
    },
    onSuccess: (states) => {
      const present: Array<WrittenRow<Item, A>> = []
      const absent: Array<PendingRow<Item>> = []
      const outcomes: Array<Outcomes<A, E>[number]> = []
      for (const [index, row] of rows.entries()) {
        const state = states[index]
        if (state?._tag === "Present") present.push([row, state.value])
        else if (state?._tag === "Absent") absent.push(row)
        else outcomes.push(...record.unknown([row], state?.why ?? unspecified, error, state?.advice))
      }
      return { present, absent, outcomes }
    }
  })
}
