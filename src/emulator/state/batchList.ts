/**
 * The batches of a project, and their assignment: assets contain batch names, tasks contain batch ids
 * (docs/api-notes.md#batch-names).
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { NotFound } from "../../api/envelope.js"
import { assetIdOf, type StoredProject } from "./HubState.js"
import { notFound } from "./hubErrors.js"

/** A batch in wire shape. */
export type WireBatch = NonNullable<StoredProject["project"]["batches"]>[number]

/** The batches of a project. */
export const batchList = (stored: StoredProject): ReadonlyArray<WireBatch> => stored.project.batches ?? []

/**
 * Finds batches by name or id; each appears once in the result.
 *
 * @remarks undocumented: an unknown batch is a 404.
 */
export const findBatches = (
  stored: StoredProject,
  namesOrIds: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<WireBatch>, NotFound> =>
  Effect.map(
    Effect.forEach(namesOrIds, (nameOrId) => {
      const batches = batchList(stored)
      const batch =
        batches.find(({ _id }) => _id === nameOrId) ?? batches.find(({ name }) => name === nameOrId)
      return batch === undefined ? notFound(`Batch ${nameOrId}`) : Effect.succeed(batch)
    }),
    (found) => [...new Set(found)]
  )

/**
 * Replaces the batches of a project. Assets and tasks leave removed batches and stay in renamed ones.
 *
 * @remarks undocumented: an omitted batch is deleted (docs/api-notes.md#omitted-batches).
 */
export const replaceBatches = (stored: StoredProject, batches: ReadonlyArray<WireBatch>): void => {
  const newNames = new Map(
    batchList(stored).map(({ _id, name }) => [name, batches.find((batch) => batch._id === _id)?.name])
  )
  const ids = new Set<string | null>(batches.map(({ _id }) => _id))
  stored.project = { ...stored.project, batches }
  if ([...newNames].every(([before, after]) => before === after)) return
  stored.assets = stored.assets.map((asset) => ({
    ...asset,
    batches: (asset.batches ?? []).flatMap((name) => newNames.get(name ?? "") ?? [])
  }))
  stored.tasks = stored.tasks.map((task) => ({
    ...task,
    batches: (task.batches ?? []).filter((id) => ids.has(id))
  }))
}

const union = <A>(present: ReadonlyArray<A>, added: ReadonlyArray<A>): ReadonlyArray<A> => [
  ...new Set([...present, ...added])
]

/** Assigns assets and their tasks to batches; returns how many of the assets belong to the project. */
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
    assetIds.has(assetIdOf(task) ?? "")
      ? { ...task, batches: mode === "add" ? union(task.batches ?? [], ids) : ids }
      : task
  )
  return assigned
}
