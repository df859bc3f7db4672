// A program that exports to a file, or updates one, is killed at random moments and run again: the file is the same.
import { spawn } from "node:child_process"
import { cpSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Redacted from "effect/Redacted"
import { AngoTest, Emulator, type EmulatorService } from "effect-ango/emulator"
import { bundled, newFolder } from "../support/Bundled.js"

type Way = "rows" | "archive" | "update"

interface Ended {
  readonly code: number | null
  readonly isKilled: boolean
  readonly isResumed: boolean
  /** How long it ran after it had locked the file, and after it had a link, in milliseconds. */
  readonly after: Readonly<Record<Mark, number>>
}

/** The file with this ending exists once the program has locked the file, or has a link. */
type Mark = "lock" | "journal"

interface Kill {
  readonly mark: Mark
  readonly millis: number
}

/** Runs the program, and kills it `kill.millis` after a mark. */
const run = (
  { hub, program }: { readonly hub: EmulatorService; readonly program: string },
  way: Way,
  cwd: string,
  kill?: Kill
) =>
  Effect.async<Ended>((resume) => {
    const env = {
      ...process.env,
      ANGO_BASE_URL: hub.baseUrl,
      ANGO_API_KEY: Redacted.value(hub.apiKey),
      ANGO_PROJECT_ID: hub.projectIds[0]
    }
    const child = spawn(process.execPath, [program, way, "file"], { cwd, env })
    let stdout = ""
    const seen: Partial<Record<Mark, number>> = {}
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString()
    })
    const watching = setInterval(() => {
      for (const mark of ["lock", "journal"] as const) {
        // The name is looked up in the folder, because a lock is a dangling link.
        const isThere = names(cwd).some((name) => [`file.${mark}`, `file.changes.${mark}`].includes(name))
        if (!isThere || seen[mark] !== undefined) continue
        seen[mark] = performance.now()
        if (kill?.mark === mark) setTimeout(() => child.kill("SIGKILL"), kill.millis)
      }
    }, 1)
    child.on("exit", (code, signal) => {
      clearInterval(watching)
      const end = performance.now()
      const after = { lock: end - (seen.lock ?? end), journal: end - (seen.journal ?? end) }
      resume(
        Effect.succeed({ code, isKilled: signal === "SIGKILL", isResumed: stdout === "resumed\n", after })
      )
    })
    return Effect.sync(() => {
      clearInterval(watching)
      child.kill("SIGKILL")
    })
  })

/** Random numbers from 0 to 1, from the seed of the tests. */
const moments = (count: number) => FastCheck.sample(FastCheck.double({ min: 0, max: 1, noNaN: true }), count)

const names = (cwd: string) => readdirSync(cwd).toSorted()
const fileIn = (cwd: string) => readFileSync(join(cwd, "file"))

/** Kills runs at these fractions of the time that an undisturbed run takes, runs each again, and checks the file. */
const killed = (
  on: { readonly hub: EmulatorService; readonly program: string },
  way: Way,
  {
    at,
    begin,
    rest,
    expected,
    after
  }: {
    readonly at: ReadonlyArray<number>
    readonly begin: () => string
    readonly expected: Buffer
    readonly rest: ReadonlyArray<string>
    readonly after: Ended["after"]
  }
) =>
  Effect.forEach(
    at,
    (part, index) =>
      Effect.gen(function* () {
        // Most of them during the download, some before it.
        const mark = index % 4 === 0 ? "lock" : "journal"
        const cwd = begin()
        const first = yield* run(on, way, cwd, { mark, millis: part * after[mark] })
        const again = first.isKilled ? yield* run(on, way, cwd) : first
        expect(again.code).toBe(0)
        expect(fileIn(cwd).equals(expected)).toBe(true)
        expect(names(cwd)).toEqual(["file", ...rest])
        return { isKilled: first.isKilled, isResumed: again.isResumed }
      }),
    { concurrency: 2 }
  )

describe("an export to a file that is killed", { timeout: 900_000 }, () => {
  it.scopedLive("at fifty random moments and run again writes the same file", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 1000, archives: { method: "stored" } })
      const on = { hub, program: yield* bundled("test/support/ExportProgram.ts") }
      for (const [way, count] of [
        ["rows", 35],
        ["archive", 15]
      ] as const) {
        const undisturbed = newFolder()
        const { after } = yield* run(on, way, undisturbed)
        const expected = fileIn(undisturbed)
        expect(expected.length).toBeGreaterThan(500_000)
        const outcomes = yield* killed(on, way, {
          at: moments(count),
          begin: newFolder,
          expected,
          rest: [],
          after
        })
        // Some runs may end before they are killed.
        expect(outcomes.filter(({ isKilled }) => isKilled).length).toBeGreaterThan(count * 0.6)
        expect(outcomes.filter(({ isResumed }) => isResumed).length).toBeGreaterThan(count * 0.3)
      }
    })
  )
})

describe("an update of a file that is killed", { timeout: 900_000 }, () => {
  it.scopedLive("at fifteen random moments and run again writes the same file", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 1000, archives: { method: "stored" } })
      const on = { hub, program: yield* bundled("test/support/ExportProgram.ts") }
      const first = newFolder()
      expect(yield* run(on, "update", first)).toMatchObject({ code: 0 })
      const begin = () => {
        const cwd = newFolder()
        cpSync(first, cwd, { recursive: true })
        return cwd
      }
      const tasks = hub.state.projects.get(AngoTest.projectId)?.tasks ?? []
      const headers = { apikey: Redacted.value(hub.apiKey), "content-type": "application/json" }
      for (const task of tasks.slice(100, 600)) {
        const body = JSON.stringify({ answer: { objects: [{ schemaId: "s" }] } })
        yield* Effect.promise(() =>
          hub.fetch(`${hub.baseUrl}/annotate/${task._id}`, { method: "POST", headers, body })
        )
      }
      const undisturbed = begin()
      const { after, code } = yield* run(on, "update", undisturbed)
      expect(code).toBe(0)
      const expected = fileIn(undisturbed)
      expect(expected.equals(fileIn(first))).toBe(false)
      const rest = ["file.watermark"]
      const outcomes = yield* killed(on, "update", { at: moments(15), begin, expected, rest, after })
      expect(outcomes.filter(({ isKilled }) => isKilled).length).toBeGreaterThan(8)
    })
  )
})
