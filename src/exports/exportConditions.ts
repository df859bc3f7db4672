// The conditions of an export as checks of its rows. Rows show the stage, the batches by name, and when their task was
// updated; not when it was created.
import type { ExportParameters } from "../api/exports.js"
import { type ConditionBatch, readAny, toRowConditions } from "../filters/rowConditions.js"
import type { RowCondition } from "../pagination/rowCheck.js"
import { omitUndefined } from "../utils/omitUndefined.js"

const paths: Readonly<Record<string, ReadonlyArray<ReadonlyArray<string>>>> = {
  stages: [["task", "stageId"]],
  taskTypes: [["task", "type"]],
  "updatedAfter or updatedBefore": [["task", "updatedAt"]],
  // Those of an issue are in its asset.
  batches: [["batches"], ["asset", "batches"]]
}

/** The conditions that each row of an export can be compared with. `batches` by id, or by name if not looked up. */
export const toExportConditions = (
  { batches, stage, taskTypes, type, updatedAt }: ExportParameters,
  known: ReadonlyArray<ConditionBatch>
): ReadonlyArray<RowCondition> => {
  const ofTasks = omitUndefined({
    stages: stage === undefined ? undefined : { $in: stage },
    taskTypes: taskTypes === undefined ? undefined : { $in: taskTypes },
    "updatedAfter or updatedBefore": updatedAt
  })
  const conditions = {
    ...(type === "issue" ? {} : ofTasks),
    ...(batches === undefined ? {} : { batches: { $in: batches } })
  }
  return toRowConditions(conditions, {
    batches: known,
    parameterOf: (name) => name,
    read: (row, name) => readAny(row, ...(paths[name] ?? []))
  })
}
