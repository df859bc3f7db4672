// Deletion of assets with their tasks.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Assets, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { requests } from "../support/Requests.js"

const { projectId } = AngoTest

describe("delete", () => {
  it.effect("removes assets and their tasks from every list", () =>
    Effect.gen(function* () {
      const [assets, tasks, projects] = yield* Effect.all([Assets, Tasks, Projects])
      const before = yield* assets.page(projectId, { limit: 3 })
      const ids = before.items.map(({ id }) => id)
      const taskIds = before.items.map(({ labelTasks }) => labelTasks?.[0]?.id ?? "")
      yield* assets.delete(projectId, ids)
      const after = yield* assets.page(projectId, { limit: 1 })
      expect(after.total).toBe(before.total - 3)
      expect((yield* tasks.page(projectId)).total).toBe(before.total - 3)
      expect((yield* projects.get(projectId)).assetCount).toBe(before.total - 3)
      for (const id of ids) expect((yield* assets.page(projectId, { id })).total).toBe(0)
      for (const id of taskIds) {
        expect(yield* Effect.flip(tasks.get(id))).toMatchObject({ _tag: "NotFound" })
        expect(yield* Effect.flip(tasks.history(id))).toMatchObject({ _tag: "NotFound" })
      }
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect(
    "fails with NotFound for unknown assets and projects, and with Forbidden without permission",
    () =>
      Effect.gen(function* () {
        const [hub, assets] = yield* Effect.all([Emulator, Assets])
        expect(yield* Effect.flip(assets.delete(projectId, ["a1"]))).toMatchObject({
          _tag: "NotFound",
          status: 404
        })
        expect(yield* Effect.flip(assets.delete("x1", ["a1"]))).toMatchObject({
          _tag: "NotFound",
          status: 400
        })
        yield* hub.faults.on("assets.delete", [Faults.fail(403)])
        expect(yield* Effect.flip(assets.delete(projectId, ["a1"]))).toMatchObject({ _tag: "Forbidden" })
      }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [[], "assets", "at least one asset id, got an empty array"],
    [["a1", "a/b"], "assets[1]", "an id of"]
  ] as const)("%j is refused before any request", ([ids, parameter, allowed]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.flatMap(Assets, (assets) => assets.delete(projectId, ids)))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "assets.delete" })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
