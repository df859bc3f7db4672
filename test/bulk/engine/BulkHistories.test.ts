// A bulk write in any weather, killed at any moment and run again: in the end the hub holds each row once, and no run
// has said of a row what is not so. The hub is a model: how often each row was made.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { AngoError } from "effect-ango"
import { operations } from "../../../src/api/operations.js"
import { type Decision, type ReadBack, type Result, rowCodec } from "../../../src/bulk/engine/writer.js"
import { operationContext } from "../../../src/errors/OperationContext.js"
import { broken, histories, type Kind, play, type Row } from "../../support/BulkModel.js"

const operation = operations["assets.importFromCloud"]

interface Item extends Row {
  readonly name: string
}

const Value = Schema.Struct({ name: Schema.String })

/** Rows that are made: with keys, which can be looked up, or without, which cannot. */
const making: Kind<Item, typeof Value.Type> = (world) => {
  const isThere = (name: string) => (world.held.get(name) ?? 0) > 0
  return {
    operation,
    of: "the model",
    makes: "Created",
    keyOf: ({ key }) => key,
    isUnique: true,
    toItem: (row) => Effect.succeed({ ...row, name: row.key ?? row.content }),
    decide: (items) =>
      world.reads(() =>
        items.map(
          (item): Decision<Item, typeof Value.Type, never> =>
            item.key !== undefined && isThere(item.name)
              ? { _tag: "Skip", reason: "exists", message: "it is there", value: { name: item.name } }
              : { _tag: "Go", item }
        )
      ),
    send: (items) =>
      items.some(({ content }) => content === "bad")
        ? Effect.fail(new AngoError.BadRequest({ ...operationContext(operation, "a bad row"), status: 400 }))
        : world.writes(items, (some) => {
            for (const { name } of some) world.held.set(name, (world.held.get(name) ?? 0) + 1)
            return { _tag: "Count" as const, done: some.length }
          }),
    readBack: (items) =>
      world.reads(() =>
        items.map(({ key, name }): ReadBack<typeof Value.Type> => {
          if (key === undefined) return { _tag: "Undecidable", why: "it has no key." }
          return isThere(name) ? { _tag: "Present", value: { name } } : { _tag: "Absent" }
        })
      ),
    readsBack: false,
    toValue: ({ name }) => ({ name }),
    codec: rowCodec(Value)
  }
}

const assigning = operations["tasks.assign"]

/** Rows that change something: a repeat does no harm, and nothing can be looked up or read back. */
const changing: Kind<Item, typeof Value.Type> = (world) => {
  const { readBack: _, decide: __, ...writer } = making(world)
  return {
    ...writer,
    operation: assigning,
    makes: "Updated",
    send: (items) =>
      items.some(({ content }) => content === "bad")
        ? Effect.fail(new AngoError.BadRequest({ ...operationContext(assigning, "a bad row"), status: 400 }))
        : world.writes(items, (some) => {
            for (const { name } of some) world.held.set(name, 1)
            return { _tag: "Count" as const, done: some.length }
          })
  }
}

/** The same over a hub that says what became of each row, and shows it. */
const answering: Kind<Item, typeof Value.Type> = (world) => ({
  ...making(world),
  operation: assigning,
  makes: "Updated",
  send: (items) =>
    world.writes(items, (some) => {
      const good = new Set(some.filter(({ content }) => content !== "bad"))
      for (const { name } of good) world.held.set(name, 1)
      return {
        _tag: "Each" as const,
        results: items.map((item): Result<typeof Value.Type, AngoError.CallError> => {
          if (good.has(item)) return { _tag: "Present", value: { name: item.name } }
          return item.content === "bad"
            ? {
                _tag: "Refused",
                error: new AngoError.BadRequest({ ...operationContext(assigning, "a bad row"), status: 400 }),
                retryable: false
              }
            : { _tag: "Absent" }
        })
      }
    })
})

const always = ["Failed", "Unknown", "dead", "done-before", "duplicate", "whole"]

const kinds = [
  { name: "made", kind: making, operation, numRuns: 1000, ways: [...always, "Created", "exists", "failed"] },
  { name: "changed", kind: changing, operation: assigning, numRuns: 400, ways: [...always, "Updated"] },
  {
    name: "changed one by one",
    kind: answering,
    operation: assigning,
    numRuns: 400,
    ways: [...always, "Updated", "exists"]
  }
]

describe.each(kinds)(
  "a history of runs, faults and deaths of rows that are $name",
  ({ kind, numRuns, operation, ways }) => {
    const seen: Record<string, number> = {}

    it("ends with each row there once, and no outcome was untrue", { timeout: 300_000 }, async () => {
      await FastCheck.assert(
        FastCheck.asyncProperty(histories, async (drawn) => {
          // Rows without a key differ in their content, so that the model can tell them apart.
          const history = {
            ...drawn,
            rows: drawn.rows.map((row, index) =>
              row.key === undefined && row.content !== "bad" ? { content: `${row.content} ${index}` } : row
            )
          }
          const played = await Effect.runPromise(play(operation, history, kind))
          for (const { end, outcomes } of played.runs) {
            seen[end] = (seen[end] ?? 0) + 1
            for (const outcome of outcomes) {
              const name = outcome._tag === "Skipped" ? outcome.reason : outcome._tag
              seen[name] = (seen[name] ?? 0) + 1
            }
          }
          expect(broken(history, played, ({ content, key }) => key ?? content)).toEqual([])
        }),
        { numRuns }
      )
    })

    it("has met every way in which a run or a row can end", () => {
      // What reads little hardly ever ends as a whole.
      const met = Object.keys(seen).filter((way) => way !== "failed" || ways.includes(way))
      expect(met.toSorted()).toEqual(ways.toSorted())
      expect(Math.min(...met.map((way) => seen[way] ?? 0))).toBeGreaterThan(4)
    })
  }
)
