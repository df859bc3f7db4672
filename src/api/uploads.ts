/**
 * The upload endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { ProjectId, StorageId } from "../schemas/ids.js"
import { FileName, FileType, SignedLink } from "../schemas/Upload.js"
import { BadRequest, NotFound, success } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { Repeatability, safe } from "./Repeatability.js"

const FileUrl = Schema.String.pipe(Schema.minLength(1, { title: "the URL of a file" }))

/** A5 `GET /getUploadUrl`. Old SDKs sent `name` alone. */
const uploadUrl = HttpApiEndpoint.get("uploadUrl", "/getUploadUrl")
  .setUrlParams(
    Schema.Struct({
      name: FileName,
      project: Query.optional(ProjectId),
      type: Query.optional(FileType),
      storageId: Query.optional(StorageId),
      bucket: Query.optional(Schema.String)
    })
  )
  .addSuccess(success({ uploadUrl: SignedLink }), { status: 201 })
  .annotate(Repeatability, safe)

/**
 * A6 `GET /getSignedUrl`. The SDK calls the file's URL `name`, the newest documents `url`; both are sent
 * (docs/api-notes.md#signed-url-parameter).
 */
const signedUrl = HttpApiEndpoint.get("signedUrl", "/getSignedUrl")
  .setUrlParams(
    Schema.Struct({
      name: Query.optional(FileUrl),
      project: Query.optional(ProjectId),
      type: Query.optional(FileType),
      storageId: Query.optional(StorageId),
      url: Query.optional(FileUrl)
    })
  )
  .addSuccess(success({ signedUrl: SignedLink }), { status: 201 })
  .annotate(Repeatability, safe)

/** @since 0.1.0 */
export const UploadsApi = HttpApiGroup.make("uploads")
  .add(uploadUrl)
  .add(signedUrl)
  .addError(BadRequest)
  .addError(NotFound)
