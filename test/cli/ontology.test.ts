// `npm run ontology` as a process: a module on standard output or in a file, or a message on standard error.
import { type ChildProcess, execFile } from "node:child_process"
import { mkdtempSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Emulator } from "effect-ango/emulator"
import { blueprints } from "../../src/emulator/seed/projects.js"
import * as Ontology from "../../src/ontology/Ontology.js"

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

const started = (
  env: Record<string, string>,
  flags: ReadonlyArray<string>,
  meanwhile: (child: ChildProcess) => void = () => {}
) =>
  Effect.async<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resume) => {
    const { ANGO_API_KEY: _, ...inherited } = process.env
    const child = execFile(
      process.execPath,
      ["--import", createRequire(import.meta.url).resolve("tsx"), path("src/cli/ontology.ts"), ...flags],
      { env: { ...inherited, TSX_TSCONFIG_PATH: path("tsconfig.json"), NO_COLOR: "1", ...env } },
      (error, stdout, stderr) =>
        resume(Effect.succeed({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }))
    )
    meanwhile(child)
    return Effect.sync(() => child.kill())
  })

const run = (env: Record<string, string>, ...flags: ReadonlyArray<string>) => started(env, flags)

const served = Effect.map(Emulator.serve({ tasks: 1 }), (hub) => ({
  env: { ANGO_BASE_URL: hub.baseUrl, ANGO_API_KEY: Redacted.value(hub.apiKey) },
  projectId: hub.projectIds[0]
}))

const [{ categorySchema, name }] = blueprints

const expected = Ontology.toModule(categorySchema, { of: name })

describe("the command that writes an ontology", () => {
  it.scopedLive("writes only the module to standard output", () =>
    Effect.gen(function* () {
      const { env, projectId } = yield* served
      expect(yield* run(env, projectId)).toEqual({ code: 0, stdout: expected, stderr: "" })
    })
  )

  it.scopedLive("writes it to a file, and reports that on standard error", () =>
    Effect.gen(function* () {
      const { env, projectId } = yield* served
      const file = join(mkdtempSync(join(tmpdir(), "effect-ango-")), "classes.ts")
      const said = yield* run(env, projectId, "--out", file)
      expect(said).toEqual({ code: 0, stdout: "", stderr: `Wrote the ontology of "${name}" to ${file}.\n` })
      expect(readFileSync(file, "utf8")).toBe(expected)
    })
  )

  it.scopedLive("reports a closed pipe", () =>
    Effect.gen(function* () {
      const { env, projectId } = yield* served
      const said = yield* started(env, [projectId], ({ stdout }) => stdout?.destroy())
      expect(said).toEqual({ code: 1, stdout: "", stderr: "Cannot write to standard output: write EPIPE\n" })
    })
  )

  it.scopedLive("reports what is wrong, and sets the exit code", () =>
    Effect.gen(function* () {
      const { env, projectId } = yield* served
      const [noProject, unknown, noFlag, noFile] = yield* Effect.all(
        [
          run(env),
          run(env, "65aa0000000000000000ffff"),
          run(env, projectId, "--form", "x"),
          run(env, projectId, "--out", "/nowhere/at/all.ts")
        ],
        { concurrency: 2 }
      )
      expect([noProject.code, unknown.code, noFlag.code, noFile.code]).toEqual([2, 1, 2, 1])
      expect(noProject.stderr).toContain("Expected one argument, the project id.")
      expect(unknown.stderr).toContain("Invalid project")
      expect(noFlag.stderr).toContain("--form")
      expect(noFile.stderr).toContain('Cannot write "/nowhere/at/all.ts"')
      for (const { stderr, stdout } of [noProject, unknown, noFlag, noFile]) {
        expect(stdout).toBe("")
        expect(stderr).not.toContain(env.ANGO_API_KEY)
      }
    })
  )
})
