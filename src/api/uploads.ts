/**
 * The upload endpoints.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { ProjectId, StorageId } from "../schemas/ids.js"
import { FileName, FileType, SignedLink } from "../schemas/Upload.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { safe } from "./Repeatability.js"

const fileUrl = () => Schema.String.pipe(Schema.minLength(1, { title: "the URL of a file" }))

/** A5. Old SDKs sent `name` alone. */
const uploadUrl = endpoint.get("uploadUrl", "/getUploadUrl", {
  status: 201,
  repeat: safe,
  schemas: () => ({
    query: {
      name: FileName,
      project: Query.optional(ProjectId),
      type: Query.optional(FileType),
      storageId: Query.optional(StorageId),
      bucket: Query.optional(Schema.String)
    },
    success: success({ uploadUrl: SignedLink }),
    errors: [BadRequest, NotFound]
  })
})

/**
 * A6. The SDK sends the URL of the file as `name`, the newest documents as `url`; this client sends both
 * (docs/api-notes.md#signed-url-parameter).
 */
const signedUrl = endpoint.get("signedUrl", "/getSignedUrl", {
  status: 201,
  repeat: safe,
  schemas: () => ({
    query: {
      name: Query.optional(fileUrl()),
      project: Query.optional(ProjectId),
      type: Query.optional(FileType),
      storageId: Query.optional(StorageId),
      url: Query.optional(fileUrl())
    },
    success: success({ signedUrl: SignedLink }),
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const UploadsApi = endpoint.group("uploads", [uploadUrl, signedUrl])
