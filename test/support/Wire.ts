// Literal HTTP texts, and a `fetch` that plays them: what is pinned here does not pass through our schemas.
import { readFileSync } from "node:fs"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango, type AngoConfig, RateLimit, RetryPolicy } from "effect-ango"

export interface Golden {
  readonly requests: ReadonlyMap<string, string>
  readonly responses: ReadonlyMap<string, string>
}

/** The blocks of `test/wire/<name>.http`. */
export const golden = (name: string): Golden => {
  const text = readFileSync(new URL(`../wire/${name}.http`, import.meta.url), "utf8")
  const requests = new Map<string, string>()
  const responses = new Map<string, string>()
  for (const block of text.split(/^### /m).slice(1)) {
    const [title = "", ...lines] = block.split("\n")
    const [, kind, blockName] = /^(request|response): (\S+)$/.exec(title) ?? []
    if (blockName === undefined) throw new Error(`${name}.http: not a block: ${title}`)
    while (lines[0]?.startsWith("# ")) lines.shift()
    ;(kind === "request" ? requests : responses).set(blockName, lines.join("\n").trim())
  }
  return { requests, responses }
}

/** A block by its name; a missing one is a mistake in the test. */
export const block = (blocks: ReadonlyMap<string, string>, name: string): string => {
  const text = blocks.get(name)
  if (text === undefined) throw new Error(`there is no block ${name}`)
  return text
}

/** The body of a response block. */
export const bodyOf = (text: string): string =>
  text.includes("\n\n") ? text.slice(text.indexOf("\n\n") + 2) : ""

/** A response block as a `Response`. */
export const toResponse = (text: string): Response => {
  const end = text.indexOf("\n\n")
  const [statusLine = "", ...headerLines] = (end < 0 ? text : text.slice(0, end)).split("\n")
  const headers = new Headers(
    headerLines.map((line): [string, string] => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    })
  )
  return new Response(end < 0 ? "" : text.slice(end + 2), {
    status: Number(statusLine.split(" ")[1]),
    headers
  })
}

const multipart = /^multipart\/form-data\b.*/

// The boundary of a form is chance; its parts are what counts, one line each.
const parts = async (request: Request): Promise<string> => {
  const lines: Array<string> = []
  for (const [name, value] of await request.formData()) {
    lines.push(
      typeof value === "string"
        ? `${name}: ${value}`
        : `${name}: ${value.name} (${value.type}) ${await value.text()}`
    )
  }
  return lines.join("\n")
}

/** A request as text: request line, host, the headers by name, and the body when there is one. */
export const toText = async (request: Request): Promise<string> => {
  const url = new URL(request.url)
  const isForm = multipart.test(request.headers.get("content-type") ?? "")
  const headers = [...request.headers]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value.replace(multipart, "multipart/form-data")}`)
  const body = isForm ? await parts(request) : await request.text()
  return [
    `${request.method} ${url.pathname}${url.search} HTTP/1.1`,
    `host: ${url.host}`,
    ...headers,
    ...(body === "" ? [] : ["", body])
  ].join("\n")
}

export const canary = "c4n4ry00-dead-4bee-8f00-00c4n4ryc4n4"

/** Every service over a `fetch` that answers with `answers` in turn (the last one again and again). */
export const scripted = (
  answers: ReadonlyArray<() => Response | Promise<Response>>,
  options: Partial<AngoConfig.Options> & {
    readonly attempts?: number
    readonly retry?: Partial<RetryPolicy.Settings>
    readonly rateLimit?: RateLimit.Settings
  } = {}
) => {
  const requests: Array<Request> = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    requests.push(new Request(input, init))
    const answer = answers[Math.min(requests.length, answers.length) - 1]
    if (answer === undefined) throw new Error("no answer is scripted")
    return answer()
  }
  const { attempts = 1, retry = { attempts }, rateLimit, ...config } = options
  const http = FetchHttpClient.layer.pipe(Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)))
  const layer = Ango.layer({ apiKey: Redacted.make(canary), ...config }).pipe(
    Layer.provide(http),
    Layer.provide(RetryPolicy.layer(retry)),
    Layer.provide(rateLimit === undefined ? RateLimit.layerOff : RateLimit.layer(rateLimit))
  )
  return { layer, requests, http }
}
