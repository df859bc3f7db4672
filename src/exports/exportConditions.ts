// The conditions of an export as checks of its rows. Rows show the stage, the batches by name, and when their task was
// updated; not when it was created.
import type { ExportParameters } from "../api/exports.js"
import { isId, readAny, shownBatches, toRowConditions } from "../filters/rowConditions.js"
import type { RowCondition } from "../pagination/rowCheck.js"
import { omitUndefined } from "../utils/omitUndefined.js"

const paths: Readonly<Record<string, ReadonlyArray<string>>> = {
  stages: ["task", "stageId"],
  taskTypes: ["task", "type"],
  "updatedAfter or updatedBefore": ["task", "updatedAt"]
}

// Rows show batches by name. Nothing can be said about a batch that was given by its id.
const inAnyBatch = (names: ReadonlyArray<string>): RowCondition => ({
  parameter: "batches",
  isContradicted: (row) => {
    const shown = shownBatches(readAny(row, ["batches"], ["asset", "batches"]))
    return shown !== undefined && !shown.some((text) => isId(text) || names.includes(text))
  }
})

/** The conditions that each row of an export can be compared with. `batches` are as the caller gave them. */
export const toExportConditions = (
  { stage, taskTypes, type, updatedAt }: ExportParameters,
  batches: ReadonlyArray<string> | undefined
): ReadonlyArray<RowCondition> => {
  const ofTasks = omitUndefined({
    stages: stage === undefined ? undefined : { $in: stage },
    taskTypes: taskTypes === undefined ? undefined : { $in: taskTypes },
    "updatedAfter or updatedBefore": updatedAt
  })
  const conditions = toRowConditions(type === "issue" ? {} : ofTasks, {
    batches: [],
    parameterOf: (name) => name,
    read: (row, name) => readAny(row, paths[name] ?? [])
  })
  return batches === undefined || batches.some(isId) ? conditions : [...conditions, inAnyBatch(batches)]
}
