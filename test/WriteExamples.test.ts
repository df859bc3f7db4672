// Runs the examples that write as users do: as processes, over real HTTP, against the embedded hub.
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Emulator } from "effect-ango/emulator"
import { run, served } from "./support/ExampleRuns.js"

describe("an import", () => {
  it.scopedLive("10 creates each asset once over several runs", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 1 })
      const cwd = mkdtempSync(join(tmpdir(), "effect-ango-"))
      const env = {
        ANGO_BASE_URL: hub.baseUrl,
        ANGO_API_KEY: Redacted.value(hub.apiKey),
        ANGO_PROJECT_ID: hub.projectIds[0]
      }
      const runs = yield* Effect.replicateEffect(run("examples/10-import-with-a-ledger.ts", env, cwd), 2)
      expect(runs).toEqual([
        { code: 0, stderr: "", stdout: "2500 rows: 2500 created, 0 done before, 0 left\n" },
        { code: 0, stderr: "", stdout: "2500 rows: 0 created, 2500 done before, 0 left\n" }
      ])
      expect(yield* hub.requests("assets.importFromCloud")).toHaveLength(5)
    })
  )
})

describe("pre-labels", () => {
  it.scopedLive("14 imports predictions that fit the ontology once, and reports the others", () =>
    Effect.gen(function* () {
      const env = yield* served
      const cwd = mkdtempSync(join(tmpdir(), "effect-ango-"))
      const first = yield* run("examples/14-predictions-as-pre-labels.ts", env, cwd)
      const [, updated = ""] =
        /^60 rows: (\d+) pre-labelled, 0 done before, \d+ left\n$/.exec(first.stdout) ?? []
      expect(Number(updated)).toBeGreaterThan(0)
      const lines = first.stderr.trimEnd().split("\n")
      expect(lines).toHaveLength(60 - Number(updated))
      expect(lines.filter((line) => line.startsWith("InvalidLabels: "))).toHaveLength(6)
      expect(lines.find((line) => line.startsWith("InvalidLabels: "))).toMatch(
        /Row 1 \(\S+\): objects\[0\]\.classifications\[0\]\.answer is "Cra", which "Type" does not have; expected an option: "Car", "Bus", "Truck", "Bicycle"\. Did you mean "Car"\?$/
      )
      expect(lines.filter((line) => !/^(InvalidLabels|RowRejected): /.test(line))).toEqual([])
      expect(first.code).toBe(0)
      const again = yield* run("examples/14-predictions-as-pre-labels.ts", env, cwd)
      expect(again.stdout).toContain(`60 rows: 0 pre-labelled, ${updated} done before`)
    })
  )

  it.scopedLive("15 validates the same against a copy of an ontology", () =>
    Effect.gen(function* () {
      expect(yield* run("examples/15-copy-an-ontology.ts", yield* served)).toEqual({
        code: 0,
        stderr: "",
        stdout:
          "3 tools and 2 questions\n100 of 100 answers fit the copy\nan answer of an unknown class is invalid\n"
      })
    })
  )
})

describe("an even assignment", () => {
  it.scopedLive("13 prints the plan, assigns the tasks, and finds nothing to do in the second run", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 60 })
      const env = {
        ANGO_BASE_URL: hub.baseUrl,
        ANGO_API_KEY: Redacted.value(hub.apiKey),
        ANGO_PROJECT_ID: hub.projectIds[0]
      }
      const file = "examples/13-assign-evenly.ts"
      const rehearsed = yield* run(file, env, undefined, ["--dry-run"])
      expect(yield* hub.requests("tasks.assign")).toEqual([])
      const shares = Array.from(rehearsed.stdout.matchAll(/: (\d+) tasks?$/gm), ([, count]) => Number(count))
      expect(shares.length).toBeGreaterThan(1)
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      const done = yield* run(file, env)
      expect(done.stdout.startsWith(rehearsed.stdout)).toBe(true)
      expect(done.stdout).toMatch(/^\d+ assigned, \d+ as before, 0 left$/m)
      const again = yield* run(file, env)
      const all = shares.reduce((sum, share) => sum + share, 0)
      expect(again.stdout).toBe(`${rehearsed.stdout}0 assigned, ${all} as before, 0 left\n`)
    })
  )
})
