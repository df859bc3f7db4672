// The vendor's Python client as a process (`driver.py`): a function is called by its name, values cross as JSON.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** The versions that are called, newest first. */
export const versions = ["1.4.10", "1.3.50"] as const

export type Version = (typeof versions)[number]

/** What a function raised, or what ended the process. */
export class PythonError extends Data.TaggedError("PythonError")<{
  readonly message: string
  readonly type: string
}> {}

/** The arguments by position, then those by name. */
export interface PythonClient {
  readonly connect: (target: {
    readonly key: string
    readonly host: string
  }) => Effect.Effect<void, PythonError>
  /** The public functions with the names of their parameters, by introspection. */
  readonly functions: Effect.Effect<ReadonlyMap<string, ReadonlyArray<string>>, PythonError>
  readonly call: (
    name: string,
    args: ReadonlyArray<unknown>,
    kwargs?: Readonly<Record<string, unknown>>
  ) => Effect.Effect<unknown, PythonError>
}

/** An object of a class of the package. With a `name` it is kept, and {@link same} is that very object. */
export const object = (
  name: string,
  kwargs: Readonly<Record<string, unknown>>,
  options: { readonly args?: ReadonlyArray<unknown>; readonly name?: string } = {}
) => ({
  $class: name,
  kwargs,
  args: options.args ?? [],
  ...(options.name === undefined ? {} : { $name: options.name })
})

export const same = (name: string) => ({ $same: name })

/** A member of an enum of the package, by its name in Python. */
export const member = (name: string, key: string) => ({ $enum: name, name: key })

/** A time as the package expects it: UTC, without a zone. */
export const naive = (iso: string) => ({ $datetime: iso.replace(/Z$/, "") })

/** An array of numpy, of unsigned bytes. */
export const array = (values: ReadonlyArray<unknown>) => ({ $array: values, dtype: "uint8" })

const environments = fileURLToPath(new URL("../out/interop", import.meta.url))

/** The Python of a version's environment, which `setup.sh` makes; `undefined` if it is not there. */
export const pythonOf = (version: Version): string | undefined => {
  const python = join(process.env["INTEROP_VENVS"] || environments, version, "bin", "python")
  return existsSync(python) ? python : undefined
}

/** For tests that need the environment. In CI a missing one is an error. */
export const isSkipped = (version: Version): boolean => pythonOf(version) === undefined && !process.env["CI"]

export const missing = "there is no Python environment: run interop/setup.sh"

const driver = fileURLToPath(new URL("driver.py", import.meta.url))

type Line = {
  readonly id: number
  readonly result?: unknown
  readonly error?: { type: string; message: string }
}

/** Starts the process; it ends with the scope. */
export const start = (python: string) =>
  Effect.gen(function* () {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => spawn(python, [driver], { stdio: ["pipe", "pipe", "pipe"] })),
      (child) => Effect.sync(() => child.kill())
    )
    const waiting = new Map<number, (line: Omit<Line, "id">) => void>()
    let [printed, next] = ["", 1]
    let ended: string | undefined
    // Its log, for the message when it ends; its progress bars are of no use.
    child.stderr.on("data", (chunk) => {
      printed = `${printed}${chunk}`.slice(-2_000)
    })
    createInterface({ input: child.stdout }).on("line", (text) => {
      const { id, ...line }: Line = JSON.parse(text)
      waiting.get(id)?.(line)
      waiting.delete(id)
    })
    child.on("close", (code) => {
      ended = `The Python process ended with ${code}: ${printed}`
      for (const resume of waiting.values()) resume({ error: { type: "exit", message: ended } })
    })

    const ask = (request: object) =>
      Effect.async<unknown, PythonError>((resume) => {
        const id = next++
        const answer = ({ error, result }: Omit<Line, "id">) =>
          resume(error === undefined ? Effect.succeed(result) : Effect.fail(new PythonError(error)))
        if (ended !== undefined) return answer({ error: { type: "exit", message: ended } })
        waiting.set(id, answer)
        child.stdin.write(`${JSON.stringify({ id, ...request })}\n`)
      })

    const client: PythonClient = {
      connect: (connect) => Effect.asVoid(ask({ connect })),
      functions: Effect.map(
        ask({ functions: true }),
        (found) => new Map(Object.entries(found as Record<string, ReadonlyArray<string>>))
      ),
      call: (name, args, kwargs = {}) => ask({ function: name, args, kwargs })
    }
    return client
  })
