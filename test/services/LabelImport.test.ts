// Pre-labels in bulk: which assets get them, and how many.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Annotations, Assets } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { seeded, taskIn, withAnnotations } from "../support/SeededTasks.js"

const { projectId } = AngoTest

const box = { x: 10, y: 20, width: 30, height: 40 }
const vehicle = { title: "Vehicle", objectId: "v1", "bounding-box": box }

describe("importLabels", () => {
  it.effect("labels what is in Start, for every asset that shares the external id", () =>
    withAnnotations((annotations, tasks) =>
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const stored = yield* seeded
        const start = stored.tasks.filter(({ stage }) => stage === "Start").slice(0, 2)
        const done = stored.tasks.find(({ stage }) => stage === "Complete")
        const share = new Set([...start, done].map((task) => task?._id))
        stored.assets.forEach((asset, index) => {
          if (asset.labelTasks?.some(({ _id }) => share.has(_id)) === true) {
            stored.assets[index] = { ...asset, externalId: "twin.jpg", isPreLabeled: false }
          }
        })
        const doneBefore = state.answers.get(done?._id ?? "")

        const result = yield* annotations.importLabels(projectId, [
          {
            externalId: "twin.jpg",
            tools: [{ ...vehicle, classifications: [{ title: "Type", answer: "Bus" }] }],
            classifications: [
              { title: "Weather", answer: "Fog" },
              { title: "Remarks", answer: "Fog" }
            ]
          },
          { externalId: "nobody knows.jpg" }
        ])
        expect(result).toEqual({ labeled: 2, total: 4, message: "2 / 4 tasks are labeled." })

        for (const task of start) {
          const { answer, isPreLabeled, stage } = yield* tasks.get(task._id, { includeAnswer: true })
          expect([isPreLabeled, stage]).toEqual([true, "Start"])
          // C24: options by their ids, text as text.
          expect(answer).toMatchObject({
            tools: [{ objectId: "v1", classifications: [{ answer: "5c4e5a5c4e0000000000004" }] }],
            classifications: [{ answer: "5c4e5a5c4e000000000000c" }, { answer: "Fog" }]
          })
        }
        expect(state.answers.get(done?._id ?? "")).toEqual(doneBefore)
        const twins = yield* (yield* Assets).collect(projectId, { externalId: "twin.jpg", limit: 10 })
        expect(twins.map(({ isPreLabeled }) => isPreLabeled).toSorted()).toEqual([false, true, true])
      })
    )
  )

  it.effect("finds by data, and by both at once", () =>
    withAnnotations((annotations) =>
      Effect.gen(function* () {
        const task = yield* taskIn("Start")
        const asset = typeof task.asset === "string" ? undefined : task.asset
        const labeled = (entry: Parameters<Annotations["Type"]["importLabels"]>[1][number]) =>
          Effect.map(annotations.importLabels(projectId, [entry]), (result) => result.labeled)
        const [data, externalId] = [asset?.data ?? "", asset?.externalId ?? ""]
        expect(yield* labeled({ data })).toBe(1)
        expect(yield* labeled({ data, externalId })).toBe(1)
        expect(yield* labeled({ data: "https://files.example/other.jpg", externalId })).toBe(0)
      })
    )
  )

  it.effect("fails on an unknown project", () =>
    withAnnotations((annotations) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(annotations.importLabels("x1", [{ externalId: "a.jpg" }]))
        expect(error).toMatchObject({ _tag: "NotFound", status: 400 })
      })
    )
  )
})
