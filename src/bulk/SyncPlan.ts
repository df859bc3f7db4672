/**
 * The changes after which a project has the desired assets: returned by `Assets.planSync`, carried out by
 * `Assets.sync`.
 *
 * @since 0.1.0
 */
import type { AssetId, ProjectId } from "../schemas/ids.js"
import type { CloudAssetInput } from "./writers/cloudImport.js"

/**
 * An asset of the project.
 *
 * @category models
 * @since 0.1.0
 */
export interface ExistingAsset {
  readonly id: AssetId
  readonly externalId: string
}

/**
 * An asset that the project should have, with its external id.
 *
 * @category models
 * @since 0.1.0
 */
export interface DesiredAsset extends CloudAssetInput {
  readonly externalId: string
}

/**
 * What to create, keep and delete. It is plain data: print it, store it, edit it.
 *
 * @category models
 * @since 0.1.0
 */
export interface SyncPlan {
  readonly project: ProjectId
  /** The number of assets that the project had when the plan was made. */
  readonly assets: number
  /** Desired assets that do not exist. */
  readonly create: ReadonlyArray<DesiredAsset>
  /** Desired assets that exist exactly once. */
  readonly keep: ReadonlyArray<ExistingAsset>
  /** Desired assets that exist several times. All of them stay. */
  readonly ambiguous: ReadonlyArray<{ readonly externalId: string; readonly ids: ReadonlyArray<AssetId> }>
  /** Assets that no row names, if deletions were requested. Assets without an external id are never among them. */
  readonly delete: ReadonlyArray<ExistingAsset>
}

const maxNames = 5

const quoteNames = (assets: ReadonlyArray<{ readonly externalId: string }>): string => {
  const names = assets.slice(0, maxNames).map(({ externalId }) => JSON.stringify(externalId))
  const rest = assets.length - names.length
  return assets.length === 0 ? "" : ` (${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""})`
}

/**
 * A plan as text, one line per part, without a final line break: `create 2 ("a.jpg", "b.jpg")`.
 *
 * @category utilities
 * @since 0.1.0
 */
export const format = (plan: SyncPlan): string =>
  [
    `create ${plan.create.length}${quoteNames(plan.create)}`,
    `keep ${plan.keep.length}`,
    `ambiguous ${plan.ambiguous.length}${quoteNames(plan.ambiguous)}`,
    `delete ${plan.delete.length}${quoteNames(plan.delete)} of ${plan.assets}`
  ].join("\n")
