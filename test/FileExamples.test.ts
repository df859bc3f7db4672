// Examples that read files of their own, as a newcomer runs them.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { run, served } from "./support/ExampleRuns.js"

describe("a folder", () => {
  it.scopedLive("16 becomes the assets of a project, and only what is new is uploaded the next time", () =>
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
