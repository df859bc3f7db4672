// Exports a small archive to a file in a temporary folder.
import * as PlatformError from "@effect/platform/Error"
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type ExportFileOptions, Exports } from "effect-ango"
import { archiveOf } from "./Archives.js"
import { folder, namesIn, textAt } from "./Folder.js"
import { captureLogs } from "./Logs.js"
import { makeStorage, type Turn } from "./Storage.js"

export const projectId = "65aa0000000000000000a001"

export const textOf = (note: string) =>
  Array.from(
    { length: 400 },
    (_, index) => `{"assetId":"a${index}","externalId":"${note}","task":{"taskId":"t${index}"}}\n`
  ).join("")
export const archiveWith = (note: string) => archiveOf([{ name: "a.ndjson", text: textOf(note), method: 0 }])
export const [text, archive] = [textOf("one"), archiveWith("one")]
export const [otherText, other] = [textOf("two"), archiveWith("two")]
export const { length } = archive
export const half = Math.floor(length / 2)

export const withStorage = (usual: Turn = { archive }) =>
  Effect.gen(function* () {
    const storage = makeStorage(usual)
    const directory = yield* folder
    const path = `${directory}/tasks.ndjson`
    const logs = captureLogs()
    const run = (options: ExportFileOptions = {}, attempts?: number) =>
      Effect.flatMap(Exports, (exports) => exports.toFile(projectId, path, options)).pipe(
        Effect.provide(storage.client(attempts)),
        Effect.provide(logs.layer)
      )
    /** The number of lines logged by all runs: one each time a run starts something again. */
    const logged = () => {
      for (const { level, annotations } of logs.lines) {
        expect([level, annotations["operation"]]).toEqual(["INFO", "exports.download"])
      }
      return logs.lines.length
    }
    /** Runs once and breaks off after `cut` bytes, which are flushed to disk. */
    const runInterrupted = (cut = half) =>
      Effect.suspend(() => {
        storage.turns.push({ cut })
        return Effect.flip(run({ syncEvery: 1000 }, 1))
      })
    const journal = () => JSON.parse(textAt(`${path}.journal`))
    const expectComplete = (expected = text) => {
      expect(textAt(path) === expected).toBe(true)
      expect(namesIn(directory)).toEqual(["tasks.ndjson"])
    }
    return { ...storage, directory, path, run, runInterrupted, journal, logged, expectComplete }
  })

/** The error of a full disk. */
export const noSpace = (path: string) =>
  new PlatformError.SystemError({
    module: "FileSystem",
    method: "write",
    reason: "Unknown",
    pathOrDescriptor: path,
    cause: Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" })
  })
