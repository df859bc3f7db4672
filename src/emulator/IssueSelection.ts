/**
 * The issues that an export holds: of tasks and assets that are still there.
 */
import { issueRowOf } from "./ExportRow.js"
import { isTimely, millisOf, putText, type Selection, type Wanted } from "./Selection.js"
import type { StoredProject, WireAsset, WireIssue } from "./State.js"

const assetIdOf = ({ asset }: WireIssue): string => (typeof asset === "string" ? asset : asset?._id) ?? ""

// The issues of a project, each with its asset.
const found = (
  issues: Iterable<WireIssue>,
  { assets, project, tasks }: StoredProject
): ReadonlyArray<readonly [WireIssue, WireAsset]> => {
  const wanted = [...issues].filter((issue) => issue.project === project._id)
  const ids = new Set(wanted.flatMap((issue) => [assetIdOf(issue), issue.labelTask]))
  const living = new Set<unknown>(tasks.flatMap(({ _id }) => (ids.has(_id) ? [_id] : [])))
  const named = new Map(
    assets.flatMap((asset) => (ids.has(asset._id) ? [[asset._id as string, asset] as const] : []))
  )
  return wanted.flatMap((issue) => {
    const asset = named.get(assetIdOf(issue))
    return asset !== undefined && living.has(issue.labelTask) ? [[issue, asset] as const] : []
  })
}

/** The issues of a project that an export holds. */
export const issuesOf = ({ batches, options, state, stored }: Wanted): Selection => {
  const names = new Set<string | null>(
    (stored.project.batches ?? []).flatMap(({ _id, name }) => (batches.has(_id) ? [name] : []))
  )
  const status = options.status?.toLowerCase()
  const rows = found(state.issues.values(), stored)
    .filter(
      ([issue, asset]) =>
        (status === undefined || status === issue.status?.toLowerCase()) &&
        isTimely(options, millisOf(issue.createdAt), millisOf(issue.updatedAt ?? issue.createdAt)) &&
        (batches.size === 0 || (asset.batches ?? []).some((name) => names.has(name)))
    )
    .map(([issue, asset]) => issueRowOf(issue, asset))
  const text = (nth: number): string => JSON.stringify(rows[nth])
  return {
    count: rows.length,
    text,
    put: (nth, into, at) => putText(text(nth), into, at),
    name: (nth) => ["", String(rows[nth]?.["_id"])],
    identity: () => rows.map((_, nth) => text(nth))
  }
}
