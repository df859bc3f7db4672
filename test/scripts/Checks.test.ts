// The checks that CI runs on the repository itself: each passes here, and fails on what it is there to find.
import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const tsx = createRequire(import.meta.url).resolve("tsx")
// Inside the repository, so that programs there find its packages; git ignores this folder.
mkdirSync(join(root, "out"), { recursive: true })
const directory = mkdtempSync(join(root, "out/checks-"))

afterAll(() => rmSync(directory, { recursive: true }))

const node = (...args: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: root, env: { ...process.env, GITHUB_REPOSITORY: "someone/effect-ango" } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr })
    )
  })

const run = (script: string, ...args: ReadonlyArray<string>) =>
  node("--import", tsx, join(root, "scripts", script), ...args)

const written = (name: string, text: string) => {
  const file = join(directory, name)
  writeFileSync(file, text)
  return file
}

describe("the linter of workflows", () => {
  it("passes the workflows of this repository", async () => {
    expect(await run("lint-workflows.ts")).toMatchObject({ code: 0 })
  })

  it("reports a misspelt permission, an unknown matrix value, untrusted input, and an action that is not pinned", async () => {
    const file = written(
      "broken.yml",
      `name: Broken
on: pull_request
permissions:
  contents: raed
jobs:
  check:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        node: [20, 22]
    steps:
      - uses: actions/checkout@v7
      - run: echo \${{ matrix.nod }}
      - run: echo "\${{ github.event.pull_request.title }}"
`
    )
    const { code, output } = await run("lint-workflows.ts", file)
    expect(code).toBe(1)
    expect(output).toContain('broken.yml:4:13: "raed" is invalid for permission of scope "contents"')
    expect(output).toContain('broken.yml:13:23: property "nod" is not defined')
    expect(output).toContain('broken.yml:14:24: "github.event.pull_request.title" is potentially untrusted')
    expect(output).toContain("broken.yml:12: actions/checkout@v7 is not pinned to a full commit SHA")
  })
})

describe("the check of the lock file", () => {
  it("passes the lock file of this repository", async () => {
    expect(await run("check-lockfile.ts")).toMatchObject({ code: 0 })
  })

  it("reports a package without integrity, one with a resolved address, and how to repair them", async () => {
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"))
    delete lock.packages["node_modules/effect"].integrity
    lock.packages["node_modules/typescript"].resolved = "https://registry.example/typescript.tgz"
    const { code, output } = await run("check-lockfile.ts", written("lock.json", JSON.stringify(lock)))
    expect(code).toBe(1)
    expect(output).toContain("node_modules/effect has no sha512 integrity")
    expect(output).toContain("node_modules/typescript has a resolved address")
    expect(output).toContain("npm install --package-lock-only")
  })

  it("reports a lock file that lists nothing", async () => {
    expect(await run("check-lockfile.ts", written("empty.json", '{"packages":{"":{}}}'))).toMatchObject({
      code: 1
    })
  })
})

describe("the check of a release", () => {
  it("refuses a tag that is not the version, before anything is built", async () => {
    const { code, output } = await run("check-release.ts", "--tag", "v999.0.0")
    expect(code).toBe(1)
    expect(output).toContain("The tag is v999.0.0 and the version in package.json is")
  })
})

describe("the diagnostics of Effect", () => {
  it("report an effect that nothing runs", async () => {
    const file = written(
      "floating.ts",
      `import * as Effect from "effect/Effect"
export const program = Effect.gen(function* () {
  Effect.log("forgotten")
  yield* Effect.log("run")
})
`
    )
    const project = written(
      "tsconfig.json",
      JSON.stringify({ extends: "../../tsconfig.json", include: ["floating.ts"] })
    )
    const { code, output } = await run("check-types.ts", project)
    expect(code).toBe(1)
    expect(output).toMatch(/floating\.ts:3:3: .*effect\(floatingEffect\)\n$/)
    expect(file).toContain(directory)
  })
})

describe("the setup of the tests", () => {
  it("fails tests that pass and print, by the console or by the streams, and no others", async () => {
    written(
      "printing.test.ts",
      `import { it } from "vitest"
it("is silent", () => {})
it("uses the console", () => console.log("hello"))
it("uses a stream", () => void process.stderr.write("hello"))
`
    )
    const config = written(
      "vitest.config.ts",
      `export default { test: { root: ${JSON.stringify(directory)}, pool: "threads", setupFiles: [${JSON.stringify(
        join(root, "test/support/Output.ts")
      )}] } }`
    )
    const cli = join(root, "node_modules/vitest/vitest.mjs")
    const output = join(directory, "report.json")
    const { code } = await node(cli, "run", "--config", config, "--reporter", "json", "--outputFile", output)
    expect(code).toBe(1)
    const report = JSON.parse(readFileSync(output, "utf8"))
    const [{ assertionResults }] = report.testResults
    const results = assertionResults.map(
      ({
        failureMessages,
        title
      }: {
        readonly failureMessages: ReadonlyArray<string>
        readonly title: string
      }) => [title, failureMessages.map((message) => /The first: \w+/.exec(message)?.[0])]
    )
    expect(results).toEqual([
      ["is silent", []],
      ["uses the console", ["The first: hello"]],
      ["uses a stream", ["The first: hello"]]
    ])
  })
})
