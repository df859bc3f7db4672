// Examples as processes, and the hub that they speak to.
import { execFile } from "node:child_process"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Emulator } from "effect-ango/emulator"

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program of this repository to its end. */
export const run = (
  file: string,
  env: Record<string, string>,
  cwd = process.cwd(),
  args: ReadonlyArray<string> = []
) =>
  Effect.async<Outcome>((resume) => {
    const { ANGO_API_KEY: _, ANGO_PROJECT_ID: __, ...inherited } = process.env
    const child = execFile(
      process.execPath,
      ["--import", createRequire(import.meta.url).resolve("tsx"), path(file), ...args],
      { cwd, env: { ...inherited, TSX_TSCONFIG_PATH: path("tsconfig.json"), NO_COLOR: "1", ...env } },
      (error, stdout, stderr) =>
        resume(Effect.succeed({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }))
    )
    return Effect.sync(() => child.kill())
  })

/** A hub of sixty tasks behind a socket, as the environment that programs find it by. */
export const served = Effect.map(Emulator.serve({ tasks: 60 }), (hub) => ({
  ANGO_BASE_URL: hub.baseUrl,
  ANGO_API_KEY: Redacted.value(hub.apiKey),
  ANGO_PROJECT_ID: hub.projectIds[0]
}))
