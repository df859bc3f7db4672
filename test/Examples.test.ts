// Runs the examples as users do: as processes, over real HTTP, against the embedded hub.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Emulator } from "effect-ango/emulator"
import { run, runOnTerminal, served } from "./support/ExampleRuns.js"

describe("examples", () => {
  it.scopedLive("01 counts completed tasks per stage", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* run("examples/01-count-per-stage.ts", yield* served)
      expect(stdout).toMatch(/^Complete: \d+$/m)
      expect(stdout).toMatch(/^Quality review: \d+$/m)
      expect(code).toBe(0)
    })
  )

  it.scopedLive("02 exports every task of the given project", () =>
    Effect.gen(function* () {
      const cwd = mkdtempSync(join(tmpdir(), "effect-ango-"))
      const { stderr, stdout } = yield* run("examples/02-export-to-ndjson.ts", yield* served, cwd)
      expect(stdout).toBe("exported 60 of 60 tasks to out/tasks.ndjson\n")
      expect(stderr).toMatch(/^60 of 60 \(100 %\), .*9\d of 100 requests left$/m)
      const rows = readFileSync(join(cwd, "out/tasks.ndjson"), "utf8").trimEnd().split("\n")
      expect(new Set(rows.map((row): unknown => JSON.parse(row).id)).size).toBe(60)
    })
  )

  it.scopedLive("04 reports a project that does not exist", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* run("examples/04-handle-errors.ts", {
        ...(yield* served),
        ANGO_PROJECT_ID: "65aa0000000000000000ffff"
      })
      expect(stdout).toContain("there is no project 65aa0000000000000000ffff")
      expect(code).toBe(0)
    })
  )

  it.scopedLive("05 calls the equivalent of every Python function on its own hub", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run("examples/05-from-python.ts", {})
      expect(stderr).toBe("")
      expect(stdout.trimEnd().split("\n")).toHaveLength(14)
      expect(stdout).toContain("5 batches, 1 asset put into two of them")
      expect(stdout).toContain("1 of 1 pre-labelled")
      expect(stdout).toMatch(/^(\d+) tasks were complete, \1 were requeued$/m)
      expect(code).toBe(0)
    })
  )

  it.scopedLive("06 uses one key per organization, and names a missing key", () =>
    Effect.gen(function* () {
      const north = yield* Emulator.serve({ apiKey: Redacted.make("north-key") })
      const south = yield* Emulator.serve({ apiKey: Redacted.make("south-key") })
      south.state.projects.delete(south.projectIds[0])
      const env = {
        NORTH_ANGO_API_KEY: "north-key",
        NORTH_ANGO_BASE_URL: north.baseUrl,
        SOUTH_ANGO_BASE_URL: south.baseUrl
      }
      const file = "examples/06-several-organizations.ts"
      const [both, one] = yield* Effect.all(
        [run(file, { ...env, SOUTH_ANGO_API_KEY: "south-key" }), run(file, env)],
        {
          concurrency: 2
        }
      )
      const count = north.projectIds.length
      expect(both.stdout.trimEnd().split("\n").toSorted()).toEqual([
        `north: ${count} projects`,
        `south: ${count - 1} projects`
      ])
      expect(one).toMatchObject({ code: 0, stderr: "" })
      expect(one.stdout).toContain(`north: ${count} projects`)
      expect(one.stdout).toContain("south: SOUTH_ANGO_API_KEY is not set.")
    })
  )
})

describe("progress", () => {
  it.scopedLive("is a bar on one line of a terminal", () =>
    Effect.gen(function* () {
      const cwd = mkdtempSync(join(tmpdir(), "effect-ango-"))
      const { stdout } = yield* runOnTerminal("examples/02-export-to-ndjson.ts", yield* served, cwd)
      const shown = stdout.split("\r\u001b[K").slice(1)
      expect(shown.length).toBeGreaterThan(0)
      expect(shown.filter((line) => !/^█*░* \d+ of 60/.test(line))).toEqual([])
      expect(shown.at(-1)).toContain(`${"█".repeat(30)} 60 of 60`)
    })
  )
})

describe("an export", () => {
  it.scopedLive("09 counts objects by class while the archive arrives", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 2_500 })
      const { code, stderr, stdout } = yield* run("examples/09-export-rows.ts", {
        ANGO_BASE_URL: hub.baseUrl,
        ANGO_API_KEY: Redacted.value(hub.apiKey),
        ANGO_PROJECT_ID: hub.projectIds[0]
      })
      const progress = stderr.trimEnd().split("\n")
      expect(progress.at(-1)).toBe("2500 rows in total")
      expect(progress.length).toBeGreaterThan(1)
      const counts = stdout.trimEnd().split("\n")
      expect(counts.length).toBeGreaterThan(1)
      expect(counts.filter((line) => !/^[\w ]+: \d+$/.test(line))).toEqual([])
      expect(code).toBe(0)
    })
  )
})

describe("an export of rows", () => {
  it.scopedLive("11 writes rows to a file and updates it", () =>
    Effect.gen(function* () {
      const cwd = mkdtempSync(join(tmpdir(), "effect-ango-"))
      const env = yield* served
      const { code, stderr, stdout } = yield* run("examples/11-export-to-a-file.ts", env, cwd)
      expect(stdout).toMatch(/^60 rows, \d+ bytes: out\/tasks\.ndjson$/m)
      expect(stderr).toMatch(/^60 rows, 100 % of the archive$/m)
      expect(code).toBe(0)
      const lines = readFileSync(join(cwd, "out/tasks.ndjson"), "utf8").trimEnd().split("\n")
      expect(new Set(lines.map((line): unknown => JSON.parse(line).task.taskId)).size).toBe(60)
      for (const words of ["60 rows, 60 of them new and 0 changed", "60 rows, 0 of them new and 0 changed"]) {
        const updated = yield* run("examples/11-export-to-a-file.ts", env, cwd, ["update"])
        expect(updated.stdout).toContain(words)
      }
      expect(readdirSync(join(cwd, "out")).toSorted()).toEqual(["tasks.ndjson", "tasks.ndjson.watermark"])
    })
  )

  it.scopedLive("12 writes issues as CSV, whatever characters they contain", () =>
    Effect.gen(function* () {
      const cwd = mkdtempSync(join(tmpdir(), "effect-ango-"))
      const hub = yield* Emulator.serve({ tasks: 60 })
      const env = {
        ANGO_BASE_URL: hub.baseUrl,
        ANGO_API_KEY: Redacted.value(hub.apiKey),
        ANGO_PROJECT_ID: hub.projectIds[0]
      }
      const issue = [...hub.state.issues.values()].find(({ project }) => project === hub.projectIds[0])
      if (issue !== undefined) Object.assign(issue, { content: '=1+1, "so\nto say"' })
      const { code, stderr, stdout } = yield* run("examples/12-issues-to-csv.ts", env)
      expect([code, stderr]).toEqual([0, ""])
      const [header, ...rows] = stdout.split("\r\n")
      expect(header).toBe("id,asset,batches,stage,status,content,mistakes,createdBy,createdAt")
      expect(rows.length).toBeGreaterThan(2)
      expect(rows.pop()).toBe("")
      expect(stdout).toContain(`"'=1+1, ""so\nto say"""`)
      yield* run("examples/12-issues-to-csv.ts", env, cwd, ["issues.csv"])
      expect(readFileSync(join(cwd, "issues.csv"), "utf8")).toBe(stdout)
    })
  )
})

describe("a trace", () => {
  it.scopedLive("07 prints every attempt of a call and the counts", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run("examples/07-trace-a-call.ts", {})
      expect(stderr).toBe("")
      const lines = stdout
        .trimEnd()
        .replace(/ \d+ ms/g, "")
        .split("\n")
      const attempt = (page: number, status: number, resent: number) =>
        `    GET /project/{projectId}/tasks page=${page} http.response.status_code=${status} http.request.resend_count=${resent}`
      expect(lines).toEqual([
        attempt(1, 200, 0),
        attempt(2, 503, 0),
        attempt(2, 200, 1),
        attempt(2, 200, 2),
        attempt(3, 200, 0),
        "  Tasks.stream",
        "count tasks",
        "250 tasks",
        "ango_rate_limit_wait: 5",
        "ango_requests operation=tasks.list outcome=200: 4",
        "ango_requests operation=tasks.list outcome=503: 1",
        "ango_retries operation=tasks.list reason=ConnectionFailed: 1",
        "ango_retries operation=tasks.list reason=ServerError: 1"
      ])
      expect(code).toBe(0)
    })
  )
})

// test/layers tests the messages; this tests that they reach the terminal.
describe("the mistakes of a newcomer", () => {
  it.scopedLive.each([
    ["a wrong key", { ANGO_API_KEY: "wr0ng-key-000" }, /401.*Invalid API KEY.*Check ANGO_API_KEY/s],
    [
      "a hub that is not running",
      { ANGO_BASE_URL: "http://127.0.0.1:65535" },
      /no connection could be made.*Check the network/s
    ]
  ] as const)("%s is reported in words, without the key", ([, mistake, words]) =>
    Effect.gen(function* () {
      const env = { ...(yield* served), ...mistake }
      const { code, stderr, stdout } = yield* run("examples/01-count-per-stage.ts", env)
      expect(code).toBe(1)
      expect(stdout + stderr).toMatch(words)
      if (env.ANGO_API_KEY !== "") expect(stdout + stderr).not.toContain(env.ANGO_API_KEY)
    })
  )
})
