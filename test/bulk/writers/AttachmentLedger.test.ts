// Attachments of a program that was killed before it got a response.
import { KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Attachments, Ledger } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { bareImport, outcomesOf } from "../../support/Outcomes.js"

const { projectId } = AngoTest

const text = (value: string) => ({ type: "TEXT", value })

describe("an asset that had attachments before", () => {
  it.effect.each([
    ["gets those that did not reach the hub", Faults.hang, 1, "Updated"],
    ["keeps those that did", Faults.afterProcessing(Faults.hang), 2, "done-before"]
  ] as const)("%s, in the next run", ([, fault, attached, end]) =>
    Effect.gen(function* () {
      const [attachments, hub] = yield* Effect.all([Attachments, Emulator])
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "attachments")
      const asset = { data: "https://files.example/a", externalId: "a", attachments: [text("first")] }
      yield* bareImport(projectId, [asset])
      const run = outcomesOf(
        attachments.create(projectId, [{ externalId: "a", attachments: [text("hint")] }], { ledger })
      )
      yield* hub.faults.on("attachments.create", fault)
      const fiber = yield* Effect.fork(run)
      const held = () =>
        hub.state.projects.get(projectId)?.assets.find(({ externalId }) => externalId === "a")?.attachments
      while ((yield* hub.requests("attachments.create")).length === 0 || held()?.length !== attached) {
        yield* Effect.yieldNow()
      }
      yield* Fiber.interrupt(fiber)
      const [outcome] = yield* run
      expect(Object(outcome).reason ?? outcome?._tag).toBe(end)
      expect(held()?.map(({ value }) => value)).toEqual(["first", "hint"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })), Effect.provide(KeyValueStore.layerMemory))
  )
})
