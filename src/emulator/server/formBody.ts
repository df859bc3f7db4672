/**
 * Forms that the hub is sent: multipart, or URL-encoded when there is no file.
 *
 * @since 0.1.0
 */
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Multipart from "@effect/platform/Multipart"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { BadRequest } from "../../api/envelope.js"
import { badRequest } from "./hubApi.js"

/** A file of a form. */
export interface FormFile {
  readonly name: string
  readonly contentType: string
  readonly content: Uint8Array
}

/** A form: its fields and its files, each by name. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>
  readonly files: ReadonlyMap<string, FormFile>
}

/** Reads the form of a request. The files are kept in memory: the hub has no disk. */
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
    // The platform takes a part of JSON for a field, whether it is a file or not.
    Multipart.withFieldMimeTypes([]),
    Effect.catchAll(() => badRequest("Invalid form."))
  )
