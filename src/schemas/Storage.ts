/**
 * Storages: the cloud buckets connected to an organization. Keys are sent but never returned.
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

/**
 * The provider of a storage: `AWS`, `GCP` or `AZURE`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StorageProvider = Open.enumOf("AWS", "GCP", "AZURE")

/** @since 0.1.0 */
export type StorageProvider = typeof StorageProvider.Type

const providerNames: Readonly<Record<string, string>> = { aws: "AWS", gcp: "GCP", gcs: "GCP", azure: "AZURE" }

/**
 * Converts the name of a provider to the known one: the newest documents use `aws`, `gcs` and `azure`
 * (docs/api-notes.md#storage-fields).
 *
 * @category utilities
 * @since 0.1.0
 */
export const normalizeProvider = (text: string): StorageProvider => providerNames[text.toLowerCase()] ?? text

// The id and the provider in both documented forms.
const StorageResponse = Open.struct({
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

const PublicStorage = Open.struct({
  id: StorageId,
  name: Open.maybe(Schema.String),
  provider: Open.maybe(StorageProvider),
  bucket: Open.maybe(Schema.String),
  region: Open.maybe(Schema.String),
  organization: Open.maybe(OrganizationId),
  createdAt: Open.maybe(Timestamp)
})

// Public keys and access key ids are removed with the secrets that they belong to.
const secrets = new Set(["publicKey", "credentials", "accessKeyId"])

const withoutKeys = <A extends object>(storage: A): A =>
  Object.fromEntries(Object.entries(storage).filter(([name]) => !secrets.has(name))) as A

/**
 * A connected storage (docs/api-notes.md#storage). Keys in a response are removed. `id` and `provider` are read from both
 * documented forms; the `type` of the newest form is kept, too.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Storage = partialTransform(StorageResponse, Schema.typeSchema(PublicStorage), {
  expected: "a storage with an id",
  decode: ({ _id, id: plain, provider, ...rest }) => {
    const id = _id ?? plain
    if (id == null) return Option.none()
    const kind = provider ?? rest.type
    return Option.some({
      ...withoutKeys(rest),
      id,
      ...(kind == null ? {} : { provider: normalizeProvider(kind) })
    })
  },
  encode: ({ id, ...rest }) => ({ _id: id, ...rest })
})
  .pipe(Open.keepUnknown, withoutSecrets)
  .annotations({ identifier: "Storage" })

/** @since 0.1.0 */
export type Storage = typeof Storage.Type

/**
 * A storage provider in a request: one of the known ones.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StorageProviderInput = StorageProvider.pipe(
  Schema.filter((provider) => StorageProvider.known.some((known) => known === provider), {
    title: "a storage provider: AWS, GCP or AZURE"
  })
)

/**
 * The files of a storage, as the emulator lists them: the folders and files directly below a path, and a token for the
 * next page. The response of the real hub is not documented; this form follows its file explorer.
 *
 * @category schemas
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
