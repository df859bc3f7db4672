// Attachments, assignments, requeues and batches under random faults, interrupted and run again with a ledger: no
// outcome is wrong, and in the end every row is on the hub.
import { FetchHttpClient, KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import {
  Ango,
  type AngoError,
  Attachments,
  Batches,
  Ledger,
  RateLimit,
  RetryPolicy,
  type RowOutcome,
  Tasks
} from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest
const people = ["amara.okafor@example.com", "priya.raman@example.com"]
const size = 12
const nobody = "65aa000000000000000fffff"

const Kinds = ["attachments", "assignMany", "requeueMany", "assign"] as const

interface History {
  readonly kind: (typeof Kinds)[number]
  /** Which asset or task; one of them does not exist. */
  readonly rows: ReadonlyArray<number>
  readonly chunk: number
  readonly concurrency: number
  readonly seed: number
  readonly weather: number
  /** The number of requests after which each run is interrupted. */
  readonly deaths: ReadonlyArray<number>
}

const histories: FastCheck.Arbitrary<History> = FastCheck.record({
  kind: FastCheck.constantFrom(...Kinds),
  rows: FastCheck.uniqueArray(FastCheck.nat(size), { minLength: 3, maxLength: size }),
  chunk: FastCheck.integer({ min: 1, max: 6 }),
  concurrency: FastCheck.integer({ min: 1, max: 3 }),
  seed: FastCheck.nat(),
  weather: FastCheck.constantFrom(0, 0.3, 0.6),
  deaths: FastCheck.array(FastCheck.integer({ min: 1, max: 5 }), { maxLength: 2 })
})

const shapeless = Faults.respond(200, '{"status":"success"}')

const weatherOf = (seed: number, share: number): Faults.Script =>
  Faults.mix({
    seed,
    faults: [
      [share / 6, Faults.reset],
      [share / 6, Faults.afterProcessing(Faults.reset)],
      [share / 6, Faults.fail(503)],
      [share / 6, Faults.afterProcessing(shapeless)],
      [share / 3, Faults.partialWrite(0.5)]
    ]
  })

type Outcome = RowOutcome.RowOutcome<unknown, AngoError.AngoError>

const alike = (outcomes: Stream.Stream<Outcome, AngoError.AngoError>) => outcomes

const play = ({ chunk, concurrency, deaths, kind, rows, seed, weather }: History) =>
  Effect.gen(function* () {
    const hub = yield* Emulator
    const stored = hub.state.projects.get(projectId)
    if (stored === undefined) return yield* Effect.dieMessage("the seed has no first project")
    // Every other asset has attachments; no task is assigned.
    stored.assets = stored.assets.map((asset, at) => ({
      ...asset,
      attachments: at % 2 === 0 ? [] : [{ type: "TEXT", value: "first" }]
    }))
    stored.tasks = stored.tasks.map((task) => ({ ...task, stage: "Label", assignee: null }))
    const assets = stored.assets.slice(0, size)
    const tasks = stored.tasks.slice(0, size).map(({ _id }) => _id)
    const batch = stored.project.batches?.[0]
    stored.assets = stored.assets.map((asset) => ({ ...asset, batches: [] }))

    /** How often a row is on the hub. */
    const held = (row: number): number => {
      const asset = stored.assets.find(({ _id }) => _id === assets[row]?._id)
      const task = stored.tasks.find(({ _id }) => _id === tasks[row])
      switch (kind) {
        case "attachments":
          return asset?.attachments?.filter(({ value }) => value === "hint").length ?? 0
        case "assign":
          return asset?.batches?.includes(batch?.name ?? "") === true ? 1 : 0
        case "assignMany":
          return people.includes(task?.assignee ?? "") ? 1 : 0
        case "requeueMany":
          return task?.stage === "Complete" ? 1 : 0
      }
    }

    const store = yield* KeyValueStore.KeyValueStore
    const options = { chunk, concurrency, ledger: Ledger.make(store, "model") }
    const writing = (): Stream.Stream<Outcome, AngoError.AngoError, Attachments | Batches | Tasks> =>
      Stream.unwrap(
        Effect.gen(function* () {
          const [attachments, batches, service] = yield* Effect.all([Attachments, Batches, Tasks])
          const taskIds = rows.map((row) => tasks[row] ?? nobody)
          switch (kind) {
            case "attachments":
              return alike(
                attachments.create(
                  projectId,
                  rows.map((row) => ({
                    externalId: assets[row]?.externalId ?? "nobody",
                    attachments: [{ type: "TEXT", value: "hint" }]
                  })),
                  options
                )
              )
            case "assign":
              return alike(
                batches.assign(projectId, {
                  ...options,
                  assets: rows.map((row) => assets[row]?._id ?? nobody),
                  batches: [batch?.name ?? ""]
                })
              )
            case "requeueMany":
              return alike(service.requeueMany(projectId, taskIds, { ...options, toStage: "Complete" }))
            case "assignMany": {
              const plan = yield* service.planAssignment(taskIds, { members: people })
              return alike(service.assignMany(projectId, plan, { ...options, stage: "Label" }))
            }
          }
        })
      )

    const run = (number: number, share: number, death: number | undefined) =>
      Effect.gen(function* () {
        let requests = 0
        let isDead = false
        const fetch: typeof globalThis.fetch = async (input, init) => {
          isDead = death !== undefined && ++requests > death
          if (!isDead) return hub.fetch(new Request(input, init))
          if (seed % 2 === 0) await hub.fetch(new Request(input, init))
          return new Promise<never>(() => {})
        }
        const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
          Layer.provide(FetchHttpClient.layer),
          Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
          Layer.provide(RateLimit.layerOff),
          Layer.provide(RetryPolicy.layer({ attempts: 1 }))
        )
        yield* hub.faults.on("*", weatherOf(seed + number, share))
        const before = rows.map(held)
        const outcomes: Array<Outcome> = []
        const fiber = yield* Effect.fork(
          Stream.runForEach(writing(), (outcome) => Effect.sync(() => void outcomes.push(outcome))).pipe(
            Effect.provide(client),
            Effect.match({ onSuccess: () => "whole" as const, onFailure: () => "failed" as const })
          )
        )
        const died = Effect.gen(function* () {
          while (!isDead) yield* Effect.promise(() => new Promise((wake) => setImmediate(wake)))
          // Requests that reached the hub are processed before the next run.
          yield* Effect.promise(() => new Promise((wake) => setTimeout(wake, 5)))
          yield* Fiber.interrupt(fiber)
          return "dead" as const
        })
        const end = yield* Effect.raceFirst(Fiber.join(fiber), died)
        return { end, outcomes, before, after: rows.map(held) }
      })

    const runs = []
    for (const [at, death] of [...deaths, undefined].entries()) runs.push(yield* run(at, weather, death))
    for (const at of [98, 99]) runs.push(yield* run(at, 0, undefined))
    return runs
  }).pipe(Effect.provide(Emulator.layer({ tasks: size + 4 })), Effect.provide(KeyValueStore.layerMemory))

/** What is wrong with a history, in sentences. */
const broken = (
  { kind, rows }: History,
  runs: Effect.Effect.Success<ReturnType<typeof play>>,
  places: ReadonlyMap<string, number> = new Map()
): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  const claim = (is: boolean, sentence: string) => {
    if (!is) wrong.push(`${kind}: ${sentence}`)
  }
  for (const [number, { after, before, end, outcomes }] of runs.entries()) {
    if (end === "whole") claim(outcomes.length === rows.length, `run ${number}: ${outcomes.length} outcomes`)
    for (const [at, outcome] of outcomes.entries()) {
      // A plan lists tasks member by member, so find the row of each task.
      const row = places.get(outcome.key) ?? at
      const it = `run ${number}, row ${at} (${outcome._tag})`
      claim(outcome.index === at, `${it} is out of order`)
      const isDone = outcome._tag === "Updated" || outcome._tag === "Skipped"
      if (isDone) claim((after[row] ?? 0) > 0, `${it} is not on the hub`)
      if (outcome._tag === "Failed" && end !== "dead") {
        claim((after[row] ?? 0) === (before[row] ?? 0), `${it} (${outcome.error._tag}) is on the hub`)
      }
    }
  }
  const last = runs.at(-1)
  claim(last?.end === "whole", `the last run is ${last?.end}`)
  for (const [at, row] of rows.entries()) {
    const there = last?.after[at] ?? 0
    claim(there === (row === size ? 0 : 1), `row ${at} is there ${there} times in the end`)
  }
  return wrong
}

describe("a history of changes, faults and interruptions", { timeout: 60_000 }, () => {
  const seen = new Map<string, number>()

  it("ends with each row on the hub once, and no outcome was wrong", async () => {
    await FastCheck.assert(
      FastCheck.asyncProperty(histories, async (history) => {
        const runs = await Effect.runPromise(play(history))
        for (const { end, outcomes } of runs) {
          for (const name of [
            `${history.kind} ${end}`,
            ...outcomes.map(({ _tag }) => `${history.kind} ${_tag}`)
          ]) {
            seen.set(name, (seen.get(name) ?? 0) + 1)
          }
        }
        const shares = history.rows.map((_, at) => at).toSorted((a, b) => (a % 2) - (b % 2))
        const keys = runs.at(-1)?.outcomes.map(({ key }, at) => [key, shares[at] ?? at] as const)
        expect(broken(history, runs, history.kind === "assignMany" ? new Map(keys) : undefined)).toEqual([])
      }),
      { numRuns: 40 }
    )
  })

  it("has covered every end of runs and rows", () => {
    for (const kind of Kinds) {
      for (const end of ["whole", "dead", "Updated", "Skipped", "Failed"]) {
        expect([kind, end, (seen.get(`${kind} ${end}`) ?? 0) > 1]).toEqual([kind, end, true])
      }
    }
  })
})
