// Exports to files with rows that cannot be read: what is left out is counted.
import { mkdirSync, rmSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type AngoError, type ExportFileOptions, Exports } from "effect-ango"
import { archiveOf } from "../../support/Archives.js"
import { folder, textAt } from "../../support/Folder.js"
import { captureLogs } from "../../support/Logs.js"
import { makeStorage } from "../../support/Storage.js"

const row = (index: number) => `${JSON.stringify({ assetId: `a${index}`, task: { taskId: `t${index}` } })}\n`

const withStorage = ({ archive }: { readonly archive: Uint8Array }) =>
  Effect.gen(function* () {
    const { asked, client } = makeStorage({ archive })
    const path = `${yield* folder}/tasks.ndjson`
    const logs = captureLogs()
    /** The count in each warning about rows that were skipped, since the last call. */
    const warnings = () =>
      logs.lines.splice(0).map(({ level, annotations }) => [level, annotations["skipped"]] as const)
    const run = (options: ExportFileOptions) =>
      Effect.flatMap(Exports, (exports) => exports.toFile("65aa0000000000000000a001", path, options)).pipe(
        Effect.provide(client()),
        Effect.provide(logs.layer)
      )
    return { asked, path, run, warnings }
  })

describe("an export to a file with rows that cannot be read", () => {
  it.scopedLive(
    "leaves out rows that cannot be read when it is told to, and keeps the archive when it is not",
    () =>
      Effect.gen(function* () {
        const bad = archiveOf([{ name: "a.ndjson", text: `${row(1)}{"assetId":1}\n${row(2)}` }])
        const { asked, path, run, warnings } = yield* withStorage({ archive: bad })
        expect(yield* Effect.flip(run({}))).toMatchObject({
          _tag: "RowDecodeError",
          reason: "mismatch",
          index: 1
        })
        const left: Array<string> = []
        const onSkip = (one: AngoError.RowDecodeError) => Effect.sync(() => void left.push(one.reason))
        const skip = { onRowError: "skip", onSkip } as const
        expect(yield* run(skip)).toMatchObject({ rows: 2, skipped: 1, resumed: true })
        expect(left).toEqual(["mismatch"])
        expect(warnings()).toEqual([["WARN", 1]])
        expect(textAt(path)).toBe(row(1) + row(2))
        expect(asked).toHaveLength(1)
        yield* run({ decode: false })
        expect(textAt(path)).toBe(`${row(1)}{"assetId":1}\n${row(2)}`)
        // Nor is what one policy left out whole under another.
        rmSync(path)
        mkdirSync(path)
        expect(yield* Effect.flip(run({ onRowError: "skip" }))).toMatchObject({ _tag: "FileError" })
        rmSync(path, { recursive: true })
        expect(yield* Effect.flip(run({}))).toMatchObject({
          _tag: "RowDecodeError",
          reason: "mismatch",
          index: 1
        })
        expect(yield* run({ onRowError: "skip" })).toMatchObject({ rows: 2, skipped: 1, resumed: true })
        expect(warnings()).toEqual([
          ["WARN", 1],
          ["WARN", 1]
        ])
      })
  )

  it.scopedLive.each([
    ["at the end", `${row(1)}{}\n{"assetId":1}\n`, 1],
    ["everywhere", `{}\n{}\n`, 0]
  ] as const)("counts rows that were left out %s", ([, text, rows]) =>
    Effect.gen(function* () {
      const { path, run, warnings } = yield* withStorage({ archive: archiveOf([{ name: "a.ndjson", text }]) })
      expect(yield* run({ onRowError: "skip" })).toMatchObject({ rows, skipped: 2 })
      expect(warnings()).toEqual([
        ["WARN", 1],
        ["WARN", 2]
      ])
      // And when all that is left to do is to give the file its name.
      rmSync(path)
      mkdirSync(path)
      yield* Effect.flip(run({ onRowError: "skip" }))
      rmSync(path, { recursive: true })
      expect(yield* run({ onRowError: "skip" })).toMatchObject({ rows, skipped: 2, resumed: true })
      expect(warnings()).toEqual([
        ["WARN", 1],
        ["WARN", 2]
      ])
    })
  )
})
