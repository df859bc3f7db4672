// Conditions of lists: one that cannot be meant is refused, never sent as if it were none.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Ango, Assets, Issues, Tasks } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { requests } from "../support/Requests.js"

const { projectId } = AngoTest

const hub = AngoTest.layer({ tasks: 5 })

const [early, late] = ["2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z"].map((text) =>
  DateTime.unsafeMake(text)
)

const tasks = (filter: Parameters<Tasks["Type"]["page"]>[1]) =>
  Effect.flatMap(Tasks, (service) => service.page(projectId, filter))
const assets = (filter: Parameters<Assets["Type"]["page"]>[1]) =>
  Effect.flatMap(Assets, (service) => service.page(projectId, filter))
const issues = (filter: Parameters<Issues["Type"]["page"]>[0]) =>
  Effect.flatMap(Issues, (service) => service.page(filter))

const notEmpty = "a text that is not empty; leave it out for no condition"

describe("a condition", () => {
  it.effect.each([
    ["a status of tasks", "status", notEmpty, tasks({ status: "" })],
    ["a stage of tasks", "stage", "an id of 1 to 128 letters", tasks({ stage: "" })],
    ["an assignee of tasks", "assignee", notEmpty, tasks({ assignee: "" })],
    ["who opened issues", "createdBy", notEmpty, issues({ createdBy: "" })],
    ["a status of issues", "status", notEmpty, issues({ status: "" })],
    ["an assignee of issues", "assignee", notEmpty, issues({ assignee: "" })]
  ] as const)("that is empty is refused before any request: %s", ([, parameter, allowed, call]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip<unknown, { readonly message: string }, Ango.Services>(call)
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([
    ["createdAfter", "2025-01-01" as never, late, "a DateTime, which knows its time zone"],
    ["createdBefore", early, new Date() as never, "a DateTime, which knows its time zone"],
    ["createdBefore", late, early, "a time later than createdAfter"],
    ["createdBefore", early, early, "a time later than createdAfter"]
  ] as const)(
    "that is no stretch of time is refused before any request: %s",
    ([parameter, after, before, allowed]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(assets({ createdAfter: after, createdBefore: before }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
        expect(error.message).toContain(allowed)
        expect(yield* requests).toEqual([])
      }).pipe(Effect.provide(hub))
  )

  it.effect.each([0, -1, 1.5, Number.NaN])("a limit of %d issues is refused before any request", (limit) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.flatMap(Issues, (service) => service.collect({ limit })))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "limit" })
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(hub))
  )
})

describe("a place", () => {
  it.effect.each([
    { textIndex: 1, position: [1, 2] as const },
    { textIndex: 1, page: 2 }
  ])("%j is refused before any request: one half of it would be lost", (at) =>
    Effect.gen(function* () {
      const issues = yield* Issues
      const error = yield* Effect.flip(issues.create("t1", { content: "Here.", at }))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "at" })
      expect(error.message).toContain("{ textIndex } alone")
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(hub))
  )
})
