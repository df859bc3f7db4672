// The errors of pre-labels that are not sent, or that the hub does not accept.
import { AnnotationsApi } from "../../api/annotations.js"
import { label } from "../../api/operation.js"
import { RowRejected } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { Asset } from "../../schemas/Asset.js"
import type { LabelImport } from "../../schemas/LabelImport.js"
import { nonEmptyText } from "./labelAssetLookup.js"

const operation = AnnotationsApi.operations.importLabels

const notSent = (message: string) =>
  operationContext(operation, `${label(operation)} was not sent for this row. ${message}`)

/** The project has no asset as the entry names it. */
export const unknownAsset = (key: string, entry: LabelImport): RowRejected => {
  const externalId = nonEmptyText(entry.externalId)
  const data = nonEmptyText(entry.data) === undefined ? "" : " and the data of this row"
  const asset =
    externalId === undefined ? "the data of this row" : `the external id ${JSON.stringify(externalId)}${data}`
  return new RowRejected({
    reason: "unknown-asset",
    ...notSent(`The project has no asset with exactly ${asset}: import it first, or correct the row.`),
    key
  })
}

/** Several assets match the entry. */
export const ambiguousAsset = (key: string, assets: ReadonlyArray<Asset>): RowRejected =>
  new RowRejected({
    reason: "ambiguous-asset",
    ...notSent(
      `It names ${assets.length} assets, and the hub would label all of them: add data to the external id, or label ` +
        'all of them with ambiguous: "all".'
    ),
    key,
    assets: assets.map(({ id }) => id)
  })

/** The tasks of the entry are in these stages (by name), in which the hub does not import pre-labels. */
export const wrongStage = (key: string, stages: ReadonlyArray<string>): RowRejected =>
  new RowRejected({
    reason: "wrong-stage",
    ...operationContext(
      operation,
      `${label(operation)} labels tasks in Start, and those of this row are in ${[...new Set(stages)].join(", ")}: ` +
        "move them back to Start first (Tasks.requeue), or write their answers (Annotations.annotate)."
    ),
    key,
    stages: [...new Set(stages)]
  })

/** Another row names the same asset. */
export const duplicateTarget = (key: string): RowRejected =>
  new RowRejected({
    reason: "duplicate",
    ...notSent("It names the same asset as another row of the input: remove one of the two."),
    key,
    duplicateOf: "input"
  })
