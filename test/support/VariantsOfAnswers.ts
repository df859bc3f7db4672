// Documented variants of label imports, answers, attachments and issues.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Answer, Attachments, Issue, Issues, Ontology, Projects, Tasks } from "effect-ango"
import { strictly } from "./Outcomes.js"
import { beforeImport, countsOf } from "./PreLabels.js"
import { accepted, projectId, queries, read, row, statusOf, taskId, taskIn } from "./Variants.js"

const rain = "5c4e5a5c4e000000000000b"

const aTask = Effect.flatMap(Tasks, (service) => service.get(taskId, { includeAnswer: true }))

const answerOf = (id: string) =>
  Effect.map(accepted(`GET /task/${id}?includeAnswer=true`), ({ task }) => task.answer)

/** The task with these objects, as this client reads it. */
const readObjects = (tools: ReadonlyArray<object>) =>
  Effect.map(read(aTask, { task: { _id: taskId, answer: { tools } } }), ({ answer }) => answer?.tools)

/** These objects, as the hub stores them. */
const storedObjects = (objects: ReadonlyArray<object>) =>
  Effect.gen(function* () {
    const { _id } = yield* taskIn("Label")
    yield* accepted(`POST /annotate/${_id}`, { answer: { objects } })
    return (yield* answerOf(_id)).tools
  })

const imported = (body: object) =>
  Effect.map(
    accepted("POST /import/labels", { project: projectId, ...body }),
    ({ project }) => project as string
  )

const tom = [{ externalId: "tom.jpg" }]

const importOne = countsOf(projectId, tom)

const issueOf = (position: unknown) =>
  Effect.flatMap(taskIn("Label"), ({ _id }) =>
    Effect.map(accepted("POST /issues", { content: "x", labelTask: _id, position }), ({ issue }) => issue)
  )

export const variantsOfAnswers = [
  row(
    "import-body",
    "label imports: `jsonContent` is an array or a text; labels may have an `answer`",
    Effect.gen(function* () {
      const { _id, asset } = yield* taskIn("Start")
      const object = (objectId: string) => ({ schemaId: "s1", objectId, point: [1, 2] })
      const entry = (objectId: string) => ({ externalId: asset.externalId, objects: [object(objectId)] })
      const label = (objectId: string) => ({ assetId: asset._id, answer: { objects: [object(objectId)] } })
      const bodies: Record<string, object> = {
        array: { jsonContent: [entry("array")] },
        text: { jsonContent: JSON.stringify([entry("text")]) },
        labels: { labels: [{ ...label("labels"), status: "Completed" }] },
        labelsAsText: { labels: JSON.stringify([label("labelsAsText")]) }
      }
      for (const [name, body] of Object.entries(bodies)) {
        expect(yield* imported(body)).toBe("1 / 1 tasks are labeled.")
        expect((yield* answerOf(_id)).tools).toMatchObject([{ objectId: name }])
      }
    })
  ),
  row(
    "attachment-body",
    "attachments are nested or flat; assets are found by externalId, data, both, or assetId",
    Effect.gen(function* () {
      const { _id, data, externalId } = (yield* taskIn("Label")).asset
      const attachments = [{ type: "TEXT", value: "hint" }]
      const flat = { attachmentUrl: "hint", attachmentType: "text" }
      const entries = [
        { externalId, attachments },
        { data, attachments },
        { externalId, data, attachments },
        { externalId, ...flat },
        { assetId: _id, ...flat }
      ]
      for (const entry of entries) {
        const { project } = yield* accepted("POST /attachments", { project: projectId, attachments: [entry] })
        expect(project).toEqual({ attachmentsImported: 1, assetsUpdated: 1 })
      }
      const { assets } = yield* accepted(`GET /project/${projectId}/assets?_id=${_id}`)
      expect(assets[0].attachments).toEqual(entries.flatMap(() => attachments))
      const call = Effect.flatMap(Attachments, (service) =>
        strictly(service.create(projectId, [{ attachments: [{ type: "TEXT", value: "x" }] }]))
      )
      expect(yield* Effect.flip(call)).toMatchObject({ _tag: "InvalidRequest" })
    })
  ),
  row(
    "answer-keys",
    "objects are written under `objects` or `tools`, and read under `tools`",
    Effect.gen(function* () {
      const { _id } = yield* taskIn("Label")
      for (const name of ["objects", "tools"]) {
        const object = { schemaId: "s1", objectId: `by ${name}`, point: [1, 2] }
        yield* accepted(`POST /annotate/${_id}`, { answer: { [name]: [object] } })
        const answer = yield* answerOf(_id)
        expect(answer.tools).toMatchObject([object])
        expect(answer).not.toHaveProperty("objects")
      }
    })
  ),
  row(
    "annotation-dates",
    "dates in metadata are epoch milliseconds or ISO text; both are kept",
    Effect.gen(function* () {
      const dates = [1_706_781_540_000, "2024-02-01T09:59:00.000Z"]
      const objects = dates.map((createdAt) => ({
        schemaId: "s1",
        objectId: String(createdAt),
        metadata: { createdAt, createdBy: "import" }
      }))
      expect(yield* readObjects(objects)).toEqual(objects)
      const task = yield* taskIn("Label")
      yield* accepted(`POST /annotate/${task._id}`, {
        answer: { objects: [{ schemaId: "s1", point: [1, 2] }] }
      })
      const [object] = (yield* answerOf(task._id)).tools
      expect(new Date(object.metadata.createdAt).getTime()).not.toBeNaN()
    })
  ),
  row(
    "option-answers",
    "options are stored by id when sent by value or by id; both are read and converted",
    Effect.gen(function* () {
      const { _id } = yield* taskIn("Label")
      for (const answer of ["Rain", rain]) {
        yield* accepted(`POST /annotate/${_id}`, {
          answer: { classifications: [{ title: "Weather", answer }] }
        })
        expect((yield* answerOf(_id)).classifications).toMatchObject([{ answer: rain }])
      }
      const { categorySchema } = yield* Effect.flatMap(Projects, (service) => service.get(projectId))
      const named = (answer: string) => ({ classifications: [{ title: "Weather", answer }] })
      expect(Ontology.toOptionValues(named(rain), categorySchema ?? {})).toEqual(named("Rain"))
      expect(Ontology.toOptionIds(named("Rain"), categorySchema ?? {})).toEqual(named(rain))
    })
  ),
  row(
    "import-result",
    "the result of an import is a sentence; the client reads its counts and its text",
    Effect.gen(function* () {
      expect(yield* imported({ jsonContent: [{ externalId: "nobody's.jpg" }] })).toBe(
        "0 / 1 tasks are labeled."
      )
      for (const [message, labeled, total] of [
        ["50 / 50 tasks are labeled.", 50, 50],
        ["1/3 tasks are labeled", 1, 3],
        ["2 of 4 tasks are labeled.", 2, 4]
      ] as const) {
        const counts = yield* read(importOne, { project: message }, 200, beforeImport(tom))
        expect(counts).toEqual([{ labeled, total, message }])
      }
      const message = "in the background"
      expect(yield* read(importOne, { project: message }, 200, beforeImport(tom))).toEqual([{ message }])
    })
  ),
  row(
    "box-origin",
    "boxes start at any corner; negative sizes are stored and read unchanged",
    Effect.gen(function* () {
      const box = {
        schemaId: "s1",
        objectId: "b1",
        "bounding-box": { x: 90, y: 80, width: -30, height: -40 }
      }
      expect(yield* storedObjects([box])).toMatchObject([box])
      expect(yield* readObjects([box])).toEqual([box])
    })
  ),
  row(
    "rotated-box-pivot",
    "rotated boxes are stored unchanged, and read with or without corners",
    Effect.gen(function* () {
      const turned = { x: 10, y: 20, width: 30, height: 40, rotation: -12 }
      const object = { schemaId: "s1", objectId: "r1", "rotated-bounding-box": turned }
      expect(yield* storedObjects([object])).toMatchObject([object])
      const corners = [
        [10, 20],
        [18.3, 59.1],
        [47.7, 52.9],
        [39.3, 13.8]
      ]
      const exported = { ...object, "rotated-bounding-box": { ...turned, corners } }
      expect(yield* readObjects([object, exported])).toEqual([object, exported])
    })
  ),
  row(
    "issue-position",
    "positions are stored as text; the client reads the positions of all clients",
    Effect.gen(function* () {
      for (const [position, stored, place] of [
        ["[50,120]", "[50,120]", { position: [50, 120] }],
        ["[25, 15]", "[25, 15]", { position: [25, 15] }],
        [[25, 15], "[25,15]", { position: [25, 15] }],
        ["54", "54", { textIndex: 54 }],
        [54, "54", { textIndex: 54 }],
        ["None", "None", undefined]
      ] as const) {
        const issue = yield* issueOf(position)
        expect(issue.position).toBe(stored)
        expect(Issue.locationOf(issue)).toEqual(place)
      }
    })
  ),
  row(
    "pdf-object-id",
    "the objectId of a PDF area is in the object or in the area; both are the same object",
    Effect.gen(function* () {
      const area = { x1: 10, y1: 10, x2: 60, y2: 40, width: 800, height: 1200, pageNumber: 1 }
      const outside = { schemaId: "s1", objectId: "p1", pdf: area }
      const inside = { schemaId: "s1", pdf: { ...area, objectId: "p1" } }
      const objects = yield* readObjects([outside, inside])
      expect(objects).toEqual([outside, inside])
      const moved: Answer.AnswerObject = { ...outside, ...{ pdf: { ...area, x1: 11 } } }
      for (const one of objects ?? []) {
        expect(Answer.merge({ tools: [one] }, { tools: [moved] }).tools).toEqual([moved])
      }
      expect(yield* storedObjects([inside])).toMatchObject([{ pdf: area }])
    })
  ),
  row(
    "issue-list-key",
    "a list of issues is under `issue`, with 201; the client also reads `issues`",
    Effect.gen(function* () {
      expect(Object.keys(yield* accepted("GET /issues", undefined, 201))).toEqual(["issue"])
      const call = Effect.flatMap(Issues, (service) => service.page())
      for (const name of ["issue", "issues"]) {
        expect(yield* read(call, { [name]: [{ _id: "65aa0000000000000000f001" }] }, 201)).toHaveLength(1)
      }
      expect(yield* statusOf("GET /issue")).toBe(404)
      expect(yield* queries(call)).toHaveLength(1)
    })
  )
]
