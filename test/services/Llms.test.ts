// Language models against the emulator; their keys are sent and never shown.
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Assets, type Llm, Llms } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const layer = AngoTest.layer({ tasks: 5 })

const setup = Effect.all({ hub: Emulator, llms: Llms })

const secret = "sk-secret/0001+abc="

const helper: Llm.NewLlm = {
  name: "Helper",
  provider: "openrouter",
  model: "mistralai/mistral-large",
  apiKey: Redacted.make(secret),
  isStreamable: true,
  baseUrl: "https://openrouter.ai/api/v1"
}

describe("language models", () => {
  it.effect("are added, read, listed, used by conversations and deleted", () =>
    Effect.gen(function* () {
      const { llms } = yield* setup
      const before = yield* llms.list()
      expect(before.map(({ provider }) => provider)).toEqual(["openai", "openrouter"])
      const created = yield* Effect.fromNullable(yield* llms.create(helper))
      const { apiKey, baseUrl, ...fields } = helper
      expect(created).toMatchObject({ ...fields, configuration: { baseUrl } })
      expect(Redacted.value(apiKey)).toBe(secret)
      expect(yield* llms.get(created.id)).toEqual(created)
      expect(yield* llms.list()).toEqual([...before, created])
      const assets = yield* Assets
      expect(yield* assets.importChat(AngoTest.projectId, { count: 1, llm: created.id })).toMatchObject({})
      yield* llms.delete(created.id)
      expect(yield* llms.list()).toEqual(before)
      expect(yield* Effect.flip(llms.get(created.id))).toMatchObject({ _tag: "NotFound" })
    }).pipe(Effect.provide(layer))
  )

  it.effect("are not streamable by default", () =>
    Effect.gen(function* () {
      const { llms } = yield* setup
      const { apiKey, model, name, provider } = helper
      const created = yield* llms.create({ name, provider, model, apiKey })
      expect(created).toMatchObject({ isStreamable: false, configuration: {} })
    }).pipe(Effect.provide(layer))
  )

  it.effect("fail with NotFound for an unknown id, and with Forbidden without permission", () =>
    Effect.gen(function* () {
      const { hub, llms } = yield* setup
      const before = yield* llms.list()
      expect(yield* Effect.flip(llms.get("nobody"))).toMatchObject({ _tag: "NotFound" })
      expect(yield* Effect.flip(llms.delete("nobody"))).toMatchObject({ _tag: "NotFound" })
      yield* hub.faults.on("llms.delete", [Faults.fail(403, "Only admins.")])
      const error = yield* Effect.flip(llms.delete(before[0]?.id ?? ""))
      expect(error).toMatchObject({ _tag: "Forbidden", vendorMessage: "Only admins." })
      expect(yield* llms.list()).toEqual(before)
    }).pipe(Effect.provide(layer))
  )

  it.effect("are not added again when the result is unknown, and the error says where to look", () =>
    Effect.gen(function* () {
      const { hub, llms } = yield* setup
      yield* hub.faults.on("llms.create", [Faults.afterProcessing(Faults.reset), Faults.ok])
      const fiber = yield* Effect.fork(Effect.flip(llms.create(helper)))
      yield* TestClock.adjust("10 minutes")
      const error = yield* Fiber.join(fiber)
      expect(error).toMatchObject({ _tag: "AmbiguousOutcome", attempts: 1, repeatable: false })
      expect(error.message).toContain("To find out, call Llms.list and look for a model of this name.")
      expect((yield* llms.list()).filter(({ name }) => name === helper.name)).toHaveLength(1)
    }).pipe(Effect.provide(layer))
  )
})

describe("the key of a language model", () => {
  it.effect("is in no result, error or state, even if the hub repeats it in a message", () =>
    Effect.gen(function* () {
      const { hub, llms } = yield* setup
      const created = yield* llms.create(helper)
      const echo = `Incorrect API key provided: ${secret}.`
      const errors: Array<unknown> = []
      for (const fault of [
        Faults.fail(400, echo),
        Faults.fail(403, echo),
        Faults.fail(500, echo),
        Faults.respond(200, JSON.stringify({ status: "fail", message: echo })),
        Faults.respond(200, JSON.stringify({ status: "success", data: { llm: secret } })),
        Faults.respond(200, `<html>${echo}</html>`, { "content-type": "text/html" }),
        Faults.respond(200, secret)
      ]) {
        yield* hub.faults.on("llms.create", Faults.repeat(fault))
        const fiber = yield* Effect.fork(Effect.either(llms.create(helper)))
        yield* TestClock.adjust("10 minutes")
        errors.push(yield* Fiber.join(fiber))
      }
      expect(inspect(errors[0], { depth: 9 })).toContain("Incorrect API key provided: <redacted>")
      const everything = [created, yield* llms.list(), helper, errors, hub.state.llms]
      expect(inspect(everything, { depth: 12, showHidden: true })).not.toContain("sk-secret")
      expect(JSON.stringify(everything)).not.toContain("sk-secret")
    }).pipe(Effect.provide(layer))
  )
})

describe("invalid language models", () => {
  it.effect.each([
    [{ ...helper, name: " " }, "name", "a name that is not empty"],
    [{ ...helper, model: "" }, "model", "the name of a model at its provider"],
    [{ ...helper, provider: "mars" }, "provider", "a provider of language models: openai, openrouter"],
    [{ ...helper, apiKey: Redacted.make(" ") }, "apiKey", "an API key that is not empty"],
    [{ ...helper, apiKey: "plain text" }, "apiKey", "Redacted"],
    [
      { ...helper, baseUrl: "openrouter.ai" },
      "baseUrl",
      "an absolute URL that begins with http:// or https://"
    ]
  ] as const)("%# are refused before any request", ([llm, parameter, allowed]) =>
    Effect.gen(function* () {
      const { hub, llms } = yield* setup
      const error = yield* Effect.flip(llms.create(llm as Llm.NewLlm))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(error.message).toContain(allowed)
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/plain text|sk-secret/)
      expect(yield* hub.requests()).toEqual([])
    }).pipe(Effect.provide(layer))
  )
})
