// The architecture of the library: which room may import which, how files are named, what may not be imported at all.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"

const sourcesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }))

const root = fileURLToPath(new URL("../src", import.meta.url))

const files = sourcesIn(root)

const tests = sourcesIn(fileURLToPath(new URL(".", import.meta.url)))

const importsOf = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/^(?:import|export)\s[^"]*?from "([^"]+)"|\bimport\("([^"]+)"\)/gm), (match) =>
    String(match[1] ?? match[2])
  )

const roomOf = (file: string): string =>
  file.includes("/") ? (file.split("/")[0] ?? "") : file.replace(/\.ts$/, "")

// From the bottom up. A room imports rooms of lower floors only; rooms of one floor do not know each other.
const floors: ReadonlyArray<ReadonlyArray<string>> = [
  ["schemas"],
  ["api"],
  ["utils"],
  ["errors"],
  ["decoding", "files"],
  ["layers"],
  ["pagination"],
  ["ontology", "filters"],
  ["exports", "bulk"],
  ["services"],
  ["Ango"],
  ["index", "emulator"],
  ["cli"]
]

const floorOf = (room: string): number => floors.findIndex((rooms) => rooms.includes(room))

// The hub is no client: it stands on the contract and on pure modules.
const hubImports = ["schemas", "api", "utils", "files", "ontology"]

// The test layer is the one place where the hub meets the client.
const exceptions = [
  "emulator/AngoTest.ts -> Ango.ts",
  "emulator/AngoTest.ts -> layers/AngoConfig.ts",
  "emulator/AngoTest.ts -> layers/RateLimit.ts"
]

const targetsOf = (file: string, text: string): ReadonlyArray<string> =>
  importsOf(text)
    .filter((target) => target.startsWith("."))
    .map((target) => relative(root, resolve(root, dirname(file), target)).replace(/\.js$/, ".ts"))

const edges = new Map(files.map(({ file, text }) => [file, targetsOf(file, text)]))

/** The files that a file is reached from again, by whatever way. */
const cycleFrom = (start: string): ReadonlyArray<string> | undefined => {
  const seen = new Set<string>()
  const walk = (file: string, way: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
    for (const next of edges.get(file) ?? []) {
      if (next === start) return [...way, next]
      if (seen.has(next)) continue
      seen.add(next)
      const found = walk(next, [...way, next])
      if (found !== undefined) return found
    }
    return undefined
  }
  return walk(start, [start])
}

describe("imports", () => {
  it("know every room", () => {
    expect(files.map(({ file }) => roomOf(file)).filter((room) => floorOf(room) < 0)).toEqual([])
  })

  it("point one way, from the services down to the schemas", () => {
    const wrong = files.flatMap(({ file }) =>
      (edges.get(file) ?? [])
        .filter(
          (target) => roomOf(target) !== roomOf(file) && floorOf(roomOf(target)) >= floorOf(roomOf(file))
        )
        .map((target) => `${file} -> ${target}`)
    )
    expect(wrong).toEqual([])
  })

  it("form no cycle of files, imports of types included", () => {
    expect(files.flatMap(({ file }) => cycleFrom(file)?.join(" -> ") ?? [])).toEqual([])
  })

  it("of the hub are the contract and pure modules", () => {
    const wrong = files
      .filter(({ file }) => roomOf(file) === "emulator")
      .flatMap(({ file }) =>
        (edges.get(file) ?? [])
          .filter((target) => roomOf(target) !== "emulator" && !hubImports.includes(roomOf(target)))
          .map((target) => `${file} -> ${target}`)
      )
    expect(wrong.filter((line) => !exceptions.includes(line))).toEqual([])
  })

  it("of Node and of the Node platform stay in the emulator's server and the commands", () => {
    const node = files
      .filter(({ text }) => importsOf(text).some((target) => /^node:|^@effect\/platform-node/.test(target)))
      .map(({ file }) => file)
    expect(node.toSorted()).toEqual(["cli/hub.ts", "cli/ontology.ts", "emulator/server/socketServer.ts"])
  })

  it("of the platform stay in the rooms that speak to the world", () => {
    const allowed = ["api", "bulk", "exports", "files", "layers", "pagination", "emulator", "cli", "Ango"]
    const platform = files
      .filter(({ text }) => importsOf(text).some((target) => target.startsWith("@effect/platform")))
      .map(({ file }) => file)
    expect(platform.filter((file) => !allowed.includes(roomOf(file)))).toEqual([])
  })

  it("never include fast-check: an `arbitrary` annotation receives it as an argument", () => {
    const generators = files
      .filter(({ text }) =>
        importsOf(text).some((target) => /^effect\/(FastCheck|Arbitrary)$|^fast-check/.test(target))
      )
      .map(({ file }) => file)
    expect(generators).toEqual([])
  })

  it("name modules, never a barrel", () => {
    const barrels = files.flatMap(({ file, text }) =>
      importsOf(text)
        .filter((target) => /^(effect|@effect\/[\w-]+)$/.test(target) || /(^|\/)index\.js$/.test(target))
        .map((target) => `${file} -> ${target}`)
    )
    expect(barrels).toEqual([])
  })
})

describe("tests", () => {
  it("share no clock: a layer of the test library's own would be that of every file after it", () => {
    const sharing = tests.filter(({ text }) =>
      /import \{[^}]*\blayer\b[^}]*\} from "@effect\/vitest"/.test(text)
    )
    expect(sharing.map(({ file }) => file)).toEqual([])
  })
})

describe("files", () => {
  it("are in PascalCase when users can import them by that name, and in camelCase otherwise", () => {
    const namespaces = new Set(
      files
        .filter(({ file }) => /(^|\/)index\.ts$/.test(file))
        .flatMap(({ file, text }) =>
          Array.from(text.matchAll(/export \* as \w+ from "([^"]+)"/g), (match) =>
            relative(root, resolve(root, dirname(file), String(match[1]))).replace(/\.js$/, ".ts")
          )
        )
    )
    const wrong = files.filter(({ file, text }) => {
      const name = basename(file, ".ts")
      const upper = /^[A-Z]/.test(name)
      const isNamed = new RegExp(`^export (const|class|type|interface) ${name}\\b`, "m").test(text)
      return upper ? !(isNamed || namespaces.has(file)) : namespaces.has(file)
    })
    expect(wrong.map(({ file }) => file)).toEqual([])
  })

  it("are named by a concept: no prepositions, participles or adverbs", () => {
    const unclear =
      /^(about|above|after|around|before|below|beside|between|beyond|for|from|in|of|on|out|over|to|under|up|with|without|also|later|again|once|twice|together|what|where|when|how|given|taken|told|kept|known|done)([A-Z]|$)|(ly|ward|wise)$/
    expect(files.map(({ file }) => basename(file, ".ts")).filter((name) => unclear.test(name))).toEqual([])
  })

  it("lie in folders that say what lives there and what may not", () => {
    const folders = new Set(files.map(({ file }) => dirname(file)).filter((folder) => folder !== "."))
    const texts = Array.from(folders, (folder) => {
      const readme = join(root, folder, "README.md")
      return {
        folder,
        lines: existsSync(readme) ? readFileSync(readme, "utf8").trim().split("\n").length : 0
      }
    })
    expect(texts.filter(({ lines }) => lines < 1 || lines > 5)).toEqual([])
  })

  it("take time and chance from Clock and Random", () => {
    const impure = files.filter(({ text }) =>
      /Date\.now\(|new Date\(\)|Math\.random\(|setTimeout\(|setInterval\(/.test(text)
    )
    expect(impure.map(({ file }) => file)).toEqual([])
  })

  it("do not escape from their types at a public edge", () => {
    const escapes = files.filter(({ text }) => /\bas any\b|: any\b|@ts-(ignore|expect-error)/.test(text))
    expect(escapes.map(({ file }) => file)).toEqual([])
  })
})
