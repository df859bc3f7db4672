// Options of the hub, and its request log.
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import {
  AngoTest,
  Emulator,
  type EmulatorOptions,
  type HubState,
  type OperationName
} from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest

const count = Effect.map(Emulator, ({ state }) => state.projects.get(projectId)?.tasks.length)

const unusable: ReadonlyArray<readonly [options: object, sentence: string]> = [
  [{ tasks: Number.NaN }, "tasks is NaN. Use a whole number, 0 to 1000000."],
  [{ tasks: -1 }, "tasks is -1. Use a whole number, 0 to 1000000."],
  [{ tasks: 2.5 }, "tasks is 2.5. Use a whole number, 0 to 1000000."],
  [{ tasks: 1_000_001 }, "tasks is 1000001. Use a whole number, 0 to 1000000."],
  [{ tasks: Number.POSITIVE_INFINITY }, "tasks is Infinity. Use a whole number, 0 to 1000000."],
  [{ seed: Number.NaN }, "seed is NaN. Use a whole number, 0 or more."],
  [{ seed: -3 }, "seed is -3. Use a whole number, 0 or more."],
  [{ maxLimit: 0 }, "maxLimit is 0. Use a whole number, 1 or more."],
  [{ maxResponseBytes: 0 }, "maxResponseBytes is 0. Use a whole number, 1 or more."],
  [{ timePerRow: Number.POSITIVE_INFINITY }, "timePerRow is not a finite time. Leave it out for no time."],
  [{ maxLimit: Number.NaN }, "maxLimit is NaN. Use a whole number, 1 or more."],
  [{ requestLog: -1 }, "requestLog is -1. Use a whole number, 0 or more."],
  [{ aboveMaxLimit: "ignore" }, 'aboveMaxLimit is "ignore". Use one of clamp, refuse.'],
  [{ assignBatches: "union" }, 'assignBatches is "union". Use one of add, replace.'],
  [{ dialect: "2023" }, 'dialect is "2023". Use one of current, documented-2025, documented-2023.'],
  [
    { apiKey: Redacted.make(" ") },
    "apiKey is blank. Use a non-blank key, or leave it out for the default key."
  ]
]

describe("options", () => {
  it.effect.each(unusable)("%j are rejected", ([options, sentence]) =>
    Effect.gen(function* () {
      for (const layer of [Emulator.layer(options), AngoTest.layer(options)]) {
        const exit = yield* Effect.exit(Effect.scoped(Layer.build(layer)))
        const [defect] = Exit.isFailure(exit) ? Cause.defects(exit.cause) : []
        expect(String(defect)).toContain(`Invalid hub options: ${sentence}`)
      }
      const failure = yield* Effect.flip(Effect.scoped(Emulator.serve(options)))
      expect(failure).toMatchObject({ _tag: "ServeFailed", message: `Invalid hub options: ${sentence}` })
    })
  )

  it.effect.each([
    [{ tasks: 0 }, 0],
    [{ tasks: 1, seed: 0 }, 1],
    [{ tasks: 3, maxLimit: 1, requestLog: 0 }, 3],
    [{ tasks: undefined, seed: undefined, maxLimit: undefined, dialect: undefined }, 250]
  ] as ReadonlyArray<readonly [EmulatorOptions, number]>)("%j are accepted", ([options, tasks]) =>
    Effect.gen(function* () {
      expect(yield* withHub(count, options)).toBe(tasks)
    })
  )

  it.effect("with 0 tasks, lists are empty and the project exists", () =>
    withHub(
      Effect.gen(function* () {
        for (const list of ["tasks", "assets"]) {
          const { data } = yield* askHub(`GET /project/${projectId}/${list}`)
          expect(data).toEqual({ [list]: [], total: 0 })
        }
        const { data } = yield* askHub(`GET /project/${projectId}`)
        expect(data.project.assetCount).toBe(0)
      }),
      { tasks: 0 }
    )
  )
})

describe("the request log", () => {
  const urls = (operation?: OperationName) =>
    Effect.flatMap(Emulator, (hub) =>
      Effect.map(hub.requests(operation), (all) => all.map(({ url }) => new URL(url, "http://hub").search))
    )

  const ask = (from: number, to: number) =>
    Effect.forEach(
      Array.from({ length: to - from + 1 }, (_, index) => from + index),
      (page) => askHub(`GET /listProjects?page=${page}`)
    )

  it.effect("keeps the latest requests of all operations, oldest first", () =>
    withHub(
      Effect.gen(function* () {
        yield* ask(1, 2)
        expect(yield* urls()).toEqual(["?page=1", "?page=2"])
        yield* ask(3, 11)
        expect(yield* urls()).toEqual(["?page=9", "?page=10", "?page=11"])
        yield* askHub("GET /storages")
        expect(yield* urls("projects.list")).toEqual(["?page=10", "?page=11"])
        expect(yield* urls("tasks.list")).toEqual([])
      }),
      { tasks: 1, requestLog: 3 }
    )
  )

  it.effect("can be turned off", () =>
    withHub(
      Effect.zipRight(
        ask(1, 4),
        Effect.map(urls(), (all) => expect(all).toEqual([]))
      ),
      {
        tasks: 1,
        requestLog: 0
      }
    )
  )

  it("uses exported types for operation names and the state", () => {
    const state: (hub: Emulator["Type"]) => HubState = ({ state }) => state
    expect(state).toBeTypeOf("function")
  })
})
