// Examples as processes, and the hub that they speak to.
import { execFile } from "node:child_process"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Emulator } from "effect-ango/emulator"

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

interface Run {
  readonly env: Record<string, string>
  readonly cwd?: string
  readonly args?: ReadonlyArray<string>
}

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const start = (
  [command, ...before]: readonly [string, ...ReadonlyArray<string>],
  file: string,
  { args = [], cwd = process.cwd(), env }: Run
) =>
  Effect.async<Outcome>((resume) => {
    const { ANGO_API_KEY: _, ANGO_PROJECT_ID: __, ...inherited } = process.env
    const child = execFile(
      command,
      [...before, "--import", createRequire(import.meta.url).resolve("tsx"), path(file), ...args],
      { cwd, env: { ...inherited, TSX_TSCONFIG_PATH: path("tsconfig.json"), NO_COLOR: "1", ...env } },
      (error, stdout, stderr) =>
        resume(Effect.succeed({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }))
    )
    return Effect.sync(() => child.kill())
  })

/** Runs a program of this repository to its end. */
export const run = (
  file: string,
  env: Record<string, string>,
  cwd?: string,
  args?: ReadonlyArray<string>
): Effect.Effect<Outcome> =>
  start([process.execPath], file, {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    ...(args === undefined ? {} : { args })
  })

/** The same on a terminal, which `stdout` is what it showed on. */
export const runOnTerminal = (
  file: string,
  env: Record<string, string>,
  cwd: string
): Effect.Effect<Outcome> =>
  start(["python3", "-c", "import pty, sys; pty.spawn(sys.argv[1:])", process.execPath], file, { env, cwd })

/** A hub of sixty tasks behind a socket, as the environment that programs find it by. */
export const served = Effect.map(Emulator.serve({ tasks: 60 }), (hub) => ({
  ANGO_BASE_URL: hub.baseUrl,
  ANGO_API_KEY: Redacted.value(hub.apiKey),
  ANGO_PROJECT_ID: hub.projectIds[0]
}))
