/**
 * How tasks are shared out among people: the part of the service `Tasks` that plans assignments and makes them.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { label, operations } from "../../api/operations.js"
import { type CallError, type ListError, RowRejected, type UnknownBatch } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import { Email } from "../../schemas/Email.js"
import { fromInput, type IdInput, ProjectId, StageId, TaskId } from "../../schemas/ids.js"
import type { LabelTask } from "../../schemas/LabelTask.js"
import * as Open from "../../schemas/open.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import * as Plan from "../AssignmentPlan.js"
import { type Rows, toStream, write } from "../engine/bulkWrite.js"
import {
  Bulk,
  type BulkOptions,
  type BulkResponse,
  type Decision,
  type ReadBack,
  type Result,
  rowCodec,
  type Writer
} from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import type { TaskOwn, TaskRowError, TaskRowsError } from "./taskErrors.js"

/**
 * A task that was given to somebody.
 *
 * @since 0.1.0
 */
export interface AssignedTask {
  readonly task: TaskId
  readonly user: string
}

/**
 * Who gets tasks, and by which measure.
 *
 * @since 0.1.0
 */
export interface AssignmentOptions {
  /**
   * At least one, each once. E-mail addresses: all get equally many, but for one. With weights: each
   * gets their part of all tasks, to the task; what is left over goes to those with the largest remainders.
   */
  readonly members: ReadonlyArray<string> | ReadonlyArray<Plan.WeightedMember>
}

/**
 * How tasks are assigned.
 *
 * @since 0.1.0
 */
export interface AssignManyOptions extends BulkOptions {
  /** The stage that the tasks are in, and that their assignees will work on. */
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
   * Who is to get which of these tasks: sends nothing, and gives the same plan for the same input. Tasks are dealt out
   * in turn, in their order, each once. An address that is none, one that stands there twice, or no member at all is an
   * `InvalidRequest`. Print the plan (`AssignmentPlan.format`), and give it to {@link TaskAssignmentMethods.assignMany}.
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
   * Assigns tasks of one stage as a plan says (`POST /task/assign`), one outcome per task, person by person: `Updated`,
   * or `Skipped` (`exists`) when the person has the task already. It is safe to run again. What a person has is read
   * from the list of their tasks in the stage (`GET /project/{projectId}/tasks`), before each request and after it,
   * since no document says what the hub answers: a task that is not there afterwards, as one of another stage, is
   * `Failed` with `RowLeftOut`. The rest is as in `Assets.importFromCloud`; `chunk` is 1000 by default.
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

/** The tasks of a stage that a person has. */
export type TasksOf = (
  projectId: IdInput<ProjectId>,
  options: { readonly stage: IdInput<StageId>; readonly assignee: string }
) => Stream.Stream<LabelTask, ListError | UnknownBatch>

const assign = operations["tasks.assign"]

const Member = Schema.Struct({
  user: Email,
  weight: Schema.Int.pipe(Schema.between(1, 1_000_000, { title: "a whole number of 1 to 1,000,000" }))
})

const Planned = Schema.Struct({
  tasks: Schema.Array(TaskId),
  members: Open.atLeastOne(Member, "at least one member")
})

const Assigning = Schema.typeSchema(Schema.Struct({ ...Bulk, project: ProjectId, stage: StageId }))

const Assigned = Schema.Struct({ task: TaskId, user: Email })

const weighted = (member: string | Plan.WeightedMember): Plan.WeightedMember =>
  typeof member === "string" ? { user: member, weight: 1 } : member

const twice = ({ members }: typeof Planned.Type) => {
  const at = members.findIndex(({ user }, index) => members.findIndex((one) => one.user === user) < index)
  return at < 0
    ? undefined
    : { parameter: `members[${at}]`, reason: "It stands there twice; add up its weights." }
}

/** `Tasks.planAssignment` and `Tasks.assignMany` */
export const makeTaskAssignment = (
  { tasks: client }: AngoClient["Type"],
  tasksOf: TasksOf
): TaskAssignmentMethods => {
  const planAssignment = <E, R>(
    tasks: Rows<IdInput<TaskId>, E, R>,
    { members }: AssignmentOptions
  ): Effect.Effect<Plan.AssignmentPlan, E | CallError, R> =>
    Effect.gen(function* () {
      const all = new Set<string>()
      yield* Stream.runForEachChunk(toStream(tasks), (some) =>
        Effect.sync(() => {
          for (const task of some) all.add(task)
        })
      )
      const input = { tasks: [...all], members: members.map(weighted) }
      const checked = yield* validateInput(assign, Schema.typeSchema(Planned), input, twice)
      return Plan.distribute(checked.tasks, checked.members)
    }).pipe(Effect.withSpan("Tasks.planAssignment"))

  const assignMany = (
    projectId: IdInput<ProjectId>,
    { shares }: Plan.AssignmentPlan,
    options: AssignManyOptions
  ): Stream.Stream<RowOutcome<AssignedTask, TaskRowError>, TaskRowsError> => {
    const stage = fromInput<StageId>(options.stage)
    const held = (user: string): Effect.Effect<ReadonlySet<string>, ListError | UnknownBatch> =>
      Stream.runFold(tasksOf(projectId, { stage, assignee: user }), new Set<string>(), (ids, { id }) =>
        ids.add(id)
      )
    const heldBy = (items: ReadonlyArray<AssignedTask>) =>
      Effect.map(
        Effect.forEach([...new Set(items.map(({ user }) => user))], (user) =>
          Effect.map(held(user), (ids) => [user, ids] as const)
        ),
        (all) => {
          const byUser = new Map(all)
          return (item: AssignedTask) => byUser.get(item.user)?.has(item.task) === true
        }
      )
    const elsewhere = ({ task, user }: AssignedTask, sent: number, taken: number) =>
      new RowRejected({
        reason: "not-applied",
        ...operationContext(
          assign,
          `${label(assign)} was taken, and the task ${task} is not among those of ${user} in the stage ${stage}. ` +
            "It may be in another stage: look at it (Tasks.get), and assign it there."
        ),
        sent,
        accepted: taken
      })

    const writer: Writer<AssignedTask, AssignedTask, AssignedTask, TaskOwn> = {
      operation: assign,
      of: `${assign.name} of project ${projectId} in stage ${stage}`,
      makes: "Updated",
      keyOf: ({ task }: AssignedTask) => task,
      isUnique: true,
      toItem: (row) => validateInput(assign, Schema.typeSchema(Assigned), row),
      decide: (items) =>
        Effect.map(heldBy(items), (has) =>
          items.map((item): Decision<AssignedTask, AssignedTask, never> => {
            const message = `The task ${item.task} is among those of ${item.user} already.`
            return has(item) ? { _tag: "Skip", reason: "exists", message, value: item } : { _tag: "Go", item }
          })
        ),
      groupOf: ({ user }) => user,
      // A project that is not there is refused with another status.
      isOfRow: (error) => error._tag === "NotFound" && error.status === 404,
      send: (items): Effect.Effect<BulkResponse<AssignedTask, TaskOwn>, TaskOwn> =>
        Effect.gen(function* () {
          const [first] = items
          if (first === undefined) return { _tag: "Done" } as const
          const tasks = items.map(({ task }) => task)
          yield* client.assign({
            payload: { project: fromInput(projectId), tasks, stage, user: first.user }
          })
          // No document says what is answered, and the hub need not have done it for all.
          const has = yield* Effect.either(heldBy(items))
          const taken = has._tag === "Right" ? items.filter(has.right).length : 0
          const results = items.map((item): Result<AssignedTask, TaskOwn> => {
            if (has._tag === "Left") {
              return {
                _tag: "Undecidable",
                why: `the hub took the request, and the tasks of ${item.user} could not be read (${has.left._tag}).`
              }
            }
            return has.right(item)
              ? { _tag: "Present", value: item }
              : { _tag: "Refused", error: elsewhere(item, items.length, taken), retryable: false }
          })
          return { _tag: "Each", results } as const
        }),
      readBack: (items) =>
        Effect.map(heldBy(items), (has) =>
          items.map(
            (item): ReadBack<AssignedTask> =>
              has(item) ? { _tag: "Present", value: item } : { _tag: "Absent" }
          )
        ),
      readsBack: false,
      toValue: (item) => item,
      codec: rowCodec(Assigned)
    }

    return Stream.unwrap(
      Effect.as(
        validateInput(assign, Assigning, omitUndefined({ ...options, project: projectId })),
        write(
          writer,
          shares.flatMap(({ tasks, user }) => tasks.map((task): AssignedTask => ({ task, user }))),
          options
        )
      )
    ).pipe(Stream.withSpan("Tasks.assignMany"))
  }

  // The overloads say that what is only iterable cannot fail, which the one implementation cannot.
  return { planAssignment: planAssignment as TaskAssignmentMethods["planAssignment"], assignMany }
}
