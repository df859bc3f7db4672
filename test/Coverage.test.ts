// Every endpoint has a method, and a wire text written by hand.
import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest } from "effect-ango/emulator"
import { coverage, rows } from "../scripts/coverage.js"
import { operations } from "../src/api/operations.js"
import { services } from "./support/Services.js"
import { golden } from "./support/Wire.js"

describe("the coverage table", () => {
  it("lists exactly the operations of the contract", () => {
    expect(rows.map(({ operation }) => operation).sort()).toEqual(Object.keys(operations).sort())
  })

  it("is docs/coverage.md", () => {
    expect(readFileSync(new URL("../docs/coverage.md", import.meta.url), "utf8")).toBe(coverage())
  })

  it.effect.each(rows)("$row $operation", ({ methods, operation }) =>
    Effect.gen(function* () {
      const all: Readonly<Record<string, object>> = yield* Effect.all(services)
      expect(methods.length).toBeGreaterThan(0)
      for (const name of methods) {
        const [tag = "", method = ""] = name.split(".")
        expect(all[tag]).toHaveProperty(method, expect.any(Function))
      }
      expect(existsSync(new URL(`wire/${operation}.http`, import.meta.url))).toBe(true)
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
