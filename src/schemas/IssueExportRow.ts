/**
 * What an export of issues holds: one row per issue (docs/api-notes.md#issue-export-rows).
 *
 * @since 0.1.0
 */

import { type ErrorCode, Issue } from "./Issue.js"
import type { StageId } from "./ids.js"
import * as Open from "./open.js"

/**
 * An issue as exports have it: like every other one, but that its `asset` is not an id but says which it is, and in
 * which batches. `Issue.placeOf` reads where it is; its stage is under `stage` or under `stageId`, which
 * {@link stageOf} knows.
 *
 * @since 0.1.0
 */
export const IssueExportRow = Open.struct(Issue.fields).annotations({ identifier: "IssueExportRow" })

/** @since 0.1.0 */
export type IssueExportRow = typeof IssueExportRow.Type

/**
 * The external id of the asset that an issue is about.
 *
 * @since 0.1.0
 */
export const externalIdOf = ({ asset }: Pick<IssueExportRow, "asset">): string | undefined =>
  typeof asset === "object" ? (asset?.externalId ?? undefined) : undefined

/**
 * The names of the batches that the asset of an issue is in.
 *
 * @since 0.1.0
 */
export const batchesOf = ({ asset }: Pick<IssueExportRow, "asset">): ReadonlyArray<string> =>
  typeof asset === "object" ? (asset?.batches ?? []).filter((name) => name !== null) : []

/**
 * The stage that an issue was opened in.
 *
 * @since 0.1.0
 */
export const stageOf = ({ stage, stageId }: Pick<IssueExportRow, "stage" | "stageId">): StageId | undefined =>
  stageId ?? stage ?? undefined

/**
 * The kinds of mistake that an issue is about, in one form: older issues have one, as an `errorType` with an
 * `errorCode`, newer ones have a list.
 *
 * @example
 * ```ts
 * import { IssueExportRow } from "effect-ango"
 *
 * const line = (issue: IssueExportRow.IssueExportRow) =>
 *   [
 *     IssueExportRow.externalIdOf(issue),
 *     issue.status,
 *     IssueExportRow.errorCodesOf(issue).map(({ category, name }) => `${category}: ${name}`).join("; ")
 *   ].join("\t")
 * ```
 *
 * @since 0.1.0
 */
export const errorCodesOf = (
  issue: Pick<IssueExportRow, "errorCode" | "errorCodes" | "errorType">
): ReadonlyArray<ErrorCode> => {
  const { errorCode, errorCodes, errorType } = issue
  if (errorCodes != null && errorCodes.length > 0) return errorCodes
  return errorCode == null || errorCode === "" ? [] : [{ category: errorType ?? "", name: errorCode }]
}
