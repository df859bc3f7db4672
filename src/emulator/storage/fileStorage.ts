/**
 * The hub's own storage: files behind pre-signed links, beside the API and without its key.
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
import type { HubService } from "../state/hub.js"
import * as Downloads from "./archiveDownloads.js"
import * as Storing from "./uploadStorage.js"

const root = "/files/"

/** The query key of a link's token. */
const tokenKey = "X-Hub-Token"

const hexDigits = (digits: number): Effect.Effect<string> =>
  Effect.map(Effect.replicateEffect(Random.nextIntBetween(0, 16), digits), (values) =>
    values.map((value) => value.toString(16)).join("")
  )

/** The path of a file, `<projectId>/<type>/<name>`, as its URL has it. */
export const pathOf = (...segments: ReadonlyArray<string>): string =>
  segments.map(encodeURIComponent).join("/")

/** Where a file is, without any right to it. */
export const urlOf = (hub: Pick<HubService, "baseUrl">, path: string): string =>
  `${hub.baseUrl.replace(/\/v2$/, "")}${root}${path}`

/** A link that allows one thing to be done with one file; its token is random, and nothing follows from it. */
export const sign = (hub: Pick<HubService, "baseUrl" | "state">, file: SignedFile): Effect.Effect<string> =>
  Effect.map(hexDigits(32), (token) => {
    hub.state.links.set(token, file)
    return `${urlOf(hub, file.path)}?${tokenKey}=${token}`
  })

const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, "")

/** A link to read the file at a URL. A URL of another host gets a token too, of which that host knows nothing. */
export const signUrl = (hub: Pick<HubService, "baseUrl" | "state">, url: string): Effect.Effect<string> => {
  const start = urlOf(hub, "")
  const plain = withoutQuery(url)
  return plain.startsWith(start)
    ? sign(hub, { method: "GET", path: plain.slice(start.length) })
    : Effect.map(hexDigits(32), (token) => `${plain}?${tokenKey}=${token}`)
}

/** Whether a request is for the storage and not for the API. */
export const isFile = (path: string): boolean => path.startsWith(root)

const empty = (status: number) => HttpServerResponse.empty({ status })

// The URL of a project's instructions is in its answers as it is, for everybody who labels.
const isPublic = (path: string): boolean => path.split("/")[1] === "instructions"

const read = (state: HubState, path: string): HttpServerResponse.HttpServerResponse => {
  const stored = state.files.get(path)
  if (stored === undefined) return empty(404)
  return stored.content === undefined
    ? Downloads.refused(501, "NotImplemented", "The hub has counted this file, and has not kept it.")
    : HttpServerResponse.uint8Array(stored.content, { contentType: stored.contentType })
}

/**
 * The storage: `PUT` a file to its upload link, `GET` one from its signed link.
 *
 * Instructions of projects are read without a link. Files stay when what named them is deleted, be it a project
 * (docs/api-notes.md#delete-project) or an asset.
 *
 * @remarks undocumented: the real hub's files are in a bucket of a cloud; status codes are those of S3.
 */
export const app = (
  { archives, archiving, state, storing }: HubService,
  told: (body: Storing.ReceivedBody) => void
): HttpApp.Default =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const url = new URL(request.url, "http://hub")
    const file = state.links.get(url.searchParams.get(tokenKey) ?? "")
    const path = url.pathname.slice(root.length)
    const stored = archives.get(path)
    if (stored !== undefined && (request.method === "GET" || request.method === "HEAD")) {
      if (file === undefined || file.path !== path) return Downloads.denied("Access Denied")
      return yield* Downloads.serve(stored, request, archiving)
    }
    if (request.method === "GET" && isPublic(path)) return read(state, path)
    if (file === undefined || file.path !== path || file.method !== request.method) return empty(403)
    if (file.expiresAt !== undefined && (yield* Clock.currentTimeMillis) >= file.expiresAt) {
      return Downloads.denied("Request has expired")
    }
    return file.method === "PUT"
      ? yield* Storing.storeUpload(state, path, request, storing, told)
      : read(state, path)
  })
