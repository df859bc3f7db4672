// Requests and responses of changing tasks.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Tasks } from "effect-ango"
import { holdingBoth } from "../support/Batches.js"
import { block, golden, scripted, toResponse } from "../support/Wire.js"
import { type RequestCase, reads, sends } from "../support/WireCases.js"

const projectId = "65aa0000000000000000a001"
const taskId = "65aa0000000000000000b001"
const secondTask = "65aa0000000000000000b002"
const assetId = "65aa0000000000000000e001"
const [batch1, batch2] = ["65aa0000000000000000d001", "65aa0000000000000000d002"]
const review = "206f2f63-0000-4000-8000-000000000006"
const awkward = 'Käfer & "Co" #1+2 50% 猫.jpg'

type Service = Tasks["Type"]

const call = (f: (service: Service) => Effect.Effect<unknown, unknown>) => Effect.flatMap(Tasks, f)

const assign = (options: Parameters<Service["assign"]>[1]): RequestCase => ({
  call: call((tasks) => tasks.assign(projectId, options))
})
const requeue = (options: Omit<Parameters<Service["requeue"]>[1], "toStage">, toStage = "Label") => ({
  call: call((tasks) => tasks.requeue(projectId, { toStage, ...options }))
})
const prioritise = (options: Parameters<Service["updatePriority"]>[1]): RequestCase => ({
  call: call((tasks) => tasks.updatePriority(projectId, options))
})
const verdict = (options: Parameters<Service["review"]>[1]): RequestCase => ({
  call: call((tasks) => tasks.review(taskId, options))
})

const benchmark = (options: Parameters<Service["setBenchmark"]>[1]): RequestCase => ({
  call: call((tasks) => tasks.setBenchmark(projectId, options))
})

const one = { tasks: [taskId], stage: "Label" } as const

sends("tasks.assign", {
  "one-task": assign({ ...one, user: "lab@example.com" }),
  "several-tasks-uuid-stage": assign({ tasks: [secondTask, taskId], stage: review, user: "rev@example.com" }),
  "without-user": { call: call((tasks) => tasks.unassign(projectId, one)) },
  "awkward-user": assign({ ...one, user: "lab+night@example.com" }),
  "us-region": { ...assign({ ...one, user: "lab@example.com" }), region: "us" }
})

sends("tasks.requeue", {
  least: requeue({ all: true }),
  "by-task-ids": requeue({ filters: { taskIds: [taskId, secondTask] } }),
  "by-external-ids": requeue({ filters: { externalIds: ["tom.jpg", awkward] } }),
  "by-asset-ids": requeue({ filters: { assetIds: [assetId] } }),
  "by-from-stages": requeue({ filters: { fromStageIds: [review, "Complete"] } }),
  "by-batches": { ...requeue({ filters: { batches: ["Batch 1"] } }), ...holdingBoth },
  "option-remove-annotations": requeue({ filters: { taskIds: [taskId] }, removeAnnotations: true }, "Start"),
  "option-remove-assignee": requeue({ filters: { taskIds: [taskId] }, removeAssignee: true }),
  "option-remove-stage-history": requeue({ filters: { taskIds: [taskId] }, removeStageHistory: true }),
  "options-false": requeue({
    all: true,
    removeAnnotations: false,
    removeAssignee: false,
    removeStageHistory: false
  }),
  fullest: {
    ...requeue(
      {
        // Not in the order in which they are sent.
        removeStageHistory: false,
        removeAssignee: true,
        removeAnnotations: false,
        filters: {
          batches: [batch1, batch2],
          fromStageIds: ["Complete"],
          assetIds: [assetId],
          externalIds: ["tom.jpg"],
          taskIds: [taskId]
        }
      },
      review
    ),
    // The project is read for the batches, then for the type of the stage.
    nth: 2,
    answers: [holdingBoth.answers[0], ...holdingBoth.answers]
  }
})

sends("tasks.updatePriority", {
  least: prioritise({ priority: 10, all: true }),
  zero: prioritise({ priority: 0, filters: { taskIds: [taskId] } }),
  highest: prioritise({ priority: 1000, filters: { taskIds: [taskId, secondTask] } }),
  lowest: prioritise({ priority: -1000, filters: { assetIds: [assetId] } }),
  "by-external-ids": prioritise({ priority: 5, filters: { externalIds: [awkward] } }),
  "by-from-stages": prioritise({ priority: 5, filters: { fromStageIds: ["Label", review] } }),
  "by-batches": { ...prioritise({ priority: 5, filters: { batches: [batch1] } }), ...holdingBoth },
  fullest: {
    ...prioritise({
      priority: -7,
      filters: {
        taskIds: [taskId],
        externalIds: ["tom.jpg"],
        assetIds: [assetId],
        fromStageIds: ["Label"],
        batches: [batch1]
      }
    }),
    ...holdingBoth
  }
})

sends("tasks.review", {
  accepted: verdict({ status: "Accepted" }),
  rejected: verdict({ status: "Rejected" }),
  todo: verdict({ status: "Todo" }),
  fixed: verdict({ status: "Fixed" }),
  "pct-details": verdict({
    status: "Rejected",
    pctDetails: { attribute: "size", class: "Truck", frame: 12, severity: "high" }
  }),
  "pct-details-empty": verdict({ status: "Accepted", pctDetails: {} })
})

const requeueAll = call((tasks) => tasks.requeue(projectId, { toStage: "Label", all: true }))
const prioritiseAll = call((tasks) => tasks.updatePriority(projectId, { priority: 1, all: true }))

reads("tasks.assign", assign({ ...one, user: "lab@example.com" }).call)
reads("tasks.requeue", requeueAll)
reads("tasks.updatePriority", prioritiseAll)
sends("tasks.setBenchmark", {
  one: benchmark({ tasks: [taskId] }),
  several: benchmark({ isBenchmark: true, tasks: [secondTask, taskId] }),
  "back-to-default": benchmark({ tasks: [taskId], isBenchmark: false })
})

reads("tasks.setBenchmark", benchmark({ tasks: [taskId] }).call)
reads("tasks.review", verdict({ status: "Accepted" }).call)

describe("results", () => {
  const read = (file: string, name: string, effect: RequestCase["call"]) =>
    Effect.provide(effect, scripted([() => toResponse(block(golden(file).responses, name))]).layer)

  it.effect("requeue returns how many tasks were moved, and the target stage", () =>
    Effect.gen(function* () {
      expect(yield* read("tasks.requeue", "docs-v2", requeueAll)).toEqual({ modified: 2, toStageId: "Label" })
    })
  )

  it.effect("updatePriority returns the result of the hub, if any", () =>
    Effect.gen(function* () {
      expect(yield* read("tasks.updatePriority", "modified", prioritiseAll)).toEqual({ modified: 2 })
      expect(yield* read("tasks.updatePriority", "message", prioritiseAll)).toEqual({})
    })
  )

  it.effect("assign and review succeed without a value", () =>
    Effect.gen(function* () {
      const assigned = assign({ ...one, user: "lab@example.com" }).call
      expect(yield* read("tasks.assign", "affected-tasks", assigned)).toBeUndefined()
      expect(yield* read("tasks.review", "label", verdict({ status: "Accepted" }).call)).toBeUndefined()
    })
  )
})
