// A model of a hub for bulk writes: a count per row, with random faults and kills from a seed. The test provides the
// writer; faults, runs and the invariants are here.
import { KeyValueStore } from "@effect/platform"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { PCGRandom } from "effect/Utils"
import { AngoError, Ledger, RowOutcome } from "effect-ango"
import type { Operation } from "../../src/api/operation.js"
import { write } from "../../src/bulk/engine/bulkWrite.js"
import type { Writer } from "../../src/bulk/engine/writer.js"
import { operationContext } from "../../src/errors/OperationContext.js"

/** A row of the input: its key, if it has one, and its content; the hub rejects "bad". */
export interface Row {
  readonly key?: string
  readonly content: string
}

/** One history: what is written, and what goes wrong. */
export interface History {
  readonly rows: ReadonlyArray<Row>
  /** Keys that the hub has at the start. */
  readonly existing: ReadonlyArray<string>
  readonly chunk: number
  readonly concurrency: number
  readonly hasLedger: boolean
  readonly seed: number
  /** The share of requests that fail, 0 to 1. */
  readonly faultRate: number
  /** For each run that is killed: the number of requests and ledger writes before that. */
  readonly kills: ReadonlyArray<number>
}

const key = FastCheck.nat(30).map((n) => `row ${n}`)

/** Histories. Rows without a key need a ledger, which recognises them in later runs. */
export const histories: FastCheck.Arbitrary<History> = FastCheck.boolean().chain((hasLedger) =>
  FastCheck.record({
    rows: FastCheck.array(
      FastCheck.record(
        { key, content: FastCheck.constantFrom("good", "good", "good", "good", "other", "bad") },
        { requiredKeys: hasLedger ? ["content"] : ["key", "content"] }
      ),
      { maxLength: 40 }
    ),
    existing: FastCheck.array(key, { maxLength: 5 }),
    chunk: FastCheck.integer({ min: 1, max: 12 }),
    concurrency: FastCheck.integer({ min: 1, max: 4 }),
    hasLedger: FastCheck.constant(hasLedger),
    seed: FastCheck.nat(),
    faultRate: FastCheck.constantFrom(0, 0.1, 0.3, 0.6),
    kills: FastCheck.array(FastCheck.nat(30), { maxLength: 4 })
  })
)

/** What happens to a request. */
type Fault =
  | "none"
  | "never sent"
  | "too many"
  | "lost before"
  | "lost after"
  | "invalid response"
  | "in part"

/** The hub during one run of the program. */
export interface World {
  /** How often each row is on the hub: by key, or by content and number for rows without a key. */
  readonly held: Map<string, number>
  readonly random: PCGRandom
  /** A read, which can fail. */
  readonly reads: <A>(answer: () => A) => Effect.Effect<A, AngoError.CallError>
  /** A write: applied completely, in part or not at all, whatever its response. */
  readonly writes: <Item, A>(
    items: ReadonlyArray<Item>,
    work: (items: ReadonlyArray<Item>) => A
  ) => Effect.Effect<A, AngoError.CallError>
  /** An upload: stored completely or not at all, whatever its response. */
  readonly puts: (store: () => void) => Effect.Effect<void, AngoError.CallError>
}

/** A kind of bulk write to the hub of a run. */
export type Kind<Item, A> = (world: World) => Writer<Row, Item, A, AngoError.UploadError>

const faults: ReadonlyArray<Fault> = [
  "never sent",
  "too many",
  "lost before",
  "lost after",
  "invalid response",
  "in part"
]

const errors = (operation: Operation) => {
  const at = operationContext(operation, "an error of the model")
  const cause = new AngoError.ConnectionFailed({ ...at, phase: "request" })
  return {
    "never sent": new AngoError.ConnectionFailed({ ...at, phase: "connect" }),
    "too many": new AngoError.RateLimited({ ...at, status: 429 }),
    lost: new AngoError.AmbiguousOutcome({ ...at, cause, attempts: 1, repeatable: false }),
    "invalid response": new AngoError.DecodeError({ ...at, status: 200, mismatches: [] }),
    down: new AngoError.ServerError({ ...at, status: 503 })
  }
}

/** One run: its outcomes, how it ended, and the rows of the hub at its end. */
export interface RunResult<A> {
  readonly outcomes: ReadonlyArray<RowOutcome.RowOutcome<A, AngoError.AngoError>>
  readonly end: "whole" | "failed" | "killed"
  readonly heldAtEnd: ReadonlyMap<string, number>
}

/** Runs a history: runs that are killed, one with faults, and two without. */
export const runHistory = <Item, A>(
  operation: Operation,
  history: History,
  kind: Kind<Item, A>
): Effect.Effect<{
  readonly runs: ReadonlyArray<RunResult<A>>
  readonly held: ReadonlyMap<string, number>
}> =>
  Effect.gen(function* () {
    const failures = errors(operation)
    const random = new PCGRandom(history.seed)
    const held = new Map(history.existing.map((name) => [name, 1]))
    const disk = new Map<string, string>()

    const run = (faultRate: number, killAt: number | undefined): Effect.Effect<RunResult<A>> =>
      Effect.gen(function* () {
        const killed = yield* Deferred.make<void>()
        let steps = 0
        // At the moment of the kill, the hub or the disk gets all or nothing; the program gets no response.
        const step = <B, E>(now: () => Effect.Effect<B, E>): Effect.Effect<B, E> =>
          Effect.suspend(() => {
            if (killAt === undefined || steps < killAt) {
              steps++
              return Effect.zipRight(Effect.yieldNow(), Effect.suspend(now))
            }
            if (steps++ === killAt && random.number() < 0.5) Effect.runSync(Effect.exit(now()))
            return Effect.zipRight(Deferred.succeed(killed, undefined), Effect.never)
          })

        const nextFault = (): Fault =>
          random.number() < faultRate
            ? (faults[Math.floor(random.number() * faults.length)] ?? "none")
            : "none"

        const world: World = {
          held,
          random,
          reads: (answer) =>
            step(() => (random.number() < faultRate / 2 ? Effect.fail(failures.down) : Effect.sync(answer))),
          writes: (items, work) =>
            step((): Effect.Effect<ReturnType<typeof work>, AngoError.CallError> => {
              const fault = nextFault()
              switch (fault) {
                case "never sent":
                case "too many":
                  return Effect.fail(failures[fault])
                case "lost before":
                  return Effect.fail(failures.lost)
                case "lost after":
                  work(items)
                  return Effect.fail(failures.lost)
                case "invalid response":
                  work(items)
                  return Effect.fail(failures[fault])
                case "in part":
                  return Effect.sync(() => work(items.filter(() => random.number() < 0.5)))
                default:
                  return Effect.sync(() => work(items))
              }
            }),
          puts: (keep) =>
            step((): Effect.Effect<void, AngoError.CallError> => {
              const fault = nextFault()
              if (fault === "lost after" || fault === "none") keep()
              return fault === "none" ? Effect.void : Effect.fail(failures.down)
            })
        }

        const store = KeyValueStore.makeStringOnly({
          get: (name) => Effect.sync(() => Option.fromNullable(disk.get(name))),
          // A write to the ledger that is interrupted by the kill is stored in part.
          set: (name, text) =>
            step(() =>
              Effect.sync(() => {
                const isTorn = killAt !== undefined && steps > killAt
                disk.set(name, isTorn ? text.slice(0, Math.floor(random.number() * text.length)) : text)
              })
            ),
          remove: () => Effect.void,
          clear: Effect.void,
          size: Effect.succeed(0)
        })

        const outcomes: Array<RowOutcome.RowOutcome<A, AngoError.AngoError>> = []
        const writing = write(kind(world), Stream.fromIterable(history.rows), {
          chunk: history.chunk,
          concurrency: history.concurrency,
          ledger: history.hasLedger ? Ledger.make(store, "model") : undefined
        }).pipe(
          Stream.runForEachChunk((some) =>
            Effect.sync(() => {
              for (const outcome of some) outcomes.push(outcome)
            })
          ),
          Effect.match({ onSuccess: () => "whole" as const, onFailure: () => "failed" as const })
        )
        // Do not wait for a killed run: it never ends.
        const fiber = yield* Effect.forkDaemon(writing)
        const end = yield* Effect.raceFirst(
          Fiber.join(fiber),
          Effect.as(Deferred.await(killed), "killed" as const)
        )
        yield* Fiber.interruptFork(fiber)
        return { outcomes: [...outcomes], end, heldAtEnd: new Map(held) }
      })

    const runs: Array<RunResult<A>> = []
    for (const killAt of history.kills) runs.push(yield* run(history.faultRate, killAt))
    runs.push(yield* run(history.faultRate, undefined))
    for (let more = 0; more < 2; more++) runs.push(yield* run(0, undefined))
    return { runs, held }
  })

/** What is wrong with a history, in sentences; empty if every invariant holds. */
export const brokenInvariants = <A>(
  { rows, existing }: History,
  { held, runs }: { readonly runs: ReadonlyArray<RunResult<A>>; readonly held: ReadonlyMap<string, number> },
  heldOf: (row: Row) => string
): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  const claim = (is: boolean, sentence: string) => {
    if (!is) wrong.push(sentence)
  }
  for (const [number, { end, heldAtEnd, outcomes }] of runs.entries()) {
    const it = `run ${number} (${end})`
    claim(
      outcomes.every(({ index }, at) => index === at),
      `${it}: outcomes are out of order`
    )
    if (end === "whole") claim(outcomes.length === rows.length, `${it}: ${outcomes.length} outcomes`)
    const { rows: all, ...ways } = outcomes.reduce<RowOutcome.Summary>(RowOutcome.count, RowOutcome.none)
    claim(all === outcomes.length, `${it}: ${all} rows are counted`)
    claim(Object.values(ways).reduce((sum, one) => sum + one, 0) === all, `${it}: the counts do not add up`)
    for (const outcome of outcomes) {
      const row = rows[outcome.index]
      if (row === undefined) continue
      const there = heldAtEnd.get(heldOf(row)) ?? 0
      const isThere =
        outcome._tag === "Created" ||
        outcome._tag === "Updated" ||
        (outcome._tag === "Skipped" && outcome.reason !== "duplicate")
      if (isThere) claim(there >= 1, `${it}: row ${outcome.index} is ${outcome._tag}, but not on the hub`)
      if (outcome._tag === "Failed" && outcome.error._tag === "StoreUnavailable") {
        claim(false, `${it}: ${outcome.error.message}`)
      }
    }
  }
  const last = runs.at(-1)
  claim(last?.end === "whole", `the last run is ${last?.end}`)
  const first = new Set<string>()
  for (const [index, row] of rows.entries()) {
    const name = heldOf(row)
    const there = held.get(name) ?? 0
    claim(there <= 1, `row ${index} is on the hub ${there} times`)
    // Of several rows with the same key, the first is sent.
    if (first.has(name)) continue
    first.add(name)
    if (row.content === "bad")
      claim(there === 0 || existing.includes(name), `row ${index} is bad, but on the hub`)
    else {
      const isUnreadable = row.key === undefined && last?.outcomes[index]?._tag === "Unknown"
      claim(there === 1 || isUnreadable, `row ${index} is not on the hub, but ${last?.outcomes[index]?._tag}`)
    }
  }
  return wrong
}
