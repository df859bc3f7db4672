// The architecture of the library: which folder may import which, how files are named, what may not be imported at all.
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
  Array.from(
    text.matchAll(/^(?:import|export)\s(?:[^"]*?from )?"([^"]+)"|\bimport\("([^"]+)"\)/gm),
    (match) => String(match[1] ?? match[2])
  )

const folderOf = (file: string): string =>
  file.includes("/") ? (file.split("/")[0] ?? "") : file.replace(/\.ts$/, "")

// From the bottom up. A folder imports folders of lower levels only; folders of one level do not import each other.
const levels: ReadonlyArray<ReadonlyArray<string>> = [
  ["schemas"],
  ["api"],
  ["utils"],
  ["errors"],
  ["decoding", "files"],
  ["layers"],
  ["pagination"],
  ["ontology", "filters", "masks"],
  ["exports", "bulk"],
  ["services"],
  ["Ango"],
  ["index", "emulator"],
  ["cli"]
]

const levelOf = (folder: string): number => levels.findIndex((folders) => folders.includes(folder))

// The hub is not a client: it uses the contract and pure modules.
const hubImports = ["schemas", "api", "utils", "files", "ontology"]

// Only the test layer connects the hub to the client.
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

/** A cycle of imports through a file, if there is one. */
const cycleFrom = (start: string): ReadonlyArray<string> | undefined => {
  const seen = new Set<string>()
  const walk = (file: string, path: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
    for (const next of edges.get(file) ?? []) {
      if (next === start) return [...path, next]
      if (seen.has(next)) continue
      seen.add(next)
      const found = walk(next, [...path, next])
      if (found !== undefined) return found
    }
    return undefined
  }
  return walk(start, [start])
}

describe("imports", () => {
  it("are of a known folder", () => {
    expect(files.map(({ file }) => folderOf(file)).filter((folder) => levelOf(folder) < 0)).toEqual([])
  })

  it("point one way, from the services down to the schemas", () => {
    const wrong = files.flatMap(({ file }) =>
      (edges.get(file) ?? [])
        .filter(
          (target) =>
            folderOf(target) !== folderOf(file) &&
            (levelOf(folderOf(target)) < 0 || levelOf(folderOf(target)) >= levelOf(folderOf(file)))
        )
        .map((target) => `${file} -> ${target}`)
    )
    expect(wrong).toEqual([])
  })

  it("form no cycle of files, imports of types included", () => {
    expect(files.flatMap(({ file }) => cycleFrom(file)?.join(" -> ") ?? [])).toEqual([])
  })

  it("of the hub are the contract and pure modules only", () => {
    const wrong = files
      .filter(({ file }) => folderOf(file) === "emulator")
      .flatMap(({ file }) =>
        (edges.get(file) ?? [])
          .filter((target) => folderOf(target) !== "emulator" && !hubImports.includes(folderOf(target)))
          .map((target) => `${file} -> ${target}`)
      )
    expect(wrong.toSorted()).toEqual(exceptions)
  })

  it("of Node and of the Node platform occur only in the socket server of the emulator and the commands", () => {
    const node = files
      .filter(({ text }) => importsOf(text).some((target) => /^node:|^@effect\/platform-node/.test(target)))
      .map(({ file }) => file)
    expect(node.toSorted()).toEqual(["cli/hub.ts", "cli/ontology.ts", "emulator/server/socketServer.ts"])
  })

  it("of the platform occur only in folders that do I/O", () => {
    const allowed = ["api", "bulk", "exports", "files", "layers", "pagination", "emulator", "cli", "Ango"]
    const questions = "errors/platformErrors.ts"
    const platform = files
      .filter(({ text }) => importsOf(text).some((target) => target.startsWith("@effect/platform")))
      .map(({ file }) => file)
    expect(platform.filter((file) => file !== questions && !allowed.includes(folderOf(file)))).toEqual([])
  })

  it("of Effect's representation of schemas and issues occur in one module each", () => {
    const importers = (module: string) =>
      files.filter(({ text }) => importsOf(text).includes(module)).map(({ file }) => file)
    expect(importers("effect/SchemaAST")).toEqual(["schemas/schemaShape.ts"])
    expect(importers("effect/ParseResult")).toEqual(["schemas/parseIssue.ts"])
  })

  it("never include fast-check: an `arbitrary` annotation receives it as an argument", () => {
    const generators = files
      .filter(({ text }) =>
        importsOf(text).some((target) => /^effect\/(FastCheck|Arbitrary)$|^fast-check/.test(target))
      )
      .map(({ file }) => file)
    expect(generators).toEqual([])
  })

  it("are of modules, never of a barrel", () => {
    const barrels = files.flatMap(({ file, text }) =>
      importsOf(text)
        .filter((target) => /^(effect|@effect\/[\w-]+)$/.test(target) || /(^|\/)index\.js$/.test(target))
        .map((target) => `${file} -> ${target}`)
    )
    expect(barrels).toEqual([])
  })
})

describe("tests", () => {
  it("do not use `layer` of the test library: its clock would leak into later files", () => {
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
    // "Signed" is the storage's own term: a pre-signed link.
    const participle = /^(?!signed|seed$)[a-z]+ed(?=[A-Z]|$)/
    const names = files.map(({ file }) => basename(file, ".ts"))
    expect(names.filter((name) => unclear.test(name) || participle.test(name))).toEqual([])
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

  it("use `Open` for unknown fields, field order and `_id`", () => {
    const direct = files.filter(({ text }) =>
      /parseOptions:|onExcessProperty: "|propertyOrder:|Schema\.fromKey\(/.test(text)
    )
    expect(direct.map(({ file }) => file)).toEqual(["schemas/open.ts"])
  })

  it("use Clock and Random for time and randomness", () => {
    const impure = files.filter(({ text }) =>
      /Date\.now\(|new Date\(\)|Math\.random\(|setTimeout\(|setInterval\(|performance\.now\(/.test(text)
    )
    expect(impure.map(({ file }) => file)).toEqual([])
  })

  it("contain no any and no suppressed type errors", () => {
    const escapes = files.filter(({ text }) =>
      /\bas any\b|<any\b|: any\b|, any>|@ts-(ignore|expect-error)/.test(text)
    )
    expect(escapes.map(({ file }) => file)).toEqual([])
  })
})
