/**
 * What managers do to tasks: the part of the service `Tasks` that changes them.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { operations } from "../api/operations.js"
import { checkSelection, inStage, selected, unresolved } from "../filters/taskSelection.js"
import type { AngoClient } from "../layers/AngoClient.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { fromInput, StageId } from "../schemas/ids.js"
import { Priority } from "../schemas/Priority.js"
import { TaskSelection } from "../schemas/TaskChange.js"
import { omitUndefined } from "../utils/omitUndefined.js"
import type { TasksService } from "./Tasks.js"

// What has to be usable before batches are looked up.
const filters = TaskSelection.omit("batches")
const Requeue = Schema.typeSchema(Schema.Struct({ toStageId: StageId, filters }))
const Prioritise = Schema.typeSchema(Schema.Struct({ priority: Priority, filters }))

/** The changing methods of `Tasks`. */
export const makeTaskChanges = (
  clients: AngoClient["Type"]
): Pick<TasksService, "assign" | "unassign" | "requeue" | "updatePriority" | "review"> => {
  const { tasks: client } = clients
  return {
    assign: Effect.fn("Tasks.assign")(function* (projectId, options) {
      yield* client.assign({ payload: { ...inStage(projectId, options), user: options.user } })
    }),

    unassign: Effect.fn("Tasks.unassign")(function* (projectId, options) {
      yield* client.assign({ payload: inStage(projectId, options) })
    }),

    requeue: Effect.fn("Tasks.requeue")(function* (projectId, options) {
      const operation = operations["tasks.requeue"]
      const { removeAnnotations, removeAssignee, removeStageHistory, toStage } = options
      yield* checkSelection(operation, options, "be moved")
      const { toStageId } = yield* validateInput(operation, Requeue, {
        toStageId: toStage,
        filters: unresolved(options)
      })
      const { data } = yield* client.requeue({
        path: { projectId: fromInput(projectId) },
        payload: {
          toStageId,
          filters: yield* selected(operation, clients, projectId, options),
          options: omitUndefined({ removeAnnotations, removeAssignee, removeStageHistory })
        }
      })
      return data.modifiedCount
    }),

    updatePriority: Effect.fn("Tasks.updatePriority")(function* (projectId, options) {
      const operation = operations["tasks.updatePriority"]
      yield* checkSelection(operation, options, "get this priority")
      const { priority } = yield* validateInput(operation, Prioritise, {
        priority: options.priority,
        filters: unresolved(options)
      })
      const { data } = yield* client.updatePriority({
        path: { projectId: fromInput(projectId) },
        payload: { priority, filters: yield* selected(operation, clients, projectId, options) }
      })
      return data.result ?? {}
    }),

    review: Effect.fn("Tasks.review")(function* (taskId, { pctDetails, status }) {
      yield* client.review({
        path: { taskId: fromInput(taskId) },
        payload: { reviewStatus: status, ...(pctDetails === undefined ? {} : { pctDetails }) }
      })
    })
  }
}
