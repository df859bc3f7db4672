// What it takes to load the package.
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { type BuildOptions, build } from "esbuild"
import { type Command, nodeClient, run, vendorClient } from "../processes.js"
import { byHand, type Entrant, effectAlone, type Scale, type Suite, takeTurns, theirs } from "../suite.js"

const imports = (...modules: ReadonlyArray<string>): Command => nodeClient("start.js", { modules })

// Short, and they vary: more often than the others.
const start = (scale: Scale, ours: ReadonlyArray<Entrant>) =>
  takeTurns(
    [
      ...ours,
      { name: effectAlone, command: imports("effect", "@effect/platform") },
      ...theirs(scale, (python) => vendorClient(python, "start", {})),
      { name: byHand, command: imports("node:http") }
    ],
    scale.rounds * 3,
    [],
    ({ command }) => run(command)
  )

const bundle = (program: string, options: BuildOptions) =>
  build({
    entryPoints: [`bench/programs/${program}.ts`],
    bundle: true,
    format: "esm",
    // Its paths lead to the sources, and the package is what is measured.
    tsconfigRaw: "{}",
    logLevel: "error",
    ...options
  })

const kilobytesOf = async (program: string) => {
  const { outputFiles = [] } = await bundle(program, { platform: "browser", minify: true, write: false })
  return [{ kilobytes: outputFiles.reduce((sum, { contents }) => sum + contents.length, 0) / 1000 }]
}

export const starts: ReadonlyArray<Suite> = [
  {
    name: "start",
    title: "importing the package",
    measure: (scale) =>
      start(scale, [
        { name: "package", command: imports("effect-ango") },
        ...(scale.other === undefined ? [] : [{ name: "other package", command: imports(scale.other) }])
      ])
  },
  {
    name: "bundled",
    title: "starting a program that is one file",
    measure: async (scale) => {
      const folder = join(scale.folder, "bundled")
      mkdirSync(folder)
      const outfile = join(folder, "program.mjs")
      // Some packages still ask for Node's modules in the old way.
      const js = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url)'
      await bundle("allServices", { platform: "node", outfile, banner: { js } })
      return start(scale, [{ name: "one file", command: [process.execPath, outfile] }])
    }
  },
  {
    name: "browser",
    title: "bundles for browsers",
    measure: async () =>
      new Map([
        ["minified", await kilobytesOf("taskStream")],
        [effectAlone, await kilobytesOf("effectAlone")]
      ])
  }
]
