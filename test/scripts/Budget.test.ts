// What a start costs that does not depend on the machine: the modules that an import loads, and the bytes of bundles. The
// bounds are a little above what was reached, so that a step back fails.
import { execFile } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { build } from "esbuild"
import { bundleCommand, bundleEntryPoints } from "../../scripts/bundle.js"
import { newFolder } from "../support/Bundled.js"

const source = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

const run = promisify(execFile)

const node = (args: ReadonlyArray<string>, env: Record<string, string> = {}) =>
  Effect.promise(() => run(process.execPath, [...args], { env: { ...process.env, NO_COLOR: "1", ...env } }))

const buildPackage = async () => {
  const folder = newFolder()
  // It imports the packages of this repository.
  symlinkSync(source("node_modules"), join(folder, "node_modules"))
  const built = join(folder, "bundle")
  await bundleEntryPoints({ index: source("src/index.ts"), emulator: source("src/emulator/index.ts") }, built)
  return built
}

let building: Promise<string> | undefined

/** The folder of the package as Node loads it. */
const builtPackage = Effect.promise(() => {
  building ??= buildPackage()
  return building
})

// Bundles and processes take seconds, and half a minute on a busy machine.
const timeout = 180_000

interface Coverage {
  readonly result: ReadonlyArray<{ readonly url: string }>
}

/** The files that a module loads, itself included. */
const filesLoadedBy = (module: string) =>
  Effect.gen(function* () {
    const folder = newFolder()
    const program = `await import(${JSON.stringify(pathToFileURL(module))})`
    yield* node(["--input-type=module", "--eval", program], { NODE_V8_COVERAGE: folder })
    return readdirSync(folder).flatMap((file) => {
      const { result }: Coverage = JSON.parse(readFileSync(join(folder, file), "utf8"))
      return result.flatMap(({ url }) => (url.startsWith("file:") && url.endsWith(".js") ? [url] : []))
    })
  })

describe("an import of the built package", () => {
  it.effect(
    "loads few modules, and of the platform's contract only what marks schemas",
    () =>
      Effect.gen(function* () {
        const loaded = yield* filesLoadedBy(join(yield* builtPackage, "index.js"))
        expect(loaded.filter((url) => !url.includes("/node_modules/")).length).toBeLessThanOrEqual(2)
        expect(loaded.length).toBeLessThanOrEqual(530)
        expect(loaded.flatMap((url) => /\/(HttpApi\w*)\.js$/.exec(url)?.[1] ?? [])).toEqual(["HttpApiSchema"])
      }),
    timeout
  )

  it.effect(
    "has stack traces that lead to the sources",
    () =>
      Effect.gen(function* () {
        const folder = yield* builtPackage
        const program = `
        import { LabelTask } from "./index.js"
        try {
          LabelTask.assetIdOf({ get asset() { throw new Error("a getter") } })
        } catch (error) {
          console.log(error.stack)
        }`
        writeFileSync(join(folder, "program.mjs"), program)
        const { stdout } = yield* node(["--enable-source-maps", join(folder, "program.mjs")])
        expect(stdout).toMatch(/src\/schemas\/LabelTask\.ts:\d+:\d+/)
      }),
    timeout
  )
})

// A list by hand, with Effect, the platform and Schema: what a program needs that does without this library.
const byHand = `
import { FetchHttpClient, HttpClient } from "@effect/platform"
import { Effect, Layer, Redacted, Stream } from "effect"
import * as Schema from "effect/Schema"

const key = Redacted.make("key")
const Task = Schema.Struct({ id: Schema.String, status: Schema.optional(Schema.String) })
const Page = Schema.Struct({ data: Schema.Struct({ tasks: Schema.Array(Task), total: Schema.Int }) })
const page = (number) =>
  Effect.flatMap(HttpClient.HttpClient, (client) =>
    client.get("https://hub.example/v2/project/1/tasks?page=" + number, { headers: { apikey: Redacted.value(key) } })
  ).pipe(
    Effect.flatMap((response) => response.json),
    Effect.flatMap(Schema.decodeUnknown(Page))
  )
const tasks = Stream.paginateChunkEffect(1, (number) =>
  Effect.map(page(number), ({ data }) => [data.tasks, number * 100 < data.total ? number + 1 : undefined])
)
Effect.runPromise(Stream.runCount(tasks).pipe(Effect.provide(Layer.provideMerge(Layer.empty, FetchHttpClient.layer))))
`

const withTasks = `
import { FetchHttpClient } from "@effect/platform"
import { AngoClient, AngoConfig, Tasks } from "effect-ango"
import { Effect, Layer, Redacted, Stream } from "effect"

const client = AngoClient.layer.pipe(
  Layer.provideMerge(AngoConfig.layer({ apiKey: Redacted.make("key") })),
  Layer.provide(FetchHttpClient.layer)
)
Effect.flatMap(Tasks, (tasks) => Stream.runCount(tasks.stream("65aa0000000000000000a001"))).pipe(
  Effect.provide(Tasks.layer.pipe(Layer.provide(client))),
  Effect.runPromise
)
`

const forBrowsers = (contents: string) =>
  Effect.promise(async () => {
    const { metafile, outputFiles } = await build({
      stdin: { contents, resolveDir: source("") },
      alias: { "effect-ango": source("src/index.ts") },
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      write: false,
      metafile: true,
      logLevel: "error"
    })
    const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
    return {
      bytes: outputFiles.reduce((sum, { contents }) => sum + contents.length, 0),
      files: parts.flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []))
    }
  })

describe("a browser bundle of a program that lists tasks", () => {
  it.effect(
    "is not much larger than one by hand, and contains the groups that it needs",
    () =>
      Effect.gen(function* () {
        const [floor, program] = yield* Effect.all([forBrowsers(byHand), forBrowsers(withTasks)])
        expect(program.bytes / floor.bytes).toBeLessThanOrEqual(1.38)
        const groups = program.files.flatMap((file) => /src\/api\/([a-z]+s)\.ts$/.exec(file)?.[1] ?? [])
        expect(groups.toSorted()).toEqual(["batches", "projects", "tasks"])
        expect(program.files.filter((file) => /HttpApi(?!Schema)|src\/exports/.test(file))).toEqual([])
      }),
    timeout
  )
})

describe("a bundled command", () => {
  it.effect(
    "is one file that runs anywhere",
    () =>
      Effect.gen(function* () {
        const folder = newFolder()
        mkdirSync(join(folder, "elsewhere"))
        const file = join(folder, "elsewhere", "hub.mjs")
        yield* Effect.promise(() => bundleCommand(source("src/cli/hub.ts"), file))
        expect(statSync(file).size).toBeLessThanOrEqual(1_700_000)
        expect((yield* node([file, "--help"])).stdout).toContain("Serves an embedded Ango Hub")
      }),
    timeout
  )
})
