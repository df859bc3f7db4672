// The layout of the library, held to: who may import whom, and what may not be imported at all.
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
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

const mayImport: Record<string, ReadonlyArray<string>> = {
  schemas: [],
  CallError: [],
  AngoError: ["CallError", "ExportError", "LabelError", "UploadError"],
  ExportError: ["CallError"],
  LabelError: ["schemas"],
  UploadError: ["CallError", "ExportError"],
  api: ["schemas"],
  internal: ["schemas", "api", "AngoError", "ExportError"],
  layers: ["schemas", "api", "AngoError", "internal"],
  services: ["schemas", "api", "AngoError", "internal", "layers"],
  Ango: ["AngoError", "layers", "services"],
  emulator: ["schemas", "api"],
  cli: ["schemas", "emulator", "services", "layers", "Ango"],
  index: ["schemas", "api", "AngoError", "internal", "layers", "services", "Ango"]
}

// The test layer is the one place where the hub meets the client.
const exceptions = ["emulator/AngoTest.ts -> Ango", "emulator/AngoTest.ts -> layers"]

describe("imports", () => {
  it("point one way", () => {
    const wrong = files.flatMap(({ file, text }) =>
      importsOf(text)
        .filter((target) => target.startsWith("."))
        .map((target) => roomOf(relative(root, resolve(root, dirname(file), target)).replace(/\.js$/, ".ts")))
        .filter((room) => room !== roomOf(file) && !mayImport[roomOf(file)]?.includes(room))
        .map((room) => `${file} -> ${room}`)
    )
    expect(wrong.filter((line) => !exceptions.includes(line))).toEqual([])
  })

  it("of Node and of the Node platform stay in the emulator's server and the commands", () => {
    const node = files
      .filter(({ text }) => importsOf(text).some((target) => /^node:|^@effect\/platform-node/.test(target)))
      .map(({ file }) => file)
    expect(node.toSorted()).toEqual(["cli/hub.ts", "cli/ontology.ts", "emulator/Server.ts"])
  })

  it("of the platform stay in api, layers, emulator and cli, but for a type of Ango", () => {
    const allowed = ["api", "layers", "emulator", "cli", "Ango"]
    const platform = files
      .filter(({ text }) => importsOf(text).some((target) => target.startsWith("@effect/platform")))
      .map(({ file }) => file)
    expect(platform.filter((file) => !allowed.includes(roomOf(file)))).toEqual([])
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
  it("are short enough to be one concept", () => {
    expect(
      [...files, ...tests].filter(({ text }) => text.split("\n").length > 300).map(({ file }) => file)
    ).toEqual([])
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
