// Attachments of which the hub has a part: from before, or from a request that was applied in part.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Attachments } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { bareImport, outcomesOf } from "../../support/Outcomes.js"

const { projectId } = AngoTest

const text = (value: string) => ({ type: "TEXT", value })

const attach = (...rows: ReadonlyArray<readonly [externalId: string, ...values: ReadonlyArray<string>]>) =>
  Effect.flatMap(Attachments, (attachments) =>
    Effect.map(
      outcomesOf(
        attachments.create(
          projectId,
          rows.map(([externalId, ...values]) => ({ externalId, attachments: values.map(text) }))
        )
      ),
      (outcomes) => outcomes.map(({ _tag }) => _tag)
    )
  )

/** Seeds assets with these external ids and attachments. */
const start = (...assets: ReadonlyArray<readonly [externalId: string, ...values: ReadonlyArray<string>]>) =>
  bareImport(
    projectId,
    assets.map(([externalId, ...values], at) => ({
      data: `https://part.example/${at}`,
      externalId,
      attachments: values.map(text)
    }))
  )

const held = Effect.map(Emulator, ({ state }) =>
  (state.projects.get(projectId)?.assets ?? []).flatMap(({ attachments, data }) =>
    data?.startsWith("https://part.example/") ? [(attachments ?? []).map(({ value }) => value)] : []
  )
)

const small = AngoTest.layer({ tasks: 1 })

describe("attachments of which some exist", () => {
  it.effect("are sent: a row exists only if all its attachments do", () =>
    Effect.gen(function* () {
      yield* start(["a", "one"], ["b", "one", "two"])
      expect(yield* attach(["a", "one", "two"], ["b", "one", "two"])).toEqual(["Updated", "Skipped"])
      expect(yield* held).toEqual([
        ["one", "one", "two"],
        ["one", "two"]
      ])
    }).pipe(Effect.provide(small))
  )

  it.effect("are sent if another asset with the external id lacks them", () =>
    Effect.gen(function* () {
      yield* start(["twin", "one"], ["twin"])
      expect(yield* attach(["twin", "one"])).toEqual(["Updated"])
      expect(yield* attach(["twin", "one"])).toEqual(["Skipped"])
    }).pipe(Effect.provide(small))
  )
})

describe("a request that is applied in part", () => {
  it.effect("is read back even if the count equals the number of rows", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* start(["single"], ["twin"], ["twin"])
      yield* hub.faults.on("attachments.create", Faults.partialWrite(0.5))
      expect(yield* attach(["single", "one"], ["twin", "one"])).toEqual(["Failed", "Updated"])
      expect(yield* held).toEqual([[], ["one"], ["one"]])
    }).pipe(Effect.provide(small))
  )
})
