/**
 * Rows of an issue export: one per issue (docs/api-notes.md#issue-export-rows).
 *
 * @since 0.1.0
 */

import { type ErrorCode, Issue } from "./Issue.js"
import type { StageId } from "./ids.js"
import * as Open from "./open.js"

/**
 * An issue in an export. Instead of an id, its `asset` is an object with the external id and the batches.
 * `Issue.locationOf` reads its location, {@link stageOf} its stage, which is under `stage` or `stageId`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IssueExportRow = Open.struct(Issue.fields).annotations({ identifier: "IssueExportRow" })

/** @since 0.1.0 */
export type IssueExportRow = typeof IssueExportRow.Type

/**
 * Reads the external id of the asset of an issue.
 *
 * @category utilities
 * @since 0.1.0
 */
export const externalIdOf = ({ asset }: Pick<IssueExportRow, "asset">): string | undefined =>
  typeof asset === "object" ? (asset?.externalId ?? undefined) : undefined

/**
 * Reads the names of the batches of the asset of an issue.
 *
 * @category utilities
 * @since 0.1.0
 */
export const batchesOf = ({ asset }: Pick<IssueExportRow, "asset">): ReadonlyArray<string> =>
  typeof asset === "object" ? (asset?.batches ?? []).filter((name) => name !== null) : []

/**
 * Reads the stage in which an issue was opened.
 *
 * @category utilities
 * @since 0.1.0
 */
export const stageOf = ({ stage, stageId }: Pick<IssueExportRow, "stage" | "stageId">): StageId | undefined =>
  stageId ?? stage ?? undefined

/**
 * Reads the error codes of an issue as a list. Older issues have one `errorType` with an `errorCode`, newer ones a list.
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
 * @category utilities
 * @since 0.1.0
 */
export const errorCodesOf = (
  issue: Pick<IssueExportRow, "errorCode" | "errorCodes" | "errorType">
): ReadonlyArray<ErrorCode> => {
  const { errorCode, errorCodes, errorType } = issue
  if (errorCodes != null && errorCodes.length > 0) return errorCodes
  return errorCode == null || errorCode === "" ? [] : [{ category: errorType ?? "", name: errorCode }]
}
