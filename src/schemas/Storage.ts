/**
 * Storages: the cloud buckets that an organization has connected. Their keys go in and never come out.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { OrganizationId, StorageId } from "./ids.js"
import * as Open from "./open.js"
import { partialTransform } from "./parseIssue.js"
import { withoutSecrets } from "./secret.js"
import { Timestamp } from "./Timestamp.js"

/** @since 0.1.0 */
export const StorageProvider = Open.enumOf("AWS", "GCP", "AZURE")

/** @since 0.1.0 */
export type StorageProvider = typeof StorageProvider.Type

const names: Readonly<Record<string, string>> = { aws: "AWS", gcp: "GCP", gcs: "GCP", azure: "AZURE" }

/**
 * The provider under the one name that we use for it: the newest documents write `aws`, `gcs` and `azure`
 * (docs/api-notes.md#storage-fields).
 *
 * @since 0.1.0
 */
export const providerOf = (text: string): StorageProvider => names[text.toLowerCase()] ?? text

// Both documented forms of the id and of the provider.
const Wire = Open.struct({
  _id: Open.maybe(StorageId),
  id: Open.maybe(StorageId),
  name: Open.maybe(Schema.String),
  provider: Open.maybe(Schema.String),
  type: Open.maybe(Schema.String),
  bucket: Open.maybe(Schema.String),
  region: Open.maybe(Schema.String),
  organization: Open.maybe(OrganizationId),
  createdAt: Open.maybe(Timestamp)
}).annotations(Open.mayHave("accessKeyId", "credentials", "privateKey", "publicKey"))

const Shown = Open.struct({
  id: StorageId,
  name: Open.maybe(Schema.String),
  provider: Open.maybe(StorageProvider),
  bucket: Open.maybe(Schema.String),
  region: Open.maybe(Schema.String),
  organization: Open.maybe(OrganizationId),
  createdAt: Open.maybe(Timestamp)
})

// The public key is half of a pair and the credentials are both halves: here they are secrets too.
const secrets = new Set(["publicKey", "credentials", "accessKeyId"])

const withoutKeys = <A extends object>(storage: A): A =>
  Object.fromEntries(Object.entries(storage).filter(([name]) => !secrets.has(name))) as A

/**
 * A connected storage (docs/api-notes.md#storage), without any of its keys: an answer that carries some loses them
 * here. Its `id` and `provider` are read from either documented form; the newest one's `type` stays beside them.
 *
 * @since 0.1.0
 */
export const Storage = partialTransform(Wire, Schema.typeSchema(Shown), {
  expected: "a storage with an id",
  decode: ({ _id, id: plain, provider, ...rest }) => {
    const id = _id ?? plain
    if (id == null) return Option.none()
    const kind = provider ?? rest.type
    return Option.some({
      ...withoutKeys(rest),
      id,
      ...(kind == null ? {} : { provider: providerOf(kind) })
    })
  },
  encode: ({ id, ...rest }) => ({ _id: id, ...rest })
})
  .pipe(Open.keepUnknown, withoutSecrets)
  .annotations({ identifier: "Storage" })

/** @since 0.1.0 */
export type Storage = typeof Storage.Type

/**
 * A provider as an input.
 *
 * @since 0.1.0
 */
export const StorageProviderInput = StorageProvider.pipe(
  Schema.filter((provider) => StorageProvider.known.some((known) => known === provider), {
    title: "a storage provider: AWS, GCP or AZURE"
  })
)

/**
 * The files of a storage as the embedded hub lists them. What the real hub answers is not documented; this shape
 * follows its file explorer: folders and files right below a path, and a token when there is more.
 *
 * @since 0.1.0
 */
export const StorageListing = Open.struct({
  folders: Schema.Array(Schema.String),
  files: Schema.Array(
    Open.struct({
      key: Schema.String,
      name: Open.maybe(Schema.String),
      size: Open.maybe(Schema.Number),
      url: Open.maybe(Schema.String)
    })
  ),
  scrollToken: Open.maybe(Schema.String)
}).annotations({ identifier: "StorageListing" })

/** @since 0.1.0 */
export type StorageListing = typeof StorageListing.Type
