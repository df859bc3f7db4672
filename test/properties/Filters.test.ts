// Any combination of filters selects the same rows as a plain evaluation over the state of the emulator.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { type AssetFilter, Assets, type TaskFilter, Tasks } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { assetsBy, stored, tasksBy } from "../support/FilterOracle.js"

const { projectId } = AngoTest

// Small pages, so that lists have several.
const hub = ManagedRuntime.make(AngoTest.layer({ tasks: 80, pageSize: 30 }))

const runs = { fastCheck: { numRuns: 400 } }

type Gen<A> = FastCheck.Arbitrary<A>

const oneOrSeveral = <A>(value: Gen<A>): Gen<A | ReadonlyArray<A>> =>
  FastCheck.oneof(value, FastCheck.array(value, { minLength: 1, maxLength: 4 }))

const words = (...known: ReadonlyArray<string>) =>
  oneOrSeveral(FastCheck.constantFrom(...known, ...known.map((word) => word.toLowerCase()), "SOMETHING_NEW"))

const start = Date.UTC(2024, 5, 3, 9)

// At a time of the seed, a millisecond next to it, or anywhere: the seed creates tasks every seven seconds.
const instant = FastCheck.oneof(
  FastCheck.tuple(FastCheck.nat(80), FastCheck.integer({ min: -1, max: 1 })).map(
    ([index, more]) => start + index * 7_000 + more
  ),
  FastCheck.integer({ min: start, max: start + 3 * 86_400_000 })
)

const timeRange = <Time extends string>(time: Time) =>
  FastCheck.oneof(
    FastCheck.constant({}),
    instant.map((at) => ({ [`${time}After`]: DateTime.unsafeMake(at) })),
    instant.map((at) => ({ [`${time}Before`]: DateTime.unsafeMake(at) })),
    FastCheck.tuple(instant, FastCheck.integer({ min: 1, max: 86_400_000 })).map(([at, length]) => ({
      [`${time}After`]: DateTime.unsafeMake(at),
      [`${time}Before`]: DateTime.unsafeMake(at + length)
    }))
  )

const priority: Gen<NonNullable<TaskFilter["priority"]>> = FastCheck.oneof(
  FastCheck.constantFrom(-5, 0, 10, 1000),
  FastCheck.integer({ min: -10, max: 10 }).map((min) => ({ min })),
  FastCheck.integer({ min: -10, max: 10 }).map((max) => ({ max })),
  FastCheck.tuple(FastCheck.integer({ min: -10, max: 10 }), FastCheck.nat(15)).map(([min, more]) => ({
    min,
    max: min + more
  }))
)

const externalId = FastCheck.nat(90).map(
  (index) => `intersection-0${(index % 6) + 1}/frame-${String(index + 1).padStart(6, "0")}.jpg`
)

const batches = FastCheck.array(
  FastCheck.constantFrom(0, 1, 2, "June, morning", "June, evening", "July, night"),
  { minLength: 1, maxLength: 2 }
)

// A few conditions at a time: all together would select nothing.
const subsetOf = <A extends object>(fields: { readonly [Name in keyof A]: Gen<A[Name]> }) =>
  FastCheck.shuffledSubarray(Object.keys(fields) as Array<keyof A & string>, { maxLength: 3 }).chain(
    (names) => FastCheck.record(Object.fromEntries(names.map((name) => [name, fields[name]])))
  ) as Gen<Partial<A>>

const taskFilter = FastCheck.tuple(
  subsetOf({
    status: words("TODO", "Completed", "Reviewed"),
    stage: oneOrSeveral(
      FastCheck.constantFrom(
        "Start",
        "Label",
        "Complete",
        "206f2f63-0c4d-4b8e-9a51-000000000001",
        "206f2f63-0c4d-4b8e-9a51-000000000002"
      )
    ),
    batches,
    assignee: words("amara.okafor@example.com", "ines.moreau@example.com", "mateo.silva@example.com"),
    reviewStatus: words("Todo", "Accepted", "Rejected", "Fixed"),
    taskType: words("default", "benchmark", "consensus"),
    priority,
    externalId: oneOrSeveral(externalId),
    isPreLabeled: FastCheck.boolean()
  }),
  FastCheck.constantFrom("created", "updated", "completed").chain(timeRange)
).map(([conditions, times]) => ({ ...conditions, ...times }))

const assetFilter = FastCheck.tuple(
  subsetOf({
    ids: FastCheck.array(FastCheck.nat(79), { minLength: 1, maxLength: 30 }),
    batches,
    externalId: oneOrSeveral(externalId),
    isPreLabeled: FastCheck.boolean()
  }),
  timeRange("created")
).map(([conditions, times]) => ({ ...conditions, ...times }))

// Adds tasks in two batches and benchmarks to the seed.
const extendedSeed = Effect.map(stored, (project) => {
  const known = project.project.batches ?? []
  const ids = known.map(({ _id }) => _id)
  for (const [index, task] of project.tasks.entries()) {
    const asset = project.assets[index]
    const first = ids.indexOf(String(task.batches?.[0]))
    if (asset === undefined || index % 3 !== 0 || task.batches?.length !== 1) continue
    const second = (first + 1) % ids.length
    const both = [first, second]
    project.tasks[index] = {
      ...task,
      isBenchmark: index % 4 === 0,
      batches: both.map((place) => ids[place] ?? "")
    }
    project.assets[index] = { ...asset, batches: both.map((place) => known[place]?.name ?? "") }
  }
  const named = (wanted: ReadonlyArray<string | number>) =>
    wanted.map((one) => (typeof one === "number" ? (ids[one] ?? "") : one))
  return { named, assetIds: project.assets.map(({ _id }) => _id) }
})

describe("filters", () => {
  let [found, nothing, everything] = [0, 0, 0]

  it.effect.prop(
    "of tasks in any combination",
    [taskFilter],
    ([{ batches, ...others }]) =>
      Effect.gen(function* () {
        const { named } = yield* extendedSeed
        const filter = { ...others, ...(batches === undefined ? {} : { batches: named(batches) }) }
        const tasks = yield* (yield* Tasks).collect(projectId, { ...filter, limit: 100 })
        expect(tasks.map(({ id }) => id)).toEqual(yield* tasksBy(filter))
        if (tasks.length === 0) nothing++
        else if (tasks.length === 80) everything++
        else found++
      }).pipe(Effect.provide(hub)),
    runs
  )

  it("select some but not all tasks in enough cases", () => {
    expect(found + nothing + everything).toBeGreaterThanOrEqual(400)
    expect(found).toBeGreaterThan(100)
  })

  it.effect.prop(
    "of assets in any combination",
    [assetFilter],
    ([{ batches, ids, ...others }]) =>
      Effect.gen(function* () {
        const { assetIds, named } = yield* extendedSeed
        const filter: AssetFilter = {
          ...others,
          ...(batches === undefined ? {} : { batches: named(batches) }),
          ...(ids === undefined ? {} : { id: ids.map((index) => assetIds[index] ?? "") })
        }
        const assets = yield* (yield* Assets).collect(projectId, { ...filter, limit: 100 })
        expect(assets.map(({ id }) => id)).toEqual(yield* assetsBy(filter))
      }).pipe(Effect.provide(hub)),
    runs
  )
})
