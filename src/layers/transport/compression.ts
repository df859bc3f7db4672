/**
 * Compression of responses. Some HTTP clients ask for it and decompress (`fetch`), others do neither: all requests of
 * the API ask for what can be read here, and a body that is still compressed is decompressed.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { nodeZlib, type Platform, type Zlib } from "../../files/nodeZlib.js"

/** The value of `accept-encoding`. */
export const acceptedEncoding = "gzip"

type Gunzip = (bytes: Uint8Array) => Promise<Uint8Array>

// A body that decompresses to more is not a response of the API.
const maxLength = 1024 ** 3

// Node's own works outside of this thread and in larger pieces than the stream.
const gunzipWith =
  (zlib: Zlib): Gunzip =>
  (bytes) =>
    new Promise((resolve, reject) =>
      zlib.gunzip(bytes, { chunkSize: 256 * 1024, maxOutputLength: maxLength }, (error, result) =>
        error === null ? resolve(result) : reject(error)
      )
    )

const gunzipAsStream: Gunzip = async (bytes) => {
  const body = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("gzip"))
  return new Uint8Array(await new Response(body).arrayBuffer())
}

/** Decompresses with what a platform has. */
export const gunzipOf = (platform: Platform): Gunzip => {
  const zlib = nodeZlib(platform)
  return zlib === undefined ? gunzipAsStream : gunzipWith(zlib)
}

const gunzip = gunzipOf(globalThis)

// `fetch` leaves the header of a body that it has decompressed. JSON never starts like a gzip member.
const isCompressed = (headers: Readonly<Record<string, string>>, bytes: Uint8Array): boolean =>
  bytes[0] === 0x1f && bytes[1] === 0x8b && /\bgzip\b/i.test(headers["content-encoding"] ?? "")

/** The bytes of a body, decompressed if they are not yet. Damaged bytes stay as they are: they are not JSON. */
export const decompress = (
  headers: Readonly<Record<string, string>>,
  bytes: Uint8Array
): Effect.Effect<Uint8Array> =>
  isCompressed(headers, bytes)
    ? Effect.orElseSucceed(
        Effect.tryPromise(() => gunzip(bytes)),
        () => bytes
      )
    : Effect.succeed(bytes)
