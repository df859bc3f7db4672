// Runs the examples that read local files as users do.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { run, served } from "./support/ExampleRuns.js"

describe("a folder", () => {
  it.scopedLive("16 becomes assets of a project; the next run uploads new files only", () =>
    Effect.gen(function* () {
      const env = yield* served
      const cwd = mkdtempSync(join(tmpdir(), "effect-ango-"))
      mkdirSync(join(cwd, "photos"))
      const add = (name: string) => writeFileSync(join(cwd, "photos", name), name.repeat(20))
      for (const name of ["a.jpg", "b & c #1.jpg", "d"]) add(name)
      const file = "examples/16-folder-to-project.ts"
      const first = yield* run(file, env, cwd)
      expect(first).toMatchObject({ code: 0, stdout: "3 files: 3 uploaded, 0 done before, 0 left\n" })
      expect(first.stderr).toMatch(/3 files, 100 % of 360 bytes\n$/)
      add("e.jpg")
      const second = yield* run(file, env, cwd)
      expect(second).toMatchObject({ code: 0, stdout: "4 files: 1 uploaded, 3 done before, 0 left\n" })
      expect(second.stderr).toMatch(/1 files, 100 % of 460 bytes\n$/)
    })
  )
})

describe("every failure of an export job", () => {
  it.scopedLive("17 writes the file, and ends with an exit code that says whom to call", () =>
    Effect.gen(function* () {
      const env = yield* served
      const cwd = mkdtempSync(join(tmpdir(), "effect-ango-"))
      const file = "examples/17-handle-every-failure.ts"
      expect(yield* run(file, env, cwd)).toMatchObject({ code: 0, stdout: "60 rows\n" })
      const wrongKey = yield* run(file, { ...env, ANGO_API_KEY: "wrong-key" }, cwd)
      expect(wrongKey).toMatchObject({ code: 77, stdout: "" })
      expect(wrongKey.stderr).toMatch(/^Unauthorized: /)
      const noKey = yield* run(file, { ...env, ANGO_API_KEY: "" }, cwd)
      expect(noKey).toMatchObject({ code: 64 })
      expect(noKey.stderr).toMatch(/^InvalidConfig: /)
      const wrongId = yield* run(file, { ...env, ANGO_PROJECT_ID: "a/b" }, cwd)
      expect(wrongId).toMatchObject({ code: 64 })
      expect(wrongId.stderr).toMatch(/^InvalidRequest: /)
      const noProject = yield* run(file, { ...env, ANGO_PROJECT_ID: "65aa0000000000000000ffff" }, cwd)
      expect(noProject).toMatchObject({ code: 66 })
      expect(noProject.stderr).toMatch(/^NotFound: /)
    })
  )
})
