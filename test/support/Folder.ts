// A folder of a test's own, and what lies in it.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"

// In memory where there is such a place: thousands of files that are made to last take long on a disk.
const root = existsSync("/dev/shm") ? "/dev/shm" : tmpdir()

/** A folder, taken away at the end. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(root, "effect-ango-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** The names in a folder, in order. */
export const namesIn = (path: string): ReadonlyArray<string> => readdirSync(path).toSorted()

/** The bytes of a file. */
export const bytesAt = (...path: ReadonlyArray<string>): Buffer => readFileSync(join(...path))

/** The text of a file. */
export const textAt = (...path: ReadonlyArray<string>): string => bytesAt(...path).toString()
