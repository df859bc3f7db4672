// Bulk writes whose rows need a stored file first, under random faults, killed at any time and run again: in the end
// the hub has each row once, with its bytes, and never had a row without them.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { AngoError } from "effect-ango"
import { operations } from "../../../src/api/operations.js"
import { type Decision, type ReadBack, rowCodec } from "../../../src/bulk/engine/writer.js"
import { operationContext } from "../../../src/errors/OperationContext.js"
import { brokenInvariants, histories, type Kind, type Row, runHistory } from "../../support/BulkModel.js"
import "../../support/Seed.js"

const operation = operations["assets.importFromCloud"]

interface Item {
  readonly name: string
  readonly content: string
  readonly file?: string
}

const Value = Schema.Struct({ name: Schema.String })

/** The files of the storage, the number of attempts, and rows that were written with the wrong file. */
interface Storage {
  readonly files: Map<string, string>
  readonly wrong: Array<string>
  puts: number
}

/** Rows with a file each, which the storage rejects if its content is "bad". */
const uploadRows =
  (storage: Storage, concurrency: number): Kind<Item, typeof Value.Type> =>
  (world) => {
    const isPresent = (name: string) => (world.held.get(name) ?? 0) > 0
    const rejected = new AngoError.TransferError({
      direction: "upload",
      ...operationContext(operation, "a bad file"),
      reason: "status"
    })
    return {
      operation,
      name: "the model",
      outcome: "Created",
      input: {
        keyOf: ({ key }: Row) => key,
        isUnique: true,
        toItem: ({ content, key = "" }) => Effect.succeed({ name: key, content })
      },
      lookUp: (items) =>
        world.reads(() =>
          items.map(
            (item): Decision<Item, typeof Value.Type, never> =>
              isPresent(item.name)
                ? { _tag: "Skip", reason: "exists", message: "it exists", value: { name: item.name } }
                : { _tag: "Send", item }
          )
        ),
      preparation: {
        concurrency,
        prepare: (item) =>
          item.content === "bad"
            ? Effect.fail(rejected)
            : Effect.gen(function* () {
                const file = `file ${storage.puts++}`
                yield* world.puts(() => storage.files.set(file, `${item.name} ${item.content}`))
                return { ...item, file }
              })
      },
      request: {
        send: (items) =>
          world.writes(items, (some) => {
            for (const { content, file = "", name } of some) {
              const stored = storage.files.get(file)
              if (stored !== `${name} ${content}`) storage.wrong.push(`${name} was written with ${stored}`)
              world.held.set(name, (world.held.get(name) ?? 0) + 1)
            }
            return { _tag: "Count" as const, written: some.length }
          })
      },
      readBack: {
        read: (items) =>
          world.reads(() =>
            items.map(
              ({ name }): ReadBack<typeof Value.Type> =>
                isPresent(name) ? { _tag: "Present", value: { name } } : { _tag: "Absent" }
            )
          ),
        afterSuccess: false
      },
      value: { of: ({ name }) => ({ name }), codec: rowCodec(Value) }
    }
  }

describe("a history of uploads, faults and kills", { timeout: 300_000 }, () => {
  const seen: Record<string, number> = {}
  const see = (name: string, times = 1) => {
    seen[name] = (seen[name] ?? 0) + times
  }

  it("ends with each row on the hub once, with its bytes, and none was ever without", async () => {
    await FastCheck.assert(
      FastCheck.asyncProperty(
        histories,
        FastCheck.integer({ min: 1, max: 5 }),
        async (drawn, concurrency) => {
          // Every file has a name.
          const history = { ...drawn, rows: drawn.rows.filter(({ key }) => key !== undefined) }
          const storage: Storage = { files: new Map(), wrong: [], puts: 0 }
          const played = await Effect.runPromise(
            runHistory(operation, history, uploadRows(storage, concurrency))
          )
          for (const { end, outcomes } of played.runs) {
            see(end)
            for (const outcome of outcomes) see(outcome._tag === "Skipped" ? outcome.reason : outcome._tag)
          }
          const made = Array.from(played.held.values()).reduce((sum, one) => sum + one, 0)
          see("stray", storage.files.size - (made - new Set(history.existing).size))
          see("failed put", storage.puts - storage.files.size)
          expect(storage.wrong).toEqual([])
          expect(brokenInvariants(history, played, ({ key = "" }) => key)).toEqual([])
        }
      ),
      { numRuns: 1000 }
    )
  })

  it("has covered every end of runs, rows and files", () => {
    expect(Object.keys(seen).toSorted()).toEqual(
      [
        "Created",
        "Failed",
        "Unknown",
        "killed",
        "done-before",
        "duplicate",
        "exists",
        "failed",
        "failed put",
        "stray",
        "whole"
      ].toSorted()
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(4)
  })
})
