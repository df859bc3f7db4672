// Temporary folders and their content.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"

// In memory if possible, since flushing thousands of files to a disk is slow.
const root = existsSync("/dev/shm") ? "/dev/shm" : tmpdir()

/** A temporary folder, deleted at the end of the scope. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(root, "effect-ango-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** The sorted names in a folder. */
export const namesIn = (path: string): ReadonlyArray<string> => readdirSync(path).toSorted()

/** The bytes of a file. */
export const bytesAt = (...path: ReadonlyArray<string>): Buffer => readFileSync(join(...path))

/** The text of a file. */
export const textAt = (...path: ReadonlyArray<string>): string => bytesAt(...path).toString()
