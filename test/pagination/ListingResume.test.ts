// A program that is killed at any page, and run again, gives the same file.
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Emulator } from "effect-ango/emulator"
import { bundled, newFolder } from "../support/Bundled.js"

interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly lines: number
}

/** Runs the program, and kills it as soon as it has told of so many pages. */
const run = (program: string, env: Record<string, string>, cwd: string, killAt = Number.POSITIVE_INFINITY) =>
  Effect.async<Ended>((resume) => {
    const child = spawn(process.execPath, [program], { cwd, env: { ...process.env, ...env } })
    let lines = 0
    child.stderr.on("data", (data: Buffer) => {
      lines += data.toString().split("\n").length - 1
      if (lines >= killAt) child.kill("SIGKILL")
    })
    child.on("exit", (code, signal) => resume(Effect.succeed({ code, signal, lines })))
    return Effect.sync(() => child.kill("SIGKILL"))
  })

describe("an export that is killed", { timeout: 240_000 }, () => {
  it.scopedLive("at any page of forty, and run again, gives the same file", () =>
    Effect.gen(function* () {
      // Forty pages of ten: the hub gives no more.
      const hub = yield* Emulator.serve({ tasks: 400, maxLimit: 10 })
      const env = {
        ANGO_BASE_URL: hub.baseUrl,
        ANGO_API_KEY: Redacted.value(hub.apiKey),
        ANGO_PROJECT_ID: hub.projectIds[0]
      }
      const program = yield* bundled("examples/08-resume-after-a-crash.ts")
      const fileIn = (cwd: string) => readFileSync(join(cwd, "out/tasks.ndjson"), "utf8")

      const undisturbed = newFolder()
      expect(yield* run(program, env, undisturbed)).toEqual({ code: 0, signal: null, lines: 40 })
      const whole = fileIn(undisturbed)
      expect(
        new Set(
          whole
            .trimEnd()
            .split("\n")
            .map((line): unknown => JSON.parse(line).id)
        ).size
      ).toBe(400)

      const pages = Array.from({ length: 40 }, (_, index) => index + 1)
      const outcomes = yield* Effect.forEach(
        pages,
        (page) =>
          Effect.gen(function* () {
            const cwd = newFolder()
            const killed = yield* run(program, env, cwd, page)
            const again = killed.signal === null ? killed : yield* run(program, env, cwd)
            return { killed, again, isSame: fileIn(cwd) === whole }
          }),
        { concurrency: 2 }
      )
      for (const { again, isSame } of outcomes) {
        expect(again.code).toBe(0)
        expect(isSame).toBe(true)
      }
      // Only the very last pages may be too fast for the blow; and nobody begins anew.
      expect(outcomes.filter(({ killed }) => killed.signal === "SIGKILL").length).toBeGreaterThan(35)
      expect(outcomes.slice(5, 30).every(({ again }) => again.lines < 40)).toBe(true)
    })
  )
})
