/**
 * Why a pre-label is not sent, or was not taken.
 *
 * @since 0.1.0
 */

import { label, operations } from "../../api/operations.js"
import { RowRejected } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { Asset } from "../../schemas/Asset.js"
import type { LabelImport } from "../../schemas/LabelImport.js"
import { nameIn } from "./labelAssets.js"

const operation = operations["annotations.importLabels"]

const notSent = (message: string) =>
  operationContext(operation, `${label(operation)} was not sent for this row. ${message}`)

/** Nothing has the name that an entry gives. */
export const unknownAsset = (key: string, entry: LabelImport): RowRejected => {
  const name = nameIn(entry.externalId)
  const data = nameIn(entry.data) === undefined ? "" : " and the data of this row"
  const asset = name === undefined ? "the data of this row" : `the external id ${JSON.stringify(name)}${data}`
  return new RowRejected({
    reason: "unknown-asset",
    ...notSent(`The project has no asset with ${asset}, to the letter: import it first, or mend the row.`),
    key
  })
}

/** Several assets have it. */
export const ambiguousAsset = (key: string, assets: ReadonlyArray<Asset>): RowRejected =>
  new RowRejected({
    reason: "ambiguous-asset",
    ...notSent(
      `It names ${assets.length} assets, and the hub would label them all: tell them apart by data beside the ` +
        'external id, or label them all with ambiguous: "all".'
    ),
    key,
    assets: assets.map(({ id }) => id)
  })

/** Its tasks are in these stages, by their names. */
export const wrongStage = (key: string, stages: ReadonlyArray<string>): RowRejected =>
  new RowRejected({
    reason: "wrong-stage",
    ...operationContext(
      operation,
      `${label(operation)} labels tasks that are in Start, and those of this row are in ` +
        `${[...new Set(stages)].join(", ")}: put them back to Start first (Tasks.requeue), or write their answers ` +
        "(Annotations.annotate)."
    ),
    key,
    stages: [...new Set(stages)]
  })

/** Another row is for the same asset. */
export const duplicateTarget = (key: string): RowRejected =>
  new RowRejected({
    reason: "duplicate",
    ...notSent(
      "It names an asset that another row of the input has by another name: leave one of the two out."
    ),
    key,
    duplicateOf: "input"
  })
