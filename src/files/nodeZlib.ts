// Node's own zlib, without an import: this module runs on every platform.

/** The part of `node:zlib` that is used. */
export interface Zlib {
  readonly createGunzip: (options: { readonly chunkSize: number }) => Gunzip
  /** Decompresses a whole gzip member outside of this thread. */
  readonly gunzip: (
    bytes: Uint8Array,
    options: { readonly chunkSize: number; readonly maxOutputLength: number },
    done: (error: Error | null, result: Uint8Array) => void
  ) => void
  /** Missing before Node 20.15 and 22.2. */
  readonly crc32?: (bytes: Uint8Array, before: number) => number
}

/** A stream that inflates a gzip member. */
export interface Gunzip {
  readonly write: (bytes: Uint8Array, done: () => void) => void
  readonly end: () => void
  readonly read: () => Uint8Array | null
  readonly destroy: () => void
  readonly on: (event: "readable" | "end" | "error", listener: () => void) => void
}

/** The globals of a platform, as far as they lead to its zlib. */
export interface Platform {
  readonly process?: {
    readonly versions?: Readonly<Record<string, string | undefined>>
    readonly getBuiltinModule?: (name: "node:zlib") => Zlib | undefined
  }
}

/** The zlib of Node. Bun and Deno have a module of the same name, which is not measured and tested here. */
export const nodeZlib = ({ process }: Platform): Zlib | undefined =>
  process?.versions?.["bun"] === undefined && process?.versions?.["deno"] === undefined
    ? process?.getBuiltinModule?.("node:zlib")
    : undefined
