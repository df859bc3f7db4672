// Endpoints of language models, called with `fetch` and documented bodies.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const body = {
  name: "Helper",
  provider: "openai",
  model: "gpt-4.1",
  isStreamable: false,
  configuration: { apiKey: "leak-0001" }
}

describe("llms: language models", () => {
  it.effect.each([
    ["/llms/", body],
    ["/llms", body],
    ["/llms/", { ...body, isStreamable: null, configuration: { apiKey: "leak-0001", baseUrl: null } }],
    ["/llms/", { ...body, configuration: { apiKey: "leak-0001", baseUrl: "https://x.example/v1" } }]
  ] as const)("%s accepts %j, and returns and keeps no key", ([path, given]) =>
    withHub(
      Effect.gen(function* () {
        const { data, status } = yield* askHub(`POST ${path}`, given)
        expect(status).toBe(200)
        expect(data.llm).toMatchObject({
          _id: expect.stringMatching(/^[0-9a-f]{24}$/),
          name: "Helper",
          provider: "openai",
          model: "gpt-4.1",
          isStreamable: false
        })
        const listed = yield* askHub(`GET ${path}?_id=${data.llm._id}`)
        expect(listed.data.llms).toEqual([data.llm])
        const { state } = yield* Emulator
        expect(JSON.stringify([data, listed.data, [...state.llms]])).not.toContain("leak")
      })
    )
  )

  it.effect("the list has the models of the seed, in one response without pages", () =>
    withHub(
      Effect.gen(function* () {
        for (let count = 0; count < 12; count++) yield* askHub("POST /llms/", body)
        const { data } = yield* askHub("GET /llms")
        expect(data.llms).toHaveLength(14)
        expect(data.llms[0]).toMatchObject({ _id: expect.any(String), name: "Support assistant" })
        expect((yield* askHub("GET /llms?_id=65aa00000000000000007099")).data.llms).toEqual([])
      })
    )
  )

  it.effect.each([
    {},
    { ...body, name: "" },
    { ...body, model: "" },
    { ...body, provider: "mars" },
    { ...body, configuration: {} },
    { ...body, configuration: { apiKey: "" } },
    { ...body, configuration: { apiKey: "k", baseUrl: "x.example" } }
  ])("%j is rejected", (given) =>
    withHub(
      Effect.gen(function* () {
        expect((yield* askHub("POST /llms/", given)).status).toBe(400)
        expect((yield* Emulator).state.llms.size).toBe(2)
      })
    )
  )

  it.effect("a deleted model is gone, and cannot be deleted again", () =>
    withHub(
      Effect.gen(function* () {
        const { data } = yield* askHub("GET /llms")
        const [{ _id }] = data.llms
        expect((yield* askHub(`DELETE /llms/${_id}`)).status).toBe(200)
        expect((yield* askHub(`DELETE /llms/${_id}`)).status).toBe(404)
        expect((yield* askHub("GET /llms")).data.llms).toEqual(data.llms.slice(1))
      })
    )
  )
})
