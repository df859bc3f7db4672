// Imports of pre-labels under random faults, killed at any time and run again, while annotators take tasks out of
// Start: no outcome is wrong, and no row is sent again once the hub has it.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { AngoError, RowOutcome } from "effect-ango"
import { type History, histories, play, size } from "../../support/PreLabelModel.js"

const nameOf = (error: { readonly _tag: string }): string =>
  error instanceof AngoError.RowRejected ? error.reason : error._tag

type Played = Effect.Effect.Success<ReturnType<typeof play>>

/** What is wrong with a history, in sentences. */
const broken = ({ rows }: History, { runs, times }: Played): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  const claim = (is: boolean, sentence: string) => {
    if (!is) wrong.push(sentence)
  }
  for (const [number, { after, before, end, outcomes }] of runs.entries()) {
    if (end === "whole") claim(outcomes.length === rows.length, `run ${number}: ${outcomes.length} outcomes`)
    for (const [at, outcome] of outcomes.entries()) {
      const row = rows[at]
      const it = `run ${number}, row ${at} (${outcome._tag})`
      claim(outcome.index === at, `${it} is out of order`)
      if (row === undefined) continue
      const isDone =
        outcome._tag === "Updated" || (outcome._tag === "Skipped" && outcome.reason === "done-before")
      if (isDone) claim(after.has(row), `${it} is not on the hub`)
      if (outcome._tag === "Failed") claim(!after.has(row) || before.has(row), `${it} is on the hub`)
      claim(outcome._tag !== "Created", `${it} was made`)
    }
  }
  for (const [name, count] of times) claim(count <= 1, `${name} was stored ${count} times`)
  const last = runs.at(-1)
  claim(last?.end === "whole", `the last run is ${last?.end}`)
  const first = new Set<number>()
  for (const [at, row] of rows.entries()) {
    // The first two assets have the same external id.
    const asset = Math.max(1, row.asset)
    if (first.has(asset)) continue
    first.add(asset)
    const outcome = last?.outcomes[at]
    const error =
      outcome !== undefined && RowOutcome.isFailed(outcome) ? nameOf(outcome.error) : outcome?._tag
    const mayBe = row.isBad
      ? ["InvalidLabels"]
      : asset >= size
        ? ["unknown-asset"]
        : asset === 1
          ? ["ambiguous-asset"]
          : ["Updated", "Skipped", "wrong-stage", ...(row.hasId ? [] : ["Unknown"])]
    claim(mayBe.includes(error ?? ""), `row ${at} is ${error} in the end`)
  }
  return wrong
}

describe("a history of imports, faults, kills and annotators", { timeout: 300_000 }, () => {
  const seen: Record<string, number> = {}

  it("ends with each row on the hub at most once, and no outcome was wrong", async () => {
    await FastCheck.assert(
      FastCheck.asyncProperty(histories, async (history) => {
        const played = await Effect.runPromise(play(history))
        for (const { end, outcomes } of played.runs) {
          seen[end] = (seen[end] ?? 0) + 1
          for (const outcome of outcomes) {
            const name = RowOutcome.isFailed(outcome) ? nameOf(outcome.error) : outcome._tag
            seen[name] = (seen[name] ?? 0) + 1
          }
        }
        expect(broken(history, played)).toEqual([])
      }),
      { numRuns: 40 }
    )
  })

  it("has covered every end of runs and rows", () => {
    const ends = [
      "Updated",
      "Skipped",
      "Unknown",
      "dead",
      "failed",
      "whole",
      "InvalidLabels",
      "unknown-asset"
    ]
    for (const name of [...ends, "ambiguous-asset", "wrong-stage"])
      expect([name, (seen[name] ?? 0) > 4]).toEqual([name, true])
  })
})
