// Unreadable requests are a 400 in the hub's envelope: broken bodies, other content types, undocumented queries.
import * as HttpApi from "@effect/platform/HttpApi"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AngoApi, AngoTest, Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest

const withBody: Array<readonly [name: string, request: string]> = []

HttpApi.reflect(AngoApi, {
  onGroup: () => {},
  onEndpoint: ({ endpoint, group, payloads }) => {
    if (payloads.size === 0) return
    const path = endpoint.path.replace(":projectId", projectId).replace(/:\w+/g, "65aa0000000000000000b001")
    withBody.push([`${group.identifier}.${endpoint.name}`, `${endpoint.method} ${path}`])
  }
})

// Plugins may send anything (docs/api-notes.md#plugin-bodies), and these two are forms.
const anything = ["plugins.respond", "plugins.log", "plugins.fileExplorer"]
const forms = ["assets.importChat", "projects.instructions"]

const json = withBody.filter(([name]) => ![...anything, ...forms].includes(name))

const send = (request: string, body: string, type: string | undefined) =>
  Effect.flatMap(Emulator, ({ apiKey }) =>
    askHub(request, body, {
      apikey: Redacted.value(apiKey),
      ...(type === undefined ? {} : { "content-type": type })
    })
  )

const refusal = { status: 400, body: { status: "fail", message: expect.stringMatching(/^[A-Z].*\.$/) } }

describe("every endpoint with a body", () => {
  it("is in this list", () => {
    expect(withBody.length).toBeGreaterThan(20)
    expect(withBody.every(([, request]) => /^(POST|DELETE) /.test(request))).toBe(true)
    expect(json.length).toBe(withBody.length - 5)
  })

  it.effect.each(json)("rejects invalid JSON: %s", ([, request]) =>
    withHub(
      Effect.gen(function* () {
        for (const body of ["{", "{'a':1}", "\u0000", '{"a":'.repeat(50), "undefined"]) {
          const answer = yield* send(request, body, "application/json")
          expect(answer).toMatchObject(refusal)
          expect(Object.keys(answer.body).toSorted()).toEqual(["message", "status"])
        }
      })
    )
  )

  it.effect.each(json.filter(([name]) => name !== "metrics.performance"))(
    "rejects JSON of the wrong shape, or no body: %s",
    ([, request]) =>
      withHub(
        Effect.gen(function* () {
          for (const body of ["", "null", "7", '"text"', "[]"]) {
            expect([body, yield* send(request, body, "application/json")]).toMatchObject([body, refusal])
          }
        })
      )
  )

  it.effect.each(json.filter(([name]) => name !== "metrics.performance"))(
    "rejects another content type: %s",
    ([, request]) =>
      withHub(
        Effect.gen(function* () {
          for (const [body, type] of [
            ["{}", "text/plain;charset=UTF-8"],
            ["name=Cats&stageId=Label&content=x&batches=x", "application/x-www-form-urlencoded"],
            [
              '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nCats\r\n--x--\r\n',
              "multipart/form-data; boundary=x"
            ],
            ["not a form at all", "multipart/form-data"],
            ["<a/>", "application/xml"],
            ["\u0001", "application/octet-stream"],
            ["{}", ""]
          ] as const) {
            expect([type, yield* send(request, body, type)]).toMatchObject([type, refusal])
          }
        })
      )
  )

  it.effect.each(forms.flatMap((name) => withBody.filter(([known]) => known === name)))(
    "that takes a form rejects other bodies: %s",
    ([, request]) =>
      withHub(
        Effect.gen(function* () {
          for (const [body, type] of [
            ["{", "application/json"],
            ["x", "text/plain"],
            ["no boundary", "multipart/form-data"],
            ["broken", "multipart/form-data; boundary=x"]
          ] as const) {
            const answer = yield* send(request, body, type)
            expect([type, answer.status, typeof answer.message]).toEqual([type, 400, "string"])
          }
        })
      )
  )

  it.effect("accepts any JSON content type, in any case, with a charset", () =>
    withHub(
      Effect.gen(function* () {
        for (const type of [
          "application/json",
          "Application/JSON; charset=utf-8",
          "application/json;charset=UTF-8"
        ]) {
          expect(yield* send("POST /project", '{"name":"Cats"}', type)).toMatchObject({ status: 201 })
        }
      })
    )
  )

  it.effect("checks the key first", () =>
    withHub(
      Effect.gen(function* () {
        const answer = yield* askHub("POST /project", "{", { "content-type": "application/json" })
        expect(answer).toMatchObject({ status: 401, message: "Invalid API KEY" })
      })
    )
  )
})

describe("an unreadable query or path", () => {
  it.effect.each([
    `GET /project/${projectId}/tasks?page=1&page=2`,
    `GET /project/${projectId}/tasks?filter=%7B`,
    `GET /project/${projectId}/tasks?filters=[]`,
    `GET /project/${projectId}/tasks?filter=%E0%A4%A`,
    `GET /project/${projectId}/assets?filters=7`,
    "GET /listProjects?limit=ten",
    "GET /issues?page=-1",
    "GET /export",
    `GET /export?project=${projectId}&updatedAt=yesterday`,
    "GET /getUploadUrl",
    "DELETE /issues/65aa0000000000000000b001",
    `GET /${projectId}/overview/Happiness`
  ])("%s is 400", (request) =>
    withHub(
      Effect.gen(function* () {
        expect(yield* askHub(request)).toMatchObject({ status: 400, body: { status: "fail" } })
      })
    )
  )

  it.effect.each(["GET /task/%E0%A4%A", "GET /project/%", "GET /task/%00", "GET /task/..%2F.."])(
    "%s is rejected in the hub's envelope",
    (request) =>
      withHub(
        Effect.gen(function* () {
          const { body, status } = yield* askHub(request)
          expect([400, 404]).toContain(status)
          expect(body).toEqual({ status: "fail", message: expect.any(String) })
        })
      )
  )
})
