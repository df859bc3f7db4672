// Query values with slashes of their own, and what the hub does with each.
import { AngoTest, type EmulatorService } from "effect-ango/emulator"

const { projectId } = AngoTest

const fileUrl = "https://bucket.s3.eu-central-1.amazonaws.com/a//b/cat.jpg"

const externalId = "https://host.test/images//cat.jpg"

/** How a client writes a query value. */
export const spellings = [
  ["as it is", (value: string) => value],
  ["percent-encoded", encodeURIComponent]
] as const

/** Makes an asset, a folder and a file with doubled slashes in their names; returns the id of the folder's storage. */
const prepare = ({ state }: EmulatorService): string => {
  const stored = state.projects.get(projectId)
  const [asset, ...others] = stored?.assets ?? []
  const [storageId = "", storage] = [...state.storages][0] ?? []
  if (stored === undefined || asset === undefined || storage === undefined) throw new Error("no content")
  stored.assets = [{ ...asset, externalId }, ...others]
  const files = ["a//b/one.jpg", "a/b/two.jpg"].map((key) => ({ bucket: "b", key, size: 1 }))
  state.storages.set(storageId, { ...storage, files })
  return storageId
}

/** Sends a path with its query below the host, byte for byte, and returns the response's data. */
// biome-ignore lint/suspicious/noExplicitAny: what another client reads has no types
type Send = (path: string) => Promise<any>

/** Sends each query, written by `spell`; `slash` is the slash in the path. Returns what the hub understood. */
export const askQueries = async (
  hub: EmulatorService,
  send: Send,
  spell: (value: string) => string,
  slash: "/" | "//"
) => {
  const storageId = prepare(hub)
  const start = `/v2${slash}`
  const signed = await send(`${start}getSignedUrl?name=${spell(fileUrl)}`)
  const ofProject = `${start}project${slash}${projectId}/assets`
  const filtered = await send(`${ofProject}?filters=${spell(`{"externalId":"${externalId}"}`)}`)
  const named = await send(`${ofProject}?externalId=${spell(externalId)}`)
  const folder = await send(
    `${start}storages/${storageId}/files?bucketName=b&getSignedUrls=false&path=${spell("a//b")}`
  )
  return {
    signed: String(signed.signedUrl).replace(/[?].*/, ""),
    filtered: filtered.assets.map((asset: { readonly externalId: string }) => asset.externalId),
    named: named.assets.map((asset: { readonly externalId: string }) => asset.externalId),
    folder: folder.files.map((file: { readonly key: string }) => file.key)
  }
}

/** The right answers. */
export const answers = {
  signed: fileUrl,
  filtered: [externalId],
  named: [externalId],
  folder: ["a//b/one.jpg"]
}
