/**
 * The annotation endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { Milliseconds } from "../schemas/Annotation.js"
import { AnswerPayload } from "../schemas/Answer.js"
import { ProjectId, TaskId } from "../schemas/ids.js"
import { LabelImport } from "../schemas/LabelImport.js"
import { LabelTask } from "../schemas/LabelTask.js"
import * as Open from "../schemas/open.js"
import { BadRequest, NotFound, success } from "./envelope.js"
import { alsoRead } from "./payloadVariant.js"
import * as Query from "./queryEncoding.js"
import { never, Repeatability } from "./Repeatability.js"

/**
 * T8 `POST /annotate/{taskId}`; old documents print GET, which has no body (docs/api-notes.md#annotate-method).
 * `duration` is in milliseconds (#duration-unit).
 */
const annotate = HttpApiEndpoint.post("annotate", "/annotate/:taskId")
  .setPath(Schema.Struct({ taskId: TaskId }))
  .setUrlParams(
    Schema.Struct({ nextStage: Query.optional(Query.Flag), isPlugin: Query.optional(Query.Flag) })
  )
  .setPayload(
    Schema.Struct({
      answer: AnswerPayload,
      brushDataUrl: Open.maybe(Schema.String),
      medicalBrushDataUrl: Open.maybe(Schema.String),
      duration: Query.optional(Milliseconds)
    })
  )
  .addSuccess(success({ label: LabelTask }))
  .annotate(Repeatability, never("tasks.get", "the answer and the stage of the task"))

// What the hub understands besides: entries as another client may have written them, a JSON text, and the shape of
// the newest documents (docs/api-notes.md#import-body).
const entry = Open.struct({
  externalId: Open.maybe(Schema.String),
  data: Open.maybe(Schema.String),
  assetId: Open.maybe(Schema.String),
  brushDataUrl: Open.maybe(Schema.String),
  medicalBrushDataUrl: Open.maybe(Schema.String),
  answer: Open.maybe(AnswerPayload)
})

const entries = alsoRead(Schema.Array(entry), Schema.parseJson(Schema.Array(entry)))

/** X1 `POST /import/labels`. `data.project` of the answer is a sentence (docs/api-notes.md#import-result). */
const importLabels = HttpApiEndpoint.post("importLabels", "/import/labels")
  .setPayload(
    alsoRead(
      Schema.Struct({
        project: ProjectId,
        jsonContent: Open.atLeastOne(LabelImport, "at least one entry")
      }),
      Schema.Union(
        Schema.Struct({ project: ProjectId, jsonContent: entries }),
        Schema.Struct({ project: ProjectId, labels: entries })
      )
    )
  )
  .addSuccess(success({ project: Schema.String }))
  .annotate(Repeatability, never("tasks.list", "the answers of the tasks"))

/** @since 0.1.0 */
export const AnnotationsApi = HttpApiGroup.make("annotations")
  .add(annotate)
  .add(importLabels)
  .addError(BadRequest)
  .addError(NotFound)
