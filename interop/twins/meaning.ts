// What a request means, as lines: method, path, and one line per value of its query and its body. The order of keys,
// percent-encoding, the spelling of equal times and generated names make no difference.
import { createHash } from "node:crypto"
import * as Either from "effect/Either"
import { NrrdMask, PngMask } from "effect-ango"
import type { RecordedRequest } from "./recorder.js"

export interface Meaning {
  /** Method and path; ids are written as `{id}`, slashes that follow one another as one. */
  readonly operation: string
  readonly values: ReadonlyMap<string, string>
}

const generated = (text: string): string =>
  text
    // 32 digits: a name that a client made up. A link's own query is its signature.
    .replace(/\b[0-9a-f]{32}\b/g, "{name}")
    .replace(/(https?:\/\/127\.0\.0\.1:\d+[^?"\s]*)\?[^"\s]*/g, "$1")
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, "http://hub")

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

const scalar = (value: unknown): string => {
  if (typeof value !== "string") return JSON.stringify(value)
  if (instant.test(value)) return new Date(value).toISOString()
  // Coordinates as text: `[25, 15]`.
  if (/^\[[\d., -]*\]$/.test(value)) return JSON.stringify(value.replaceAll(" ", ""))
  return JSON.stringify(generated(value))
}

// The leaves of a value with their paths; an empty list or object is a leaf.
const leaves = (path: string, value: unknown): ReadonlyArray<readonly [string, string]> => {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0)
    return [[path, scalar(value)]]
  return Array.isArray(value)
    ? value.flatMap((item, index) => leaves(`${path}[${index}]`, item))
    : Object.entries(value).flatMap(([name, inner]) => leaves(`${path}.${name}`, inner))
}

// A parameter is text; the text of a list or an object is read as that.
const parameter = (path: string, text: string): ReadonlyArray<readonly [string, string]> => {
  // Names of fields, in any order.
  if (path === "query.fields") return [[path, text.split(",").toSorted().join(",")]]
  if (!/^[[{]/.test(text))
    return [[path, instant.test(text) ? scalar(text) : JSON.stringify(generated(text))]]
  try {
    return leaves(path, JSON.parse(text))
  } catch {
    return [[path, JSON.stringify(generated(text))]]
  }
}

// A part without a type is read as text.
const hasType = (body: Uint8Array): boolean =>
  /filename="[^"]*"\r\ncontent-type:/i.test(new TextDecoder().decode(body))

const formLines = async (body: Uint8Array, type: string) => {
  const form = await new Response(body.slice(), { headers: { "content-type": type } }).formData()
  const lines: Array<readonly [string, string]> = []
  for (const [name, value] of form) {
    if (typeof value === "string") lines.push(...parameter(`form.${name}`, value))
    else
      lines.push(
        [`form.${name}`, `${value.name} ${(await value.text()).slice(0, 200)}`],
        [`form.${name} type`, hasType(body) ? value.type : "none"]
      )
  }
  return lines
}

const digest = (bytes: Uint8Array): string =>
  `${bytes.length} ${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}`

// A mask is its pixels, however they are compressed.
const contentOf = (body: Uint8Array): Uint8Array =>
  Either.getOrElse(
    Either.orElse(PngMask.decode(body), () => NrrdMask.decode(body)),
    () => ({ data: body })
  ).data

const bodyLines = async ({ body, headers }: RecordedRequest) => {
  const type = headers["content-type"] ?? ""
  if (body.length === 0) return []
  if (/^(multipart\/form-data|application\/x-www-form-urlencoded)/.test(type)) return formLines(body, type)
  if (type.startsWith("application/json")) return leaves("body", JSON.parse(new TextDecoder().decode(body)))
  return [["bytes", digest(contentOf(body))] as const]
}

const fold = (path: string): string => path.replace(/\/{2,}/g, "/")

/** The meaning of a request. */
export const toMeaning = async (request: RecordedRequest): Promise<Meaning> => {
  const [path = "", query = ""] = request.target.split(/\?(.*)/s)
  const isApi = path.startsWith("/v2/")
  const lines: Array<readonly [string, string]> = []
  if (fold(path) !== path) lines.push(["path", "with a double slash"])
  if (request.method === "PUT") lines.push(["type", request.headers["content-type"] ?? "none"])
  // The query of a link is its signature.
  if (isApi)
    for (const [name, value] of new URLSearchParams(query)) lines.push(...parameter(`query.${name}`, value))
  lines.push(...(await bodyLines(request)))
  return {
    operation: `${request.method} ${generated(fold(path)).replace(/\b[0-9a-f]{24}\b/g, "{id}")}`,
    values: new Map(lines)
  }
}

/** How the second differs from the first, one line per difference; requests are paired in order by their operation. */
export const differences = (
  theirs: ReadonlyArray<Meaning>,
  ours: ReadonlyArray<Meaning>
): ReadonlyArray<string> => {
  const left = [...ours]
  const lines: Array<string> = []
  for (const { operation, values } of theirs) {
    const index = left.findIndex((one) => one.operation === operation)
    const [other] = index < 0 ? [] : left.splice(index, 1)
    if (other === undefined) {
      lines.push(`only theirs: ${operation}`)
      continue
    }
    for (const name of new Set([...values.keys(), ...other.values.keys()])) {
      const [one = "absent", two = "absent"] = [values.get(name), other.values.get(name)]
      if (one !== two) lines.push(`${operation} ${name}: ${one} → ${two}`)
    }
  }
  return [...lines, ...left.map(({ operation }) => `only ours: ${operation}`)]
}
