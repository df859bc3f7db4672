// Exports of a small archive to a file in a folder of a test's own.
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
    /** The number of lines that all runs have logged: one for each time that a run starts something again. */
    const logged = () => {
      for (const { level, annotations } of logs.lines) {
        expect([level, annotations["operation"]]).toEqual(["INFO", "exports.download"])
      }
      return logs.lines.length
    }
    /** Runs once, and breaks off after so many bytes; what was written until then is safe. */
    const broken = (cut = half) =>
      Effect.suspend(() => {
        storage.turns.push({ cut })
        return Effect.flip(run({ syncEvery: 1000 }, 1))
      })
    const journal = () => JSON.parse(textAt(`${path}.journal`))
    const whole = (expected = text) => {
      expect(textAt(path) === expected).toBe(true)
      expect(namesIn(directory)).toEqual(["tasks.ndjson"])
    }
    return { ...storage, directory, path, run, broken, journal, logged, whole }
  })

/** What a disk says that is full. */
export const noSpace = (path: string) =>
  new PlatformError.SystemError({
    module: "FileSystem",
    method: "write",
    reason: "Unknown",
    pathOrDescriptor: path,
    cause: Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" })
  })
