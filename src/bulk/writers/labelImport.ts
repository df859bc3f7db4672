/**
 * How predictions become pre-labels: the bulk write of the service `Annotations`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { operations } from "../../api/operations.js"
import type { CallError, InvalidLabels, RowRejected } from "../../errors/AngoError.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import * as Labels from "../../ontology/Labels.js"
import { AssetId, fromInput, type IdInput, ProjectId, TaskId } from "../../schemas/ids.js"
import { parseImportResult, LabelImport, type LabelImportResult } from "../../schemas/LabelImport.js"
import type { AnnotationsService } from "../../services/Annotations.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import {
  Bulk,
  type BulkOptions,
  type BulkResponse,
  type Decision,
  type ReadBack,
  type Result,
  type RowError,
  rowCodec,
  type Stop
} from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import { findAssets, nameIn } from "./labelAssets.js"
import { ambiguousAsset, duplicateTarget, unknownAsset, wrongStage } from "./labelRejections.js"
import { makeTargetResolver, type TargetState, type Targets } from "./labelTargets.js"

/**
 * How pre-labels are imported.
 *
 * @since 0.1.0
 */
export interface LabelImportOptions extends BulkOptions, Labels.CheckOptions {
  /** Rows per request, 1 to 10,000; default 200. */
  readonly chunk?: number | undefined
  /**
   * Whether rows are held to the project's ontology first; default `true`. With `false` only the shapes of the
   * documents count, for an ontology that means something else to its hub than to `Labels.check`.
   */
  readonly validate?: boolean | undefined
  /** What becomes of a row that names several assets: `"refuse"` it (default), or label `"all"` of them. */
  readonly ambiguous?: "refuse" | "all" | undefined
  /**
   * What becomes of a row whose assets have pre-labels already: they are sent, and the hub's to `"replace"` (default;
   * no document says whether it does), or the row is `Skipped` (`"skip"`).
   */
  readonly existing?: "replace" | "skip" | undefined
  /** Runs after each request that the hub took, with its sentence and the numbers in it. */
  readonly onResponse?: ((counts: LabelImportResult) => Effect.Effect<void>) | undefined
}

/**
 * What has a row's answer: its assets, and those of their tasks that were in Start.
 *
 * @since 0.1.0
 */
export interface PreLabeled {
  readonly assets: ReadonlyArray<AssetId>
  readonly tasks: ReadonlyArray<TaskId>
}

type Own = CallError | InvalidLabels | RowRejected

/**
 * What one row of an import of pre-labels can fail with.
 *
 * @since 0.1.0
 */
export type LabelRowError = RowError<Own>

/**
 * What ends an import of pre-labels as a whole.
 *
 * @since 0.1.0
 */
export type LabelImportError = Stop<CallError>

interface Item {
  readonly key: string
  readonly entry: LabelImport
  readonly targets: Targets
}

const operation = operations["annotations.importLabels"]

const Imported = Schema.Struct({ assets: Schema.Array(AssetId), tasks: Schema.Array(TaskId) })

const Row = Schema.typeSchema(Schema.Struct({ row: LabelImport }))

const aFunction = (title: string) => Schema.optional(Schema.declare(Predicate.isFunction, { title }))

const Options = Schema.typeSchema(
  Schema.Struct({
    ...Bulk,
    project: ProjectId,
    validate: Schema.optional(Schema.Boolean),
    incomplete: Schema.optional(Schema.Boolean),
    ambiguous: Schema.optional(Schema.Literal("refuse", "all").annotations({ title: "refuse or all" })),
    existing: Schema.optional(Schema.Literal("replace", "skip").annotations({ title: "replace or skip" })),
    sizeOf: aFunction("a function that gives a size"),
    onResponse: aFunction("a function that gives an effect")
  })
)

const unlooked: Targets = { assets: [], tasks: [], elsewhere: [] }

// Rows come from files as well, and may be anything.
const textOf = (row: unknown, name: "externalId" | "data"): string | undefined =>
  Predicate.isRecord(row) ? nameIn(row[name]) : undefined

const keyOf = (row: unknown): string | undefined => textOf(row, "externalId")

const valueOf = ({ targets }: Item): PreLabeled => ({
  assets: targets.assets.map(({ id }) => id),
  tasks: targets.tasks
})

// Whether the numbers leave no doubt that every task has its labels that was to have them.
const isWhole = ({ labeled, total }: LabelImportResult, items: ReadonlyArray<Item>): boolean => {
  if (labeled === undefined || total === undefined) return false
  const meant = items.reduce((sum, { targets }) => sum + Math.max(1, targets.tasks.length), 0)
  const refused = items.reduce((sum, { targets }) => sum + targets.elsewhere.length, 0)
  return labeled >= meant && total - labeled <= refused
}

const resultOf = ({ key }: Item, seen: TargetState | undefined): Result<PreLabeled, Own> => {
  switch (seen?._tag) {
    case "Present":
      return { _tag: "Present", value: { assets: seen.assets, tasks: seen.tasks } }
    case "Elsewhere":
      return { _tag: "Refused", error: wrongStage(key, seen.stages), retryable: false }
    case "Absent":
      return seen
    default:
      return { _tag: "Undecidable", why: seen?.why ?? "it could not be read back." }
  }
}

const findingOf = (seen: TargetState): ReadBack<PreLabeled> => {
  if (seen._tag === "Present") return { _tag: "Present", value: { assets: seen.assets, tasks: seen.tasks } }
  return seen._tag === "Elsewhere" ? { _tag: "Absent" } : seen
}

/** `Annotations.importLabels` */
export const labelImport = (
  client: AngoClient["Type"],
  pageSize: number
): AnnotationsService["importLabels"] => {
  const find = findAssets(client, pageSize)

  function importLabels(
    projectId: IdInput<ProjectId>,
    rows: Iterable<LabelImport>,
    options?: LabelImportOptions
  ): Stream.Stream<RowOutcome<PreLabeled, LabelRowError>, LabelImportError>
  function importLabels<E, R>(
    projectId: IdInput<ProjectId>,
    rows: Stream.Stream<LabelImport, E, R>,
    options?: LabelImportOptions
  ): Stream.Stream<RowOutcome<PreLabeled, LabelRowError>, E | LabelImportError, R>
  function importLabels<E, R>(
    projectId: IdInput<ProjectId>,
    rows: Rows<LabelImport, E, R>,
    options: LabelImportOptions = {}
  ): Stream.Stream<RowOutcome<PreLabeled, LabelRowError>, E | LabelImportError, R> {
    const { ambiguous = "refuse", chunk = 200, existing = "replace", onResponse, validate = true } = options

    const outcomes = Effect.gen(function* () {
      yield* validateInput(operation, Options, omitUndefined({ ...options, project: projectId }))
      const { data } = yield* client.projects.get({ path: { projectId: fromInput(projectId) } })
      const { ontology, seen, targets } = makeTargetResolver(client, data.project)
      const classes = Labels.compile(ontology)
      const claimed = new Set<AssetId>()

      const prepare = (row: LabelImport, index: number): Effect.Effect<Item, Own> =>
        Effect.gen(function* () {
          const entry = validate
            ? yield* Labels.check(classes, row, { ...options, row: index })
            : (yield* validateInput(operation, Row, { row })).row
          return { key: keyOf(entry) ?? `#${index}`, entry, targets: unlooked }
        })

      const judged = (item: Item): Decision<Item, PreLabeled, Own> => {
        const { assets, elsewhere, tasks } = item.targets
        if (assets.length === 0) return { _tag: "Refuse", error: unknownAsset(item.key, item.entry) }
        if (assets.length > 1 && ambiguous !== "all")
          return { _tag: "Refuse", error: ambiguousAsset(item.key, assets) }
        if (assets.some(({ id }) => claimed.has(id)))
          return { _tag: "Refuse", error: duplicateTarget(item.key) }
        if (existing === "skip" && assets.every(({ isPreLabeled }) => isPreLabeled === true)) {
          const message = "Its assets have pre-labels already."
          return { _tag: "Skip", reason: "exists", message, value: valueOf(item) }
        }
        if (tasks.length === 0 && elsewhere.length > 0) {
          return { _tag: "Refuse", error: wrongStage(item.key, elsewhere) }
        }
        for (const { id } of assets) claimed.add(id)
        return { _tag: "Go", item }
      }

      const look = (items: ReadonlyArray<Item>) =>
        find(
          projectId,
          items.map(({ entry }) => entry)
        ).pipe(
          Effect.flatMap(targets),
          Effect.map((all) => items.map((item, at) => judged({ ...item, targets: all[at] ?? unlooked })))
        )

      const shown = (items: ReadonlyArray<Item>, hasStages: boolean) =>
        seen(
          find,
          projectId,
          items.map(({ entry }) => entry),
          hasStages
        )

      // A read-back that fails leaves open what was done: the request itself went well.
      const each = (items: ReadonlyArray<Item>): Effect.Effect<BulkResponse<PreLabeled, Own>> =>
        shown(items, true).pipe(
          Effect.orElseSucceed((): ReadonlyArray<TargetState> => []),
          Effect.map((all) => ({ _tag: "Each", results: items.map((item, at) => resultOf(item, all[at])) }))
        )

      const send = (items: ReadonlyArray<Item>): Effect.Effect<BulkResponse<PreLabeled, Own>, CallError> =>
        client.annotations
          .importLabels({
            payload: { project: fromInput(projectId), jsonContent: items.map(({ entry }) => entry) }
          })
          .pipe(
            Effect.map(({ data }) => parseImportResult(data.project)),
            Effect.tap((result) => (onResponse === undefined ? Effect.void : onResponse(result))),
            Effect.flatMap((result) =>
              isWhole(result, items) ? Effect.succeed({ _tag: "Done" as const }) : each(items)
            )
          )

      return write<LabelImport, Item, PreLabeled, Own, E, R>(
        {
          operation,
          of: `${operation.name} of project ${projectId}`,
          makes: "Updated",
          keyOf,
          isUnique: true,
          subjectOf: (row) => [textOf(row, "externalId"), textOf(row, "data")],
          toItem: prepare,
          remember: ({ assets }) => {
            for (const id of assets) claimed.add(id)
          },
          decide: look,
          send,
          readBack: (items) => Effect.map(shown(items, false), (all) => all.map(findingOf)),
          readsBack: false,
          toValue: valueOf,
          codec: rowCodec(Imported)
        },
        rows,
        { ...options, chunk }
      )
    })
    // What is wrong with one row ends no import.
    return Stream.unwrap(outcomes).pipe(Stream.withSpan("Annotations.importLabels")) as Stream.Stream<
      RowOutcome<PreLabeled, LabelRowError>,
      E | LabelImportError,
      R
    >
  }
  return importLabels
}
