/**
 * One run at a time for each file.
 *
 * In one process this always holds, but for its threads. Between processes of one machine a file `<path>.lock` stands
 * for it, with the process in it: that of a process which has ended is taken over. Of other machines that share a disk
 * nothing is known.
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
import type { FileUnavailable } from "../AngoError.js"
import * as LocalFile from "./LocalFile.js"

const held = globalValue("effect-ango/files", () => new Set<string>())

interface Process {
  readonly pid: number
  readonly kill: (pid: number, signal: 0) => unknown
}

// Where there are files there are processes, though not under a name that every platform has.
const currentProcess = (): Process | undefined => {
  const found: unknown = Reflect.get(globalThis, "process")
  return Predicate.isRecord(found) && typeof found["pid"] === "number" && Predicate.isFunction(found["kill"])
    ? (found as unknown as Process)
    : undefined
}

// A process that may not be asked is there.
const isAlive = (process: Process, pid: number): boolean =>
  Either.match(
    Either.try(() => process.kill(pid, 0)),
    {
      onRight: () => true,
      onLeft: (error) => Predicate.hasProperty(error, "code") && error.code === "EPERM"
    }
  )

const create = (path: string, process: Process) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.scoped(
      Effect.flatMap(fs.open(path, { flag: "wx", mode: 0o600 }), (file) =>
        file.writeAll(new TextEncoder().encode(`${process.pid}`))
      )
    ).pipe(
      Effect.as(true),
      Effect.catchIf(
        (error) => error._tag === "SystemError" && error.reason === "AlreadyExists",
        () => Effect.succeed(false)
      ),
      Effect.mapError(LocalFile.failed(path, "written"))
    )
  )

const take = (path: string, process: Process) =>
  Effect.gen(function* () {
    const lock = `${path}.lock`
    if (yield* create(lock, process)) return
    const owner = Number(Option.getOrElse(yield* LocalFile.read(lock), () => ""))
    // This very process holds no lock: its number was that of another one before.
    if (owner !== process.pid && owner > 0 && isAlive(process, owner)) return yield* LocalFile.inUse(path)
    yield* LocalFile.remove(lock)
    if (!(yield* create(lock, process))) return yield* LocalFile.inUse(path)
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
export const lock = (path: string): Effect.Effect<void, FileUnavailable, LocalFile.Files | Scope.Scope> =>
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
