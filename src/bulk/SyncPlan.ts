/**
 * What is to become of a project's assets: what `Assets.planSync` gives, and `Assets.sync` does.
 *
 * @since 0.1.0
 */
import type { AssetId, ProjectId } from "../schemas/ids.js"
import type { CloudAssetInput } from "./writers/cloudImport.js"

/**
 * An asset of the project, by both of its names.
 *
 * @since 0.1.0
 */
export interface ExistingAsset {
  readonly id: AssetId
  readonly externalId: string
}

/**
 * A row that names its asset.
 *
 * @since 0.1.0
 */
export interface DesiredAsset extends CloudAssetInput {
  readonly externalId: string
}

/**
 * What is to be done, and what is not. It is plain data: print it, keep it, change it.
 *
 * @since 0.1.0
 */
export interface SyncPlan {
  readonly project: ProjectId
  /** How many assets the project had when it was read. */
  readonly assets: number
  /** Wanted, and not there. */
  readonly create: ReadonlyArray<DesiredAsset>
  /** Wanted, and there once. */
  readonly keep: ReadonlyArray<ExistingAsset>
  /** Wanted, and there several times: which of them is meant nobody can tell, and all of them stay. */
  readonly ambiguous: ReadonlyArray<{ readonly externalId: string; readonly ids: ReadonlyArray<AssetId> }>
  /** There, and not wanted; only when deletions were asked for. Assets without an external id are never among them. */
  readonly delete: ReadonlyArray<ExistingAsset>
}

const shown = 5

const some = (names: ReadonlyArray<string>): string => {
  const first = names.slice(0, shown).map((name) => JSON.stringify(name))
  const more = names.length - first.length
  return names.length === 0 ? "" : ` (${first.join(", ")}${more > 0 ? ` and ${more} more` : ""})`
}

const names = (assets: ReadonlyArray<{ readonly externalId: string }>) =>
  assets.map(({ externalId }) => externalId)

/**
 * A plan as text, a line for each part, without an end of line: `create 2 ("a.jpg", "b.jpg")`.
 *
 * @since 0.1.0
 */
export const format = (plan: SyncPlan): string =>
  [
    `create ${plan.create.length}${some(names(plan.create))}`,
    `keep ${plan.keep.length}`,
    `ambiguous ${plan.ambiguous.length}${some(names(plan.ambiguous))}`,
    `delete ${plan.delete.length}${some(names(plan.delete))} of ${plan.assets}`
  ].join("\n")
