/**
 * The storage endpoints.
 *
 * @since 0.1.0
 */
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
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

const Name = Schema.String.pipe(
  Schema.filter((text) => text.trim() !== "", { title: "a name that is not empty" })
)

const Secret = Schema.Redacted(Schema.String)

/** The body of the SDK, which sends `null` and a default region for missing values; this client leaves them out. */
const Keys = Open.struct({
  name: Name,
  provider: StorageProviderInput,
  publicKey: Open.maybe(Secret),
  privateKey: Open.maybe(Secret),
  region: Open.maybe(Schema.String),
  credentials: Open.maybe(Secret)
})

/** The body of the newest documents, and any mixture of the two forms. */
const Documented = Open.struct({
  name: Name,
  type: Open.maybe(Schema.String),
  provider: Open.maybe(Schema.String),
  bucket: Open.maybe(Schema.String),
  region: Open.maybe(Schema.String)
})

/** S1. `_id` is sent by the SDK; the documents name `page` and `limit`. */
const list = endpoint.get("list", "/storages", {
  query: { _id: Query.optional(StorageId), ...Query.paging },
  success: success({ storages: Schema.Array(Storage) }),
  errors: [BadRequest, NotFound],
  repeat: safe
})

/** S2. The path ends with a slash, as in the SDK. The body has two forms (docs/api-notes.md#storage-fields). */
const create = endpoint.post("create", "/storages/", {
  payload: alsoRead(Keys, Documented),
  success: success({ storage: Storage }),
  errors: [BadRequest, NotFound],
  repeat: never("storages.list", "a storage of this name")
})

/**
 * S3. The documents show the deleted storage in the response. It is not needed: a response without a readable storage
 * is a success too.
 */
const remove = endpoint.del("delete", "/storages/:storageId", {
  path: storagePath,
  success: Schema.Union(success({ storage: Open.maybe(Storage) }), undocumented),
  errors: [BadRequest, NotFound],
  repeat: idempotent("storages.list", "the storage being gone")
})

/** S4. The response is not documented (docs/api-notes.md#undocumented-answers). */
const files = endpoint.get("files", "/storages/:storageId/files", {
  path: storagePath,
  query: {
    bucketName: Query.optional(Schema.String),
    path: Query.optional(Schema.String),
    getSignedUrls: Query.optional(Query.Flag),
    retryOnSlowDown: Query.optional(Query.Flag)
  },
  success: undocumented,
  errors: [BadRequest, NotFound],
  repeat: safe
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const StoragesApi = HttpApiGroup.make("storages").add(list).add(create).add(remove).add(files)
