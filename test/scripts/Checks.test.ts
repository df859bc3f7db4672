// The checks that CI runs on the repository itself: each passes here, and fails on what it is there to find.
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const tsx = createRequire(import.meta.url).resolve("tsx")
const directory = mkdtempSync(join(tmpdir(), "effect-ango-checks-"))

afterAll(() => rmSync(directory, { recursive: true }))

const run = (script: string, ...args: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
    execFile(
      process.execPath,
      ["--import", tsx, join(root, "scripts", script), ...args],
      { cwd: root, env: { ...process.env, GITHUB_REPOSITORY: "someone/effect-ango" } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr })
    )
  })

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
