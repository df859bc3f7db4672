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

  it.effect("excludes an object; content and task are required", () =>
    withHub(
      Effect.gen(function* () {
        const labelTask = yield* aTask
        for (const body of [
          { content: "x", labelTask, position: "54", objectId: "o" },
          { content: "x" },
          { labelTask },
          { content: "", labelTask }
        ]) {
          expect((yield* askHub("POST /issues", body)).status).toBe(400)
        }
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
