// The hub called with `fetch`: key, unknown paths, content.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AngoTest, Emulator, type EmulatorOptions } from "effect-ango/emulator"
import * as AskHub from "../support/AskHub.js"

const { projectId } = AngoTest

const ask = (path: string, headers?: Readonly<Record<string, string>>) =>
  Effect.map(AskHub.askHub(`GET ${path}`, undefined, headers), ({ body, status }) => ({ status, body }))

const withHub = <A, E>(test: Effect.Effect<A, E, Emulator>, options: EmulatorOptions = { tasks: 120 }) =>
  AskHub.withHub(test, options)

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

describe("a missing document", () => {
  it.effect("a project: 400 with the real hub's message", () =>
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

describe("the content", () => {
  const whole = Effect.map(Emulator, ({ state }) =>
    JSON.stringify([[...state.projects], [...state.answers], [...state.histories]])
  )

  it.effect("is the same for the same seed, and different for another", () =>
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
    "is consistent: tasks refer to stages, batches and assets of their project, answers to its ontology",
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

  it.effect("has no secret: the key is in no response and no log", () =>
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
