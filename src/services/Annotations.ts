/**
 * Annotations: write the answer of a task, validate and import pre-labels.
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
 * Options of `Annotations.annotate`.
 *
 * @category options
 * @since 0.1.0
 */
export interface AnnotateOptions {
  /** Whether to submit the task to the next stage; default false. */
  readonly nextStage?: boolean | undefined
  /** Duration of the work, in milliseconds; default 0. */
  readonly duration?: number | undefined
  /** A data URL of a PNG with the brush strokes; `null` for none. */
  readonly brushDataUrl?: string | null | undefined
  /** A data URL of an NRRD with the voxel brush; `null` for none. */
  readonly medicalBrushDataUrl?: string | null | undefined
  /** Whether a plugin writes the answer; default false. */
  readonly isPlugin?: boolean | undefined
  /**
   * Whether to merge the answer into the current one, which costs one more request; default false, which replaces the
   * current answer. `Answer.merge` says which parts are replaced.
   */
  readonly merge?: boolean | undefined
}

/**
 * The methods of {@link Annotations}.
 *
 * @category services
 * @since 0.1.0
 */
export interface AnnotationsService extends LabelImportMethods {
  /**
   * Writes the answer of a task in any stage (`POST /annotate/{taskId}`), and returns the task.
   *
   * The answer is validated before any request. With `merge`, the current answer is read first (`GET
   * /task/{taskId}`); a write of somebody else between the two requests is overwritten. The write is sent once: if
   * the connection breaks, the call fails with `AmbiguousOutcome`. Fails with `NotFound` if the task does not exist.
   *
   * @example
   * ```ts
   * import { Annotations } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const annotated = Effect.flatMap(Annotations, (annotations) =>
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
   * Validates pre-labels against the current ontology of a project (`GET /project/{projectId}`), without sending
   * them. Entries may have any shape. Returns one result per entry, in order: the entry as it would be sent, or
   * `InvalidLabels` with all its mistakes. `Labels.checkAll` does the same with a given ontology, without a request.
   * Fails with `NotFound` if the project does not exist.
   *
   * @example
   * ```ts
   * import { Annotations } from "effect-ango"
   * import { Array, Console, Effect, Stream } from "effect"
   *
   * // Imports all entries, or none if one is invalid.
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

const decodeInput = Schema.validate(Schema.Struct({ answer: AnswerInput, duration: Milliseconds }))

// Done here and not by the contract: a merged answer contains stored parts of any shape, and an invalid input should
// fail before the current answer is read.
const validateAnswer = (
  answer: AnswerInput,
  duration: number
): Effect.Effect<Answer.Answer, InvalidRequest> =>
  Effect.mapBoth(decodeInput({ answer, duration }), {
    onFailure: (error) => Failure.fromInput(operations["annotations.annotate"], error),
    onSuccess: () => toAnswer(answer)
  })

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
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
        const newAnswer = yield* validateAnswer(input, duration)
        const current =
          options.merge === true
            ? (yield* tasks.get({ path, urlParams: { includeAnswer: true } })).data.task
            : undefined
        // A merge keeps the brushes too: the API might read an absent brush as none.
        const brush = brushDataUrl === undefined ? (current?.brushDataUrl ?? undefined) : brushDataUrl
        const medicalBrush =
          medicalBrushDataUrl === undefined
            ? (current?.medicalBrushDataUrl ?? undefined)
            : medicalBrushDataUrl
        const { data } = yield* client.annotate({
          path,
          urlParams: { nextStage, isPlugin },
          payload: {
            answer: current === undefined ? newAnswer : Answer.merge(current.answer ?? {}, newAnswer),
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
 * The annotations of tasks: write answers, validate and import pre-labels.
 *
 * @category services
 * @since 0.1.0
 */
export class Annotations extends Context.Tag("effect-ango/Annotations")<Annotations, AnnotationsService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Annotations, never, AngoClient | AngoConfig> = Layer.effect(
    Annotations,
    make
  )
}
