/**
 * A lock per file path: one run at a time.
 *
 * Within one process the lock always holds, except between worker threads. Between processes of one machine the lock is
 * the file `<path>.lock`, which contains the process id of its owner; the lock of a process that has ended is taken
 * over. It does not protect against other machines or containers that share a disk: their process ids are unrelated.
 *
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { globalValue } from "effect/GlobalValue"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import type { FileError } from "../errors/AngoError.js"
import { isExistingFile, isNotPermitted } from "../errors/platformErrors.js"
import * as LocalFile from "./localFile.js"

const lockedPaths = globalValue("effect-ango/files", () => new Set<string>())

interface Process {
  readonly pid: number
  readonly kill: (pid: number, signal: 0) => unknown
}

const isProcess = (value: unknown): value is Process =>
  Predicate.isRecord(value) && typeof value["pid"] === "number" && Predicate.isFunction(value["kill"])

// Read from `globalThis`, since not every platform declares it.
const currentProcess = (): Process | undefined => {
  const value: unknown = Reflect.get(globalThis, "process")
  return isProcess(value) ? value : undefined
}

// EPERM: the process exists and belongs to another user.
const isAlive = (process: Process, pid: number): boolean =>
  Either.match(
    Either.try(() => process.kill(pid, 0)),
    {
      onRight: () => true,
      onLeft: isNotPermitted
    }
  )

// A lock file with the id of this process is stale: an earlier process had the same id.
const isHeld = (process: Process, owner: string): boolean => {
  const pid = Number(owner)
  return pid !== process.pid && pid > 0 && isAlive(process, pid)
}

const createFile = (lock: string, owner: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.scoped(
      Effect.flatMap(fs.open(lock, { flag: "wx", mode: 0o600 }), (file) =>
        file.writeAll(new TextEncoder().encode(owner))
      )
    )
  )

// Returns whether the lock was created. It is a dangling symbolic link whose target is the owner, because a link is
// created with its content in one step; a file that is read between creation and write would look abandoned. Where
// links are not supported, a file is used.
const create = (lock: string, owner: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    fs.symlink(owner, lock).pipe(
      Effect.catchAll((error) => (isExistingFile(error) ? Effect.fail(error) : createFile(lock, owner))),
      Effect.as(true),
      Effect.catchIf(isExistingFile, () => Effect.succeed(false)),
      Effect.mapError(LocalFile.toFileError(lock, "written"))
    )
  )

const ownerOf = (lock: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.catchAll(Effect.asSome(fs.readLink(lock)), () => LocalFile.readText(lock))
  )

// Removes a stale lock, guarded by a second lock: another process may have removed it and created its own meanwhile.
const removeStale = (lock: string, owner: string, process: Process) => {
  const guard = `${lock}.guard`
  return Effect.acquireUseRelease(
    create(guard, `${process.pid}`),
    (isOwn) =>
      Effect.gen(function* () {
        const current = yield* ownerOf(isOwn ? lock : guard)
        if (Option.isNone(current)) return
        if (isOwn) return current.value === owner ? yield* LocalFile.remove(lock) : undefined
        if (!isHeld(process, current.value)) yield* LocalFile.remove(guard)
      }),
    (isOwn) => (isOwn ? Effect.ignore(LocalFile.remove(guard)) : Effect.void)
  )
}

// How often a lock may disappear between a failed creation and reading its owner.
const maxAttempts = 10

const acquire = (path: string, process: Process) =>
  Effect.gen(function* () {
    const lock = `${path}.lock`
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      if (yield* create(lock, `${process.pid}`)) return
      const owner = yield* ownerOf(lock)
      if (Option.isNone(owner)) continue
      if (isHeld(process, owner.value)) {
        return yield* LocalFile.inUseError(path, { path: lock, owner: owner.value })
      }
      yield* removeStale(lock, owner.value, process)
    }
    return yield* LocalFile.inUseError(path)
  })

// Several spellings of a path may lead to one file.
const resolvePath = (path: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => {
    const name = path.replace(/^.*[/\\]/s, "")
    const directory = path.slice(0, path.length - name.length) || "."
    return Effect.mapBoth(fs.realPath(directory), {
      onSuccess: (resolved) => `${resolved}/${name}`,
      onFailure: LocalFile.toFileError(path, "written")
    })
  })

/** Locks a file until the scope closes. Fails with `FileError` (`in-use`) at once when another run holds the lock. */
export const lock = (path: string): Effect.Effect<void, FileError, LocalFile.Files | Scope.Scope> =>
  Effect.gen(function* () {
    const key = yield* resolvePath(path)
    yield* Effect.acquireRelease(
      Effect.suspend(() =>
        lockedPaths.has(key) ? LocalFile.inUseError(path) : Effect.sync(() => void lockedPaths.add(key))
      ),
      () => Effect.sync(() => void lockedPaths.delete(key))
    )
    const process = currentProcess()
    if (process === undefined) return
    yield* Effect.acquireRelease(acquire(path, process), () =>
      Effect.ignore(LocalFile.remove(`${path}.lock`))
    )
  })
