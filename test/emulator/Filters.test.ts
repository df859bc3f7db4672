// Filters of asset lists and lenient ones of task lists: what they match, and which are rejected because ignoring them would match everything.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub, withHub as withStrictHub } from "../support/AskHub.js"

const { projectId } = AngoTest

const lists = [
  ["tasks", "filter"],
  ["tasks", "filters"],
  ["assets", "filters"]
] as const

const withHub: typeof withStrictHub = (test, options = { tasks: 60 }) =>
  withStrictHub(test, { ...options, taskFilters: "lenient" })

const ask = (list: string, parameter: string, filter: unknown) => {
  const text = typeof filter === "string" ? filter : JSON.stringify(filter)
  return askHub(`GET /project/${projectId}/${list}?limit=100&${parameter}=${encodeURIComponent(text)}`)
}

const total = (filter: unknown) =>
  Effect.map(ask("tasks", "filter", filter), ({ data }) => data.total as number)

describe.each(lists)("%s by %s", (list, parameter) => {
  it.effect.each([
    [{ colour: "red" }, "colour: unknown filter. Allowed: ", /\b_id, .*batches, .*createdAt, .*externalId/],
    [{ constructor: "x" }, "constructor: unknown filter. Allowed: ", /batches/],
    [{ toString: "x" }, "toString: unknown filter. Allowed: ", /batches/],
    [
      { externalId: { like: "%" } },
      "externalId.like: unknown operator. Allowed: ",
      /eq, gt, gte, in, lt, lte, ne, nin/
    ],
    [{ externalId: { $regex: "." } }, "externalId.$regex: unknown operator. Allowed: ", /nin/],
    [{ externalId: { constructor: 1 } }, "externalId.constructor: unknown operator. Allowed: ", /nin/],
    [{ batches: { gt: "a" } }, "batches.gt: unknown operator. Allowed: ", /eq, in, ne, nin/],
    [{ externalId: { in: "a" } }, "externalId.in: expected a list.", /./],
    [{ batches: { $nin: "a" } }, "batches.$nin: expected a list.", /./]
  ] as const)("%j is refused, with what is allowed", ([filter, beginning, allowed]) =>
    withHub(
      Effect.gen(function* () {
        const { body, message, status } = yield* ask(list, parameter, filter)
        expect([status, body.status]).toEqual([400, "fail"])
        expect(message).toContain(beginning)
        expect(message).toMatch(allowed)
      })
    )
  )

  // JSON may contain `__proto__` as a key; the decoder drops it from conditions, but not from operators.
  it.effect.each([
    ['{"__proto__":{"isAdmin":true}}', 200],
    ['{"__proto__":{"eq":"x"},"externalId":"nobody"}', 200],
    ['{"externalId":{"__proto__":{"eq":"x"}}}', 400]
  ] as const)("%s does no harm", ([filter, status]) =>
    withHub(
      Effect.gen(function* () {
        const answer = yield* ask(list, parameter, filter)
        expect(answer.status).toBe(status)
        expect(answer.data?.total ?? 0).toBe(filter.includes("isAdmin") ? 60 : 0)
        expect([{} as object, []].map((fresh) => "isAdmin" in fresh || "eq" in fresh)).toEqual([false, false])
        const sorted = yield* askHub(`GET /project/${projectId}/${list}?sort=__proto__,-constructor.name`)
        expect(sorted.status).toBe(200)
      })
    )
  )
})

describe("a filter and its opposite", () => {
  const halves = (ids: ReadonlyArray<string>) =>
    [
      [{ status: "TODO" }, { status: { ne: "todo" } }],
      [{ status: { in: ["TODO", "Reviewed"] } }, { status: { $nin: ["TODO", "Reviewed"] } }],
      [{ priority: { gt: 0 } }, { priority: { lte: 0 } }],
      [
        { createdAt: { $lt: "2024-06-03T09:03:00.000Z" } },
        { createdAt: { gte: "2024-06-03T09:03:00.000Z" } }
      ],
      [{ batches: { in: ids.slice(0, 2) } }, { batches: { nin: ids.slice(0, 2) } }],
      [{ batches: { eq: ids[0] } }, { batches: { ne: ids[0] } }],
      [{ reviewStatus: "accepted" }, { reviewStatus: { ne: "Accepted" } }],
      [{ openIssuesCount: 0 }, { openIssuesCount: { gt: 0 } }],
      [{ assignee: null }, { assignee: { ne: null } }],
      [{ isPreLabeled: true }, { isPreLabeled: { ne: true } }],
      [{ completedAt: null }, { completedAt: { gt: "1970-01-01T00:00:00.000Z" } }]
    ] as const

  it.effect("split the list, and neither part is empty", () =>
    withHub(
      Effect.gen(function* () {
        const { data } = yield* askHub(`GET /batches/${projectId}`)
        const ids = data.batches.map((batch: { readonly _id: string }) => batch._id)
        for (const [one, other] of halves(ids)) {
          const counts = [yield* total(one), yield* total(other)] as const
          expect([one, counts[0] + counts[1]]).toEqual([one, 60])
          expect([one, Math.min(...counts) > 0]).toEqual([one, true])
        }
      })
    )
  )

  it.effect("of a task's type: benchmark and default", () =>
    withHub(
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const tasks = state.projects.get(projectId)?.tasks ?? []
        const [first] = tasks
        if (first !== undefined) tasks[0] = { ...first, isBenchmark: true, type: "benchmark" }
        expect(yield* total({ taskType: "benchmark" })).toBe(1)
        expect(yield* total({ taskType: ["default", "consensus"] })).toBe(59)
      })
    )
  )
})

describe("text", () => {
  it.effect("is compared case-insensitively if the hub made it, and exactly if people did", () =>
    withHub(
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const id = state.projects.get(projectId)?.tasks[0]?.externalId ?? ""
        expect(yield* total({ externalId: id })).toBe(1)
        expect(yield* total({ externalId: id.toUpperCase() })).toBe(0)
        expect(yield* total({ externalId: { in: [id.toUpperCase()] } })).toBe(0)
        expect(yield* total({ stage: "LABEL" })).toBe(0)
        expect(yield* total({ status: "COMPLETED" })).toBe(yield* total({ status: "Completed" }))
        expect(yield* total({ reviewStatus: ["FIXED"] })).toBe(yield* total({ reviewStatus: "Fixed" }))
      })
    )
  )

  it.effect("never equals a missing value, and a missing value is in no range", () =>
    withHub(
      Effect.gen(function* () {
        expect(yield* total({ assignee: null })).toBeGreaterThan(0)
        expect(yield* total({ assignee: "null" })).toBe(0)
        expect(yield* total({ reviewStatus: "undefined" })).toBe(0)
        const completed = yield* total({ completedAt: { ne: null } })
        for (const operator of ["lt", "lte"]) {
          expect(yield* total({ completedAt: { [operator]: "2100-01-01T00:00:00.000Z" } })).toBe(completed)
        }
      })
    )
  )
})

describe("several conditions", () => {
  it.effect("are combined with AND, batches too", () =>
    withHub(
      Effect.gen(function* () {
        const { data } = yield* askHub(`GET /batches/${projectId}`)
        const [first, second] = data.batches as ReadonlyArray<{ readonly _id: string; readonly name: string }>
        const { state } = yield* Emulator
        const wanted = state.projects
          .get(projectId)
          ?.assets.slice(0, 7)
          .map(({ _id }) => _id)
        const batches = [first?._id, second?._id]
        yield* askHub("POST /assignBatches", { assets: wanted, batches, projectId })
        const found = (list: string, filter: object) =>
          Effect.map(ask(list, "filters", filter), (answer) => answer.data.total)

        for (const list of ["tasks", "assets"]) {
          const [both, either, one, other] = yield* Effect.all([
            found(list, { batches }),
            found(list, { batches: { in: batches } }),
            found(list, { batches: [first?.name] }),
            found(list, { batches: second?.name })
          ])
          expect([list, both]).toEqual([list, 7])
          expect(one + other - both).toBe(either)
          expect(Math.min(one, other)).toBeGreaterThan(7)
        }
        const [inLabel, labelled] = [yield* total({ batches, stage: "Label" }), yield* total({ batches })]
        expect(inLabel).toBeLessThan(labelled)
      })
    )
  )
})

describe("timestamps", () => {
  it.effect("are compared as times, with any precision and time zone", () =>
    withHub(
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const at = state.projects.get(projectId)?.assets[3]?.createdAt ?? ""
        const [millis, shifted] = [at.slice(0, -1), new Date(Date.parse(at) + 7_200_000).toISOString()]
        const found = (createdAt: object) =>
          Effect.map(ask("assets", "filters", { createdAt }), ({ data }) => data.total as number)
        for (const same of [at, `${millis}000Z`, `${shifted.slice(0, -1)}+02:00`]) {
          const sides = yield* Effect.all([found({ lt: same }), found({ gt: same })])
          expect([same, ...sides]).toEqual([same, 3, 6])
        }
      }),
      { tasks: 10 }
    )
  )
})
