// Documented variants of export requests.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Exports } from "effect-ango"
import { Emulator, Faults } from "effect-ango/emulator"
import { accepted, batchesOf, json, projectId, queries, row } from "./Variants.js"

/** The parameters of export requests, as the hub parsed them. */
const understood = (parameters: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { state } = yield* Emulator
    for (const one of parameters) expect((yield* accepted(`GET ${one}`)).exportPath).toContain("?")
    return [...state.exports.values()]
  })

export const variantsOfExports = [
  row(
    "export-path",
    "/export and /exportV3 return the same; the client falls back to the other one after a 404",
    Effect.gen(function* () {
      const [a, b] = yield* understood(["/export", "/exportV3"].map((path) => `${path}?project=${projectId}`))
      expect(a).toEqual({ project: projectId })
      expect(b).toEqual(a)
      const hub = yield* Emulator
      yield* hub.faults.on("exports.request", [Faults.fail(404)])
      const link = yield* Effect.flatMap(Exports, (service) => service.request(projectId))
      expect(Redacted.value(link)).toContain("exports")
      expect(yield* hub.requests("exports.requestV3")).toHaveLength(2)
    })
  ),
  row(
    "export-lists",
    "stages and batches of an export are JSON arrays, comma-separated, or single values",
    Effect.gen(function* () {
      const ids = (yield* batchesOf(projectId)).map(({ _id }) => _id)
      const variants = [
        `stage=${json(["Label", "Complete"])}&batches=${json(ids)}`,
        `stage=Label,Complete&batches=${ids.join(",")}`
      ]
      const found = yield* understood(variants.map((query) => `/export?project=${projectId}&${query}`))
      const expected = { project: projectId, stage: ["Label", "Complete"], batches: ids }
      expect(found).toEqual([expected, expected])
      const call = Effect.flatMap(Exports, (service) => service.request(projectId, { stages: ["Label"] }))
      expect(new URLSearchParams((yield* queries(call))[0]).get("stage")).toBe('["Label"]')
    })
  ),
  row(
    "export-flags",
    "flags of an export are texts in any case",
    Effect.gen(function* () {
      const flags = ["true", "True", "TRUE", "false", "False"]
      const found = yield* understood(
        flags.map((flag) => `/export?project=${projectId}&includeHistory=${flag}&sendEmail=${flag}`)
      )
      const expected = flags.map((flag) => flag.toLowerCase() === "true")
      expect(found.map(({ includeHistory }) => includeHistory)).toEqual(expected)
      expect(found.map(({ sendEmail }) => sendEmail)).toEqual(expected)
    })
  )
]
