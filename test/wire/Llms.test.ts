// Requests and responses of language models.
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Llm, Llms } from "effect-ango"
import { block, golden, scripted, toResponse } from "../support/Wire.js"
import { type RequestCase, reads, sends } from "../support/WireCases.js"

const id = "65aa00000000000000007001"

type Service = Llms["Type"]

const llms = <A>(f: (service: Service) => Effect.Effect<A, unknown>) => ({
  call: Effect.flatMap(Llms, f)
})

const list = llms((service) => service.list())
const remove = llms((service) => service.delete(id))
const create = (llm: Partial<Llm.NewLlm> = {}) =>
  llms((service) =>
    service.create({
      name: "Helper",
      provider: "openai",
      model: "gpt-4.1",
      apiKey: Redacted.make("sk-0001"),
      ...llm
    })
  )

sends("llms.list", {
  default: list,
  "by-id": llms((service) => service.get(id)),
  "us-region": { ...list, region: "us" } satisfies RequestCase
})
sends("llms.create", {
  least: create({ isStreamable: undefined, baseUrl: undefined }),
  fullest: create({
    baseUrl: "https://openrouter.ai/api/v1",
    isStreamable: true,
    apiKey: Redacted.make("sk-or/0002+abc="),
    model: "mistralai/mistral-large",
    provider: "openrouter",
    name: "Second"
  }),
  "awkward-names": create({ name: 'Käfer & "Co" #1+2 50% 猫', model: "ft:gpt-4.1:größe & co" })
})
sends("llms.delete", { default: remove })

reads("llms.list", list.call)
reads("llms.create", create().call)
reads("llms.delete", remove.call)

const answered = (file: string, name: string) =>
  scripted([() => toResponse(block(golden(file).responses, name))]).layer

describe("language models", () => {
  it.effect.each([
    ["llms.list", "leaked-key"],
    ["llms.create", "leaked-key"]
  ] as const)("no key is decoded from a response of %s", ([file, name]) =>
    Effect.gen(function* () {
      expect(block(golden(file).responses, name)).toContain("leak-leak")
      const call: Effect.Effect<unknown, unknown, Llms> = file === "llms.list" ? list.call : create().call
      const seen = yield* Effect.provide(call, answered(file, name))
      expect(inspect(seen, { depth: 9, showHidden: true })).not.toContain("leak")
      expect(JSON.stringify(seen)).toContain(id)
    })
  )

  it.effect.each(["llm", "created-201", "unknown-extra-fields"])(
    "a new one is returned if the response contains it: %s",
    (name) =>
      Effect.map(Effect.provide(create().call, answered("llms.create", name)), (llm) =>
        expect(llm?.id).toMatch(/^65aa0000000000000000700[13]$/)
      )
  )

  it.effect.each(["message", "empty-data", "no-data", "id-alone"])(
    "a new one is undefined, without an error, if the response does not contain it: %s",
    (name) =>
      Effect.map(Effect.provide(create().call, answered("llms.create", name)), (llm) =>
        expect(llm).toBeUndefined()
      )
  )

  it.effect("get finds the model in a list of all models, or fails with NotFound", () =>
    Effect.gen(function* () {
      const get = (wanted: string) =>
        Effect.provide(
          llms((service) => service.get(wanted)).call,
          answered("llms.list", "fields-of-the-request")
        )
      expect((yield* get("65aa00000000000000007002")).name).toBe("Second")
      const error = yield* Effect.flip(get("65aa00000000000000007099"))
      expect(error).toMatchObject({ _tag: "NotFound", operation: "llms.list" })
    })
  )
})
