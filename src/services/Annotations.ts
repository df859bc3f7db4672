/**
 * Annotations: write the answer of a task, import pre-labels.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { operations } from "../api/operations.js"
import { type LabelImportMethods, makeLabelImport } from "../bulk/writers/labelImport.js"
import type { CallError, InvalidLabels, InvalidRequest } from "../errors/AngoError.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import * as Failure from "../layers/transport/errorMapping.js"
import * as Labels from "../ontology/Labels.js"
import { AnswerInput, Milliseconds, toAnswer } from "../schemas/Annotation.js"
import * as Answer from "../schemas/Answer.js"
import { fromInput, type IdInput, type ProjectId, type TaskId } from "../schemas/ids.js"
import type { LabelImport } from "../schemas/LabelImport.js"
import type { LabelTask } from "../schemas/LabelTask.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * How an answer is written.
 *
 * @since 0.1.0
 */
export interface AnnotateOptions {
  /** Whether the task is submitted to the next stage as well; default false. */
  readonly nextStage?: boolean | undefined
  /** How long the work took, in milliseconds; default 0. */
  readonly duration?: number | undefined
  /** A PNG with the brush traces; `null` for none. */
  readonly brushDataUrl?: string | null | undefined
  /** An NRRD with the voxel brush; `null` for none. */
  readonly medicalBrushDataUrl?: string | null | undefined
  /** Whether a plugin writes the answer; default false. */
  readonly isPlugin?: boolean | undefined
  /**
   * Whether the present answer is kept, but for what is said again; default false, which replaces it. Costs a
   * request that reads it. See `Answer.merge` for what replaces what.
   */
  readonly merge?: boolean | undefined
}

/** @since 0.1.0 */
export interface AnnotationsService extends LabelImportMethods {
  /**
   * Writes the answer of a task, whatever its stage (`POST /annotate/{taskId}`), and gives the task as it is then.
   *
   * The answer is checked before any request. With `merge`, the present answer is read first (`GET /task/{taskId}`);
   * what somebody else writes between the two requests is overwritten. The answer is sent once: when the connection
   * breaks, it may have been written or not. Fails with `NotFound` when there is no such task.
   *
   * @example
   * ```ts
   * import { Annotations } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const drawn = Effect.flatMap(Annotations, (annotations) =>
   *   annotations.annotate(
   *     "65aa0000000000000000b001",
   *     {
   *       tools: [{ title: "Cat", "bounding-box": { x: 10, y: 20, width: 30, height: 40 } }],
   *       classifications: [{ title: "Mood", answer: "Calm" }]
   *     },
   *     { merge: true, nextStage: true, duration: 5_400 }
   *   )
   * )
   * ```
   */
  readonly annotate: (
    taskId: IdInput<TaskId>,
    answer: AnswerInput,
    options?: AnnotateOptions
  ) => Effect.Effect<LabelTask, CallError>

  /**
   * Holds pre-labels to the ontology that their project has now (`GET /project/{projectId}`), and sends none of them:
   * each entry, of whatever shape, is given as it is to be sent, or as `InvalidLabels` with all its mistakes. Where
   * the ontology is at hand, `Labels.checkAll` does the same without a request. Fails with `NotFound` when there is
   * no such project.
   *
   * @example
   * ```ts
   * import { Annotations } from "effect-ango"
   * import { Array, Console, Effect, Stream } from "effect"
   *
   * // Imports all of it or, where something does not fit, nothing, and tells what.
   * const allOrNothing = (projectId: string, predictions: ReadonlyArray<unknown>) =>
   *   Stream.unwrap(Effect.gen(function*() {
   *     const annotations = yield* Annotations
   *     const [invalid, valid] = Array.separate(yield* annotations.validate(projectId, predictions))
   *     for (const { mistakes } of invalid) {
   *       for (const { message } of mistakes) yield* Console.error(message)
   *     }
   *     return annotations.importLabels(projectId, invalid.length === 0 ? valid : [])
   *   }))
   * ```
   */
  readonly validate: (
    projectId: IdInput<ProjectId>,
    entries: Iterable<unknown>,
    options?: Labels.CheckOptions
  ) => Effect.Effect<ReadonlyArray<Either.Either<LabelImport, InvalidLabels>>, CallError>
}

const check = Schema.validate(Schema.Struct({ answer: AnswerInput, duration: Milliseconds }))

// Not left to the contract: there, a merged answer holds what the hub once stored, of whatever shape, and the
// present answer would have been read in vain.
const checked = (answer: AnswerInput, duration: number): Effect.Effect<Answer.Answer, InvalidRequest> =>
  Effect.mapBoth(check({ answer, duration }), {
    onFailure: (error) => Failure.fromInput(operations["annotations.annotate"], error),
    onSuccess: () => toAnswer(answer)
  })

/** @since 0.1.0 */
export const make: Effect.Effect<AnnotationsService, never, AngoClient | AngoConfig> = Effect.gen(
  function* () {
    const clients = yield* AngoClient
    const { annotations: client, projects, tasks } = clients
    const { pageSize } = yield* AngoConfig

    return {
      annotate: Effect.fn("Annotations.annotate")(function* (taskId, input, options = {}) {
        const {
          brushDataUrl,
          duration = 0,
          isPlugin = false,
          medicalBrushDataUrl,
          nextStage = false
        } = options
        const path = { taskId: fromInput(taskId) }
        const added = yield* checked(input, duration)
        const present =
          options.merge === true
            ? (yield* tasks.get({ path, urlParams: { includeAnswer: true } })).data.task
            : undefined
        // A merge keeps the brushes too: what is not said might be taken for none.
        const brush = brushDataUrl === undefined ? (present?.brushDataUrl ?? undefined) : brushDataUrl
        const medicalBrush =
          medicalBrushDataUrl === undefined
            ? (present?.medicalBrushDataUrl ?? undefined)
            : medicalBrushDataUrl
        const { data } = yield* client.annotate({
          path,
          urlParams: { nextStage, isPlugin },
          payload: {
            answer: present === undefined ? added : Answer.merge(present.answer ?? {}, added),
            ...omitUndefined({ brushDataUrl: brush, medicalBrushDataUrl: medicalBrush }),
            duration
          }
        })
        return data.label
      }),

      importLabels: makeLabelImport(clients, pageSize),

      validate: Effect.fn("Annotations.validate")(function* (projectId, entries, options) {
        const { data } = yield* projects.get({ path: { projectId: fromInput(projectId) } })
        return Labels.checkAll(data.project.categorySchema ?? {}, entries, options)
      })
    }
  }
)

/**
 * The annotations of Ango Hub.
 *
 * @since 0.1.0
 */
export class Annotations extends Context.Tag("effect-ango/Annotations")<Annotations, AnnotationsService>() {
  static readonly layer: Layer.Layer<Annotations, never, AngoClient | AngoConfig> = Layer.effect(
    Annotations,
    make
  )
}
