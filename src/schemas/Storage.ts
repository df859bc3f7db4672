/**
 * Storages: the cloud buckets that an organization has connected. Their keys go in and never come out.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { OrganizationId, StorageId } from "./Id.js"
import * as Open from "./Open.js"
import { withoutSecrets } from "./Secret.js"
import { Timestamp } from "./Timestamp.js"

/** @since 0.1.0 */
export const StorageProvider = Open.enumOf("AWS", "GCP", "AZURE")

/** @since 0.1.0 */
export type StorageProvider = typeof StorageProvider.Type

const names: Readonly<Record<string, string>> = { aws: "AWS", gcp: "GCP", gcs: "GCP", azure: "AZURE" }

/**
 * The provider under the one name that we use for it: the newest documents write `aws`, `gcs` and `azure`
 * (dossier C11).
 *
 * @since 0.1.0
 */
export const providerOf = (text: string): StorageProvider => names[text.toLowerCase()] ?? text

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

// The public key is half of a pair and the credentials are both halves: here they are secrets too.
const secrets = new Set(["publicKey", "credentials", "accessKeyId"])

// One form out of the documented two, so that users see `id` and `provider` whatever the hub wrote.
const normal = (wire: unknown): unknown => {
  if (!isRecord(wire)) return wire
  const rest = Object.fromEntries(
    Object.entries(wire).filter(([name]) => !secrets.has(name) && name !== "id" && name !== "_id")
  )
  const id = wire["_id"] ?? wire["id"]
  const provider = wire["provider"] ?? wire["type"]
  return {
    ...rest,
    ...(id === undefined ? {} : { _id: id }),
    ...(typeof provider === "string" ? { provider: providerOf(provider) } : {})
  }
}

/**
 * A connected storage (dossier D.10), without any of its keys: an answer that carries some loses them here.
 *
 * @since 0.1.0
 */
export const Storage = Schema.compose(
  Schema.transform(Schema.Any, Schema.Any, { strict: true, decode: normal, encode: (value) => value }),
  Open.struct({
    id: Open.idField(StorageId),
    name: Open.maybe(Schema.String),
    provider: Open.maybe(StorageProvider),
    bucket: Open.maybe(Schema.String),
    region: Open.maybe(Schema.String),
    organization: Open.maybe(OrganizationId),
    createdAt: Open.maybe(Timestamp)
  })
)
  .pipe(withoutSecrets)
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
