// Endpoints of issues, called in every documented variant.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest

const aTask = Effect.map(Emulator, ({ state }) => String(state.projects.get(projectId)?.tasks[0]?._id))

describe("success-status, issue-list-key: the list of issues", () => {
  it.effect("has status 201 and the key `issue`, with 10 issues, newest first", () =>
    withHub(
      Effect.gen(function* () {
        const { data, status } = yield* askHub("GET /issues")
        expect([status, Object.keys(data)]).toEqual([201, ["issue"]])
        const created = data.issue.map((issue: { readonly createdAt: string }) => issue.createdAt)
        expect(created).toEqual(created.toSorted().toReversed())
      })
    )
  )
})

describe("issue-position: the position of an issue", () => {
  it.effect.each([
    ["[50,120]", "[50,120]"],
    ["[25, 15]", "[25, 15]"],
    ["54", "54"],
    ["None", "None"],
    [54, "54"],
    [[25, 15], "[25,15]"],
    [undefined, undefined]
  ] as const)("%j is stored as the text %j", ([position, stored]) =>
    withHub(
      Effect.gen(function* () {
        const labelTask = yield* aTask
        const { data } = yield* askHub("POST /issues", { content: "x", labelTask, position })
        expect(data.issue).toMatchObject({ status: "Open", labelTask, comments: [] })
        expect(data.issue.position).toBe(stored)
        const listed = yield* askHub(`GET /issues?labelTask=${labelTask}&project=${projectId}`)
        expect(listed.data.issue[0].position).toBe(stored)
      })
    )
  )

  it.effect("excludes an object, a last page needs a first one; content and task are required", () =>
    withHub(
      Effect.gen(function* () {
        const labelTask = yield* aTask
        for (const body of [
          { content: "x", labelTask, position: "54", objectId: "o" },
          { content: "x", labelTask, page: 0, objectId: "o" },
          { content: "x", labelTask, page: 0, pageEnd: 1, objectId: "o" },
          { content: "x", labelTask, dataIndex: 0, objectId: "o" },
          { content: "x", labelTask, plane: "A", objectId: "o" },
          { content: "x", labelTask, pageEnd: 4 },
          { content: "x", labelTask, plane: "D" },
          { content: "x" },
          { labelTask },
          { content: "", labelTask }
        ]) {
          expect((yield* askHub("POST /issues", body)).status, JSON.stringify(body)).toBe(400)
        }
      })
    )
  )

  it.effect("every part of a location, and unknown fields, come back in the response and the list", () =>
    withHub(
      Effect.gen(function* () {
        const labelTask = yield* aTask
        const where = { position: "[25, 15]", page: 3, pageEnd: 9, dataIndex: 1, plane: "S", zoom: [1, null] }
        const { data } = yield* askHub("POST /issues", { content: "x", labelTask, ...where })
        expect(data.issue).toMatchObject(where)
        const path = `POST /issues/${data.issue._id}`
        const updated = yield* askHub(path, { status: "Resolved", reason: { code: 7 } })
        expect(updated.data.issue).toMatchObject({ ...where, reason: { code: 7 } })
        const commented = yield* askHub(`${path}/comment`, { content: "y", mood: "calm" })
        expect(commented.data.issue.comments[0]).toMatchObject({ content: "y", mood: "calm" })
        const listed = yield* askHub(`GET /issues?labelTask=${labelTask}&project=${projectId}`)
        expect(listed.data.issue[0]).toMatchObject(commented.data.issue)
      })
    )
  )

  it.effect("accepts a status in any case, rejects an unknown one", () =>
    withHub(
      Effect.gen(function* () {
        const { data } = yield* askHub("POST /issues", { content: "x", labelTask: yield* aTask })
        const path = `POST /issues/${data.issue._id}`
        expect((yield* askHub(path, { status: "resolved" })).data.issue.status).toBe("Resolved")
        expect(yield* askHub(path, { status: "Frozen" })).toMatchObject({ status: 400 })
        expect((yield* askHub(path, {})).status).toBe(200)
      })
    )
  )
})

describe("undocumented-answers: deletion", () => {
  it.effect("deletes an issue with its project in the query", () =>
    withHub(
      Effect.gen(function* () {
        const { data } = yield* askHub(`GET /issues?project=${projectId}`)
        const path = `DELETE /issues/${data.issue[0]._id}`
        expect((yield* askHub(path)).status).toBe(400)
        expect((yield* askHub(`${path}?project=nobody`)).message).toBe("Invalid project: nobody.")
        expect((yield* askHub(`${path}?project=${projectId}`)).status).toBe(200)
        expect((yield* askHub(`${path}?project=${projectId}`)).status).toBe(404)
      })
    )
  )
})
