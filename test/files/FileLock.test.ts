// Locks between two processes, whenever the other one acts.
import { readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import * as PlatformError from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { lock } from "../../src/files/fileLock.js"
import { folder, namesIn } from "../support/Folder.js"

const alive = `${process.ppid}`
const dead = "4194304"

/** Locks a file on a file system with some functions replaced, and runs `look` while it is locked. */
const locked = <A>(
  path: string,
  others: (fs: FileSystem.FileSystem) => Partial<FileSystem.FileSystem> = () => ({}),
  look: () => A = () => undefined as A
) =>
  Effect.zipRight(lock(path), Effect.sync(look)).pipe(
    Effect.scoped,
    Effect.provideServiceEffect(
      FileSystem.FileSystem,
      Effect.map(FileSystem.FileSystem, (fs) => ({ ...fs, ...others(fs) }))
    ),
    Effect.provide(NodeFileSystem.layer)
  )

const inFolder = Effect.map(folder, (directory) => ({ directory, path: `${directory}/tasks.ndjson` }))

const refused = (path: string) =>
  new PlatformError.SystemError({
    module: "FileSystem",
    method: "symlink",
    reason: "PermissionDenied",
    pathOrDescriptor: path
  })

describe("a lock", () => {
  it.scoped("contains its process id once it exists, and is deleted at the end", () =>
    Effect.gen(function* () {
      const { directory, path } = yield* inFolder
      expect(yield* locked(path, undefined, () => readlinkSync(`${path}.lock`))).toBe(`${process.pid}`)
      expect(namesIn(directory)).toEqual([])
    })
  )

  it.scoped("is a file where links cannot be created", () =>
    Effect.gen(function* () {
      const { directory, path } = yield* inFolder
      const others = () => ({ symlink: (_: string, to: string) => Effect.fail(refused(to)) })
      expect(yield* locked(path, others, () => readFileSync(`${path}.lock`, "utf8"))).toBe(`${process.pid}`)
      writeFileSync(`${path}.lock`, alive)
      expect(yield* Effect.flip(locked(path, others))).toMatchObject({ reason: "in-use" })
      expect(namesIn(directory)).toEqual(["tasks.ndjson.lock"])
    })
  )

  it.scoped("of a live process fails with its id and advice", () =>
    Effect.gen(function* () {
      const { path } = yield* inFolder
      symlinkSync(alive, `${path}.lock`)
      const { message } = yield* Effect.flip(locked(path))
      expect(message).toContain(`(process ${alive})`)
      expect(message).toContain(`delete ${path}.lock`)
    })
  )

  it.scoped("of a dead process is taken over, also when it died while taking over a lock", () =>
    Effect.gen(function* () {
      const { directory, path } = yield* inFolder
      symlinkSync(dead, `${path}.lock`)
      symlinkSync(dead, `${path}.lock.guard`)
      expect(yield* locked(path, undefined, () => namesIn(directory))).toEqual(["tasks.ndjson.lock"])
      expect(namesIn(directory)).toEqual([])
    })
  )

  it.scoped("of a dead process is not removed when another process has taken it over meanwhile", () =>
    Effect.gen(function* () {
      const { directory, path } = yield* inFolder
      const own = `${path}.lock`
      symlinkSync(dead, own)
      let looks = 0
      const others = (fs: FileSystem.FileSystem) => ({
        readLink: (name: string) =>
          Effect.tap(fs.readLink(name), () => {
            if (name !== own || looks++ > 0) return
            rmSync(own)
            symlinkSync(alive, own)
          })
      })
      expect(yield* Effect.flip(locked(path, others))).toMatchObject({ reason: "in-use" })
      expect([readlinkSync(own), namesIn(directory)]).toEqual([alive, ["tasks.ndjson.lock"]])
    })
  )

  it.scoped("that disappears before it is read is acquired", () =>
    Effect.gen(function* () {
      const { path } = yield* inFolder
      symlinkSync(alive, `${path}.lock`)
      const others = (fs: FileSystem.FileSystem) => ({
        readLink: (name: string) =>
          Effect.zipRight(
            Effect.sync(() => rmSync(name)),
            fs.readLink(name)
          )
      })
      expect(yield* locked(path, others, () => readlinkSync(`${path}.lock`))).toBe(`${process.pid}`)
    })
  )
})
