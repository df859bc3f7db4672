/**
 * Endpoints of cloud storages. Access keys are neither stored nor returned: no field whose name is that of a secret.
 *
 * @remarks undocumented: the shape of a file list, which is that of the file explorer; an unknown bucket is a 404; signed
 * links lead nowhere.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { normalizeProvider, StorageProvider } from "../../schemas/Storage.js"
import { HubApi, success } from "../server/hubApi.js"
import type { StoredStorage, WireStorage } from "../state/HubState.js"
import { badRequest, notFound } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"
import { paginate } from "./listPage.js"

// The names of the providers in the newest documents.
const storageTypes: Readonly<Record<string, string>> = { AWS: "aws", GCP: "gcs", AZURE: "azure" }

const secretName = /key|secret|token|password|credential|connectionstring/i

// Fields are stored as they were sent, also unknown ones, unless they may hold a secret.
const withoutSecretFields = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      if (secretName.test(name) || field === null || field === undefined) return []
      if (Array.isArray(field)) {
        return [[name, field.map((item) => (Predicate.isRecord(item) ? withoutSecretFields(item) : item))]]
      }
      return [[name, Predicate.isRecord(field) ? withoutSecretFields(field) : field]]
    })
  )

/** The folders and files directly below a path of a bucket. */
export const listFolder = (
  { files, storage }: StoredStorage,
  bucket: string,
  path: string,
  sign: boolean
): { readonly folders: ReadonlyArray<string>; readonly files: ReadonlyArray<object> } => {
  const prefix = path === "" || path.endsWith("/") ? path : `${path}/`
  const below = files.filter((file) => file.bucket === bucket && file.key.startsWith(prefix))
  const folders = new Set<string>()
  const filesHere: Array<object> = []
  for (const { key, size } of below) {
    const name = key.slice(prefix.length)
    const slash = name.indexOf("/")
    if (slash >= 0) {
      folders.add(`${prefix}${name.slice(0, slash)}`)
      continue
    }
    const link = `https://${bucket}.s3.${storage.region ?? "eu-central-1"}.amazonaws.com/${key}?X-Amz-Expires=3600&X-Amz-Signature=embedded`
    filesHere.push({ key, name, size, ...(sign ? { url: link } : {}) })
  }
  return { folders: [...folders], files: filesHere }
}

/** The handlers of the group. */
export const layer = HttpApiBuilder.group(HubApi, "storages", (handlers) =>
  Effect.map(Hub, ({ listing, newId, now, state }) =>
    handlers
      .handle("list", ({ urlParams: { _id, ...paging } }) =>
        Effect.gen(function* () {
          const all = Array.from(state.storages.values(), ({ storage }) => storage)
          const found = all.filter((storage) => _id === undefined || storage._id === _id)
          return success({ storages: (yield* paginate(found, paging, listing)).rows })
        })
      )
      .handle("create", ({ payload }) =>
        Effect.gen(function* () {
          const sentProvider = payload.provider ?? ("type" in payload ? payload.type : undefined) ?? ""
          const provider = normalizeProvider(sentProvider)
          if (!StorageProvider.known.some((known) => known === provider)) {
            return yield* badRequest("Invalid storage provider.")
          }
          const storage: WireStorage = {
            ...withoutSecretFields({ ...payload }),
            _id: yield* newId("storage"),
            name: payload.name,
            provider,
            type: storageTypes[provider] ?? "",
            // No default: whether the API has one is unproven (docs/api-notes.md#storage-endpoints).
            ...(payload.region == null ? {} : { region: payload.region }),
            organization: state.organization.id,
            createdAt: yield* now
          }
          state.storages.set(storage._id, { storage, files: [] })
          return success({ storage })
        })
      )
      .handle("delete", ({ path }) =>
        Effect.suspend(() => {
          const stored = state.storages.get(path.storageId)
          if (stored === undefined) return notFound("Storage")
          state.storages.delete(path.storageId)
          return Effect.succeed(success({ storage: stored.storage }))
        })
      )
      .handle("files", ({ path, urlParams }) =>
        Effect.suspend(() => {
          const stored = state.storages.get(path.storageId)
          if (stored === undefined) return notFound("Storage")
          const {
            bucketName = stored.storage.bucket ?? "",
            getSignedUrls = true,
            path: folder = ""
          } = urlParams
          const isKnown =
            stored.storage.bucket === bucketName || stored.files.some(({ bucket }) => bucket === bucketName)
          if (!isKnown && stored.files.length > 0) return notFound("Bucket")
          return Effect.succeed(
            success({ ...listFolder(stored, bucketName, folder, getSignedUrls), scrollToken: null })
          )
        })
      )
  )
)
