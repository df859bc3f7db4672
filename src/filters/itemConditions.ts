// The filters of issues, invites and storages as checks of their items.
import type { RowCondition } from "../pagination/rowCheck.js"
import { readAny, toRowConditions } from "./rowConditions.js"

// The fields of an item that a condition reads. An embedded document is compared by its id.
const paths: Readonly<Record<string, ReadonlyArray<ReadonlyArray<string>>>> = {
  project: [["project", "id"], ["project"]],
  asset: [["asset", "id"], ["asset"]],
  labelTask: [["labelTask", "id"], ["labelTask"]],
  stage: [["stage"], ["stageId"]]
}

const optionNames: Readonly<Record<string, string>> = { labelTask: "task" }

/** The conditions of a query, by field name, that each item can be compared with. */
export const toItemConditions = (
  conditions: Readonly<Record<string, unknown>>
): ReadonlyArray<RowCondition> =>
  toRowConditions(conditions, {
    batches: [],
    parameterOf: (name) => optionNames[name] ?? name,
    read: (row, name) => readAny(row, ...(paths[name] ?? [[name]]))
  })
