/**
 * The annotation endpoints.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Milliseconds } from "../schemas/Annotation.js"
import { AnswerPayload } from "../schemas/Answer.js"
import { ProjectId, TaskId } from "../schemas/ids.js"
import { LabelImport } from "../schemas/LabelImport.js"
import { LabelTask } from "../schemas/LabelTask.js"
import * as Open from "../schemas/open.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success } from "./envelope.js"
import { alsoRead } from "./payloadVariant.js"
import * as Query from "./queryEncoding.js"
import { never } from "./Repeatability.js"

/**
 * T8. Old documents print GET, which has no body (docs/api-notes.md#annotate-method). `duration` is in milliseconds
 * (#duration-unit).
 */
const annotate = endpoint.post("annotate", "/annotate/:taskId", {
  repeat: never("tasks.get", "the answer and the stage of the task"),
  schemas: () => ({
    path: { taskId: TaskId },
    query: { nextStage: Query.optional(Query.Flag), isPlugin: Query.optional(Query.Flag) },
    payload: Schema.Struct({
      answer: AnswerPayload,
      brushDataUrl: Open.maybe(Schema.String),
      medicalBrushDataUrl: Open.maybe(Schema.String),
      duration: Query.optional(Milliseconds)
    }),
    success: success({ label: LabelTask }),
    errors: [BadRequest, NotFound]
  })
})

// Other forms that the emulator accepts: entries of any client, JSON text, and the shape of the newest documents
// (docs/api-notes.md#import-body).
const entry = () =>
  Open.struct({
    externalId: Open.maybe(Schema.String),
    data: Open.maybe(Schema.String),
    assetId: Open.maybe(Schema.String),
    brushDataUrl: Open.maybe(Schema.String),
    medicalBrushDataUrl: Open.maybe(Schema.String),
    answer: Open.maybe(AnswerPayload)
  })

const entries = () => alsoRead(Schema.Array(entry()), Schema.parseJson(Schema.Array(entry())))

/** X1. `data.project` of the response is a sentence (docs/api-notes.md#import-result). */
const importLabels = endpoint.post("importLabels", "/import/labels", {
  repeat: never("tasks.list", "the answers of the tasks"),
  schemas: () => ({
    payload: alsoRead(
      Schema.Struct({
        project: ProjectId,
        jsonContent: Open.atLeastOne(LabelImport, "at least one entry")
      }).pipe(Open.inGivenOrder),
      Schema.Union(
        Schema.Struct({ project: ProjectId, jsonContent: entries() }),
        Schema.Struct({ project: ProjectId, labels: entries() })
      )
    ),
    success: success({ project: Schema.String }),
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const AnnotationsApi = endpoint.group("annotations", [annotate, importLabels])
