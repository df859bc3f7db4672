// What a task list is asked for.
import type { IdInput, StageId } from "../schemas/Id.js"
import type { TaskStatus } from "../schemas/LabelTask.js"

/**
 * Which tasks of a project, and how much of each. Conditions combine with AND.
 *
 * @since 0.1.0
 */
export interface TaskFilter {
  /** Sent as `status[eq]`. */
  readonly status?: TaskStatus | undefined
  readonly stage?: IdInput<StageId> | undefined
  /**
   * By name or by id, at least one. They are looked up once (`GET /project/{projectId}`), and one that is not
   * there is an `UnknownBatch`. Whether a task has to be in all of several or in any is not documented.
   */
  readonly batches?: ReadonlyArray<string> | undefined
  /** The assignee's e-mail address. */
  readonly assignee?: string | undefined
  /** A task filter as the hub takes it in its `filter` parameter, sent as JSON as it is. */
  readonly filter?: Readonly<Record<string, unknown>> | undefined
  /**
   * Only these fields of each task. `_id`, `project` and `asset` are always among them, and answers are included
   * unless `includeAnswer` is false: so does the vendor's SDK.
   */
  readonly fields?: ReadonlyArray<string> | undefined
  /** Whether tasks come with their answers; default false. */
  readonly includeAnswer?: boolean | undefined
}

const identifying = ["_id", "project", "asset"]

/** The query of a task list. The SDK adds the identifying fields and forces answers on; an explicit wish is kept. */
export const query = (filter: TaskFilter) => {
  const { assignee, batches, fields, filter: raw, stage, status } = filter
  return {
    ...(fields === undefined ? {} : { fields: [...new Set([...identifying, ...fields])] }),
    includeAnswer: filter.includeAnswer ?? fields !== undefined,
    ...(raw === undefined ? {} : { filter: raw }),
    ...(status === undefined ? {} : { "status[eq]": status }),
    ...(batches === undefined ? {} : { batches }),
    ...(stage === undefined ? {} : { stage }),
    ...(assignee === undefined ? {} : { assignee })
  }
}
