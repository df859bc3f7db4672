// Every endpoint has a method, a wire text written by hand and an entry in the notes; every function of the vendor's
// SDK a case and a section.
import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest } from "effect-ango/emulator"
import { coverage, functions, proofsOfFunction, proofsOfOperation, rows } from "../scripts/coverage.js"
import { operations } from "../src/api/operations.js"
import { services } from "./support/Services.js"
import { golden } from "./support/Wire.js"

const page = coverage()

describe("the coverage table", () => {
  it("lists exactly the operations of the contract", () => {
    expect(rows.map(({ operation }) => operation).sort()).toEqual(Object.keys(operations).sort())
  })

  it("is docs/coverage.md", () => {
    expect(readFileSync(new URL("../docs/coverage.md", import.meta.url), "utf8")).toBe(page)
  })

  it("closes with all operations and all functions", () => {
    expect(page).toContain(`\n- ${rows.length} of ${rows.length} operations have`)
    expect(page).toContain("\n- 61 of 61 functions have")
    expect(rows).toHaveLength(59)
  })

  it.each(functions)("names a case and a section of %s", (name) => {
    const { anchor, test } = proofsOfFunction(name)
    expect(test).toBe(name)
    expect(anchor).toBeTypeOf("string")
    expect(page).toMatch(new RegExp(`\\[${name}(?:\\(\\w+\\))?\\]\\(from-python\\.md#${anchor}\\)`))
  })

  it.effect.each(rows)("$row $operation", (row) =>
    Effect.gen(function* () {
      const { methods, operation } = row
      const all: Readonly<Record<string, object>> = yield* Effect.all(services)
      expect(methods.length).toBeGreaterThan(0)
      for (const name of methods) {
        const [tag = "", method = ""] = name.split(".")
        expect(all[tag]).toHaveProperty(method, expect.any(Function))
      }
      const { anchor, test } = proofsOfOperation(row)
      expect(test).toBe(`test/wire/${operation}.http`)
      expect(page).toContain(`[${row.row}](api-notes.md#${anchor})`)
      const { requests, responses } = golden(operation)
      expect(requests.size).toBeGreaterThan(0)
      expect(responses.size).toBeGreaterThan(0)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("lists every method of every service", () =>
    Effect.gen(function* () {
      const offered = Object.entries(yield* Effect.all(services)).flatMap(([tag, service]) =>
        Object.keys(service).map((method) => `${tag}.${method}`)
      )
      const named = new Set(rows.flatMap(({ methods }) => methods))
      expect(offered.filter((name) => !named.has(name))).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )
})
