// Endpoints of annotations, called with `fetch` and documented bodies.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest

const ask = (method: string, path: string, given?: unknown) =>
  Effect.map(askHub(`${method} ${path}`, given), ({ body, status }) => ({ status, body }))

const post = (path: string, body: unknown) => ask("POST", path, body)

const stored = Effect.map(Emulator, ({ state }) => {
  const project = state.projects.get(projectId)
  if (project === undefined) throw new Error("the seed has no first project")
  return project
})

const taskIn = (stage: string, nth = 0) =>
  Effect.map(stored, ({ tasks }) => {
    const task = tasks.filter((one) => one.stage === stage)[nth]
    if (task === undefined) throw new Error(`no task in ${stage}`)
    return task
  })

const get = (taskId: string) =>
  Effect.map(
    ask("GET", `/task/${taskId}?includeAnswer=true`),
    ({ body }) => body.data?.["task"] as Record<string, unknown>
  )

describe("every documented request variant is accepted", () => {
  it.effect("annotate-method: POST stores annotations; GET, as in old documents, is a 404", () =>
    withHub(
      Effect.gen(function* () {
        const { _id } = yield* taskIn("Label")
        const answer = { objects: [], classifications: [], relations: [] }
        expect(yield* post(`/annotate/${_id}`, { answer })).toMatchObject({
          status: 200,
          body: { status: "success", data: { label: { _id } } }
        })
        const refused = yield* ask("GET", `/annotate/${_id}`)
        expect([404, 405]).toContain(refused.status)
        expect(refused.body.status).toBe("fail")
      })
    )
  )

  it.effect("annotate: accepts query flags in any case or none, and the bodies of every client", () =>
    withHub(
      Effect.gen(function* () {
        const answer = { objects: [] }
        for (const [query, body, stage] of [
          ["", { answer }, "Label"],
          ["?isPlugin=True", { answer, duration: 0 }, "Label"],
          [
            "?nextStage=False&isPlugin=False",
            { answer, brushDataUrl: null, medicalBrushDataUrl: null, duration: 0 },
            "Label"
          ],
          ["?nextStage=true", { answer, duration: 0 }, "206f2f63-0c4d-4b8e-9a51-000000000001"]
        ] as const) {
          const { _id } = yield* taskIn("Label")
          const reply = yield* post(`/annotate/${_id}${query}`, body)
          expect(reply).toMatchObject({ status: 200, body: { data: { label: { stage } } } })
        }
      })
    )
  )

  it.effect("answer-keys: accepts objects under `objects` or `tools`, returns them under `tools`", () =>
    withHub(
      Effect.gen(function* () {
        const { _id } = yield* taskIn("Label")
        for (const name of ["objects", "tools"]) {
          const object = { schemaId: "s1", objectId: `by ${name}`, point: [1, 2] }
          yield* post(`/annotate/${_id}`, { answer: { [name]: [object] } })
          const { answer } = yield* get(_id)
          expect(answer).toMatchObject({ tools: [object], classifications: [], relations: [] })
          expect(answer).not.toHaveProperty("objects")
        }
      })
    )
  )

  it.effect("option-answers: stores options sent by value as ids, keeps ids and texts", () =>
    withHub(
      Effect.gen(function* () {
        const { _id } = yield* taskIn("Label")
        const weather = "5c4e5a5c4e0000000000009"
        const rain = "5c4e5a5c4e000000000000b"
        for (const [question, given, kept] of [
          [{ schemaId: weather }, "Rain", rain],
          [{ title: "Weather" }, "Rain", rain],
          [{ schemaId: weather }, rain, rain],
          [{ schemaId: weather }, ["Rain", "Hail"], [rain, "Hail"]],
          [{ title: "Remarks" }, "Rain", "Rain"]
        ] as const) {
          yield* post(`/annotate/${_id}`, { answer: { classifications: [{ ...question, answer: given }] } })
          const { answer } = yield* get(_id)
          expect(answer).toMatchObject({ classifications: [{ answer: kept, objectId: expect.any(String) }] })
        }
      })
    )
  )

  const imports = (externalId: string, assetId: string) => {
    const objects = [{ schemaId: "s1", objectId: "o1", point: [1, 2] }]
    const entries = [{ externalId, objects }]
    return {
      "jsonContent, an array": { jsonContent: entries },
      "jsonContent, a JSON text": { jsonContent: JSON.stringify(entries) },
      "jsonContent with tools": { jsonContent: [{ externalId, tools: objects }] },
      "labels by externalId": { labels: [{ externalId, answer: { objects }, status: "Completed" }] },
      "labels by assetId": { labels: [{ assetId, answer: { objects } }] },
      "labels, a JSON text": { labels: JSON.stringify([{ assetId, answer: { objects } }]) }
    }
  }

  it.effect.each(Object.keys(imports("", "")))(
    "import-body, import-result: labels are imported from %s",
    (name) =>
      withHub(
        Effect.gen(function* () {
          const task = yield* taskIn("Start")
          const asset = task.asset
          if (typeof asset === "string" || asset == null) throw new Error("the seed populates assets")
          const bodies: Record<string, object> = imports(asset.externalId ?? "", asset._id)
          const reply = yield* post("/import/labels", { project: projectId, ...bodies[name] })
          expect(reply).toEqual({
            status: 200,
            body: { status: "success", data: { project: "1 / 1 tasks are labeled." } }
          })
          expect(yield* get(task._id)).toMatchObject({
            isPreLabeled: true,
            answer: { tools: [{ objectId: "o1", point: [1, 2] }] }
          })
        })
      )
  )

  it.effect.each([{ jsonContent: "not json" }, { jsonContent: "{}" }, { labels: 3 }, {}])(
    "import-body: rejects %j with 400",
    (body) =>
      withHub(
        Effect.gen(function* () {
          expect(yield* post("/import/labels", { project: projectId, ...body })).toMatchObject({
            status: 400,
            body: { status: "fail" }
          })
        })
      )
  )
})
