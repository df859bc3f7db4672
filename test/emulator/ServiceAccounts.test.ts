// Keys of service accounts: they may call what their scopes name, and a 403 names the missing scope.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AngoTest, type EmulatorOptions } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const key = "ango_sa_reader"
const options: EmulatorOptions = {
  tasks: 2,
  serviceAccounts: [{ key: Redacted.make(key), scopes: ["tasks.list", "exports.*"] }]
}
const project = `/project/${AngoTest.projectId}`

describe("the key of a service account", () => {
  it.effect.each([
    [`GET ${project}/tasks`, 200, undefined],
    [`GET /export?project=${AngoTest.projectId}`, 200, undefined],
    [`GET ${project}`, 403, "Missing scope: projects.get."],
    ["GET /listProjects", 403, "Missing scope: projects.list."],
    [`DELETE ${project}`, 403, "Missing scope: projects.delete."]
  ] as const)("%s: %i", ([request, status, message]) =>
    withHub(
      Effect.gen(function* () {
        const answer = yield* askHub(request, undefined, { apikey: key })
        expect([answer.status, answer.message]).toEqual([status, message])
        expect((yield* askHub(request)).status).toBe(200)
      }),
      options
    )
  )

  it.effect("that the hub does not know is a 401", () =>
    withHub(
      Effect.gen(function* () {
        expect((yield* askHub("GET /listProjects", undefined, { apikey: "ango_sa_other" })).status).toBe(401)
      }),
      options
    )
  )
})
