/**
 * Batches: the named groups of assets in a project.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CallError } from "../AngoError.js"
import { AngoClient } from "../layers/AngoClient.js"
import type { Batch } from "../schemas/Batch.js"
import { fromInput, type IdInput, type ProjectId } from "../schemas/Id.js"

/** @since 0.1.0 */
export interface BatchesService {
  /**
   * All batches of a project (`GET /batches/{projectId}`; the hub does not page them). Fails with `NotFound`
   * when there is no such project.
   */
  readonly list: (projectId: IdInput<ProjectId>) => Effect.Effect<ReadonlyArray<Batch>, CallError>
}

/** @since 0.1.0 */
export const make: Effect.Effect<BatchesService, never, AngoClient> = Effect.gen(function* () {
  const { batches: client } = yield* AngoClient

  return {
    list: Effect.fn("Batches.list")(function* (projectId) {
      const { data } = yield* client.list({ path: { projectId: fromInput(projectId) } })
      return data.batches
    })
  }
})

/**
 * The batches of Ango Hub.
 *
 * @since 0.1.0
 */
export class Batches extends Context.Tag("effect-ango/Batches")<Batches, BatchesService>() {
  static readonly layer: Layer.Layer<Batches, never, AngoClient> = Layer.effect(Batches, make)
}
