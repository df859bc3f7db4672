// The bulk import of the service `Annotations`: predictions become pre-labels.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { AnnotationsApi } from "../../api/annotations.js"
import type { AssetsApi } from "../../api/assets.js"
import type { ProjectsApi } from "../../api/projects.js"
import type { TasksApi } from "../../api/tasks.js"
import type { CallError, InvalidLabels, RowRejected } from "../../errors/AngoError.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import type { PageSize } from "../../layers/AngoConfig.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import * as Labels from "../../ontology/Labels.js"
import { AssetId, fromInput, type IdInput, ProjectId, TaskId } from "../../schemas/ids.js"
import { LabelImport, type LabelImportResult, parseImportResult } from "../../schemas/LabelImport.js"
import type { Project } from "../../schemas/Project.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import { makeAssetCache } from "../assetCache.js"
import {
  type BulkOptions,
  bulkOptionFields,
  optionalCallback,
  optionalFunction
} from "../engine/bulkOptions.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import { rowValidation } from "../engine/rowValidation.js"
import {
  type BulkResponse,
  type Decision,
  type ReadBack,
  type RowError,
  type RowResult,
  rowCodec,
  type StopError,
  type Writer
} from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import { type FindAssets, makeFindAssets, nonEmptyText } from "./labelAssetLookup.js"
import { ambiguousAsset, duplicateTarget, unknownAsset, wrongStage } from "./labelRejections.js"
import { makeTargetResolver, type TargetState, type Targets } from "./labelTargets.js"

/**
 * The options of an import of pre-labels.
 *
 * @category options
 * @since 0.1.0
 */
export interface LabelImportOptions extends BulkOptions, Labels.CheckOptions {
  /**
   * Whether to validate rows against the ontology of the project; default `true`. With `false` only their shapes are
   * validated, for ontologies that the hub interprets differently from `Labels.check`.
   */
  readonly validate?: boolean | undefined
  /** What to do with a row that names several assets: `"refuse"` it (default), or label `"all"` of them. */
  readonly ambiguous?: "refuse" | "all" | undefined
  /**
   * What to do with a row whose assets all have pre-labels: send it, for the hub to `"replace"` them (default; whether
   * the hub does is not documented), or `"skip"` it.
   */
  readonly existing?: "replace" | "skip" | undefined
  /** Runs after each accepted request, with the message of the hub and the numbers in it. */
  readonly onResponse?: ((result: LabelImportResult) => Effect.Effect<void>) | undefined
}

/**
 * The assets of a row, and those of their tasks that were in Start.
 *
 * @category models
 * @since 0.1.0
 */
export interface PreLabeled {
  readonly assets: ReadonlyArray<AssetId>
  readonly tasks: ReadonlyArray<TaskId>
}

type WriterError = CallError | InvalidLabels | RowRejected

/**
 * What one row of an import of pre-labels can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type LabelRowError = RowError<WriterError>

/**
 * What ends an import of pre-labels as a whole.
 *
 * @category errors
 * @since 0.1.0
 */
export type LabelImportError = StopError<CallError>

/**
 * The bulk import of the service `Annotations`.
 *
 * @category services
 * @since 0.1.0
 */
export interface LabelImportMethods {
  /**
   * Pre-labels assets whose tasks are in Start (`POST /import/labels`). Takes rows from a stream or an iterable, and
   * returns one outcome per row, in order. See `RowOutcome`. A row names its asset by external id, data, or both.
   *
   * The project is read once (`GET /project/{projectId}`), and each row is validated against its ontology, as by
   * `Annotations.validate`, before any other request for it: a row with mistakes is `Failed` with `InvalidLabels`, and
   * the other rows are imported. To send nothing of an input with mistakes, validate all of it first.
   *
   * Rows are sent in chunks. Their assets are looked up first (`GET /project/{projectId}/assets`), and the stages of tasks
   * that were moved before (`GET /task/{taskId}`, one request each). Assets are looked up by external id, about a hundred
   * per request, or by one pass over the list, 1,000 per request, if that is fewer requests or if rows have only data. The
   * assets of a pass serve later chunks too, for five minutes; what it did not show is looked up again. A row is `Failed` with `RowRejected` and not
   * sent if it names no asset (`unknown-asset`), several assets (`ambiguous-asset`), an asset whose tasks are not in
   * Start (`wrong-stage`) or the asset of another row (`duplicate`).
   *
   * `Updated`: the tasks in its value have the answer, because the hub counted all of them, or because they were read
   * back. If the message of the hub is inconclusive or lost, the tasks are read back (`GET /task/{taskId}` with its
   * answer) before anything is sent again: what a repeated import does is not documented. A task that has exactly the
   * answer that was sent is `Updated`. If its asset has no pre-labels, or if its answer has no `objectId` that was sent,
   * the row is `Failed` and `retryable`. Any other answer may be the hub's version of the one that was sent: the row is
   * `Unknown`, which is rarer the more objects have an `objectId`. With a ledger a row is imported once, however often
   * the program is killed and run again, under the conditions of `Assets.importFromCloud`; a row that has changed is
   * imported again.
   *
   * The stream fails, after the outcomes of the rows so far, with an error that affects every row: an invalid option
   * (`InvalidRequest`), a rejected key, a missing project (`NotFound`), a ledger that cannot be written, five transient
   * failures of requests in a row, or fifty rejected rows in a row.
   *
   * @example
   * ```ts
   * import { Annotations, RowOutcome } from "effect-ango"
   * import { Effect, Stream } from "effect"
   *
   * const imported = Effect.gen(function*() {
   *   const annotations = yield* Annotations
   *   const rows = [{ externalId: "tom.jpg", classifications: [{ title: "Mood", answer: "Calm" }] }]
   *   return yield* annotations.importLabels("65aa0000000000000000a001", rows).pipe(
   *     Stream.tap((row) => (RowOutcome.isFailed(row) ? Effect.logWarning(row.key, row.error.message) : Effect.void)),
   *     Stream.run(RowOutcome.summarize)
   *   )
   * })
   * ```
   */
  readonly importLabels: {
    (
      projectId: IdInput<ProjectId>,
      rows: Iterable<LabelImport>,
      options?: LabelImportOptions
    ): Stream.Stream<RowOutcome<PreLabeled, LabelRowError>, LabelImportError>
    <E, R>(
      projectId: IdInput<ProjectId>,
      rows: Stream.Stream<LabelImport, E, R>,
      options?: LabelImportOptions
    ): Stream.Stream<RowOutcome<PreLabeled, LabelRowError>, E | LabelImportError, R>
  }
}

/** A valid entry; its targets are known after the look-up. */
interface Item {
  readonly key: string
  readonly entry: LabelImport
  readonly targets: Targets
}

const operation = AnnotationsApi.operations.importLabels

const Imported = Schema.Struct({ assets: Schema.Array(AssetId), tasks: Schema.Array(TaskId) })

const validateRow = rowValidation(operation, Schema.Struct({ row: LabelImport }))

const Options = Schema.typeSchema(
  Schema.Struct({
    ...bulkOptionFields,
    project: ProjectId,
    validate: Schema.optional(Schema.Boolean),
    incomplete: Schema.optional(Schema.Boolean),
    ambiguous: Schema.optional(Schema.Literal("refuse", "all").annotations({ title: "refuse or all" })),
    existing: Schema.optional(Schema.Literal("replace", "skip").annotations({ title: "replace or skip" })),
    sizeOf: optionalFunction("a function that returns a size"),
    onResponse: optionalCallback
  })
)

const noTargets: Targets = { assets: [], tasks: [], otherStages: [] }

// Rows can come from files, and have any shape.
const fieldOf = (row: unknown, name: "externalId" | "data"): string | undefined =>
  Predicate.isRecord(row) ? nonEmptyText(row[name]) : undefined

const keyOf = (row: unknown): string | undefined => fieldOf(row, "externalId")

const toValue = ({ targets }: Item): PreLabeled => ({
  assets: targets.assets.map(({ id }) => id),
  tasks: targets.tasks
})

// Whether the numbers prove that every task in Start got its labels.
const isComplete = ({ labeled, total }: LabelImportResult, items: ReadonlyArray<Item>): boolean => {
  if (labeled === undefined || total === undefined) return false
  const expected = items.reduce((sum, { targets }) => sum + Math.max(1, targets.tasks.length), 0)
  const inOtherStages = items.reduce((sum, { targets }) => sum + targets.otherStages.length, 0)
  return labeled >= expected && total - labeled <= inOtherStages
}

const toResult = ({ key }: Item, state: TargetState | undefined): RowResult<PreLabeled, WriterError> => {
  switch (state?._tag) {
    case "Present":
      return { _tag: "Present", value: { assets: state.assets, tasks: state.tasks } }
    case "OtherStage":
      return { _tag: "Rejected", error: wrongStage(key, state.stages), retryable: false }
    case "Absent":
      return state
    default:
      return { _tag: "Undecidable", why: state?.why ?? "reading it back failed." }
  }
}

const toReadBack = (state: TargetState): ReadBack<PreLabeled> => {
  if (state._tag === "Present") {
    return { _tag: "Present", value: { assets: state.assets, tasks: state.tasks } }
  }
  return state._tag === "OtherStage" ? { _tag: "Absent" } : state
}

const makeWriter = (
  client: GroupClient<typeof AnnotationsApi | typeof AssetsApi | typeof ProjectsApi | typeof TasksApi>,
  findAssets: FindAssets,
  project: Project,
  projectId: IdInput<ProjectId>,
  options: LabelImportOptions
): Writer<LabelImport, Item, PreLabeled, WriterError> => {
  const { ambiguous = "refuse", existing = "replace", onResponse, validate = true } = options
  const { ontology, readStates, targets } = makeTargetResolver(client, project)
  const classes = Labels.compile(ontology)
  const cache = makeAssetCache(({ data, externalId, id, isPreLabeled, labelTasks }) =>
    omitUndefined({ id, externalId, data, labelTasks, isPreLabeled })
  )
  /** Assets of rows that are sent by this run, or were by an earlier one. */
  const claimed = new Set<AssetId>()

  const decide = (item: Item): Decision<Item, PreLabeled, WriterError> => {
    const { assets, otherStages, tasks } = item.targets
    if (assets.length === 0) return { _tag: "Reject", error: unknownAsset(item.key, item.entry) }
    if (assets.length > 1 && ambiguous !== "all") {
      return { _tag: "Reject", error: ambiguousAsset(item.key, assets) }
    }
    if (assets.some(({ id }) => claimed.has(id))) return { _tag: "Reject", error: duplicateTarget(item.key) }
    if (existing === "skip" && assets.every(({ isPreLabeled }) => isPreLabeled === true)) {
      const message = "Its assets already have pre-labels."
      return { _tag: "Skip", reason: "exists", message, value: toValue(item) }
    }
    if (tasks.length === 0 && otherStages.length > 0) {
      return { _tag: "Reject", error: wrongStage(item.key, otherStages) }
    }
    for (const { id } of assets) claimed.add(id)
    return { _tag: "Send", item }
  }

  const statesOf = (items: ReadonlyArray<Item>, readStages: boolean) =>
    readStates(
      findAssets,
      projectId,
      items.map(({ entry }) => entry),
      readStages
    )

  // The request succeeded: a read-back that fails leaves the results unknown.
  const readResults = (items: ReadonlyArray<Item>): Effect.Effect<BulkResponse<PreLabeled, WriterError>> =>
    statesOf(items, true).pipe(
      Effect.orElseSucceed((): ReadonlyArray<TargetState> => []),
      Effect.map((states) => ({
        _tag: "PerRow",
        results: items.map((item, index) => toResult(item, states[index]))
      }))
    )

  return {
    operation,
    name: `${operation.name} of project ${projectId}`,
    outcome: "Updated",
    input: {
      keyOf,
      isUnique: true,
      identityOf: (row) => [fieldOf(row, "externalId"), fieldOf(row, "data")],
      toItem: (row, index) => {
        const checked: Either.Either<LabelImport, WriterError> = validate
          ? Labels.check(classes, row, { ...options, row: index })
          : Either.map(validateRow({ row }), (valid) => valid.row)
        return Either.map(
          checked,
          (entry): Item => ({ key: keyOf(entry) ?? `#${index}`, entry, targets: noTargets })
        )
      }
    },
    lookUp: (items) =>
      findAssets(
        projectId,
        items.map(({ entry }) => entry),
        cache
      ).pipe(
        Effect.flatMap(targets),
        Effect.map((all) => items.map((item, index) => decide({ ...item, targets: all[index] ?? noTargets })))
      ),
    request: {
      send: (items) =>
        client.annotations
          .importLabels({
            payload: { project: fromInput(projectId), jsonContent: items.map(({ entry }) => entry) }
          })
          .pipe(
            Effect.map(({ data }) => parseImportResult(data.project)),
            Effect.tap((result) => (onResponse === undefined ? Effect.void : onResponse(result))),
            Effect.flatMap((result) =>
              isComplete(result, items) ? Effect.succeed({ _tag: "Done" as const }) : readResults(items)
            )
          )
    },
    readBack: {
      read: (items) => Effect.map(statesOf(items, false), (states) => states.map(toReadBack)),
      afterSuccess: false
    },
    value: {
      of: toValue,
      codec: rowCodec(Imported),
      onEarlier: ({ assets }) => {
        for (const id of assets) claimed.add(id)
      }
    }
  }
}

/** Makes `Annotations.importLabels`. */
export const makeLabelImport = (
  client: GroupClient<typeof AnnotationsApi | typeof AssetsApi | typeof ProjectsApi | typeof TasksApi>,
  pageSize: PageSize
): LabelImportMethods["importLabels"] => {
  const findAssets = makeFindAssets(client, pageSize)

  const importLabels = <E, R>(
    projectId: IdInput<ProjectId>,
    rows: Rows<LabelImport, E, R>,
    options: LabelImportOptions = {}
  ): Stream.Stream<RowOutcome<PreLabeled, LabelRowError>, E | StopError<WriterError>, R> =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* validateInput(operation, Options, omitUndefined({ ...options, project: projectId }))
        const { data } = yield* client.projects.get({ path: { projectId: fromInput(projectId) } })
        const writer = makeWriter(client, findAssets, data.project, projectId, options)
        return write(writer, rows, options)
      })
    ).pipe(Stream.withSpan("Annotations.importLabels"))

  // The implementation cannot express that rows of an iterable do not fail, nor that the errors of a row (`InvalidLabels`,
  // `RowRejected`) end no import; the overloads do.
  return importLabels as LabelImportMethods["importLabels"]
}
