/**
 * One run at a time for each file.
 *
 * In one process this always holds, but for its threads. Between processes of one machine `<path>.lock` stands for it,
 * with the number of the process in it: that of a process which has ended is taken over. Of other machines and containers
 * that share a disk, whose processes have numbers of their own, nothing is known.
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

const held = globalValue("effect-ango/files", () => new Set<string>())

interface Process {
  readonly pid: number
  readonly kill: (pid: number, signal: 0) => unknown
}

const isProcess = (found: unknown): found is Process =>
  Predicate.isRecord(found) && typeof found["pid"] === "number" && Predicate.isFunction(found["kill"])

// Where there are files there are processes, though not under a name that every platform has.
const currentProcess = (): Process | undefined => {
  const found: unknown = Reflect.get(globalThis, "process")
  return isProcess(found) ? found : undefined
}

// A process that may not be asked is there.
const isAlive = (process: Process, pid: number): boolean =>
  Either.match(
    Either.try(() => process.kill(pid, 0)),
    {
      onRight: () => true,
      onLeft: isNotPermitted
    }
  )

// This very process holds no lock that it meets: its number was that of another one before.
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

// A link that leads nowhere, since it has its owner in it from the first moment on: a file that is read before it is
// written looks like nobody's. Where links cannot be made, a file has to do.
const create = (lock: string, owner: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    fs.symlink(owner, lock).pipe(
      Effect.catchAll((error) => (isExistingFile(error) ? Effect.fail(error) : createFile(lock, owner))),
      Effect.as(true),
      Effect.catchIf(isExistingFile, () => Effect.succeed(false)),
      Effect.mapError(LocalFile.failed(lock, "written"))
    )
  )

const ownerOf = (lock: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.catchAll(Effect.asSome(fs.readLink(lock)), () => LocalFile.read(lock))
  )

// Takes a lock of nobody away, one process at a time: another may have done so before, and have its own there by now.
const displace = (lock: string, owner: string, process: Process) => {
  const guard = `${lock}.guard`
  return Effect.acquireUseRelease(
    create(guard, `${process.pid}`),
    (isMine) =>
      Effect.gen(function* () {
        const found = yield* ownerOf(isMine ? lock : guard)
        if (Option.isNone(found)) return
        if (isMine) return found.value === owner ? yield* LocalFile.remove(lock) : undefined
        if (!isHeld(process, found.value)) yield* LocalFile.remove(guard)
      }),
    (isMine) => (isMine ? Effect.ignore(LocalFile.remove(guard)) : Effect.void)
  )
}

// So often a lock may come and go between two looks at it.
const mostAttempts = 10

const take = (path: string, process: Process) =>
  Effect.gen(function* () {
    const lock = `${path}.lock`
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      if (yield* create(lock, `${process.pid}`)) return
      const found = yield* ownerOf(lock)
      if (Option.isNone(found)) continue
      if (isHeld(process, found.value)) {
        return yield* LocalFile.inUse(path, { path: lock, owner: found.value })
      }
      yield* displace(lock, found.value, process)
    }
    return yield* LocalFile.inUse(path)
  })

// One file may be spelled in several ways.
const spelled = (path: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => {
    const name = path.replace(/^.*[/\\]/s, "")
    const directory = path.slice(0, path.length - name.length) || "."
    return Effect.mapBoth(fs.realPath(directory), {
      onSuccess: (real) => `${real}/${name}`,
      onFailure: LocalFile.failed(path, "written")
    })
  })

/** Keeps every other run from this file until the scope closes; fails at once when another one is at it. */
export const lock = (path: string): Effect.Effect<void, FileError, LocalFile.Files | Scope.Scope> =>
  Effect.gen(function* () {
    const key = yield* spelled(path)
    yield* Effect.acquireRelease(
      Effect.suspend(() => (held.has(key) ? LocalFile.inUse(path) : Effect.sync(() => void held.add(key)))),
      () => Effect.sync(() => void held.delete(key))
    )
    const process = currentProcess()
    if (process === undefined) return
    yield* Effect.acquireRelease(take(path, process), () => Effect.ignore(LocalFile.remove(`${path}.lock`)))
  })
