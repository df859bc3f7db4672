// Merging changed rows into a file, on systems whose reads return fewer bytes than requested.
import { writeFileSync } from "node:fs"
import * as FileSystem from "@effect/platform/FileSystem"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mergeRows } from "../../../src/exports/file/rowUpdateMerge.js"
import { folder, namesIn, textAt } from "../../support/Folder.js"

const row = (id: string, note: string) => `{"task":{"taskId":"${id}"},"note":"${note}"}\n`

/** A file system whose reads return at most `max` bytes. */
const shortReads = (max: number) =>
  Effect.map(FileSystem.FileSystem, (fs) => ({
    ...fs,
    open: (path: string, options?: FileSystem.OpenFileOptions) =>
      Effect.map(fs.open(path, options), (file) =>
        Object.create(file, {
          read: { value: (buffer: Uint8Array) => file.read(buffer.subarray(0, max)) },
          readAlloc: {
            value: (size: FileSystem.SizeInput) =>
              file.readAlloc(FileSystem.Size(Math.min(max, Number(size))))
          }
        })
      )
  }))

const merged = (max: number) =>
  Effect.gen(function* () {
    const directory = yield* folder
    const [path, changes] = [`${directory}/file`, `${directory}/changes`]
    writeFileSync(path, row("a", "old") + row("b", "old") + row("c", "old"))
    writeFileSync(changes, row("b", "new, and longer") + row("d", "new"))
    const run = mergeRows(path, changes).pipe(
      Effect.provideServiceEffect(FileSystem.FileSystem, shortReads(max)),
      Effect.provide(NodeFileSystem.layer)
    )
    return { directory, run }
  })

it.scoped("a changed row is read completely", () =>
  Effect.gen(function* () {
    const { directory, run } = yield* merged(7)
    expect(yield* run).toMatchObject({ rows: 4, added: 1, replaced: 1 })
    expect(textAt(directory, "file")).toBe(
      row("a", "old") + row("b", "new, and longer") + row("c", "old") + row("d", "new")
    )
  })
)

it.scoped("a change that is missing leaves the file as it was", () =>
  Effect.gen(function* () {
    const { directory, run } = yield* merged(0)
    const before = textAt(directory, "file")
    const error = yield* Effect.flip(run)
    expect(error).toMatchObject({ _tag: "FileError", path: `${directory}/changes`, reason: "other" })
    expect(textAt(directory, "file")).toBe(before)
    expect(namesIn(directory)).toContain("file.merged.part")
  })
)
