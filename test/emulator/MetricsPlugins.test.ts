// Endpoints of metrics and plugins, called in every documented variant.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest

describe("performance-body: the body of a performance request", () => {
  const from = "2024-01-01T00:00:00.000Z"
  const to = "2024-06-04T12:00:00.000000Z"

  it.effect("interval or startDate and endDate, in either precision; batches; users; nothing", () =>
    withHub(
      Effect.gen(function* () {
        const performance = (body?: unknown) =>
          Effect.map(askHub(`POST /performance/${projectId}`, body), ({ data, status }) => {
            expect(status).toBe(200)
            return data.performance
          })
        const part = yield* performance({ interval: [from, to] })
        expect(part.users.length).toBeGreaterThan(0)
        expect(yield* performance({ startDate: from, endDate: to })).toEqual(part)
        const all = yield* performance({})
        expect(yield* performance()).toEqual(all)
        expect(yield* performance("")).toEqual(all)
        expect(all).not.toEqual(part)
        const [{ user }] = all.users
        expect((yield* performance({ users: [user] })).users).toHaveLength(1)
      })
    )
  )

  it.effect("rejects other bodies", () =>
    withHub(
      Effect.gen(function* () {
        for (const body of ["{", '{"interval":["yesterday","today"]}', '{"users":"lab@example.com"}']) {
          expect((yield* askHub(`POST /performance/${projectId}`, body)).status).toBe(400)
        }
      })
    )
  )
})

describe("plugin-bodies: plugins", () => {
  it.effect.each([
    ["/pluginResponse", { response: "done", session: "s" }, { response: { received: true } }],
    [
      "/pluginResponse",
      { response: "x", session: "s", error: true, export: true },
      { response: { received: true } }
    ],
    [
      "/pluginResponse",
      { pluginId: "p", taskId: "t", response: {}, status: "ok" },
      { response: { received: true, taskId: "t" } }
    ],
    [
      "/pluginLog",
      { level: "INFO", organization: "o", pluginId: "p", runBy: "r", session: "s", msg: "m" },
      { response: { logged: true } }
    ],
    [
      "/pluginLog",
      { pluginId: "p", level: "info", message: "m", metadata: { a: 1 } },
      { response: { logged: true } }
    ],
    ["/pluginLog", { anything: [null] }, { response: { logged: true } }],
    ["/pluginLog", "not even JSON", { response: { logged: true } }],
    ["/pluginResponse", "[]", { response: { received: true } }],
    [
      "/file-explorer",
      { bucket: "b", storageId: "nobody" },
      { folders: [], files: [], scrollToken: null, success: true }
    ],
    ["/file-explorer", {}, { folders: [], files: [], scrollToken: null, success: true }]
  ] as const)("%s takes %j", ([path, body, data]) =>
    withHub(
      Effect.gen(function* () {
        expect(yield* askHub(`POST ${path}`, body)).toMatchObject({ status: 200, data })
      })
    )
  )
})
