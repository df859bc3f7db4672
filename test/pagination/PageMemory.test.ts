// How long a page lives: one that is still referred to when the next one comes is moved to the engine's old space, where it
// stays until the next major collection.
import { execFile } from "node:child_process"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "@effect/vitest"

const run = promisify(execFile)

/** What the engine moves to the old space while pages of 1000 tasks are read, in bytes. */
const promoted = async (method: string, pages: number): Promise<number> => {
  const program = fileURLToPath(new URL("../support/PageProgram.ts", import.meta.url))
  const { stdout } = await run(
    process.execPath,
    [
      "--trace-gc-nvp",
      "--import",
      createRequire(import.meta.url).resolve("tsx"),
      program,
      method,
      String(pages)
    ],
    { maxBuffer: 100_000_000 }
  )
  expect(stdout).toContain(`read ${pages * 1000}`)
  const each = Array.from(stdout.matchAll(/\bpromoted=(\d+)/g), ([, bytes]) => Number(bytes))
  expect(each.length).toBeGreaterThan(10)
  return each.reduce((sum, bytes) => sum + bytes, 0)
}

describe("a page", { timeout: 240_000 }, () => {
  // A page of 1000 tasks takes more than half a megabyte.
  it.each(["pages", "stream"])("does not outlive the next one: %s", async (method) => {
    const [few, many] = await Promise.all([promoted(method, 50), promoted(method, 250)])
    expect((many - few) / 200).toBeLessThan(150_000)
  })
})
