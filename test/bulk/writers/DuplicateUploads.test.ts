// Files with the same name, which can differ.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type FileRow, FileSource, type UploadFilesOptions, Uploads } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { outcomesOf } from "../../support/Outcomes.js"
import { drawn } from "../../support/Uploads.js"

const file = (seed: number): FileRow => ({ source: FileSource.bytes(drawn(100, seed), { name: "1.jpg" }) })

const upload = (rows: ReadonlyArray<FileRow>, options?: UploadFilesOptions) =>
  Effect.flatMap(Uploads, (uploads) => outcomesOf(uploads.files(AngoTest.projectId, rows, options)))

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)

const hub = AngoTest.layer({ tasks: 1 })

describe("two files with the same name", () => {
  const files = [file(1), file(2), file(1)]

  it.effect("and size are not treated as equal if they were not compared", () =>
    Effect.gen(function* () {
      const outcomes = yield* upload(files)
      expect(tags(outcomes)).toEqual(["Created", "Failed", "Failed"])
      expect(outcomes[1]).toMatchObject({
        error: { _tag: "RowRejected", reason: "duplicate", duplicateOf: "input", key: "1.jpg" }
      })
      expect(Object(outcomes[1]).error.message).toContain("with possibly different content")
      expect(tags(yield* upload(files.slice(1), { duplicates: "allow" }))).toEqual(["Created", "Created"])
    }).pipe(Effect.provide(hub))
  )

  it.effect("are compared by content with that option", () =>
    Effect.gen(function* () {
      expect(yield* upload(files, { duplicatesBy: "content" })).toMatchObject([
        { _tag: "Created" },
        { _tag: "Failed", error: { _tag: "RowRejected", reason: "duplicate" } },
        { _tag: "Skipped", reason: "duplicate" }
      ])
    }).pipe(Effect.provide(hub))
  )
})
