// Writes of answers: nothing is lost, and nothing is sent twice.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { Annotation } from "effect-ango"
import { Emulator, Faults } from "effect-ango/emulator"
import { seeded, taskIn, visitsOf, withAnnotations } from "../support/SeededTasks.js"

const box = { x: 10, y: 20, width: 30, height: 40 }
const vehicle = { title: "Vehicle", objectId: "v1", "bounding-box": box }

describe("annotate", () => {
  it.effect.each(["Start", "Label", "Quality review", "Rework", "Complete"])(
    "writes the answer of a task in stage %s, and leaves the task there",
    (stage) =>
      withAnnotations((annotations, tasks) =>
        Effect.gen(function* () {
          yield* TestClock.setTime(Date.UTC(2025, 0, 2, 3, 4, 5))
          const before = yield* taskIn(stage)
          const visits = yield* visitsOf(before.id)
          const label = yield* annotations.annotate(before.id, { tools: [vehicle] }, { duration: 5_400 })
          const after = yield* tasks.get(before.id, { includeAnswer: true })
          expect(after).toEqual(label)
          expect(after).toMatchObject({
            stage: before.stage,
            assignee: before.assignee,
            duration: 5_400,
            updatedAt: "2025-01-02T03:04:05.000Z",
            answer: { tools: [vehicle], classifications: [], relations: [] }
          })
          expect((yield* tasks.history(before.id)).at(-1)).toMatchObject({
            stage: before.stage,
            duration: 5_400,
            answer: after.answer
          })
          expect(yield* visitsOf(before.id)).toEqual(visits)
        })
      )
  )

  it.effect("replaces the current answer, and keeps the duration if none is given", () =>
    withAnnotations((annotations, tasks) =>
      Effect.gen(function* () {
        const { answer, duration, id } = yield* taskIn("Complete")
        expect(answer?.tools?.length).toBeGreaterThan(0)
        yield* annotations.annotate(id, {})
        expect(yield* tasks.get(id, { includeAnswer: true })).toMatchObject({
          answer: { tools: [], classifications: [], relations: [] },
          duration
        })
      })
    )
  )

  it.effect("submits the task stage by stage up to the end of the workflow", () =>
    withAnnotations((annotations) =>
      Effect.gen(function* () {
        const { id, stage } = yield* taskIn("Start")
        const submit = annotations.annotate(id, { tools: [vehicle] }, { nextStage: true, duration: 10 })
        const review = (yield* taskIn("Quality review")).stage
        const visited = [String(stage)]
        expect(yield* submit).toMatchObject({ stage: "Label", status: "TODO" })
        expect(yield* submit).toMatchObject({ stage: review, status: "Completed", assignee: null })
        const done = yield* submit
        expect(done).toMatchObject({
          stage: "Complete",
          review: { status: "Accepted" },
          completedAt: expect.any(String),
          completedBy: expect.stringContaining("@")
        })
        visited.push("Label", String(review))
        expect((yield* visitsOf(id))?.map(({ stageId }) => stageId)).toEqual(visited)
        expect(yield* submit).toMatchObject({ stage: "Complete" })
        expect(yield* visitsOf(id)).toHaveLength(visited.length)
      })
    )
  )

  it.effect("passes stages without work, by the else branch of a logic stage", () =>
    withAnnotations((annotations) =>
      Effect.gen(function* () {
        const stored = yield* seeded
        const { id } = yield* taskIn("Label")
        stored.project = {
          ...stored.project,
          stages: [
            { id: "Start", type: "Start", next: ["Label"] },
            { id: "Label", type: "Label", next: ["hook"] },
            { id: "hook", type: "Webhook", next: ["logic"] },
            { id: "logic", type: "Logic", next: ["Label", "Complete"] },
            { id: "Complete", type: "Complete", next: [] }
          ]
        }
        expect(yield* annotations.annotate(id, {}, { nextStage: true })).toMatchObject({ stage: "Complete" })
        expect((yield* visitsOf(id))?.slice(-3)).toMatchObject([
          { stageId: "Label", completedBy: expect.any(String) },
          { stageId: "hook" },
          { stageId: "logic" }
        ])
      })
    )
  )

  it.effect("sends objects of unknown tools and unknown fields unchanged", () =>
    withAnnotations((annotations, tasks) =>
      Effect.gen(function* () {
        const { id } = yield* taskIn("Label")
        const circle = { schemaId: "s1", objectId: "c1", circle: { center: [1, 2], r: 3 }, note: null }
        yield* annotations.annotate(id, { tools: [circle] })
        const { answer } = yield* tasks.get(id, { includeAnswer: true })
        expect(answer?.tools).toEqual([expect.objectContaining(circle)])
        yield* annotations.annotate(id, Annotation.fromAnswer(answer ?? {}))
        expect((yield* tasks.get(id, { includeAnswer: true })).answer).toEqual(answer)
      })
    )
  )

  it.effect("fails for an unknown task and without permission", () =>
    withAnnotations((annotations) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        expect(yield* Effect.flip(annotations.annotate("x1", {}))).toMatchObject({ _tag: "NotFound" })
        expect(yield* Effect.flip(annotations.annotate("x1", {}, { merge: true }))).toMatchObject({
          _tag: "NotFound",
          operation: "tasks.get"
        })
        yield* hub.faults.on("annotations.annotate", [Faults.fail(403)])
        expect(yield* Effect.flip(annotations.annotate("x1", {}))).toMatchObject({ _tag: "Forbidden" })
      })
    )
  )

  it.effect.each([Faults.fail(502), Faults.cutBody(10), Faults.html()])(
    "sends a write once after a failure: %j",
    (fault) =>
      withAnnotations((annotations) =>
        Effect.gen(function* () {
          const hub = yield* Emulator
          const { id } = yield* taskIn("Label")
          yield* hub.faults.on("annotations.annotate", [fault])
          yield* Effect.flip(annotations.annotate(id, {}, { nextStage: true, merge: true }))
          const sent = yield* hub.requests("annotations.annotate")
          expect(sent).toHaveLength(1)
        })
      )
  )
})

describe("a merge", () => {
  it.effect("answer-merge: keeps the current answer, and replaces the parts that are given", () =>
    withAnnotations((annotations, tasks) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        const before = yield* taskIn("Complete")
        const [first, ...others] = before.answer?.tools ?? []
        const [mood, ...answers] = before.answer?.classifications ?? []
        const again = {
          schemaId: first?.schemaId ?? "",
          objectId: first?.objectId ?? "",
          "bounding-box": box
        }
        const answer: Annotation.AnswerInput = {
          tools: [again, vehicle],
          classifications: [{ schemaId: mood?.schemaId ?? "", answer: "Fog" }]
        }
        yield* annotations.annotate(before.id, answer, { merge: true })
        const merged = (yield* tasks.get(before.id, { includeAnswer: true })).answer
        expect(merged?.tools).toEqual([
          expect.objectContaining(again),
          expect.objectContaining(vehicle),
          ...others
        ])
        expect(merged?.classifications).toEqual([
          expect.objectContaining({
            schemaId: mood?.schemaId,
            answer: expect.stringMatching(/^[0-9a-f]{23}$/)
          }),
          ...answers
        ])
        // Repeating the merge changes nothing.
        yield* annotations.annotate(before.id, answer, { merge: true })
        const twice = (yield* tasks.get(before.id, { includeAnswer: true })).answer
        expect(twice?.tools).toHaveLength(merged?.tools?.length ?? -1)
        expect(twice?.classifications).toHaveLength(merged?.classifications?.length ?? -1)
        const reads = yield* hub.requests("tasks.get")
        expect(reads[0]?.url).toMatch(/\?includeAnswer=true$/)
        expect(yield* hub.requests("annotations.annotate")).toHaveLength(2)
      })
    )
  )

  it.effect("keeps brushes and unknown fields, in any stored form", () =>
    withAnnotations((annotations, tasks) =>
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const { id } = yield* taskIn("Label")
        const stored = yield* seeded
        const index = stored.tasks.findIndex((task) => task._id === id)
        const task = stored.tasks[index]
        if (task === undefined) throw new Error("the task is not stored")
        stored.tasks[index] = { ...task, brushDataUrl: "https://files.example/m.png" }
        const pdf = { objectId: "p1", pdf: { position: { pageNumber: 2 }, content: { text: "total" } } }
        const odd = { objectId: "r1", "rotated-bounding-box": { x: "left", rotation: 721 } }
        state.answers.set(id, { tools: [pdf, odd], ...{ sketches: [{ ink: "blue" }] } })
        yield* annotations.annotate(id, { tools: [vehicle] }, { merge: true })
        const after = yield* tasks.get(id, { includeAnswer: true })
        expect(after.brushDataUrl).toBe("https://files.example/m.png")
        expect(after.answer).toMatchObject({ tools: [vehicle, pdf, odd], sketches: [{ ink: "blue" }] })
        yield* annotations.annotate(id, {}, { merge: true, brushDataUrl: null })
        expect((yield* tasks.get(id)).brushDataUrl).toBeNull()
      })
    )
  )
})
