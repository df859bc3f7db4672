// For any archive, any breaks of its download and any interval between checkpoints, a resumed file equals the file of
// an uninterrupted run.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { type ExportFileOptions, Exports } from "effect-ango"
import { archiveOf } from "../support/Archives.js"
import { bytesAt, folder, namesIn } from "../support/Folder.js"
import { captureLogs } from "../support/Logs.js"
import { makeStorage, type Turn } from "../support/Storage.js"

const projectId = "65aa0000000000000000a001"

const row = FastCheck.record({
  assetId: FastCheck.constant("a"),
  externalId: FastCheck.string({ unit: "binary", maxLength: 60 }),
  task: FastCheck.record({ taskId: FastCheck.constant("t") }),
  contextData: FastCheck.dictionary(FastCheck.string(), FastCheck.integer(), { maxKeys: 3 })
})

const entry = FastCheck.record({
  rows: FastCheck.array(row, { maxLength: 60 }),
  form: FastCheck.constantFrom("known", "signed", "unsigned", "signed64"),
  method: FastCheck.constantFrom(0, 8),
  isArray: FastCheck.boolean()
})

const run = FastCheck.record({
  /** Where each connection of a run breaks (as a fraction of the archive), and how. */
  cuts: FastCheck.array(
    FastCheck.record({
      at: FastCheck.double({ min: 0, max: 1, noNaN: true }),
      how: FastCheck.constantFrom("cut", "end"),
      ranges: FastCheck.boolean()
    }),
    { minLength: 1, maxLength: 3 }
  ),
  attempts: FastCheck.integer({ min: 1, max: 3 }),
  syncEvery: FastCheck.constantFrom(1, 100, 3000, 1_000_000)
})

const scenario = FastCheck.record({
  entries: FastCheck.array(entry, { minLength: 1, maxLength: 3 }),
  runs: FastCheck.array(run, { minLength: 1, maxLength: 4 }),
  output: FastCheck.constantFrom("rows", "archive"),
  etag: FastCheck.constantFrom(undefined, null),
  isTold: FastCheck.boolean()
})

type Scenario = typeof scenario extends FastCheck.Arbitrary<infer A> ? A : never

const archiveFor = ({ entries }: Scenario): Uint8Array =>
  archiveOf(
    entries.map(({ form, isArray, method, rows }, index) => ({
      name: `${index}`,
      text: isArray ? JSON.stringify(rows) : rows.map((one) => `${JSON.stringify(one)}\n`).join(""),
      form: form as "known",
      method
    }))
  )

const logs = captureLogs()

const checkScenario = (one: Scenario) =>
  Effect.gen(function* () {
    const archive = archiveFor(one)
    const { etag, isTold, output, runs } = one
    const directory = yield* folder
    const storage = makeStorage({ archive, isTold, ...(etag === null ? { etag } : {}) })
    const export_ = (name: string, options: ExportFileOptions, attempts: number) =>
      Effect.flatMap(Exports, (exports) =>
        exports.toFile(projectId, `${directory}/${name}`, { output: output as "rows", ...options })
      ).pipe(Effect.provide(storage.client(attempts)))
    yield* export_("uninterrupted", {}, 1)
    for (const { attempts, cuts, syncEvery } of runs) {
      storage.turns.push(
        ...cuts.map(({ at, how, ranges }): Turn => ({ ranges, [how]: Math.floor(at * (archive.length - 1)) }))
      )
      yield* Effect.either(export_("file", { syncEvery }, attempts))
    }
    storage.turns.length = 0
    yield* export_("file", {}, 1)
    expect(bytesAt(directory, "file").equals(bytesAt(directory, "uninterrupted"))).toBe(true)
    expect(namesIn(directory)).toEqual(["file", "uninterrupted"])
  }).pipe(Effect.scoped, Effect.provide(logs.layer))

it("a resumed file equals the file of an uninterrupted run", async () => {
  await FastCheck.assert(
    FastCheck.asyncProperty(scenario, (one) => Effect.runPromise(checkScenario(one))),
    { numRuns: 150 }
  )
  const kinds = logs.lines.map(({ level, annotations }) => `${level} ${annotations["operation"]}`)
  expect([...new Set(kinds)]).toEqual(["INFO exports.download"])
}, 300_000)
