// Bulk writes under random faults, killed at any time and run again: in the end the hub has each row once, and no
// outcome was wrong. The hub is a model that counts how often each row was written.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { AngoError } from "effect-ango"
import type { Operation } from "../../../src/api/operation.js"
import { operations } from "../../../src/api/operations.js"
import { type Decision, type ReadBack, type RowResult, rowCodec } from "../../../src/bulk/engine/writer.js"
import { operationContext } from "../../../src/errors/OperationContext.js"
import { brokenInvariants, histories, type Kind, type Row, runHistory } from "../../support/BulkModel.js"

const operation = operations["assets.importFromCloud"]

interface Item extends Row {
  readonly name: string
}

const Value = Schema.Struct({ name: Schema.String })

type Value = typeof Value.Type

const badRow = (target: Operation) =>
  new AngoError.BadRequest({ ...operationContext(target, "a bad row"), status: 400 })

/** Rows that are created: with keys, which can be looked up, or without, which cannot. */
const createRows: Kind<Item, Value> = (world) => {
  const isPresent = (name: string) => (world.held.get(name) ?? 0) > 0
  return {
    operation,
    name: "the model",
    outcome: "Created",
    input: {
      keyOf: ({ key }) => key,
      isUnique: true,
      toItem: (row) => Effect.succeed({ ...row, name: row.key ?? row.content })
    },
    lookUp: (items) =>
      world.reads(() =>
        items.map(
          (item): Decision<Item, Value, never> =>
            item.key !== undefined && isPresent(item.name)
              ? { _tag: "Skip", reason: "exists", message: "it exists", value: { name: item.name } }
              : { _tag: "Send", item }
        )
      ),
    request: {
      send: (items) =>
        items.some(({ content }) => content === "bad")
          ? Effect.fail(badRow(operation))
          : world.writes(items, (some) => {
              for (const { name } of some) world.held.set(name, (world.held.get(name) ?? 0) + 1)
              return { _tag: "Count" as const, written: some.length }
            })
    },
    readBack: {
      read: (items) =>
        world.reads(() =>
          items.map(({ key, name }): ReadBack<Value> => {
            if (key === undefined) return { _tag: "Undecidable", why: "it has no key." }
            return isPresent(name) ? { _tag: "Present", value: { name } } : { _tag: "Absent" }
          })
        ),
      afterSuccess: false
    },
    value: { of: ({ name }) => ({ name }), codec: rowCodec(Value) }
  }
}

const assignment = operations["tasks.assign"]

/** Rows that are updated: repeating that does no harm, and nothing can be looked up or read back. */
const updateRows: Kind<Item, Value> = (world) => {
  const { lookUp: _, readBack: __, ...writer } = createRows(world)
  return {
    ...writer,
    operation: assignment,
    outcome: "Updated",
    request: {
      send: (items) =>
        items.some(({ content }) => content === "bad")
          ? Effect.fail(badRow(assignment))
          : world.writes(items, (some) => {
              for (const { name } of some) world.held.set(name, 1)
              return { _tag: "Count" as const, written: some.length }
            })
    }
  }
}

/** Rows that are updated by a hub that returns a result per row, and shows the rows. */
const updateRowsWithResults: Kind<Item, Value> = (world) => ({
  ...createRows(world),
  operation: assignment,
  outcome: "Updated",
  request: {
    send: (items) =>
      world.writes(items, (some) => {
        const good = new Set(some.filter(({ content }) => content !== "bad"))
        for (const { name } of good) world.held.set(name, 1)
        return {
          _tag: "PerRow" as const,
          results: items.map((item): RowResult<Value, AngoError.CallError> => {
            if (good.has(item)) return { _tag: "Present", value: { name: item.name } }
            return item.content === "bad"
              ? { _tag: "Rejected", error: badRow(assignment), retryable: false }
              : { _tag: "Absent" }
          })
        }
      })
  }
})

const always = ["Failed", "Unknown", "killed", "done-before", "duplicate", "whole"]

const kinds = [
  {
    name: "created",
    kind: createRows,
    operation,
    numRuns: 1000,
    ways: [...always, "Created", "exists", "failed"]
  },
  { name: "updated", kind: updateRows, operation: assignment, numRuns: 400, ways: [...always, "Updated"] },
  {
    name: "updated with a result per row",
    kind: updateRowsWithResults,
    operation: assignment,
    numRuns: 400,
    ways: [...always, "Updated", "exists"]
  }
]

describe.each(kinds)(
  "a history of runs, faults and kills, of rows that are $name",
  ({ kind, numRuns, operation, ways }) => {
    const seen: Record<string, number> = {}

    it("ends with each row on the hub once, and no outcome was wrong", { timeout: 300_000 }, async () => {
      await FastCheck.assert(
        FastCheck.asyncProperty(histories, async (drawn) => {
          // Rows without a key differ in their content, so that the model can tell them apart.
          const history = {
            ...drawn,
            rows: drawn.rows.map((row, index) =>
              row.key === undefined && row.content !== "bad" ? { content: `${row.content} ${index}` } : row
            )
          }
          const played = await Effect.runPromise(runHistory(operation, history, kind))
          for (const { end, outcomes } of played.runs) {
            seen[end] = (seen[end] ?? 0) + 1
            for (const outcome of outcomes) {
              const name = outcome._tag === "Skipped" ? outcome.reason : outcome._tag
              seen[name] = (seen[name] ?? 0) + 1
            }
          }
          expect(brokenInvariants(history, played, ({ content, key }) => key ?? content)).toEqual([])
        }),
        { numRuns }
      )
    })

    it("has covered every end of runs and rows", () => {
      // A write with few reads rarely fails as a whole.
      const met = Object.keys(seen).filter((way) => way !== "failed" || ways.includes(way))
      expect(met.toSorted()).toEqual(ways.toSorted())
      expect(Math.min(...met.map((way) => seen[way] ?? 0))).toBeGreaterThan(4)
    })
  }
)
