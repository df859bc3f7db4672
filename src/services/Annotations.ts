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
import { AnnotationsApi } from "../api/annotations.js"
import { AssetsApi } from "../api/assets.js"
import { label } from "../api/operation.js"
import { ProjectsApi } from "../api/projects.js"
import { TasksApi } from "../api/tasks.js"
import { type LabelImportMethods, makeLabelImport } from "../bulk/writers/labelImport.js"
import {
  type AnnotateError,
  type CallError,
  type InvalidLabels,
  InvalidMask,
  type InvalidRequest
} from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { overrideMessage } from "../errors/messageOverride.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import * as FileDownload from "../layers/transfer/fileDownload.js"
import * as Download from "../layers/transfer/signedDownload.js"
import * as Failure from "../layers/transport/errorMapping.js"
import type { Brush, Mask, MedicalBrush, Merge } from "../masks/Mask.js"
import * as Labels from "../ontology/Labels.js"
import { AnswerInput, Milliseconds, toAnswer } from "../schemas/Annotation.js"
import * as Answer from "../schemas/Answer.js"
import { fromInput, type IdInput, type ProjectId, type TaskId } from "../schemas/ids.js"
import type { LabelImport } from "../schemas/LabelImport.js"
import { type LabelTask, projectIdOf } from "../schemas/LabelTask.js"
import { fromEither } from "../utils/either.js"
import { omitUndefined } from "../utils/omitUndefined.js"
import * as Uploads from "./Uploads.js"

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
  /**
   * A brush mask to upload, which `PngMask` makes; `null` for none. With `merge`, it is drawn over the present mask of the
   * task. By default none, or with `merge` the present one.
   */
  readonly brush?: Brush | null | undefined
  /**
   * A voxel brush mask to upload, which `NrrdMask` makes; `null` for none. With `merge`, its labels replace those of the
   * present mask where they are not 0. By default none, or with `merge` the present one.
   */
  readonly medicalBrush?: MedicalBrush | null | undefined
  /** The URL of a PNG that is stored already, instead of `brush`; it replaces the present mask, `merge` or not. */
  readonly brushDataUrl?: string | null | undefined
  /** The URL of an NRRD that is stored already, instead of `medicalBrush`; it replaces the present mask, `merge` or not. */
  readonly medicalBrushDataUrl?: string | null | undefined
  /**
   * What to do with a mask to merge whose size is not that of the present one: `"fail"` (default) with `InvalidMask`, or
   * `"replace"` the present one, of which nothing is left.
   */
  readonly otherSize?: "fail" | "replace" | undefined
  /** Whether a plugin writes the answer; default false. */
  readonly isPlugin?: boolean | undefined
  /**
   * Whether to merge the answer and the masks into the current ones, which costs one more request, and three for each
   * mask; default false, which replaces them all. `Answer.merge` says which parts of an answer are replaced.
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
   * Without `merge`, the answer and both masks are replaced: a mask that is not given is removed. With it, a mask that is
   * not given stays (docs/api-notes.md#mask-urls). Masks are uploaded first, into the project of the task, and those to
   * merge are downloaded before. If a mask cannot be read, merged or stored, nothing is written: the call fails with
   * `InvalidMask`, `TransferError` or another error of that request.
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
   *
   * @example
   * ```ts
   * import { Annotations, PngMask } from "effect-ango"
   * import { Effect } from "effect"
   *
   * // Adds what a model has segmented to what annotators have drawn.
   * const addBrush = (taskId: string, classes: Uint8Array) =>
   *   Effect.gen(function*() {
   *     const annotations = yield* Annotations
   *     const brush = yield* PngMask.fromClasses({ width: 640, height: 480, data: classes }, { 1: "#e6194b" })
   *     return yield* annotations.annotate(taskId, {}, { merge: true, brush })
   *   })
   * ```
   */
  readonly annotate: (
    taskId: IdInput<TaskId>,
    answer: AnswerInput,
    options?: AnnotateOptions
  ) => Effect.Effect<LabelTask, AnnotateError>

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

const operation = AnnotationsApi.operations.annotate

const decodeInput = Schema.validate(Schema.Struct({ answer: AnswerInput, duration: Milliseconds }))

// Done here and not by the contract: a merged answer contains stored parts of any shape, and an invalid input should
// fail before the current answer is read.
const validateAnswer = (
  answer: AnswerInput,
  duration: number
): Effect.Effect<Answer.Answer, InvalidRequest> =>
  Effect.mapBoth(decodeInput({ answer, duration }), {
    onFailure: (error) => Failure.fromInput(operation, error.issue),
    onSuccess: () => toAnswer(answer)
  })

// Far more than a mask of the largest size has once it is compressed.
const maxMaskBytes = 2 ** 30

/** The mask of one kind in the options. */
interface MaskInput {
  readonly parameter: "brush" | "medicalBrush"
  readonly mask: Mask | null | undefined
  readonly url: string | null | undefined
}

const checkMask = ({ mask, parameter, url }: MaskInput): Effect.Effect<void, InvalidRequest> => {
  if (mask != null && mask.kind !== parameter) {
    return Effect.fail(
      invalidRequest(operation, parameter, `It is a mask of the kind ${JSON.stringify(mask.kind)}.`)
    )
  }
  return mask === undefined || url === undefined
    ? Effect.void
    : Effect.fail(
        invalidRequest(operation, parameter, `Give a mask or its URL (${parameter}DataUrl), not both.`)
      )
}

const withoutWrite = (error: InvalidMask): InvalidMask =>
  overrideMessage(error, `${label(operation)} was not sent. ${error.message}`)

const otherSizeError = (
  { size }: Mask,
  { presentSize }: { readonly presentSize: ReadonlyArray<number> }
): InvalidMask =>
  new InvalidMask({
    reason: "other-size",
    mask: "present",
    message:
      `The present mask has the size ${presentSize.join(" × ")}, the added one ${size.join(" × ")}. Give a mask of ` +
      'the present size, or the option otherSize: "replace".'
  })

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<AnnotationsService, never, AngoClient | AngoConfig> = Effect.gen(
  function* () {
    const { transfer, use } = yield* AngoClient
    const clients = use(AnnotationsApi, AssetsApi, ProjectsApi, TasksApi)
    const { annotations: client, projects, tasks } = clients
    const { pageSize } = yield* AngoConfig
    const uploads = yield* Uploads.make
    const downloadFile = FileDownload.make(
      Download.makeOpen(transfer.sender, transfer.policies, FileDownload.fileKind)
    )

    const mergeMask = (
      projectId: ProjectId,
      mask: Mask,
      presentUrl: string,
      otherSize: AnnotateOptions["otherSize"]
    ): Effect.Effect<Mask, AnnotateError> =>
      Effect.gen(function* () {
        const type = Uploads.maskFileType(mask)
        const link = yield* uploads.signedUrl(projectId, { url: presentUrl, type })
        const present = yield* downloadFile(link, maxMaskBytes)
        const merge: Merge<Mask> = yield* fromEither<Merge<Mask>, InvalidMask>(mask.mergeInto(present))
        if (!merge.isPresentKept && otherSize !== "replace") return yield* otherSizeError(mask, merge)
        return merge.mask
      })

    /** Stores a mask, merged with the present one if there is a URL of one. */
    const storeMask = (
      task: LabelTask,
      { mask, parameter }: { readonly mask: Mask; readonly parameter: string },
      presentUrl: string | null | undefined,
      otherSize: AnnotateOptions["otherSize"]
    ): Effect.Effect<string, AnnotateError> =>
      Effect.gen(function* () {
        const projectId = projectIdOf(task)
        if (projectId === undefined) {
          return yield* invalidRequest(
            operation,
            parameter,
            "The hub does not say which project the task belongs to. Upload the mask with Uploads.putMask, and give " +
              `its URL as ${parameter}DataUrl.`
          )
        }
        // An empty URL stands for none.
        const merged = presentUrl ? yield* mergeMask(projectId, mask, presentUrl, otherSize) : mask
        return (yield* uploads.putMask(projectId, merged)).fileUrl
      })

    return {
      annotate: Effect.fn("Annotations.annotate")(function* (taskId, input, options = {}) {
        const { duration = 0, isPlugin = false, merge = false, nextStage = false, otherSize } = options
        const path = { taskId: fromInput(taskId) }
        const newAnswer = yield* validateAnswer(input, duration)
        const brush = { parameter: "brush", mask: options.brush, url: options.brushDataUrl } as const
        const medicalBrush = {
          parameter: "medicalBrush",
          mask: options.medicalBrush,
          url: options.medicalBrushDataUrl
        } as const
        yield* Effect.forEach([brush, medicalBrush], checkMask, { discard: true })
        const isTaskNeeded = merge || brush.mask != null || medicalBrush.mask != null
        const task = isTaskNeeded
          ? (yield* tasks.get({ path, urlParams: { includeAnswer: merge } })).data.task
          : undefined
        const current = merge ? task : undefined

        // An overwrite names both masks, since an absent one might stay; a merge repeats the present ones, since an absent
        // one might be removed, and never removes one unasked.
        const urlOf = ({
          mask,
          parameter,
          url
        }: MaskInput): Effect.Effect<string | null | undefined, AnnotateError> => {
          const presentUrl = current?.[`${parameter}DataUrl`]
          if (mask != null && task !== undefined) {
            return Effect.catchTag(
              storeMask(task, { mask, parameter }, presentUrl, otherSize),
              "InvalidMask",
              (error) => Effect.fail(withoutWrite(error))
            )
          }
          if (mask === null) return Effect.succeed(null)
          return Effect.succeed(url !== undefined ? url : merge ? (presentUrl ?? undefined) : null)
        }
        const brushDataUrl = yield* urlOf(brush)
        const medicalBrushDataUrl = yield* urlOf(medicalBrush)
        const { data } = yield* client.annotate({
          path,
          urlParams: { nextStage, isPlugin },
          payload: {
            answer: current === undefined ? newAnswer : Answer.merge(current.answer ?? {}, newAnswer),
            ...omitUndefined({ brushDataUrl, medicalBrushDataUrl }),
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
