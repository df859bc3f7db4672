// A program that uploads 2,000 files is killed at any time and run again: 2,000 assets, none twice, each with its bytes.
import { spawn } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Redacted from "effect/Redacted"
import { AngoTest, Emulator, type EmulatorService } from "effect-ango/emulator"
import { bundled, newFolder } from "../support/Bundled.js"
import { drawn } from "../support/Uploads.js"

const count = 2000

const contents = new Map(
  Array.from({ length: count }, (_, at) => [`file ${at} #&.jpg`, drawn(500 + (at % 700), at)])
)

const filled = Effect.sync(() => {
  const files = join(newFolder(), "files")
  mkdirSync(files)
  for (const [name, content] of contents) writeFileSync(join(files, name), content)
  return files
})

interface Ended {
  readonly isKilled: boolean
  readonly code: number | null
  readonly stdout: string
}

/** Runs the program, and kills it when the storage has a given number of files. */
const run = (program: string, files: string, cwd: string, hub: EmulatorService, killAt?: number) =>
  Effect.async<Ended>((resume) => {
    const env = {
      ...process.env,
      ANGO_BASE_URL: hub.baseUrl,
      ANGO_API_KEY: Redacted.value(hub.apiKey),
      ANGO_PROJECT_ID: AngoTest.projectId
    }
    const child = spawn(process.execPath, [program, files], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "inherit"]
    })
    let stdout = ""
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString()
    })
    const watching = setInterval(() => {
      if (killAt !== undefined && hub.state.files.size >= killAt) child.kill("SIGKILL")
    }, 1)
    child.on("exit", (code, signal) => {
      clearInterval(watching)
      resume(Effect.succeed({ isKilled: signal === "SIGKILL", code, stdout }))
    })
    return Effect.sync(() => {
      clearInterval(watching)
      child.kill("SIGKILL")
    })
  })

const storedUnder = (hub: EmulatorService, url = "") => hub.state.files.get(url.replace(/^.*\/files\//, ""))

/** What is wrong with the uploaded assets of the project. */
const wrong = (hub: EmulatorService): ReadonlyArray<string> => {
  const seen = new Set<string>()
  return (hub.state.projects.get(AngoTest.projectId)?.assets ?? []).flatMap(({ data, externalId }) => {
    const content = contents.get(externalId ?? "")
    if (content === undefined) return []
    const isAgain = seen.has(externalId ?? "")
    seen.add(externalId ?? "")
    const isWhole = Buffer.compare(storedUnder(hub, data ?? "")?.content ?? new Uint8Array(0), content) === 0
    return [
      ...(isAgain ? [`${externalId} twice`] : []),
      ...(isWhole ? [] : [`${externalId} without its bytes`])
    ]
  })
}

const made = (hub: EmulatorService): number =>
  (hub.state.projects.get(AngoTest.projectId)?.assets ?? []).filter(({ externalId }) =>
    contents.has(externalId ?? "")
  ).length

// The numbers of stored files at which an upload is killed, two or three times each.
const moments = FastCheck.sample(
  FastCheck.uniqueArray(FastCheck.integer({ min: 1, max: count - 100 }), { minLength: 2, maxLength: 3 }),
  2
).map((at) => ({ at: at.toSorted((a, b) => a - b) }))

describe("an upload of 2,000 files", { timeout: 900_000 }, () => {
  it.scopedLive.each(moments)(
    "is killed with $at files stored, and run again: each is an asset once",
    ({ at }) =>
      Effect.gen(function* () {
        const hub = yield* Emulator.serve({ tasks: 1 })
        const [program, files, cwd] = [
          yield* bundled("test/support/UploadProgram.ts"),
          yield* filled,
          newFolder()
        ]
        for (const killAt of at) {
          const before = made(hub)
          expect(yield* run(program, files, cwd, hub, killAt + 1)).toMatchObject({ isKilled: true })
          expect(wrong(hub)).toEqual([])
          expect(made(hub)).toBeGreaterThanOrEqual(before)
          expect(made(hub)).toBeLessThan(count)
        }
        const left = count - made(hub)
        const last = yield* run(program, files, cwd, hub)
        expect(last).toEqual({ isKilled: false, code: 0, stdout: `${left} ${count - left}\n` })
        expect(made(hub)).toBe(count)
        expect(wrong(hub)).toEqual([])
        // Files that were stored and not assets yet when the program was killed: little more than those in flight.
        const strays = hub.state.files.size - count
        expect(strays).toBeLessThan(300 * at.length)
      })
  )
})
