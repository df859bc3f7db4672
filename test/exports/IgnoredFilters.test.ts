// A hub that ignores a condition of an export: the rows are those that were asked for, or the export fails.
import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { NodeFileSystem } from "@effect/platform-node"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { type Ango, type ExportOptions, Exports } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { stored } from "../support/FilterOracle.js"
import * as IgnoringHub from "../support/IgnoringHub.js"

const { projectId } = AngoTest

const options = { tasks: 40 }

type Run = Effect.Effect<ReadonlyArray<string>, { readonly _tag: string }, Ango.Services>

const idsIn = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { readonly task: { readonly taskId: string } }).task.taskId)

const methods: Readonly<Record<string, (options: Omit<ExportOptions, "type">) => Run>> = {
  stream: (given) =>
    Effect.flatMap(Exports, (exports) =>
      Effect.map(Stream.runCollect(exports.stream(projectId, given)), (rows) =>
        Chunk.toReadonlyArray(rows).map(({ task }) => String(task.taskId))
      )
    ),
  toFile: (given) =>
    Effect.flatMap(Exports, (exports) => {
      const path = join(mkdtempSync(join(tmpdir(), "effect-ango-")), "tasks.ndjson")
      return Effect.map(exports.toFile(projectId, path, given), () => idsIn(readFileSync(path, "utf8")))
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  changes: ({ batches, stages }) =>
    Effect.flatMap(Exports, (exports) => {
      const ids: Array<string> = []
      const handle = (rows: ReadonlyArray<{ readonly task: { readonly taskId?: unknown } }>) =>
        Effect.sync(() => {
          for (const { task } of rows) ids.push(String(task.taskId))
        })
      return Effect.as(exports.changes(projectId, handle, { batches, stages }), ids)
    })
}

const noon = DateTime.unsafeMake("2024-06-04T18:00:00Z")

const filters: ReadonlyArray<Omit<ExportOptions, "type">> = [
  {},
  { stages: ["Complete"] },
  { stages: ["Label", "Start"] },
  { stages: "all", batches: ["June, morning"] },
  { stages: "all", updatedAfter: noon },
  { stages: "all", updatedBefore: noon }
]

const cases = filters.flatMap((filter) =>
  Object.entries(methods)
    .filter(([name]) => name !== "changes" || filter.updatedAfter === undefined)
    .map(([name, run]) => [`${name} ${JSON.stringify(filter)}`, run(filter)] as const)
)

// An export shows neither who created a task nor when, so that only these conditions can be compared.
const compared = ["stage", "batches", "updatedAt"]

describe("a hub that ignores a part of the query of an export", () => {
  it.effect.each(cases)("gives the right rows or an error: %s", ([, make]) =>
    Effect.gen(function* () {
      const run = (dropped: string | undefined) =>
        Effect.gen(function* () {
          yield* stored
          const result = yield* Effect.either(make)
          const urls = (yield* (yield* Emulator).requests("exports.request")).map(({ url }) => url)
          return { result, parts: IgnoringHub.droppable(urls) }
        }).pipe(Effect.provide(IgnoringHub.layer(dropped, options)))
      const { parts, result } = yield* run(undefined)
      const right = Either.getOrThrow(result)
      expect(right.length).toBeGreaterThan(0)
      for (const part of parts.filter((part) => compared.includes(part))) {
        const { result } = yield* run(part)
        if (Either.isRight(result)) expect([part, result.right]).toEqual([part, right])
        else expect([part, result.left._tag]).toEqual([part, "FilterNotApplied"])
        expect(right.length < 40 ? Either.isLeft(result) : true).toBe(true)
      }
    })
  )
})
