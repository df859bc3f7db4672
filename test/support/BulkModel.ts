// A hub that bulk writes go to, as a model: a count per row, under a weather and with deaths that a seed draws. What a
// kind of write asks of its hub is given by the test; how it may go wrong, and what must hold, is here.
import { KeyValueStore } from "@effect/platform"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { PCGRandom } from "effect/Utils"
import { AngoError, Ledger, RowOutcome } from "effect-ango"
import type { Operation } from "../../src/api/operations.js"
import { write } from "../../src/bulk/engine/bulkWrite.js"
import type { Writer } from "../../src/bulk/engine/writer.js"
import { operationContext } from "../../src/errors/OperationContext.js"

/** A row of the input: its name, if it has one, and a content, of which "bad" is refused by the hub. */
export interface Row {
  readonly key?: string
  readonly content: string
}

/** One history: what is written, and how it goes wrong. */
export interface History {
  readonly rows: ReadonlyArray<Row>
  /** Keys that the hub has before. */
  readonly existing: ReadonlyArray<string>
  readonly chunk: number
  readonly concurrency: number
  readonly hasLedger: boolean
  readonly seed: number
  /** How much of the requests goes wrong, 0 to 1. */
  readonly weather: number
  /** In each run that dies: after so many requests and notes. */
  readonly deaths: ReadonlyArray<number>
}

const key = FastCheck.nat(30).map((n) => `row ${n}`)

/** Histories; keyless rows only where a ledger can tell them from new ones. */
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
    weather: FastCheck.constantFrom(0, 0.1, 0.3, 0.6),
    deaths: FastCheck.array(FastCheck.nat(30), { maxLength: 4 })
  })
)

/** How a request goes. */
type Turn = "well" | "never sent" | "too many" | "lost before" | "lost after" | "of another shape" | "in part"

/** The hub, as one run of the program sees it. */
export interface World {
  /** How often each row is there: by key, or by content and number for those that have none. */
  readonly held: Map<string, number>
  readonly random: PCGRandom
  /** A read: it fails now and then. */
  readonly reads: <A>(answer: () => A) => Effect.Effect<A, AngoError.CallError>
  /** A write: done whole, in part or not at all, whatever is heard of it. */
  readonly writes: <Item, A>(
    items: ReadonlyArray<Item>,
    work: (items: ReadonlyArray<Item>) => A
  ) => Effect.Effect<A, AngoError.CallError>
  /** A file: stored whole or not at all, whatever is heard of it. */
  readonly puts: (store: () => void) => Effect.Effect<void, AngoError.CallError>
}

/** A kind of bulk write over a world. */
export type Kind<Item, A> = (world: World) => Writer<Row, Item, A, AngoError.UploadError>

const turns: ReadonlyArray<Turn> = [
  "never sent",
  "too many",
  "lost before",
  "lost after",
  "of another shape",
  "in part"
]

const errors = (operation: Operation) => {
  const at = operationContext(operation, "so the model says")
  const cause = new AngoError.ConnectionFailed({ ...at, phase: "request" })
  return {
    "never sent": new AngoError.ConnectionFailed({ ...at, phase: "connect" }),
    "too many": new AngoError.RateLimited({ ...at, status: 429 }),
    lost: new AngoError.AmbiguousOutcome({ ...at, cause, attempts: 1, repeatable: false }),
    "of another shape": new AngoError.DecodeError({ ...at, status: 200, mismatches: [] }),
    down: new AngoError.ServerError({ ...at, status: 503 })
  }
}

/** What one run has shown: its outcomes, and the error that it ended in, or its death. */
export interface Told<A> {
  readonly outcomes: ReadonlyArray<RowOutcome.RowOutcome<A, AngoError.AngoError>>
  readonly end: "whole" | "failed" | "dead"
  readonly heldThen: ReadonlyMap<string, number>
}

/** Plays a history to its end: runs that die, runs in bad weather, and then runs in good weather. */
export const play = <Item, A>(
  operation: Operation,
  history: History,
  kind: Kind<Item, A>
): Effect.Effect<{
  readonly runs: ReadonlyArray<Told<A>>
  readonly held: ReadonlyMap<string, number>
}> =>
  Effect.gen(function* () {
    const failures = errors(operation)
    const random = new PCGRandom(history.seed)
    const held = new Map(history.existing.map((name) => [name, 1]))
    const disk = new Map<string, string>()

    const run = (weather: number, death: number | undefined): Effect.Effect<Told<A>> =>
      Effect.gen(function* () {
        const dead = yield* Deferred.make<void>()
        let steps = 0
        // Of what happens at the moment of death, the hub or the disk may see all or nothing; the program sees no more.
        const step = <B, E>(now: () => Effect.Effect<B, E>): Effect.Effect<B, E> =>
          Effect.suspend(() => {
            if (death === undefined || steps < death) {
              steps++
              return Effect.zipRight(Effect.yieldNow(), Effect.suspend(now))
            }
            if (steps++ === death && random.number() < 0.5) Effect.runSync(Effect.exit(now()))
            return Effect.zipRight(Deferred.succeed(dead, undefined), Effect.never)
          })

        const turn = (): Turn =>
          random.number() < weather ? (turns[Math.floor(random.number() * turns.length)] ?? "well") : "well"

        const world: World = {
          held,
          random,
          reads: (answer) =>
            step(() => (random.number() < weather / 2 ? Effect.fail(failures.down) : Effect.sync(answer))),
          writes: (items, work) =>
            step((): Effect.Effect<ReturnType<typeof work>, AngoError.CallError> => {
              const how = turn()
              switch (how) {
                case "never sent":
                case "too many":
                  return Effect.fail(failures[how])
                case "lost before":
                  return Effect.fail(failures.lost)
                case "lost after":
                  work(items)
                  return Effect.fail(failures.lost)
                case "of another shape":
                  work(items)
                  return Effect.fail(failures[how])
                case "in part":
                  return Effect.sync(() => work(items.filter(() => random.number() < 0.5)))
                default:
                  return Effect.sync(() => work(items))
              }
            }),
          puts: (keep) =>
            step((): Effect.Effect<void, AngoError.CallError> => {
              const how = turn()
              if (how === "lost after" || how === "well") keep()
              return how === "well" ? Effect.void : Effect.fail(failures.down)
            })
        }

        const store = KeyValueStore.makeStringOnly({
          get: (name) => Effect.sync(() => Option.fromNullable(disk.get(name))),
          // A note that is cut off by death is there in part.
          set: (name, text) =>
            step(() =>
              Effect.sync(() => {
                const isTorn = death !== undefined && steps > death
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
        // The dead are not waited for: what they wait for does not come.
        const fiber = yield* Effect.forkDaemon(writing)
        const end = yield* Effect.raceFirst(
          Fiber.join(fiber),
          Effect.as(Deferred.await(dead), "dead" as const)
        )
        yield* Fiber.interruptFork(fiber)
        return { outcomes: [...outcomes], end, heldThen: new Map(held) }
      })

    const runs: Array<Told<A>> = []
    for (const death of history.deaths) runs.push(yield* run(history.weather, death))
    runs.push(yield* run(history.weather, undefined))
    for (let more = 0; more < 2; more++) runs.push(yield* run(0, undefined))
    return { runs, held }
  })

/** What is wrong with a history that was played, in sentences; nothing when every promise was kept. */
export const broken = <A>(
  { rows, existing }: History,
  { held, runs }: { readonly runs: ReadonlyArray<Told<A>>; readonly held: ReadonlyMap<string, number> },
  heldOf: (row: Row) => string
): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  const claim = (is: boolean, sentence: string) => {
    if (!is) wrong.push(sentence)
  }
  for (const [number, { end, heldThen, outcomes }] of runs.entries()) {
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
      const there = heldThen.get(heldOf(row)) ?? 0
      const isThere =
        outcome._tag === "Created" ||
        outcome._tag === "Updated" ||
        (outcome._tag === "Skipped" && outcome.reason !== "duplicate")
      if (isThere) claim(there >= 1, `${it}: row ${outcome.index} is ${outcome._tag}, and not there`)
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
    claim(there <= 1, `row ${index} is there ${there} times`)
    // Of several rows of one key the first is the one that is tried.
    if (first.has(name)) continue
    first.add(name)
    if (row.content === "bad") claim(there === 0 || existing.includes(name), `row ${index} is bad, and there`)
    else {
      const isHopeless = row.key === undefined && last?.outcomes[index]?._tag === "Unknown"
      claim(there === 1 || isHopeless, `row ${index} is not there, and ${last?.outcomes[index]?._tag}`)
    }
  }
  return wrong
}
