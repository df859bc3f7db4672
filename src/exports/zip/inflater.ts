// The inflater of the platform: that of Node where there is one, and the `DecompressionStream` that every platform has.
//
// Both are the same code in Node. But a `DecompressionStream` gives 16 kB at a time and cannot be told otherwise, and each
// piece is a way to another thread and back, and a copy: of a large export that would be a fifth of all work. Node is
// asked for its own as it is meant to be by modules that run elsewhere too: nothing is imported.

/** Inflates one gzip member. Of each kind one call is under way at a time; a call may be answered before it returns. */
export interface Inflater {
  /** Takes bytes, and more of them after `done`. */
  readonly write: (bytes: Uint8Array, done: () => void) => void
  /** There are no more. */
  readonly end: () => void
  /** The next piece, or nothing at the end. */
  readonly read: (got: (bytes: Uint8Array | undefined) => void, failed: () => void) => void
  /** Lets go of everything before the end. */
  readonly cancel: () => void
}

const nothing = () => {}

/** The inflater of the web. */
export const ofWeb = (): Inflater => {
  const { readable, writable } = new DecompressionStream("gzip")
  const reader = readable.getReader()
  const writer = writable.getWriter()
  return {
    // What fails in writing fails in reading as well, where it is told.
    write: (bytes, done) => {
      writer.write(bytes as Uint8Array<ArrayBuffer>).then(done, done)
    },
    end: () => {
      writer.close().catch(nothing)
    },
    read: (got, failed) => {
      reader.read().then(({ value }) => got(value), failed)
    },
    cancel: () => {
      reader.cancel().catch(nothing)
    }
  }
}

/** What is used of Node's zlib. */
interface Zlib {
  readonly createGunzip: (options: { readonly chunkSize: number }) => Gunzip
}

interface Gunzip {
  readonly write: (bytes: Uint8Array, done: () => void) => void
  readonly end: () => void
  readonly read: () => Uint8Array | null
  readonly destroy: () => void
  readonly on: (event: "readable" | "end" | "error", listener: () => void) => void
}

// Larger pieces take longer, since they do not stay in the caches of a core.
const chunkSize = 64 * 1024

const ofNode =
  ({ createGunzip }: Zlib) =>
  (): Inflater => {
    const gunzip = createGunzip({ chunkSize })
    let state: "open" | "ended" | "failed" = "open"
    let look = nothing
    const settle = (as: "ended" | "failed") => () => {
      state = as
      look()
    }
    gunzip.on("readable", () => look())
    gunzip.on("end", settle("ended"))
    gunzip.on("error", settle("failed"))
    return {
      write: gunzip.write.bind(gunzip),
      end: gunzip.end.bind(gunzip),
      read: (got, failed) => {
        look = () => {
          const bytes = gunzip.read()
          if (bytes === null && state === "open") return
          look = nothing
          if (bytes !== null) got(bytes)
          else if (state === "ended") got(undefined)
          else failed()
        }
        look()
      },
      cancel: gunzip.destroy.bind(gunzip)
    }
  }

interface Platform {
  readonly process?: {
    readonly versions?: Readonly<Record<string, string | undefined>>
    readonly getBuiltinModule?: (name: "node:zlib") => Zlib | undefined
  }
}

// What others have under Node's names is not what was measured, and checked, here.
const nodeZlib = ({ process }: Platform): Zlib | undefined =>
  process?.versions?.["bun"] === undefined && process?.versions?.["deno"] === undefined
    ? process?.getBuiltinModule?.("node:zlib")
    : undefined

/** The inflater to take on this platform. */
export const inflaterOf = (platform: Platform): (() => Inflater) => {
  const zlib = nodeZlib(platform)
  return zlib === undefined ? ofWeb : ofNode(zlib)
}
