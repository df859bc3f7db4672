/**
 * The storage endpoints.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { StorageId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { Storage, StorageProviderInput } from "../schemas/Storage.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success, undocumented } from "./envelope.js"
import { alsoRead } from "./payloadVariant.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, safe } from "./Repeatability.js"

const storagePath = { storageId: StorageId }

const name = () =>
  Schema.String.pipe(Schema.filter((text) => text.trim() !== "", { title: "a name that is not empty" }))

const secret = () => Schema.Redacted(Schema.String)

/** The body of the SDK, which sends `null` for missing values; this client leaves them out, except for the region. */
const keys = () =>
  Open.struct({
    name: name(),
    provider: StorageProviderInput,
    publicKey: Open.maybe(secret()),
    privateKey: Open.maybe(secret()),
    region: Open.maybe(Schema.String),
    credentials: Open.maybe(secret())
  })

/** The body of the newest documents, and any mixture of the two forms. */
const documented = () =>
  Open.struct({
    name: name(),
    type: Open.maybe(Schema.String),
    provider: Open.maybe(Schema.String),
    bucket: Open.maybe(Schema.String),
    region: Open.maybe(Schema.String)
  })

/** S1. `_id` is sent by the SDK; the documents name `page` and `limit`. */
const list = endpoint.get("list", "/storages", {
  repeat: safe,
  schemas: () => ({
    query: { _id: Query.optional(StorageId), ...Query.paging },
    success: success({ storages: Schema.Array(Storage) }),
    errors: [BadRequest, NotFound]
  })
})

/** S2. The path ends with a slash, as in the SDK. The body has two forms (docs/api-notes.md#storage-fields). */
const create = endpoint.post("create", "/storages/", {
  repeat: never("storages.list", "a storage of this name"),
  schemas: () => ({
    payload: alsoRead(keys(), documented()),
    success: success({ storage: Storage }),
    errors: [BadRequest, NotFound]
  })
})

/**
 * S3. The documents show the deleted storage in the response. It is not needed: a response without a readable storage
 * is a success too.
 */
const remove = endpoint.del("delete", "/storages/:storageId", {
  repeat: idempotent("storages.list", "the storage being gone"),
  schemas: () => ({
    path: storagePath,
    success: Schema.Union(success({ storage: Open.maybe(Storage) }), undocumented),
    errors: [BadRequest, NotFound]
  })
})

/** S4. The response is not documented (docs/api-notes.md#undocumented-answers). */
const files = endpoint.get("files", "/storages/:storageId/files", {
  repeat: safe,
  schemas: () => ({
    path: storagePath,
    query: {
      bucketName: Query.optional(Schema.String),
      path: Query.optional(Schema.String),
      getSignedUrls: Query.optional(Query.Flag),
      retryOnSlowDown: Query.optional(Query.Flag)
    },
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const StoragesApi = endpoint.group("storages", [list, create, remove, files])
