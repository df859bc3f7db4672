/**
 * Form bodies: multipart, or URL-encoded when there is no file.
 *
 * @since 0.1.0
 */
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Multipart from "@effect/platform/Multipart"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { BadRequest } from "../../api/envelope.js"
import { badRequest } from "../state/hubErrors.js"

/** A file in a form. */
export interface FormFile {
  readonly name: string
  readonly contentType: string
  readonly content: Uint8Array
}

/** The fields and files of a form, by name. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>
  readonly files: ReadonlyMap<string, FormFile>
}

/** Reads the form of a request into memory. */
export const readForm = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<Form, BadRequest> =>
  Effect.gen(function* () {
    const fields = new Map<string, string>()
    const files = new Map<string, FormFile>()
    if (request.headers["content-type"]?.includes("multipart/form-data") === true) {
      yield* Stream.runForEach(request.multipartStream, (part) =>
        Effect.gen(function* () {
          if (part._tag === "Field") {
            fields.set(part.key, part.value)
          } else {
            const { contentType, key, name } = part
            files.set(key, { name, contentType, content: yield* part.contentEffect })
          }
        })
      )
    } else {
      for (const [name, value] of yield* request.urlParamsBody) fields.set(name, value)
    }
    return { fields, files }
  }).pipe(
    // By default the platform treats a JSON part as a field, even if it is a file.
    Multipart.withFieldMimeTypes([]),
    Effect.catchAll(() => badRequest("Invalid form."))
  )
