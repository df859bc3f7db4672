// The bulk assignment of the service `Tasks`: plans who gets which tasks, and assigns them.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { label } from "../../api/operation.js"
import { TasksApi } from "../../api/tasks.js"
import {
  type CallError,
  FilterNotApplied,
  type ListError,
  RowRejected,
  type UnknownBatch
} from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import { Email } from "../../schemas/Email.js"
import { fromInput, type IdInput, ProjectId, StageId, TaskId } from "../../schemas/ids.js"
import type { LabelTask } from "../../schemas/LabelTask.js"
import * as Open from "../../schemas/open.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import * as Plan from "../AssignmentPlan.js"
import { type BulkOptions, bulkOptionFields } from "../engine/bulkOptions.js"
import { type Rows, toStream, write } from "../engine/bulkWrite.js"
import { rowValidation } from "../engine/rowValidation.js"
import {
  type BulkResponse,
  type Decision,
  type ReadBack,
  type RowResult,
  rowCodec,
  type Writer
} from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import type { TaskRowError, TaskRowsError, TaskWriterError } from "./taskErrors.js"

/**
 * A task and its assignee.
 *
 * @category models
 * @since 0.1.0
 */
export interface AssignedTask {
  readonly task: TaskId
  /** An e-mail address. */
  readonly user: string
}

/**
 * The members who get tasks, and their weights.
 *
 * @category options
 * @since 0.1.0
 */
export interface AssignmentOptions {
  /**
   * At least one, each once. E-mail addresses: numbers of tasks differ by one at most. With weights: each member gets
   * tasks in proportion to their weight, rounded to whole tasks by the largest remainders.
   */
  readonly members: ReadonlyArray<string> | ReadonlyArray<Plan.WeightedMember>
}

/**
 * The options of an assignment.
 *
 * @category options
 * @since 0.1.0
 */
export interface AssignManyOptions extends BulkOptions {
  /** The stage that the tasks are in. */
  readonly stage: IdInput<StageId>
}

/**
 * The bulk assignment of the service `Tasks`.
 *
 * @category services
 * @since 0.1.0
 */
export interface TaskAssignmentMethods {
  /**
   * Plans which member gets which tasks: sends nothing, and returns the same plan for the same input. Tasks are
   * distributed in turn, in order, each once. An invalid e-mail address, a repeated one, or no members fail with
   * `InvalidRequest`. Print the plan with `AssignmentPlan.format`, and pass it to
   * {@link TaskAssignmentMethods.assignMany}.
   */
  readonly planAssignment: {
    (
      tasks: Iterable<IdInput<TaskId>>,
      options: AssignmentOptions
    ): Effect.Effect<Plan.AssignmentPlan, CallError>
    <E, R>(
      tasks: Stream.Stream<IdInput<TaskId>, E, R>,
      options: AssignmentOptions
    ): Effect.Effect<Plan.AssignmentPlan, E | CallError, R>
  }

  /**
   * Assigns tasks of one stage as planned (`POST /task/assign`), one outcome per task, member by member: `Updated`, or
   * `Skipped` (`exists`) if the member already has the task. Repeating it is safe. The tasks of a member are read from
   * the list (`GET /project/{projectId}/tasks`) before and after each request, because the response of the hub is not
   * documented: a task that is not there afterwards, such as one in another stage, is `Failed` with `RowRejected`
   * (`not-applied`).
   *
   * The other options are those of every bulk write (`chunk`, `concurrency`, `ledger`, `onSummary`). The stream fails, after the outcomes of the rows so far, with an invalid option (`InvalidRequest`), a
   * rejected key, a missing project, a ledger that cannot be written, five transient failures of requests in succession,
   * or fifty rejected rows in succession.
   *
   * @example
   * ```ts
   * import { AssignmentPlan, RowOutcome, Tasks } from "effect-ango"
   * import { Console, Effect, Stream } from "effect"
   *
   * const assigned = Effect.gen(function*() {
   *   const tasks = yield* Tasks
   *   const plan = yield* tasks.planAssignment(["65aa0000000000000000b001", "65aa0000000000000000b002"], {
   *     members: [{ user: "amara@example.com", weight: 2 }, { user: "lab@example.com", weight: 1 }]
   *   })
   *   yield* Console.log(AssignmentPlan.format(plan))
   *   return yield* tasks.assignMany("65aa0000000000000000a001", plan, { stage: "Label" }).pipe(
   *     Stream.run(RowOutcome.summarize)
   *   )
   * })
   * ```
   */
  readonly assignMany: (
    projectId: IdInput<ProjectId>,
    plan: Plan.AssignmentPlan,
    options: AssignManyOptions
  ) => Stream.Stream<RowOutcome<AssignedTask, TaskRowError>, TaskRowsError>
}

/** Streams the tasks of a stage that are assigned to a person, with `stage` and `assignee`. */
export type AssignedTasks = (
  projectId: IdInput<ProjectId>,
  options: { readonly stage: IdInput<StageId>; readonly assignee: string }
) => Stream.Stream<LabelTask, ListError | UnknownBatch>

const operation = TasksApi.operations.assign

// A plan sends no request.
const planOperation = { ...operation, title: "Tasks.planAssignment" }

const Member = Schema.Struct({
  user: Email,
  weight: Schema.Int.pipe(Schema.between(1, 1_000_000, { title: "a whole number of 1 to 1,000,000" }))
})

const PlanInput = Schema.Struct({
  tasks: Schema.Array(TaskId),
  members: Open.atLeastOne(Member, "at least one member")
})

const Options = Schema.typeSchema(Schema.Struct({ ...bulkOptionFields, project: ProjectId, stage: StageId }))

const Assigned = Schema.Struct({ task: TaskId, user: Email })

const validateRow = rowValidation(operation, Assigned)

const withWeight = (member: string | Plan.WeightedMember): Plan.WeightedMember =>
  typeof member === "string" ? { user: member, weight: 1 } : member

const repeatedMember = ({ members }: typeof PlanInput.Type) => {
  const index = members.findIndex(({ user }, at) => members.findIndex((other) => other.user === user) < at)
  return index < 0
    ? undefined
    : { parameter: `members[${index}]`, reason: "This member is listed twice: add up the weights." }
}

const planAssignment = <E, R>(
  tasks: Rows<IdInput<TaskId>, E, R>,
  { members }: AssignmentOptions
): Effect.Effect<Plan.AssignmentPlan, E | CallError, R> =>
  Effect.gen(function* () {
    const distinct = new Set<string>()
    yield* Stream.runForEachChunk(toStream(tasks), (some) =>
      Effect.sync(() => {
        for (const task of some) distinct.add(task)
      })
    )
    const input = { tasks: [...distinct], members: members.map(withWeight) }
    const plan = yield* validateInput(planOperation, Schema.typeSchema(PlanInput), input, repeatedMember)
    return Plan.distribute(plan.tasks, plan.members)
  }).pipe(Effect.withSpan("Tasks.planAssignment"))

const unverifiable = (task: TaskId, parameter: string, field: string): FilterNotApplied =>
  new FilterNotApplied({
    ...operationContext(
      TasksApi.operations.list,
      `${label(TasksApi.operations.list)} returned the task ${task} without ${field}, so that nothing shows whether the ` +
        `hub applied the condition ${parameter}. Assign with Tasks.assign, and report this hub to the vendor.`
    ),
    parameter,
    rows: [task],
    count: 1
  })

const makeWriter = (
  { tasks: client }: GroupClient<typeof TasksApi>,
  assignedTasks: AssignedTasks,
  projectId: IdInput<ProjectId>,
  stage: StageId
): Writer<AssignedTask, AssignedTask, AssignedTask, TaskWriterError> => {
  // The list fails on rows that contradict its filter; here, a row that does not show what was asked for is one too.
  const taskIdsOf = (user: string): Effect.Effect<ReadonlySet<string>, ListError | UnknownBatch> =>
    Stream.runFoldEffect(
      assignedTasks(projectId, { stage, assignee: user }),
      new Set<string>(),
      (ids, task): Effect.Effect<Set<string>, FilterNotApplied> => {
        if (task.stage !== stage) return unverifiable(task.id, "stage", "its stage")
        return task.assignee?.toLowerCase() === user.toLowerCase()
          ? Effect.succeed(ids.add(task.id))
          : unverifiable(task.id, "assignee", "the e-mail address of its assignee")
      }
    )

  const readAssignments = (items: ReadonlyArray<AssignedTask>) =>
    Effect.map(
      Effect.forEach([...new Set(items.map(({ user }) => user))], (user) =>
        Effect.map(taskIdsOf(user), (ids) => [user, ids] as const)
      ),
      (entries) => {
        const byUser = new Map(entries)
        return ({ task, user }: AssignedTask) => byUser.get(user)?.has(task) === true
      }
    )

  const notApplied = ({ task, user }: AssignedTask, sent: number, accepted: number) =>
    new RowRejected({
      reason: "not-applied",
      ...operationContext(
        operation,
        `${label(operation)} succeeded, but the task ${task} is not among those of ${user} in the stage ${stage}. It ` +
          "may be in another stage: check it (Tasks.get), and assign it there."
      ),
      sent,
      accepted
    })

  const send = (
    items: ReadonlyArray<AssignedTask>
  ): Effect.Effect<BulkResponse<AssignedTask, TaskWriterError>, TaskWriterError> =>
    Effect.gen(function* () {
      const [first] = items
      if (first === undefined) return { _tag: "Done" } as const
      const tasks = items.map(({ task }) => task)
      yield* client.assign({ payload: { project: fromInput(projectId), tasks, stage, user: first.user } })
      // The response is not documented, and the hub may not have assigned all tasks.
      const assignments = yield* Effect.either(readAssignments(items))
      const accepted = Either.isRight(assignments) ? items.filter(assignments.right).length : 0
      const results = items.map((item): RowResult<AssignedTask, TaskWriterError> => {
        if (Either.isLeft(assignments)) {
          const why = `the request succeeded, and reading the tasks of ${item.user} failed (${assignments.left._tag}).`
          return { _tag: "Undecidable", why }
        }
        return assignments.right(item)
          ? { _tag: "Present", value: item }
          : { _tag: "Rejected", error: notApplied(item, items.length, accepted), retryable: false }
      })
      return { _tag: "PerRow", results } as const
    })

  return {
    operation,
    name: `${operation.name} of project ${projectId} in stage ${stage}`,
    outcome: "Updated",
    input: {
      keyOf: ({ task }) => task,
      isUnique: true,
      toItem: (row) => validateRow(row)
    },
    lookUp: (items) =>
      Effect.map(readAssignments(items), (isAssigned) =>
        items.map((item): Decision<AssignedTask, AssignedTask, never> => {
          const message = `The task ${item.task} is already assigned to ${item.user}.`
          return isAssigned(item)
            ? { _tag: "Skip", reason: "exists", message, value: item }
            : { _tag: "Send", item }
        })
      ),
    request: {
      send,
      groupOf: ({ user }) => user,
      // For a missing project the hub responds with another status.
      isRowError: (error) => error._tag === "NotFound" && error.status === 404
    },
    readBack: {
      read: (items) =>
        Effect.map(readAssignments(items), (isAssigned) =>
          items.map(
            (item): ReadBack<AssignedTask> =>
              isAssigned(item) ? { _tag: "Present", value: item } : { _tag: "Absent" }
          )
        ),
      afterSuccess: false
    },
    value: { of: (item) => item, codec: rowCodec(Assigned) }
  }
}

/** Makes `Tasks.planAssignment` and `Tasks.assignMany`. */
export const makeTaskAssignment = (
  client: GroupClient<typeof TasksApi>,
  assignedTasks: AssignedTasks
): TaskAssignmentMethods => ({
  // The implementation cannot express that rows of an iterable do not fail; the overloads do.
  planAssignment: planAssignment as TaskAssignmentMethods["planAssignment"],

  assignMany: (projectId, { shares }, options) =>
    Stream.unwrap(
      Effect.as(
        validateInput(operation, Options, omitUndefined({ ...options, project: projectId })),
        write(
          makeWriter(client, assignedTasks, projectId, fromInput<StageId>(options.stage)),
          shares.flatMap(({ tasks, user }) => tasks.map((task): AssignedTask => ({ task, user }))),
          options
        )
      )
    ).pipe(Stream.withSpan("Tasks.assignMany"))
})
