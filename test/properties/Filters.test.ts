// Any combination of filters selects the same rows as a plain evaluation over the state of the emulator.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as ManagedRuntime from "effect/ManagedRuntime"
import {
  type AssetFilter,
  Assets,
  type NumberCondition,
  type NumberRange,
  type TaskFilter,
  Tasks,
  type TextCondition,
  type TextRule
} from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { assetsBy, stored, tasksBy } from "../support/FilterOracle.js"

const { projectId } = AngoTest

// Small pages, so that lists have several.
const hub = ManagedRuntime.make(AngoTest.layer({ tasks: 80, pageSize: 30 }))

const runs = { timeout: 300_000, fastCheck: { numRuns: 1_000 } }

type Gen<A> = FastCheck.Arbitrary<A>

const oneOrSeveral = <A>(value: Gen<A>): Gen<A | ReadonlyArray<A>> =>
  FastCheck.oneof(value, FastCheck.array(value, { minLength: 1, maxLength: 4 }))

// Each operator alone, or two of them together.
const rules = <A extends object>(rule: { readonly [Name in keyof A]-?: Gen<Exclude<A[Name], undefined>> }) =>
  FastCheck.shuffledSubarray(Object.keys(rule) as Array<keyof A & string>, {
    minLength: 1,
    maxLength: 2
  }).chain((names) => FastCheck.record(Object.fromEntries(names.map((name) => [name, rule[name]])))) as Gen<A>

const text = <A extends string>(value: Gen<A>, patterns: ReadonlyArray<string>): Gen<TextCondition<A>> =>
  FastCheck.oneof(
    oneOrSeveral(value),
    rules<TextRule<A>>({
      not: value,
      noneOf: FastCheck.array(value, { minLength: 1, maxLength: 3 }),
      pattern: FastCheck.constantFrom(...patterns),
      exists: FastCheck.boolean()
    })
  )

const words = (...known: ReadonlyArray<string>) =>
  text(FastCheck.constantFrom(...known, "SOMETHING_NEW"), ["^[A-Z]", "e", "d$", "o|i", "^$"])

const people = () =>
  text(
    FastCheck.constantFrom("amara.okafor@example.com", "ines.moreau@example.com", "mateo.silva@example.com"),
    ["^a", "@example\\.com$", "o.*o"]
  )

const isPossible = (condition: NumberCondition): boolean => {
  if (typeof condition === "number") return true
  const { above, below, max, min } = condition
  return (min ?? above ?? -Infinity) < (max ?? below ?? Infinity)
}

const number = (value: Gen<number>): Gen<NumberCondition> =>
  FastCheck.oneof(
    value,
    rules<Pick<NumberRange, "min" | "below" | "not">>({ min: value, below: value, not: value }),
    rules<Pick<NumberRange, "max" | "above" | "not">>({ max: value, above: value, not: value })
  ).filter(isPossible)

const start = Date.UTC(2024, 5, 3, 9)

// At a time of the seed, a millisecond next to it, or anywhere: the seed creates tasks every seven seconds.
const instant = FastCheck.oneof(
  FastCheck.tuple(FastCheck.nat(80), FastCheck.integer({ min: -1, max: 1 })).map(
    ([index, more]) => start + index * 7_000 + more
  ),
  FastCheck.integer({ min: start, max: start + 3 * 86_400_000 })
)

const timeRange = <Time extends string>(time: Time, hasIncludedEnds: boolean) => {
  const from = FastCheck.constantFrom(`${time}After`, hasIncludedEnds ? `${time}From` : `${time}After`)
  const to = FastCheck.constantFrom(`${time}Before`, hasIncludedEnds ? `${time}To` : `${time}Before`)
  const at = DateTime.unsafeMake
  return FastCheck.oneof(
    FastCheck.constant({}),
    FastCheck.tuple(from, instant).map(([end, millis]) => ({ [end]: at(millis) })),
    FastCheck.tuple(to, instant).map(([end, millis]) => ({ [end]: at(millis) })),
    FastCheck.tuple(from, to, instant, FastCheck.integer({ min: 1, max: 86_400_000 })).map(
      ([start, end, millis, length]) => ({ [start]: at(millis), [end]: at(millis + length) })
    )
  )
}

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

const priority = number(FastCheck.constantFrom(-5, 0, 10, 1000))

const millis = number(FastCheck.constantFrom(0, 20_000, 50_000, 80_000, 120_000))

const taskFilter = FastCheck.tuple(
  subsetOf({
    status: words("TODO", "Completed", "Reviewed"),
    stage: text(
      FastCheck.constantFrom(
        "Start",
        "Label",
        "Complete",
        "206f2f63-0c4d-4b8e-9a51-000000000001",
        "206f2f63-0c4d-4b8e-9a51-000000000002"
      ),
      ["^[A-Z]", "-0+[12]$", "Label|Start"]
    ),
    batches,
    noBatches: batches,
    assignee: people(),
    createdBy: people(),
    updatedBy: people(),
    reviewStatus: words("Todo", "Accepted", "Rejected", "Fixed"),
    taskType: words("default", "benchmark", "consensus"),
    priority,
    duration: millis,
    totalDuration: millis,
    openIssuesCount: number(FastCheck.nat(3)),
    externalId: text(externalId, ["^intersection-03/", "0[2-4]\\.jpg$"]),
    isDraft: FastCheck.boolean(),
    isSkipped: FastCheck.boolean(),
    isBenchmark: FastCheck.boolean()
  }),
  FastCheck.constantFrom("created", "updated").chain((time) => timeRange(time, true))
).map(([conditions, times]) => ({ ...conditions, ...times }))

const assetFilter = FastCheck.tuple(
  subsetOf({
    index: FastCheck.nat(79),
    batches,
    externalId,
    isPreLabeled: FastCheck.boolean()
  }),
  timeRange("created", false)
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
      type: index % 4 === 0 ? "benchmark" : "default",
      openIssuesCount: index % 5,
      ...(index % 2 === 0 ? { updatedBy: "amara.okafor@example.com" } : {}),
      batches: both.map((place) => ids[place] ?? "")
    }
    project.assets[index] = { ...asset, batches: both.map((place) => known[place]?.name ?? "") }
  }
  const named = (wanted: ReadonlyArray<string | number>) =>
    wanted.map((one) => (typeof one === "number" ? (ids[one] ?? "") : one))
  return { named, assetIds: project.assets.map(({ _id }) => _id) }
})

// The operators that were drawn, by the kind of their field.
const seen = new Set<string>()

const numbers = ["priority", "duration", "totalDuration", "openIssuesCount"]

const record = (filter: TaskFilter): void => {
  for (const [name, condition] of Object.entries(filter) as ReadonlyArray<[string, unknown]>) {
    const end = /(After|Before|From|To)$/.exec(name)?.[1]
    const kind = numbers.includes(name) ? "number" : name === "batches" ? "list" : "text"
    if (end !== undefined) seen.add(`time ${end}`)
    else if (typeof condition === "boolean") seen.add("flag one")
    else if (Array.isArray(condition)) seen.add(`${kind} ${condition.length === 1 ? "one" : "several"}`)
    else if (typeof condition !== "object" || condition === null) seen.add(`${kind} one`)
    else for (const rule of Object.keys(condition)) seen.add(`${kind} ${rule}`)
  }
}

describe("filters", () => {
  let [found, nothing, everything] = [0, 0, 0]

  it.effect.prop(
    "of tasks in any combination",
    [taskFilter],
    ([{ batches, noBatches, ...others }]) =>
      Effect.gen(function* () {
        const { named } = yield* extendedSeed
        const filter: TaskFilter = {
          ...others,
          ...(batches === undefined ? {} : { batches: named(batches) }),
          ...(noBatches === undefined ? {} : { batches: { noneOf: named(noBatches) } })
        }
        record(filter)
        const tasks = yield* (yield* Tasks).collect(projectId, { ...filter, limit: 100 })
        expect(tasks.map(({ id }) => id)).toEqual(yield* tasksBy(filter))
        if (tasks.length === 0) nothing++
        else if (tasks.length === 80) everything++
        else found++
      }).pipe(Effect.provide(hub)),
    runs
  )

  it("select some but not all tasks in enough cases", () => {
    expect(found + nothing + everything).toBeGreaterThanOrEqual(1_000)
    expect(found).toBeGreaterThan(400)
  })

  it("have each operator with each kind of field", () => {
    for (const kind of ["text", "list"]) {
      for (const rule of ["one", "several", "noneOf"]) expect(seen).toContain(`${kind} ${rule}`)
    }
    for (const rule of ["not", "pattern", "exists"]) expect(seen).toContain(`text ${rule}`)
    for (const rule of ["one", "min", "max", "above", "below", "not"])
      expect(seen).toContain(`number ${rule}`)
    for (const end of ["After", "Before", "From", "To"]) expect(seen).toContain(`time ${end}`)
    expect(seen).toContain("flag one")
  })

  it.effect.prop(
    "of assets in any combination",
    [assetFilter],
    ([{ batches, index, ...others }]) =>
      Effect.gen(function* () {
        const { assetIds, named } = yield* extendedSeed
        const filter: AssetFilter = {
          ...others,
          ...(batches === undefined ? {} : { batches: named(batches) }),
          ...(index === undefined ? {} : { id: assetIds[index] ?? "" })
        }
        const assets = yield* (yield* Assets).collect(projectId, { ...filter, limit: 100 })
        expect(assets.map(({ id }) => id)).toEqual(yield* assetsBy(filter))
      }).pipe(Effect.provide(hub)),
    { ...runs, fastCheck: { numRuns: 400 } }
  )
})
