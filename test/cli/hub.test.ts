// `npm run hub` as a process that serves until it is stopped.
import { spawn } from "node:child_process"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

interface Said {
  readonly stdout: string
  readonly stderr: string
}

/** The output of the command until it has printed its hub, or ends. The process ends with the scope. */
const hub = (...flags: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      spawn(
        process.execPath,
        ["--import", createRequire(import.meta.url).resolve("tsx"), path("src/cli/hub.ts"), ...flags],
        { env: { ...process.env, TSX_TSCONFIG_PATH: path("tsconfig.json"), NO_COLOR: "1" } }
      )
    ),
    (child) => Effect.sync(() => child.kill())
  ).pipe(
    Effect.flatMap((child) =>
      Effect.async<Said>((resume) => {
        let [stdout, stderr] = ["", ""]
        child.stderr.on("data", (chunk) => {
          stderr += chunk
        })
        child.stdout.on("data", (chunk) => {
          stdout += chunk
          if (stdout.includes("Ctrl-C")) resume(Effect.succeed({ stdout, stderr }))
        })
        child.on("close", () => resume(Effect.succeed({ stdout, stderr })))
      })
    )
  )

/** The lists of issues that a hub of these flags answers: old hubs call them otherwise. */
const issuesOf = (...flags: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { stdout } = yield* hub("--port", "0", "--tasks", "5", ...flags)
    const [, baseUrl] = /ANGO_BASE_URL=(\S+)/.exec(stdout) ?? []
    const [, apikey = ""] = /ANGO_API_KEY=(\S+)/.exec(stdout) ?? []
    const response = yield* Effect.promise(() => fetch(`${baseUrl}/issues?limit=1`, { headers: { apikey } }))
    return Object.keys((yield* Effect.promise(() => response.json())).data)
  })

describe("the hub's command", () => {
  it.scopedLive("serves the given dialect, the newest by default", () =>
    Effect.gen(function* () {
      expect(yield* issuesOf()).toEqual(["issue"])
      expect(yield* issuesOf("--dialect", "documented-2023")).toEqual(["issues"])
    })
  )

  it.scopedLive.each([
    [["--dialect", "2023"], /--dialect takes one of current, documented-2025, documented-2023, not "2023"/],
    [["--tasks", "many"], /--tasks takes a whole number, not "many"/]
  ] as const)("rejects %j and names the allowed values", ([flags, words]) =>
    Effect.gen(function* () {
      const { stderr, stdout } = yield* hub(...flags)
      expect(stdout).toBe("")
      expect(stderr).toMatch(words)
      expect(stderr).toContain("--help")
    })
  )
})
