// Packs the package, installs the tarball and the packages of the README's install command into an empty project outside
// of this repository, type checks the README's program there, and runs it against the hub in the package.
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { build } from "esbuild"

const repository = process.cwd()
const project = mkdtempSync(join(tmpdir(), "effect-ango-consumer-"))

const run = (command: string, args: ReadonlyArray<string>, cwd = project, env: NodeJS.ProcessEnv = {}) =>
  execFileSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"]
  })

const version = (name: string): string => {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(join(repository, "node_modules", name, "package.json"), "utf8")
  )
  return `${name}@${manifest.version}`
}

const readme = readFileSync(join(repository, "README.md"), "utf8")

const firstMatch = (what: RegExp): string => {
  const found = what.exec(readme)?.[1]
  if (found === undefined) throw new Error(`the README contains no match of ${what}`)
  return found
}

const firstProgram = firstMatch(/^```ts\n(.*?)^```$/ms)
const installed = firstMatch(/^npm install effect-ango (.+)$/m).split(" ")

const hubProgram = `
import { Emulator } from "effect-ango/emulator"
import { Console, Effect, Redacted } from "effect"

Effect.gen(function* () {
  const hub = yield* Emulator.serve({ tasks: 300 })
  yield* Console.log(JSON.stringify({
    ANGO_BASE_URL: hub.baseUrl,
    ANGO_API_KEY: Redacted.value(hub.apiKey),
    ANGO_PROJECT_ID: hub.projectIds[0]
  }))
  return yield* Effect.never
}).pipe(Effect.scoped, Effect.runFork)
`

const typeProgram = `
import { AngoError, LabelTask, type ProjectId, Tasks } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { Effect, Stream } from "effect"

const id: ProjectId = AngoTest.projectId
export const program: Effect.Effect<number, AngoError.ListError | AngoError.UnknownBatch> = Effect.flatMap(Tasks, (tasks) =>
  Stream.runCount(tasks.stream(id, { status: "Completed" }))
).pipe(Effect.provide(AngoTest.layer({ tasks: 2_500 })))
export const asset = (task: LabelTask.LabelTask) => LabelTask.assetIdOf(task)
`

// Node loads one file per entry point, and a bundler the modules: never both in one program.
const checkConditions = async () => {
  const resolve = `for (const name of ["effect-ango", "effect-ango/emulator"]) console.log(import.meta.resolve(name))`
  const files = run("node", ["--input-type=module", "-e", resolve]).trim().split("\n")
  if (!files.every((file) => file.includes("/dist/bundle/")))
    throw new Error(`Node loads ${files.join(", ")}`)
  const { metafile } = await build({
    stdin: {
      contents: `export { Tasks } from "effect-ango"; export { AngoTest } from "effect-ango/emulator"`,
      resolveDir: project
    },
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["effect", "@effect/*"],
    write: false,
    metafile: true
  })
  const read = Object.keys(metafile.inputs).filter((file) => file.includes("/dist/bundle/"))
  if (read.length > 0) throw new Error(`a bundler reads ${read.join(", ")}`)
}

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.stdout?.once("data", (data) => resolve(String(data).trim()))
    child.once("exit", (code) => reject(new Error(`the hub ended with ${code}`)))
  })

const main = async () => {
  const tarball = run("npm", ["pack", "--silent", "--pack-destination", project], repository)
    .trim()
    .split("\n")
    .at(-1)
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" })
  )
  run("npm", [
    "install",
    "--silent",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    join(project, tarball ?? ""),
    ...installed,
    ...["typescript", "@types/node"].map(version)
  ])

  mkdirSync(join(project, "src"))
  writeFileSync(join(project, "src/program.ts"), firstProgram)
  writeFileSync(join(project, "src/hub.ts"), hubProgram)
  writeFileSync(join(project, "src/types.ts"), typeProgram)
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "ES2022",
        module: "NodeNext",
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: true,
        types: ["node"],
        rootDir: "src",
        outDir: "dist"
      },
      include: ["src"]
    })
  )
  run("npx", ["tsc"])
  console.log("the installed package type checks")
  await checkConditions()
  console.log("Node loads one file per entry point, a bundler the modules")

  const hub = spawn("node", ["dist/hub.js"], { cwd: project, stdio: ["ignore", "pipe", "inherit"] })
  try {
    const env: Record<string, string> = JSON.parse(await firstLine(hub))
    const output = run("node", ["dist/program.js"], project, env)
    const counted = Array.from(output.matchAll(/: (\d+)$/gm), (match) => Number(match[1]))
    if (!(counted.reduce((sum, count) => sum + count, 0) > 100))
      throw new Error(`unexpected output: ${output}`)
    console.log(`the README's program runs from the tarball:\n${output.trim()}`)

    const closed = `import("effect-ango/utils/scrub").then(() => process.exit(1), (error) => process.exit(error.code === "ERR_PACKAGE_PATH_NOT_EXPORTED" ? 0 : 2))`
    run("node", ["--input-type=module", "-e", closed])
    console.log("internal modules cannot be imported")
  } finally {
    hub.kill()
    rmSync(project, { recursive: true, force: true })
  }
}

await main()
