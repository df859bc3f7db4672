/**
 * The batches of a project of the hub, and what follows from a change of them: assets name their batches, tasks
 * hold the ids (docs/api-notes.md#batch-names).
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { NotFound } from "../../api/envelope.js"
import { notFound } from "../server/hubApi.js"
import { assetOf, type StoredProject } from "./HubState.js"

/** A batch as it is stored. */
export type WireBatch = NonNullable<StoredProject["project"]["batches"]>[number]

/** The batches of a project. */
export const batchList = (stored: StoredProject): ReadonlyArray<WireBatch> => stored.project.batches ?? []

/**
 * The batches with these names or ids, each once.
 *
 * @remarks undocumented: an unknown one is refused with 404.
 */
export const batchesNamed = (
  stored: StoredProject,
  wanted: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<WireBatch>, NotFound> =>
  Effect.map(
    Effect.forEach(wanted, (one) => {
      const batches = batchList(stored)
      const found = batches.find(({ _id }) => _id === one) ?? batches.find(({ name }) => name === one)
      return found === undefined ? notFound(`Batch ${one}`) : Effect.succeed(found)
    }),
    (found) => [...new Set(found)]
  )

/**
 * Replaces the list. An asset leaves the batches that are gone and goes along with those that have another name.
 *
 * @remarks undocumented: that a batch that is left out is deleted (docs/api-notes.md#omitted-batches).
 */
export const replaceBatches = (stored: StoredProject, batches: ReadonlyArray<WireBatch>): void => {
  const names = new Map(
    batchList(stored).map(({ _id, name }) => [name, batches.find((batch) => batch._id === _id)?.name])
  )
  const ids = new Set<string | null>(batches.map(({ _id }) => _id))
  stored.project = { ...stored.project, batches }
  if ([...names].every(([before, after]) => before === after)) return
  stored.assets = stored.assets.map((asset) => ({
    ...asset,
    batches: (asset.batches ?? []).flatMap((name) => names.get(name ?? "") ?? [])
  }))
  stored.tasks = stored.tasks.map((task) => ({
    ...task,
    batches: (task.batches ?? []).filter((id) => ids.has(id))
  }))
}

const union = <A>(held: ReadonlyArray<A>, added: ReadonlyArray<A>): ReadonlyArray<A> => [
  ...new Set([...held, ...added])
]

/** Puts assets with their tasks into batches; how many assets of the project there were. */
export const assignBatches = (
  stored: StoredProject,
  assetIds: ReadonlySet<string>,
  batches: ReadonlyArray<WireBatch>,
  mode: "add" | "replace"
): number => {
  const names = batches.map(({ name }) => name)
  const ids = batches.map(({ _id }) => _id)
  let assigned = 0
  stored.assets = stored.assets.map((asset) => {
    if (!assetIds.has(asset._id)) return asset
    assigned++
    return { ...asset, batches: mode === "add" ? union(asset.batches ?? [], names) : names }
  })
  stored.tasks = stored.tasks.map((task) =>
    assetIds.has(assetOf(task) ?? "")
      ? { ...task, batches: mode === "add" ? union(task.batches ?? [], ids) : ids }
      : task
  )
  return assigned
}
