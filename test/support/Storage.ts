// A hub that exports, and a storage that serves the archive as a test configures it.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango, Drift, RateLimit, RetryPolicy } from "effect-ango"
import { canary } from "./Wire.js"

/** How the storage answers one request. */
export interface Turn {
  readonly archive?: Uint8Array
  /** The connection breaks after this many bytes of the body, or the body ends there. */
  readonly cut?: number
  readonly end?: number
  /** Whether parts are given; by default they are. */
  readonly ranges?: boolean
  /** By default one that stands for the bytes; `null` for none. */
  readonly etag?: string | null
  /** Whether the length is declared; default: true. */
  readonly isTold?: boolean
  readonly status?: number
  /** What the answer to a range says that it is. */
  readonly contentRange?: string
  /** What is given beyond the end. */
  readonly more?: number
}

export interface Asked {
  readonly link: string
  readonly range: string | null
  readonly ifRange: string | null
  readonly hasKey: boolean
  /** How many bytes were given. */
  served: number
}

const bodyOf = (bytes: Uint8Array, { cut }: Turn, asked: Asked): ReadableStream<Uint8Array> => {
  const end = Math.min(bytes.length, cut ?? bytes.length)
  let at = 0
  return new ReadableStream<Uint8Array>(
    {
      // Some clients hand on pieces of nothing.
      start: (controller) => controller.enqueue(new Uint8Array(0)),
      pull: (controller) => {
        const piece = bytes.subarray(at, Math.min(end, at + 4096))
        at += piece.length
        asked.served += piece.length
        if (piece.length > 0) controller.enqueue(piece)
        else if (cut === undefined) controller.close()
        else controller.error(new TypeError("terminated"))
      }
    },
    { highWaterMark: 0 }
  )
}

const answer = (turn: Turn, usual: Turn, asked: Asked): Response => {
  const all = { ...usual, ...turn }
  const { archive = new Uint8Array(0), contentRange, end, isTold = true, more = 0, ranges = true } = all
  const etag = all.etag === undefined ? `"${Buffer.from(archive).toString("base64").length}"` : all.etag
  if (all.status !== undefined) return new Response("<Error/>", { status: all.status })
  const headers: Record<string, string> = etag === null ? {} : { etag }
  const from = Number(/^bytes=(\d+)-$/.exec(asked.range ?? "")?.[1] ?? Number.NaN)
  const isPart = ranges && !Number.isNaN(from) && (asked.ifRange === null || asked.ifRange === etag)
  if (isPart && from >= archive.length) {
    headers["content-range"] = contentRange ?? `bytes */${archive.length}`
    return new Response("<Error/>", { status: 416, headers })
  }
  const start = isPart ? from : 0
  const whole = archive.subarray(start)
  const bytes = Buffer.concat([whole.subarray(0, end ?? whole.length), Buffer.alloc(more)])
  if (isTold) headers["content-length"] = String(whole.length)
  if (isPart)
    headers["content-range"] = contentRange ?? `bytes ${start}-${archive.length - 1}/${archive.length}`
  return new Response(bodyOf(bytes, all, asked), { status: isPart ? 206 : 200, headers })
}

/** A storage that answers so, but for the turns that are put before it. */
export const makeStorage = (usual: Turn) => {
  const turns: Array<Turn> = []
  const asked: Array<Asked> = []
  let links = 0
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const { host, pathname, search } = new URL(request.url)
    if (host !== "storage.example") {
      const exportPath = `https://storage.example/${++links}.zip?signature=s1gn4ture-${links}`
      return Response.json({ status: "success", data: { exportPath } })
    }
    const one: Asked = {
      link: pathname + search,
      range: request.headers.get("range"),
      ifRange: request.headers.get("if-range"),
      hasKey: request.headers.has("apikey"),
      served: 0
    }
    asked.push(one)
    return answer(turns.shift() ?? {}, usual, one)
  }
  const client = (attempts = 4) =>
    Ango.layer({ apiKey: Redacted.make(canary) }).pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
      Layer.provide(Layer.merge(RateLimit.layerOff, Drift.layerOff)),
      Layer.provide(RetryPolicy.layer({ attempts, baseDelay: "1 millis", quota: "off" })),
      Layer.orDie,
      Layer.merge(NodeFileSystem.layer)
    )
  return {
    /** The services over it, and the files of this machine. */
    client,
    /** What happens to the next requests for the archive. */
    turns,
    /** The requests for it. */
    asked,
    /** How many exports were asked for. */
    exports: () => links,
    /** How many bytes it gave in all. */
    served: () => asked.reduce((sum, { served }) => sum + served, 0)
  }
}
