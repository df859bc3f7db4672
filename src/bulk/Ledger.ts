/**
 * Records which rows a bulk write has sent and written, so that the next run writes only the rest. Rows that were
 * written are not sent again, rows with an unknown result are read back first, and all other rows are tried again.
 *
 * A row is recorded before it is sent, and again when its result is known. A program that is killed at any time and run
 * again with the same ledger writes each row once, provided that one process at a time uses the ledger, and that the
 * reads of the hub show its writes when the next run starts. A ledger holds the keys of rows (external ids), a digest
 * of their content and their values (ids), but neither the rows themselves nor the API key.
 *
 * @example
 * ```ts
 * import { Assets, Ledger, RowOutcome } from "effect-ango"
 * import { Effect, Stream } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const assets = yield* Assets
 *   const ledger = yield* Ledger.file("import.ledger")
 *   const rows = [{ data: "https://bucket.s3.eu-central-1.amazonaws.com/cat.jpg", externalId: "cat.jpg" }]
 *   return yield* assets.importFromCloud("65aa0000000000000000a001", rows, { ledger }).pipe(
 *     Stream.run(RowOutcome.summarize)
 *   )
 * })
 * ```
 *
 * @since 0.1.0
 */
import type * as PlatformError from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import type * as KeyValueStore from "@effect/platform/KeyValueStore"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type FileError, StoreUnavailable } from "../errors/AngoError.js"
import { lock } from "../files/fileLock.js"
import { reasonOf } from "../files/localFile.js"
import { scrubCause } from "../utils/scrub.js"
import {
  type Entry,
  entryLines,
  headerLine,
  type Ledger,
  type LedgerSession,
  type LedgerText,
  readLedger
} from "./engine/ledgerCodec.js"

export type { Ledger } from "./engine/ledgerCodec.js"

// Only an error that the platform does not name can pass: a missing directory or permission does not.
const unavailable = (reason: FileError["reason"]): StoreUnavailable["reason"] =>
  reason === "in-use" ? "in-use" : reason === "other" ? "unreachable" : "unusable"

const failed =
  (name: string, action: string) =>
  (error: PlatformError.PlatformError): StoreUnavailable =>
    new StoreUnavailable({
      store: "ledger",
      reason: unavailable(reasonOf(error)),
      key: name,
      message: `The ledger "${name}" could not be ${action}. Check the store; entries written before remain valid.`,
      cause: scrubCause(error, [])
    })

const compatible = (name: string, result: LedgerText) =>
  result._tag === "Read"
    ? Effect.succeed(result)
    : new StoreUnavailable({
        store: "ledger",
        reason: "incompatible",
        key: name,
        message: `The ledger "${name}" cannot be used. ${result.reason} Use another ledger for this write, or restore this one.`
      })

// Lines of concurrent chunks must not interleave.
const serialized = (write: LedgerSession["write"]): LedgerSession["write"] => {
  const semaphore = Effect.unsafeMakeSemaphore(1)
  return (entries) => semaphore.withPermits(1)(write(entries))
}

/** Outdated lines that a file can have before it is compacted. */
const maxOutdatedLines = 1000

/**
 * A ledger in a file of JSON lines, which is created if it does not exist. Lines are only appended, and flushed to disk
 * before anything relies on them; an incomplete last line, left by a crash, is ignored. A file in which most lines are
 * outdated is compacted when it is opened: written to a new file, which then replaces it.
 *
 * While the ledger is in use, `<path>.lock` holds the id of the process: a second run on the same machine fails with
 * `StoreUnavailable` (`in-use`). The lock of a process that has ended is taken over.
 *
 * @category constructors
 * @since 0.1.0
 */
export const file = (path: string): Effect.Effect<Ledger, never, FileSystem.FileSystem> =>
  Effect.map(FileSystem.FileSystem, (fs) => {
    const encoder = new TextEncoder()
    const append = (target: FileSystem.File, text: string) =>
      Effect.zipRight(target.writeAll(encoder.encode(text)), target.sync)

    // Two runs without a lock would both write the rows that neither has recorded.
    const acquireLock = (target: string) =>
      lock(target).pipe(
        Effect.provideService(FileSystem.FileSystem, fs),
        Effect.mapError(
          ({ cause, message, reason }) =>
            new StoreUnavailable({
              store: "ledger",
              reason: unavailable(reason),
              key: path,
              message:
                reason === "in-use"
                  ? `The ledger "${path}" is in use by another run. Wait until it ends; if no run is active, remove "${target}.lock".`
                  : message,
              ...(cause === undefined ? {} : { cause })
            })
        )
      )

    const compact = (target: string, write: string, entries: ReadonlyMap<string, Entry>) =>
      Effect.scoped(
        Effect.flatMap(fs.open(`${target}.new`, { flag: "w" }), (fresh) =>
          append(fresh, headerLine(write) + entryLines(entries.values()))
        )
      ).pipe(Effect.zipRight(fs.rename(`${target}.new`, target)), Effect.mapError(failed(path, "written")))

    return {
      name: path,
      open: (write) =>
        Effect.gen(function* () {
          // Lock and replace the file itself, not a link to it.
          const target = yield* Effect.orElseSucceed(fs.realPath(path), () => path)
          yield* acquireLock(target)
          const entries = new Map<string, Entry>()
          const text = yield* Effect.whenEffect(fs.readFileString(target), fs.exists(target)).pipe(
            Effect.mapError(failed(path, "read"))
          )
          const { isEmpty, isTorn, lines } = yield* compatible(
            path,
            readLedger(
              write,
              Option.getOrElse(text, () => ""),
              entries
            )
          )
          const isOutdated = lines > 2 * entries.size + maxOutdatedLines
          if (isTorn || isOutdated || isEmpty) yield* compact(target, write, entries)
          const output = yield* Effect.mapError(fs.open(target, { flag: "a" }), failed(path, "opened"))
          return {
            entries,
            write: serialized((added) =>
              Effect.mapError(append(output, entryLines(added)), failed(path, "written"))
            )
          }
        })
    }
  })

/**
 * A ledger in a `KeyValueStore`, under the keys `<name>.0`, `<name>.1` and so on: one value for each write to the
 * ledger, about two per chunk of rows.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (store: KeyValueStore.KeyValueStore, name: string): Ledger => ({
  name,
  open: (write) =>
    Effect.gen(function* () {
      const entries = new Map<string, Entry>()
      let next = 0
      for (;;) {
        const text = yield* Effect.mapError(store.get(`${name}.${next}`), failed(name, "read"))
        if (Option.isNone(text)) break
        yield* compatible(name, readLedger(write, text.value, entries))
        next++
      }
      return {
        entries,
        write: serialized((added) =>
          // The number advances only after a success: reading stops at the first missing number.
          Effect.suspend(() => store.set(`${name}.${next}`, headerLine(write) + entryLines(added))).pipe(
            Effect.tap(() =>
              Effect.sync(() => {
                next++
              })
            ),
            Effect.mapError(failed(name, "written"))
          )
        )
      }
    })
})
