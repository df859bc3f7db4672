// Imports of pre-labels: which assets get them, and how many.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Assets, type LabelImport } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { preLabel } from "../../support/PreLabels.js"
import { seeded, taskIn, withAnnotations } from "../../support/SeededTasks.js"

const { projectId } = AngoTest

const box = { x: 10, y: 20, width: 30, height: 40 }
const vehicle = { title: "Vehicle", objectId: "v1", "bounding-box": box }

describe("importLabels", () => {
  it.effect("labels tasks in Start, of every asset with the external id", () =>
    withAnnotations((_, tasks) =>
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

        const entries = [
          {
            externalId: "twin.jpg",
            tools: [{ ...vehicle, classifications: [{ title: "Type", answer: "Bus" }] }],
            classifications: [
              { title: "Weather", answer: "Fog" },
              { title: "Remarks", answer: "Fog" }
            ]
          },
          { externalId: "nobody knows.jpg" }
        ]
        expect(yield* preLabel(projectId, entries, { ambiguous: "all", incomplete: true })).toMatchObject([
          { _tag: "Updated", key: "twin.jpg", value: { tasks: start.map(({ _id }) => _id) } },
          {
            _tag: "Failed",
            key: "nobody knows.jpg",
            retryable: false,
            error: { _tag: "RowRejected", reason: "unknown-asset" }
          }
        ])

        for (const task of start) {
          const { answer, isPreLabeled, stage } = yield* tasks.get(task._id, { includeAnswer: true })
          expect([isPreLabeled, stage]).toEqual([true, "Start"])
          // docs/api-notes.md#option-answers: options by their ids, text as text.
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

  it.effect("finds assets by data, and by external id and data", () =>
    withAnnotations(() =>
      Effect.gen(function* () {
        const task = yield* taskIn("Start")
        const asset = typeof task.asset === "string" ? undefined : task.asset
        const labeled = (entry: LabelImport.LabelImport) =>
          Effect.map(preLabel(projectId, [entry], { incomplete: true }), ([outcome]) => outcome?._tag)
        const [data, externalId] = [asset?.data ?? "", asset?.externalId ?? ""]
        expect(yield* labeled({ data })).toBe("Updated")
        expect(yield* labeled({ data, externalId })).toBe("Updated")
        expect(yield* labeled({ data: "https://files.example/other.jpg", externalId })).toBe("Failed")
      })
    )
  )

  it.effect("fails on an unknown project", () =>
    withAnnotations(() =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(preLabel("x1", [{ externalId: "a.jpg" }]))
        expect(error).toMatchObject({ _tag: "NotFound", status: 400 })
      })
    )
  )
})
