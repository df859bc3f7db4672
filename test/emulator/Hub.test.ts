// The hub, asked by a client that is not ours: `fetch`, and what the documents say.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { Tasks } from "effect-ango"
import { AngoTest, Emulator, type EmulatorOptions, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

interface Body {
  readonly status: string
  readonly message?: string
  readonly data?: {
    readonly total?: number
    readonly tasks?: ReadonlyArray<Record<string, unknown> & { readonly _id: string }>
    readonly assets?: ReadonlyArray<Record<string, unknown> & { readonly _id: string }>
    readonly projects?: ReadonlyArray<Record<string, unknown>>
    readonly project?: Record<string, unknown>
    readonly batches?: ReadonlyArray<{ readonly _id: string; readonly name: string }>
    readonly task?: Record<string, unknown>
    readonly taskHistory?: unknown
  }
}

const ask = (path: string, headers?: Record<string, string>) =>
  Effect.flatMap(Emulator, (hub) =>
    Effect.promise(async () => {
      const response = await hub.fetch(`${hub.baseUrl}${path}`, {
        headers: headers ?? { apikey: Redacted.value(hub.apiKey) }
      })
      return { status: response.status, body: (await response.json()) as Body }
    })
  )

const data = (path: string) => Effect.map(ask(path), ({ body }) => body.data ?? {})

const tasks = (query: string) =>
  Effect.map(data(`/project/${projectId}/tasks?${query}`), (found) => found.tasks ?? [])
const total = (query: string) =>
  Effect.map(data(`/project/${projectId}/tasks?${query}`), (found) => found.total)

const withHub = <A, E>(test: Effect.Effect<A, E, Emulator>, options: EmulatorOptions = { tasks: 120 }) =>
  Effect.provide(test, Emulator.layer(options))

describe("the key", () => {
  it.effect.each([
    ["missing", {}],
    ["wrong", { apikey: "nope" }],
    ["empty", { apikey: "" }]
  ] as const)("%s: 401 with the real sentence", ([, headers]) =>
    withHub(
      Effect.gen(function* () {
        expect(yield* ask("/listProjects", headers)).toEqual({
          status: 401,
          body: { status: "fail", message: "Invalid API KEY" }
        })
      })
    )
  )
})

describe("what is not there", () => {
  it.effect("a project: 400 with the real sentence", () =>
    withHub(
      Effect.gen(function* () {
        for (const path of ["/project/x1", "/project/x1/tasks", "/project/x1/assets", "/batches/x1"]) {
          expect(yield* ask(path)).toEqual({
            status: 400,
            body: { status: "fail", message: "Invalid project: x1." }
          })
        }
      })
    )
  )

  it.effect("a task, a history, a path: 404 in the hub's envelope", () =>
    withHub(
      Effect.gen(function* () {
        for (const path of ["/task/x1", "/task/x1/history", "/taskHistory/x1", "/no/such/path"]) {
          expect(yield* ask(path)).toMatchObject({ status: 404, body: { status: "fail" } })
        }
      })
    )
  )
})

describe("pages", () => {
  it.effect("hold 10 items, newest first, unless asked otherwise", () =>
    withHub(
      Effect.gen(function* () {
        const found = yield* tasks("")
        expect(found).toHaveLength(10)
        const created = found.map((task) => String(task["createdAt"]))
        expect(created).toEqual(created.toSorted().toReversed())
      })
    )
  )

  it.effect("partition the list: no item twice, none missing, for any size", () =>
    withHub(
      Effect.gen(function* () {
        for (const limit of [1, 7, 50, 1000]) {
          const ids: Array<string> = []
          for (let page = 1; ids.length < 120; page++) {
            ids.push(...(yield* tasks(`page=${page}&limit=${limit}&sort=createdAt`)).map((task) => task._id))
          }
          expect(new Set(ids).size).toBe(120)
        }
      })
    )
  )

  it.effect("sort by several fields, each in its direction", () =>
    withHub(
      Effect.gen(function* () {
        const found = yield* tasks("limit=120&sort=-priority,createdAt")
        const keys = found.map(
          (task) => `${String(1000 - Number(task["priority"])).padStart(4, "0")} ${task["createdAt"]}`
        )
        expect(keys).toEqual(keys.toSorted())
        expect(new Set(found.map((task) => task["priority"])).size).toBeGreaterThan(1)
      })
    )
  )

  it.effect.each(["page=0", "page=x", "limit=0", "limit=1001", "includeAnswer=maybe", "filter={"])(
    "%s is refused with 400",
    (query) =>
      withHub(
        Effect.gen(function* () {
          expect(yield* ask(`/project/${projectId}/tasks?${query}`)).toMatchObject({
            status: 400,
            body: { status: "fail" }
          })
        })
      )
  )

  it.effect("are cut down silently by a hub with a smaller limit", () =>
    withHub(
      Effect.gen(function* () {
        expect(yield* tasks("limit=1000")).toHaveLength(100)
      }),
      { tasks: 120, maxLimit: 100 }
    )
  )
})

describe("every documented request variant is understood", () => {
  const equal = (variants: ReadonlyArray<string>) =>
    withHub(
      Effect.gen(function* () {
        const counts = yield* Effect.forEach(variants, total)
        expect(new Set(counts).size).toBe(1)
        expect(counts[0]).toBeGreaterThan(0)
        expect(counts[0]).toBeLessThan(120)
      })
    )

  it.effect("C6, C7: status[eq], its encoded form, status, any case", () =>
    equal(["status[eq]=Completed", "status%5Beq%5D=Completed", "status=Completed", "status=completed"])
  )

  it.effect("C4: filter and filters, with lists and operators", () =>
    equal(
      [
        'filter={"status":"TODO"}',
        'filters={"status":"TODO"}',
        'filter={"status":["TODO"]}',
        'filter={"status":{"eq":"TODO"}}',
        'filter={"status":{"$in":["TODO"]}}',
        'filter={"status":{"$ne":"Completed"}}'
      ].map((query) => encodeURI(query))
    )
  )

  it.effect("C5: batches as JSON ids, ids and names with commas, one id, one name", () =>
    withHub(
      Effect.gen(function* () {
        const { batches = [] } = yield* data(`/batches/${projectId}`)
        const [first] = batches
        const counts = yield* Effect.forEach(
          [
            `batches=${encodeURIComponent(JSON.stringify([first?._id]))}`,
            `batches=${first?._id}`,
            `batches=${encodeURIComponent(JSON.stringify([first?.name]))}`,
            `filter=${encodeURIComponent(JSON.stringify({ batches: [first?._id] }))}`
          ],
          total
        )
        expect(new Set(counts).size).toBe(1)
        expect(counts[0]).toBeGreaterThan(0)
        expect(counts[0]).toBeLessThan(120)
        const both = batches.slice(0, 2).map(({ _id }) => _id)
        expect(yield* total(`batches=${both.join(",")}`)).toBe(0)
      })
    )
  )

  it.effect("C35: includeAnswer in any case; answers are absent without it", () =>
    withHub(
      Effect.gen(function* () {
        for (const yes of ["true", "True", "TRUE"]) {
          expect((yield* tasks(`includeAnswer=${yes}`)).every((task) => "answer" in task)).toBe(true)
        }
        for (const no of ["", "includeAnswer=false", "includeAnswer=False"]) {
          expect((yield* tasks(no)).every((task) => !("answer" in task))).toBe(true)
        }
      })
    )
  )

  it.effect("C45: fields project the tasks, with the identifying ones", () =>
    withHub(
      Effect.gen(function* () {
        const [task = {}] = yield* tasks("fields=_id,project,asset,status&includeAnswer=true")
        expect(Object.keys(task).toSorted()).toEqual(["_id", "asset", "project", "status"])
      })
    )
  )

  it.effect("assets: filters as JSON, and the bare keys of older clients", () =>
    withHub(
      Effect.gen(function* () {
        const { assets = [] } = yield* data(`/project/${projectId}/assets?limit=1`)
        const [{ _id, externalId } = { _id: "", externalId: "" }] = assets
        const name = encodeURIComponent(String(externalId))
        for (const query of [
          `_id=${_id}`,
          `externalId=${name}`,
          `filters=${encodeURIComponent(JSON.stringify({ _id }))}`,
          `filters=${encodeURIComponent(JSON.stringify({ externalId }))}`
        ]) {
          const found = yield* data(`/project/${projectId}/assets?${query}`)
          expect(found.total).toBe(1)
          expect(found.assets?.[0]?._id).toBe(_id)
        }
      })
    )
  )

  it.effect("assets: pre-labelled, batches, and a range of creation", () =>
    withHub(
      Effect.gen(function* () {
        const count = (filters: object) =>
          Effect.map(
            data(`/project/${projectId}/assets?filters=${encodeURIComponent(JSON.stringify(filters))}`),
            (found) => found.total ?? -1
          )
        const all = yield* count({})
        const [yes, no] = yield* Effect.all([count({ isPreLabeled: true }), count({ isPreLabeled: false })])
        expect([all, yes + no, yes > 0, no > 0]).toEqual([120, 120, true, true])
        const middle = "2024-06-03T09:07:00.000Z"
        const [after, before] = yield* Effect.all([
          count({ createdAt: { gt: middle } }),
          count({ createdAt: { lt: middle } })
        ])
        expect(after + before).toBeGreaterThanOrEqual(119)
        expect(Math.min(after, before)).toBeGreaterThan(0)
      })
    )
  )

  it.effect("C13: taskHistory by the id of an item and by that of a task", () =>
    withHub(
      Effect.gen(function* () {
        const [done] = yield* tasks("status=Completed&limit=1")
        const byTask = yield* data(`/task/${done?._id}/history`)
        const [item] = byTask.taskHistory as ReadonlyArray<{ readonly id: string }>
        expect((yield* data(`/taskHistory/${item?.id}`)).taskHistory).toEqual(item)
        expect((yield* data(`/taskHistory/${done?._id}`)).taskHistory).toEqual(byTask.taskHistory)
      })
    )
  )
})

describe("the content", () => {
  const whole = Effect.map(Emulator, ({ state }) =>
    JSON.stringify([[...state.projects], [...state.answers], [...state.histories]])
  )

  it.effect("is the same for the same seed, and another for another", () =>
    Effect.gen(function* () {
      const [a, b, c] = yield* Effect.all([
        withHub(whole, { seed: 3 }),
        withHub(whole, { seed: 3 }),
        withHub(whole, { seed: 4 })
      ])
      expect(a).toBe(b)
      expect(a).not.toBe(c)
    })
  )

  it.effect(
    "fits together: tasks name stages, batches and assets of their project, answers name its ontology",
    () =>
      withHub(
        Effect.gen(function* () {
          const { state } = yield* Emulator
          for (const { assets, project, tasks } of state.projects.values()) {
            const stages = new Set<unknown>(project.stages?.map(({ id }) => id))
            const batches = new Set<unknown>(project.batches?.map(({ _id }) => _id))
            const known = new Set<unknown>(assets.map(({ _id }) => _id))
            const schemaIds = new Set(JSON.stringify(project.categorySchema).match(/5c4e5a5c4e[0-9a-f]{13}/g))
            expect(new Set(tasks.map(({ _id }) => _id)).size).toBe(tasks.length)
            for (const task of tasks) {
              expect(stages.has(task.stage)).toBe(true)
              expect(task.batches?.every((id) => batches.has(id))).toBe(true)
              expect(known.has(typeof task.asset === "string" ? task.asset : task.asset?._id)).toBe(true)
              const used =
                JSON.stringify(state.answers.get(task._id) ?? {}).match(/5c4e5a5c4e[0-9a-f]{13}/g) ?? []
              expect(used.every((id) => schemaIds.has(id))).toBe(true)
            }
          }
        })
      )
  )

  it.effect("holds no secret: the hub's key is in no answer and in no log of requests", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const key = Redacted.value(hub.apiKey)
        const answers = yield* Effect.forEach(
          [
            "/listProjects",
            `/project/${projectId}`,
            `/project/${projectId}/tasks?includeAnswer=true`,
            `/project/${projectId}/assets`
          ],
          (path) => ask(path)
        )
        expect(JSON.stringify([answers, yield* hub.requests()])).not.toMatch(new RegExp(`${key}|apiKey`, "i"))
      })
    )
  )
})

describe("a client that gives up", () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length

  it.scopedLive.each([
    ["a request that hangs", Faults.hang],
    ["a body that stalls", Faults.stall(20)]
  ] as const)("leaves nothing behind: %s", ([, fault]) =>
    Effect.gen(function* () {
      const [hub, tasks] = yield* Effect.all([Emulator, Tasks])
      yield* hub.faults.on(
        "tasks.list",
        Array.from({ length: 20 }, () => fault)
      )
      yield* Effect.sleep("50 millis")
      const before = timers()
      const calls = yield* Effect.forEach(Array.from({ length: 20 }), () =>
        Effect.fork(tasks.page(projectId))
      )
      yield* Effect.sleep("100 millis")
      yield* Fiber.interruptAll(calls)
      yield* Effect.sleep("200 millis")
      expect(timers()).toBeLessThanOrEqual(before)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30 })))
  )

  it.effect("before it asked gets no answer", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const signal = AbortSignal.abort(new Error("changed my mind"))
        const error = yield* Effect.flip(
          Effect.tryPromise(() => hub.fetch(`${hub.baseUrl}/listProjects`, { signal }))
        )
        expect(String(error.error)).toContain("changed my mind")
      })
    )
  )
})

describe("behind a socket", () => {
  it.scopedLive("it listens on loopback, on a free port, until its scope closes", () =>
    Effect.gen(function* () {
      const baseUrl = yield* Effect.scoped(
        Effect.gen(function* () {
          const hub = yield* Emulator.serve({ tasks: 5 })
          expect(hub.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2$/)
          const response = yield* Effect.promise(() =>
            fetch(`${hub.baseUrl}/listProjects`, { headers: { apikey: Redacted.value(hub.apiKey) } })
          )
          expect(response.status).toBe(200)
          return hub.baseUrl
        })
      )
      const error = yield* Effect.flip(Effect.tryPromise(() => fetch(`${baseUrl}/listProjects`)))
      expect(String(error.cause ?? error)).toMatch(/fetch failed|unknown/)
    })
  )

  it.scopedLive("a port that is taken is a typed error", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 1 })
      const error = yield* Effect.flip(Emulator.serve({ port: Number(new URL(hub.baseUrl).port) }))
      expect(error).toMatchObject({ _tag: "ServeFailed" })
      expect(error.message).toContain("Is it taken?")
    })
  )
})
