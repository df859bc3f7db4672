/**
 * The hub's file storage: files behind pre-signed links, outside of the API and without its key.
 *
 * @since 0.1.0
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { HubState, SignedFile } from "../state/HubState.js"
import type { HubService } from "../state/hubService.js"
import { serveArchive } from "./archiveDownloads.js"
import { accessDenied, errorResponse } from "./errorResponse.js"
import { type ReceivedBody, storeUpload } from "./uploadStorage.js"

const root = "/files/"

// The query parameter that holds a link's token.
const tokenParameter = "X-Hub-Token"

const randomHex = (digits: number): Effect.Effect<string> =>
  Effect.map(Effect.replicateEffect(Random.nextIntBetween(0, 16), digits), (values) =>
    values.map((value) => value.toString(16)).join("")
  )

/** The URL-encoded path of a file, such as `<projectId>/<type>/<name>`. */
export const filePath = (...segments: ReadonlyArray<string>): string =>
  segments.map(encodeURIComponent).join("/")

/** The URL of a file, without a token. */
export const fileUrl = (hub: Pick<HubService, "baseUrl">, path: string): string =>
  `${hub.baseUrl.replace(/\/v2$/, "")}${root}${path}`

/** Makes a link that allows one method on one file. Its token is random. */
export const signFile = (
  hub: Pick<HubService, "baseUrl" | "state">,
  file: SignedFile
): Effect.Effect<string> =>
  Effect.map(randomHex(32), (token) => {
    hub.state.links.set(token, file)
    return `${fileUrl(hub, file.path)}?${tokenParameter}=${token}`
  })

/** Deletes every file and export archive below a folder, for good. Links to them remain and lead nowhere. */
export const deleteFolder = (
  { archives, state }: Pick<HubService, "archives" | "state">,
  folder: string
): void => {
  for (const places of [state.files, archives, state.exports]) {
    for (const path of places.keys()) if (path.startsWith(`${folder}/`)) places.delete(path)
  }
}

const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, "")

/** Makes a link to read the file at a URL. A URL of another host gets a token as well, which that host will not accept. */
export const signUrl = (hub: Pick<HubService, "baseUrl" | "state">, url: string): Effect.Effect<string> => {
  const start = fileUrl(hub, "")
  const bareUrl = withoutQuery(url)
  return bareUrl.startsWith(start)
    ? signFile(hub, { method: "GET", path: bareUrl.slice(start.length) })
    : Effect.map(randomHex(32), (token) => `${bareUrl}?${tokenParameter}=${token}`)
}

/** Whether a request is for the file storage rather than for the API. */
export const isFilePath = (path: string): boolean => path.startsWith(root)

const emptyResponse = (status: number) => HttpServerResponse.empty({ status })

// Projects contain the plain URL of their instructions, which every annotator can open.
const isPublic = (path: string): boolean => path.split("/")[1] === "instructions"

const readFile = (state: HubState, path: string): HttpServerResponse.HttpServerResponse => {
  const stored = state.files.get(path)
  if (stored === undefined) return emptyResponse(404)
  return stored.content === undefined
    ? errorResponse(501, "NotImplemented", "The hub stores only the size and hash of this file.")
    : HttpServerResponse.uint8Array(stored.content, { contentType: stored.contentType })
}

/**
 * The file storage as an application: `PUT` a file to its upload link, `GET` a file or archive from its signed link.
 * `onUpload` receives the body of every upload.
 *
 * Project instructions can be read without a link. Files remain when the project (docs/api-notes.md#delete-project) or
 * asset that names them is deleted.
 *
 * @remarks undocumented: the real hub's files are in a cloud bucket; status codes are those of S3.
 */
export const app = (
  { archiveOptions, archives, state, uploadOptions }: HubService,
  onUpload: (body: ReceivedBody) => void
): HttpApp.Default =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const url = new URL(request.url, "http://hub")
    const file = state.links.get(url.searchParams.get(tokenParameter) ?? "")
    const path = url.pathname.slice(root.length)
    const archive = archives.get(path)
    if (archive !== undefined && (request.method === "GET" || request.method === "HEAD")) {
      if (file === undefined || file.path !== path) return accessDenied("Access Denied")
      return yield* serveArchive(archive, request, archiveOptions)
    }
    if (request.method === "GET" && isPublic(path)) return readFile(state, path)
    if (file === undefined || file.path !== path || file.method !== request.method) return emptyResponse(403)
    if (file.expiresAt !== undefined && (yield* Clock.currentTimeMillis) >= file.expiresAt) {
      return accessDenied("Request has expired")
    }
    return file.method === "PUT"
      ? yield* storeUpload(state, path, request, uploadOptions, onUpload)
      : readFile(state, path)
  })
