// The page for users of the Python SDK: its TypeScript is that of the example, and it covers every function.
import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { functionsOf, legacy, rows } from "../scripts/coverage.js"

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8")

const page = read("docs/from-python.md")

const blocks = (language: string) =>
  Array.from(page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms")), (match) =>
    String(match[1])
  )

const sections = Array.from(
  read("examples/05-from-python.ts").matchAll(/^\/\/ #region (\w+)\n(.*?)^\/\/ #endregion$/gms),
  (match) => [String(match[1]), String(match[2])] as const
)

const python = blocks("python").join("\n")
const typescript = blocks("ts").join("\n")

const functions = rows.flatMap((row) => functionsOf(row).map((name) => ({ name, methods: row.methods })))

/** `Tasks.page` as a program calls it. */
const call = (method: string) => `${method.charAt(0).toLowerCase()}${method.slice(1)}(`

describe("the page for users of the Python SDK", () => {
  it("shows all sections of the example in order", () => {
    expect(sections.length).toBeGreaterThan(10)
    expect(blocks("ts")).toEqual(sections.map(([, text]) => text))
  })

  it("covers as many functions as the SDK has", () => {
    expect(new Set(functions.map(({ name }) => name)).size).toBe(61)
  })

  it.each(functions)("shows $name and a method for it", ({ methods, name }) => {
    expect(python).toMatch(new RegExp(`\\b(SDK|hub)\\.${name}\\(`))
    expect(methods.some((method) => typescript.includes(call(method)))).toBe(true)
  })

  it("calls no function in Python that the SDK does not have", () => {
    const called = Array.from(python.matchAll(/\bhub\.(\w+)\(/g), (match) => String(match[1]))
    const known = new Set(functions.map(({ name }) => name))
    expect(called.filter((name) => !known.has(name))).toEqual([])
  })

  it("says which functions of the SDK's predecessor have no equivalent", () => {
    expect(legacy.map(({ row }) => row)).toEqual(["L1", "L2", "L3", "L4", "L5", "L6"])
    for (const { python: name } of legacy) if (name !== undefined) expect(page).toContain(`\`${name}\``)
  })

  it("is linked from the README", () => {
    expect(read("README.md")).toContain("(docs/from-python.md)")
  })
})
