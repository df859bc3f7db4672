// The inflater of the platform: `node:zlib` in Node, and `DecompressionStream` elsewhere.
//
// In Node, `DecompressionStream` uses the same code but returns fixed chunks of 16 kB, each of which costs a thread
// switch and a copy: a fifth of the time of a large export.
import { nodeZlib, type Platform, type Zlib } from "../../files/nodeZlib.js"

/** Inflates one gzip member. At most one write and one read are pending; callbacks may run before the call returns. */
export interface Inflater {
  /** Accepts bytes; the next write must wait for `done`. */
  readonly write: (bytes: Uint8Array, done: () => void) => void
  /** Ends the input. */
  readonly end: () => void
  /** Passes the next inflated chunk to `onRead`, `undefined` at the end. */
  readonly read: (onRead: (bytes: Uint8Array | undefined) => void, onFailure: () => void) => void
  /** Releases all resources before the end. */
  readonly cancel: () => void
}

const noop = () => {}

/** An inflater that uses `DecompressionStream`. */
export const makeWebInflater = (): Inflater => {
  const { readable, writable } = new DecompressionStream("gzip")
  const reader = readable.getReader()
  const writer = writable.getWriter()
  return {
    // A failed write is ignored here: the read fails as well.
    write: (bytes, done) => {
      writer.write(bytes as Uint8Array<ArrayBuffer>).then(done, done)
    },
    end: () => {
      writer.close().catch(noop)
    },
    read: (onRead, onFailure) => {
      reader.read().then(({ value }) => onRead(value), onFailure)
    },
    cancel: () => {
      reader.cancel().catch(noop)
    }
  }
}

// Each chunk costs a switch of threads; larger ones save hardly more.
const chunkSize = 256 * 1024

const makeNodeInflater =
  ({ createGunzip }: Zlib) =>
  (): Inflater => {
    const gunzip = createGunzip({ chunkSize })
    let state: "open" | "ended" | "failed" = "open"
    let tryRead = noop
    const endWith = (end: "ended" | "failed") => () => {
      state = end
      tryRead()
    }
    gunzip.on("readable", () => tryRead())
    gunzip.on("end", endWith("ended"))
    gunzip.on("error", endWith("failed"))
    return {
      write: gunzip.write.bind(gunzip),
      end: gunzip.end.bind(gunzip),
      read: (onRead, onFailure) => {
        tryRead = () => {
          const bytes = gunzip.read()
          if (bytes === null && state === "open") return
          tryRead = noop
          if (bytes !== null) onRead(bytes)
          else if (state === "ended") onRead(undefined)
          else onFailure()
        }
        tryRead()
      },
      cancel: gunzip.destroy.bind(gunzip)
    }
  }

/** The fastest inflater of a platform. */
export const inflaterOf = (platform: Platform): (() => Inflater) => {
  const zlib = nodeZlib(platform)
  return zlib === undefined ? makeWebInflater : makeNodeInflater(zlib)
}
