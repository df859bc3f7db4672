// Exports of one project with different rows.
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type AngoError, Exports } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"

const { projectId } = AngoTest

/** A digest of rows, in any order. */
export const digestOf = (rows: Iterable<unknown>): string =>
  createHash("sha256")
    .update(
      Array.from(rows, (row) => JSON.stringify(row))
        .toSorted()
        .join("\n")
    )
    .digest("hex")

const exports = Effect.map(Exports, (service) => service)

type Rows = Effect.Effect<Iterable<unknown>, AngoError.AngoError, Exports>

/** Each way to export, by name: its rows differ from those of the others. */
export const exportWays: Readonly<Record<string, Rows>> = {
  tasks: Effect.flatMap(exports, ({ stream }) => Stream.runCollect(stream(projectId, { decode: false }))),
  issues: Effect.flatMap(exports, ({ stream }) =>
    Stream.runCollect(stream(projectId, { type: "issue", decode: false }))
  ),
  labelled: Effect.flatMap(exports, ({ stream }) =>
    Stream.runCollect(stream(projectId, { stages: ["Label"], includeMetadata: false, decode: false }))
  ),
  changes: Effect.flatMap(exports, ({ changes }) =>
    Effect.suspend(() => {
      const rows: Array<unknown> = []
      return Effect.as(
        changes(projectId, (chunk) => Effect.sync(() => void rows.push(...chunk)), { includeHistory: false }),
        rows
      )
    })
  )
}
