// Writing answers: nothing is lost, nothing is sent twice, and a mistake is not sent at all.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { Annotation, Annotations, Assets, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

type Service = Annotations["Type"]

const within = <A, E>(
  test: (
    annotations: Service,
    tasks: Tasks["Type"]
  ) => Effect.Effect<A, E, Tasks | Assets | Projects | Emulator>,
  tasks = 60
) =>
  Effect.provide(
    Effect.flatMap(Effect.all([Annotations, Tasks]), ([annotations, tasks]) => test(annotations, tasks)),
    AngoTest.layer({ tasks })
  )

const taskIn = (stage: string) =>
  Effect.gen(function* () {
    const { stages } = yield* (yield* Projects).get(projectId)
    const id = stages?.find(({ name }) => name === stage)?.id ?? stage
    const [task] = yield* (yield* Tasks).collect(projectId, { stage: id, limit: 1000, includeAnswer: true })
    if (task === undefined) throw new Error(`no task in ${stage}`)
    return task
  })

const seeded = Effect.map(Emulator, ({ state }) => {
  const stored = state.projects.get(projectId)
  if (stored === undefined) throw new Error("the seed has no first project")
  return stored
})

const visitsOf = (taskId: string) =>
  Effect.gen(function* () {
    const assets = yield* (yield* Assets).collect(projectId, { limit: 1000 })
    return assets.flatMap(({ labelTasks }) => labelTasks ?? []).find(({ id }) => id === taskId)?.stageHistory
  })

const box = { x: 10, y: 20, width: 30, height: 40 }
const vehicle = { title: "Vehicle", objectId: "v1", "bounding-box": box }

describe("annotate", () => {
  it.effect.each(["Start", "Label", "Quality review", "Rework", "Complete"])(
    "keeps the answer of a task in %s, which stays there",
    (stage) =>
      within((annotations, tasks) =>
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

  it.effect("replaces the present answer, and keeps the time it took when none is given", () =>
    within((annotations, tasks) =>
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

  it.effect("submits the task, stage by stage, to the end of the workflow and not beyond", () =>
    within((annotations) =>
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

  it.effect("passes through what nobody works on, by the else of a logic stage", () =>
    within((annotations) =>
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

  it.effect("sends an object of an unknown tool as it is, and what was read back as it was", () =>
    within((annotations, tasks) =>
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

  it.effect("fails on an unknown task and on a missing permission", () =>
    within((annotations) =>
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

  it.effect.each([Faults.fail(502), Faults.cut(10), Faults.html()])(
    "is sent once, whatever comes of it: %j",
    (fault) =>
      within((annotations) =>
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
  it.effect("W22, W23: reads the answer, keeps it, and replaces what is said again", () =>
    within((annotations, tasks) =>
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
        // Once more changes nothing.
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

  it.effect("keeps brushes and what this version has no name for, however it is stored", () =>
    within((annotations, tasks) =>
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

describe("what is refused before any request", () => {
  const object = (fields: object) => ({ tools: [{ schemaId: "s1", ...fields }] }) as Annotation.AnswerInput
  const question = (fields: object) => ({ classifications: [fields] }) as Annotation.AnswerInput
  const relation = (fields: object) => ({ relations: [fields] }) as Annotation.AnswerInput
  const pdf = { x1: 1, y1: 1, x2: 2, y2: 2, width: 9, height: 9, pageNumber: 0 }

  const mistakes: ReadonlyArray<readonly [Annotation.AnswerInput, string, string]> = [
    [{ tools: [{ "bounding-box": box }] }, "tools[0]", "an object with a schemaId or a title"],
    [object({ "bounding-box": { ...box, x: "1" } }), "tools[0].bounding-box.x", "number"],
    [object({ "bounding-box": { ...box, x: Number.NaN } }), "tools[0].bounding-box.x", "a finite number"],
    [object({ "bounding-box": box, polygon: [[1, 2]] }), "tools[0]", "an object of one tool"],
    [object({ polygon: [] }), "tools[0].polygon", "at least one point"],
    [object({ polygon: [[1, 2, 3]] }), "tools[0].polygon[0][2]", "no such field"],
    [object({ point: [1] }), "tools[0].point[1]", "a value"],
    [
      object({ "rotated-bounding-box": { ...box, rotation: 181 } }),
      "tools[0].rotated-bounding-box.rotation",
      "degrees of -180 to 180"
    ],
    [object({ ner: { start: 9, end: 3 } }), "tools[0].ner", "a span that starts before it ends"],
    [object({ pdf }), "tools[0].pdf.pageNumber", "a page number, counted from 1"],
    [object({ "bounding-box": box, page: -1 }), "tools[0].page", "a page or frame, counted from 0"],
    [
      object({ "bounding-box": box, classifications: [{ schemaId: "c1", answer: 3 }] }),
      "tools[0].classifications[0].answer",
      "an option, a list of options, a text, true or false"
    ],
    [question({ answer: "Calm" }), "classifications[0]", "a classification with a schemaId or a title"],
    [question({ schemaId: "c1" }), "classifications[0].answer", "a value"],
    [
      question({ schemaId: "c1", answer: ["a", 1] }),
      "classifications[0].answer",
      "an option, a list of options"
    ],
    [relation({ schemaId: "r1", from: "a" }), "relations[0]", "a relation with from and to, or with a group"],
    [relation({ from: "a", to: "b" }), "relations[0]", "a relation with a schemaId or a title"],
    [
      relation({ schemaId: "r1", from: "a", to: "b", direction: "back" }),
      "relations[0].direction",
      "straight, reverse or bidirectional"
    ],
    [{ tools: [], objects: [] }, "", "objects under tools or under objects, not both"]
  ]

  it.effect.each(mistakes)("in an answer: %j", ([answer, path, allowed]) =>
    within((annotations) =>
      Effect.gen(function* () {
        const written = yield* Effect.flip(annotations.annotate("t1", answer, { merge: true }))
        const imported = yield* Effect.flip(
          annotations.importLabels(projectId, [{ externalId: "a.jpg" }, { externalId: "b.jpg", ...answer }])
        )
        expect(written).toMatchObject({
          _tag: "InvalidRequest",
          operation: "annotations.annotate",
          parameter: path === "" ? "answer" : `answer.${path}`
        })
        expect(imported).toMatchObject({
          _tag: "InvalidRequest",
          operation: "annotations.importLabels",
          parameter: path === "" ? "jsonContent[1]" : `jsonContent[1].${path}`
        })
        for (const { message } of [written, imported]) expect(message).toContain(`Expected ${allowed}`)
        expect(yield* (yield* Emulator).requests()).toEqual([])
      })
    )
  )

  it.effect.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("a duration of %d", (duration) =>
    within((annotations) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(annotations.annotate("t1", {}, { duration, merge: true }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "duration" })
        expect(error.message).toContain("milliseconds, 0 or more")
        expect(yield* (yield* Emulator).requests()).toEqual([])
      })
    )
  )

  it.effect.each([
    [[], "jsonContent", "at least one entry"],
    [[{}], "jsonContent[0]", "an entry with an externalId or with data"],
    [[{ externalId: "", data: "" }], "jsonContent[0]", "an entry with an externalId or with data"]
  ] as const)("an import of %j", ([labels, parameter, allowed]) =>
    within((annotations) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(annotations.importLabels(projectId, labels))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
        expect(error.message).toContain(allowed)
        expect(yield* (yield* Emulator).requests()).toEqual([])
      })
    )
  )

  it("an object with a geometry of another tool does not typecheck", () => {
    const check = (annotations: Service) => {
      annotations.annotate("t1", { tools: [{ schemaId: "s1", circle: 1 }] })
      // @ts-expect-error a box is no list of points
      annotations.annotate("t1", { tools: [{ schemaId: "s1", polygon: box }] })
      // @ts-expect-error a number is no coordinate as text
      annotations.annotate("t1", { tools: [{ schemaId: "s1", "bounding-box": { ...box, x: "1" } }] })
      // @ts-expect-error one tool per object
      annotations.annotate("t1", { tools: [{ schemaId: "s1", "bounding-box": box, point: [1, 2] }] })
    }
    expect(check).toBeTypeOf("function")
  })
})

describe("importLabels", () => {
  it.effect("labels what is in Start, for every asset that shares the external id", () =>
    within((annotations, tasks) =>
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
    within((annotations) =>
      Effect.gen(function* () {
        const task = yield* taskIn("Start")
        const asset = typeof task.asset === "string" ? undefined : task.asset
        const labeled = (entry: Parameters<Service["importLabels"]>[1][number]) =>
          Effect.map(annotations.importLabels(projectId, [entry]), (result) => result.labeled)
        const [data, externalId] = [asset?.data ?? "", asset?.externalId ?? ""]
        expect(yield* labeled({ data })).toBe(1)
        expect(yield* labeled({ data, externalId })).toBe(1)
        expect(yield* labeled({ data: "https://files.example/other.jpg", externalId })).toBe(0)
      })
    )
  )

  it.effect("fails on an unknown project", () =>
    within((annotations) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(annotations.importLabels("x1", [{ externalId: "a.jpg" }]))
        expect(error).toMatchObject({ _tag: "NotFound", status: 400 })
      })
    )
  )
})
