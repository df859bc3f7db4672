// Assigning and moving many tasks, with one outcome per task.
import { KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { AssignmentPlan, Ledger, type Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { distribute } from "../../../src/bulk/AssignmentPlan.js"
import type { TaskId } from "../../../src/schemas/ids.js"
import { outcomesOf } from "../../support/Outcomes.js"
import { inStage, nothingSent, seeded, taskIn, withTasks } from "../../support/SeededTasks.js"
import { withoutWaiting } from "../../support/VirtualTime.js"

const { projectId } = AngoTest
const [amara, priya] = ["amara.okafor@example.com", "priya.raman@example.com"] as const

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string; readonly reason?: string }>) =>
  outcomes.map(({ _tag, reason }) => reason ?? _tag)

const counts = ({ shares }: AssignmentPlan.AssignmentPlan) => shares.map(({ tasks }) => tasks.length)

const idsIn = (stage: string, count: number) =>
  Effect.map(inStage(stage), (all) => all.slice(0, count).map(({ id }) => id))

describe("a plan", () => {
  it.effect("distributes tasks in turn, each once, and sends nothing", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const plan = yield* tasks.planAssignment(["t1", "t2", "t3", "t1", "t4", "t5"], {
          members: [amara, priya]
        })
        expect(plan).toEqual({
          shares: [
            { user: amara, tasks: ["t1", "t3", "t5"] },
            { user: priya, tasks: ["t2", "t4"] }
          ],
          tasks: 5
        })
        expect(AssignmentPlan.format(plan)).toBe(`${amara}: 3 tasks\n${priya}: 2 tasks`)
        yield* nothingSent
      })
    )
  )

  it("distributes all tasks in proportion, whatever the weights", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.nat(300),
        FastCheck.array(FastCheck.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 8 }),
        (count, weights) => {
          const all = Array.from({ length: count }, (_, number) => `t${number}` as TaskId)
          const members = weights.map((weight, number) => ({ user: `${number}`, weight }))
          const plan = distribute(all, members)
          expect(plan.shares.flatMap(({ tasks }) => tasks).toSorted()).toEqual(all.toSorted())
          const sum = weights.reduce((one, other) => one + other, 0)
          // Hamilton's method: the exact share, rounded down or up; up for the largest remainders.
          const exact = weights.map((weight) => (count * weight) / sum)
          const got = counts(plan)
          for (const [member, part] of exact.entries()) {
            expect(Math.abs((got[member] ?? 0) - part)).toBeLessThan(1)
          }
          const cut = exact.map((part, member) => part - (got[member] ?? 0))
          expect(Math.max(...cut) - Math.min(...cut)).toBeLessThanOrEqual(1 + 1e-6)
        }
      )
    )
  })

  it("distributes each part of the list in the same proportion", () => {
    const all = Array.from({ length: 90 }, (_, number) => `t${number}` as TaskId)
    const { shares } = distribute(all, [
      { user: "a", weight: 2 },
      { user: "b", weight: 1 }
    ])
    const first = new Set<string>(all.slice(0, 30))
    expect(shares.map(({ tasks }) => tasks.filter((task) => first.has(task)).length)).toEqual([20, 10])
  })

  it.effect.each([
    ["no members", { members: [] }, "members"],
    ["an invalid address", { members: ["amara"] }, "members[0].user"],
    ["a repeated member", { members: [amara, priya, amara] }, "members[2]"],
    ["a weight of nothing", { members: [{ user: amara, weight: 0 }] }, "members[0].weight"]
  ] as const)("for %s is refused", ([, options, parameter]) =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(tasks.planAssignment(["t1"], options as never))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "tasks.assign" })
        expect(error.message).toContain("Tasks.planAssignment did not start: ")
      })
    )
  )
})

describe("assignMany", () => {
  const assigned = (tasks: Tasks["Type"], ids: ReadonlyArray<string>, chunk = 100) =>
    Effect.flatMap(tasks.planAssignment(ids, { members: [amara, priya] }), (plan) =>
      outcomesOf(tasks.assignMany(projectId, plan, { stage: "Label", chunk }))
    )

  const holders = (ids: ReadonlyArray<string>) =>
    Effect.map(seeded, (stored) => ids.map((id) => stored.tasks.find(({ _id }) => _id === id)?.assignee))

  it.effect("assigns each task with one outcome; repeating that skips all", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const ids = yield* idsIn("Label", 5)
        yield* tasks.unassign(projectId, { tasks: ids, stage: "Label" })
        const outcomes = yield* assigned(tasks, ids)
        expect(tags(outcomes)).toEqual(Array(5).fill("Updated"))
        expect(outcomes[0]).toMatchObject({ key: ids[0], value: { task: ids[0], user: amara } })
        expect(yield* holders(ids)).toEqual([amara, priya, amara, priya, amara])
        expect(tags(yield* assigned(tasks, ids))).toEqual(Array(5).fill("exists"))
        const hub = yield* Emulator
        expect(yield* hub.requests("tasks.assign")).toHaveLength(3)
      })
    )
  )

  it.effect("distinguishes a task that the hub did not assign from the others", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const ids = yield* idsIn("Label", 2)
        yield* tasks.unassign(projectId, { tasks: ids, stage: "Label" })
        const done = yield* taskIn("Complete")
        const outcomes = yield* assigned(tasks, [...ids, done.id])
        expect(tags(outcomes)).toEqual(["Updated", "Failed", "Updated"])
        expect(outcomes[1]).toMatchObject({
          key: done.id,
          retryable: false,
          error: { _tag: "RowRejected", reason: "not-applied", sent: 2, accepted: 1 }
        })
        expect(Object(outcomes[1]).error.message).toContain("It may be in another stage")
      })
    )
  )

  it.effect("isolates a task that does not exist, and assigns the others", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const ids = yield* idsIn("Label", 4)
        yield* tasks.unassign(projectId, { tasks: ids, stage: "Label" })
        const outcomes = yield* assigned(tasks, [
          ...ids.slice(0, 2),
          "65aa000000000000000bffff",
          ...ids.slice(2)
        ])
        expect(outcomes.filter(({ _tag }) => _tag === "Updated")).toHaveLength(4)
        expect(outcomes.filter(({ _tag }) => _tag === "Failed")).toMatchObject([
          { key: "65aa000000000000000bffff", retryable: false, error: { _tag: "NotFound" } }
        ])
      })
    )
  )

  it.effect("reads back tasks whose response is lost", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const ids = yield* idsIn("Label", 4)
        yield* tasks.unassign(projectId, { tasks: ids, stage: "Label" })
        const hub = yield* Emulator
        const shape = Faults.respond(200, '{"status":"success"}')
        yield* hub.faults.on("tasks.assign", [Faults.afterProcessing(shape), shape])
        expect(tags(yield* assigned(tasks, ids))).toEqual(["Updated", "Updated", "Failed", "Failed"])
        expect(yield* holders(ids)).toEqual([amara, null, amara, null])
        expect(tags(yield* assigned(tasks, ids))).toEqual(["exists", "exists", "Updated", "Updated"])
      })
    )
  )
})

describe("a request to assign", () => {
  it.effect("is Unknown if the tasks cannot be read afterwards, and read back by the next run", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        const stored = yield* seeded
        const free = stored.tasks.filter(({ assignee, stage }) => stage === "Label" && assignee !== amara)
        const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "assign")
        const ids = free.slice(0, 2).map(({ _id }) => _id)
        const plan = yield* tasks.planAssignment(ids, { members: [amara] })
        const run = outcomesOf(tasks.assignMany(projectId, plan, { stage: "Label", ledger }))
        yield* hub.faults.on("tasks.list", [Faults.ok, Faults.repeat(Faults.fail(500))])
        const outcomes = yield* withoutWaiting(run)
        expect(tags(outcomes)).toEqual(["Unknown", "Unknown"])
        expect(Object(outcomes[0]).message).toContain("failed (ServerError)")
        yield* hub.faults.on("tasks.list", [])
        expect(tags(yield* run)).toEqual(["done-before", "done-before"])
        expect(yield* hub.requests("tasks.assign")).toHaveLength(1)
      }).pipe(Effect.provide(KeyValueStore.layerMemory))
    )
  )
})

describe("requeueMany", () => {
  const moved = (tasks: Tasks["Type"], ids: ReadonlyArray<string>, options = {}) =>
    outcomesOf(tasks.requeueMany(projectId, ids, { toStage: "Label", ...options }))

  it.effect("moves tasks by their ids, in chunks, with one outcome each", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const ids = yield* idsIn("Complete", 5)
        const outcomes = yield* moved(tasks, ids, { chunk: 2 })
        expect(tags(outcomes)).toEqual(ids.map(() => "Updated"))
        expect(outcomes[1]).toMatchObject({ index: 1, key: ids[1], value: { task: ids[1], stage: "Label" } })
        const now = new Set((yield* inStage("Label")).map(({ id }) => id))
        expect(ids.every((id) => now.has(id))).toBe(true)
        const hub = yield* Emulator
        expect(yield* hub.requests("tasks.requeue")).toHaveLength(3)
        expect(yield* hub.requests("tasks.get")).toHaveLength(0)
      })
    )
  )

  it.effect("reads each task if the hub moved fewer, or if its response is lost", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        const [a = "", b = "", c = ""] = yield* idsIn("Complete", 3)
        const stored = yield* seeded
        const lost = { ...stored.project }
        stored.project = {
          ...lost,
          stages: (lost.stages ?? []).map((stage) =>
            stage.id === "Start" ? { ...stage, ...{ preventRequeue: true } } : stage
          )
        }
        yield* tasks.requeue(projectId, { toStage: "Start", filters: { taskIds: [b] } })
        const outcomes = yield* moved(tasks, [a, b, "65aa000000000000000bffff"])
        expect(tags(outcomes)).toEqual(["Updated", "Failed", "Failed"])
        expect(outcomes[1]).toMatchObject({
          error: { _tag: "RowRejected", reason: "not-applied" },
          retryable: true
        })

        yield* hub.faults.on("tasks.requeue", [Faults.afterProcessing(Faults.reset)])
        expect(tags(yield* moved(tasks, [c]))).toEqual(["Updated"])
        yield* hub.faults.on("tasks.requeue", [Faults.afterProcessing(Faults.reset)])
        const [unknown] = yield* moved(tasks, [c], { removeAssignee: true })
        expect(unknown).toMatchObject({ _tag: "Unknown", key: c })
        expect(Object(unknown).message).toContain("no read shows what was removed")
      })
    )
  )

  it.effect("confirms tasks that were in the stage before, on a hub that counts only moves", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        const ids = yield* idsIn("Label", 2)
        const nothing = Faults.respond(
          200,
          JSON.stringify({ status: "success", data: { modifiedCount: { modified: 0, failed: 0 } } })
        )
        yield* hub.faults.on("tasks.requeue", Faults.repeat(nothing))
        expect(tags(yield* moved(tasks, ids))).toEqual(["Updated", "Updated"])
        // The annotations were not removed.
        expect(tags(yield* moved(tasks, ids, { removeAnnotations: true }))).toEqual(["Failed", "Failed"])
      })
    )
  )

  it.effect("is a different write for the ledger if it removes something too", () =>
    withTasks((tasks) =>
      Effect.gen(function* () {
        const ids = yield* idsIn("Complete", 1)
        const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "move")
        expect(tags(yield* moved(tasks, ids, { ledger, removeAssignee: false }))).toEqual(["Updated"])
        expect(tags(yield* moved(tasks, ids, { ledger }))).toEqual(["done-before"])
        const error = yield* Effect.flip(moved(tasks, ids, { ledger, removeAnnotations: true }))
        expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "ledger" })
        expect(yield* Effect.flip(moved(tasks, ids, { ledger, toStage: "Complete" }))).toMatchObject({
          _tag: "StoreUnavailable",
          store: "ledger"
        })
      }).pipe(Effect.provide(KeyValueStore.layerMemory))
    )
  )
})
