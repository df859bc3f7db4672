/**
 * Where bulk writes note what they have done, so that the next run does only the rest: rows that were done are not sent
 * again, rows of which nobody knows are read back first, and all others are tried again.
 *
 * A row is noted before it is sent and again when its outcome is known. A process that is killed at any time, and run
 * again with the same ledger, has made each row once: as long as one process at a time uses the ledger, and what the
 * hub has done is shown by its reads when the next run begins. A ledger holds the keys of the rows (external ids), a
 * digest of their content, and what was made of them (ids); never the rows themselves, and no key of yours.
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
import { StoreUnavailable } from "../errors/AngoError.js"
import { lock } from "../files/fileLock.js"
import { scrubCause } from "../utils/scrub.js"
import { type Book, type Entry, type Held, header, type Ledger, lines, read } from "./engine/ledgerFormat.js"

export type { Ledger } from "./engine/ledgerFormat.js"

const failed =
  (name: string, what: string) =>
  (error: PlatformError.PlatformError): StoreUnavailable =>
    new StoreUnavailable({
      store: "ledger",
      reason: "unreachable",
      key: name,
      message: `The ledger "${name}" could not be ${what}. Check the store; what is noted in it already stays true.`,
      cause: scrubCause(error, [])
    })

const held = (name: string, found: Held) =>
  found._tag === "Read"
    ? Effect.succeed(found)
    : new StoreUnavailable({
        store: "ledger",
        reason: "incompatible",
        key: name,
        message: `"${name}" cannot be gone on with. ${found.reason} Give this write a ledger of its own, or restore this one.`
      })

// One at a time: lines of two writers must not mix.
const inTurn = (write: Book["write"]): Book["write"] => {
  const turn = Effect.unsafeMakeSemaphore(1)
  return (entries) => turn.withPermits(1)(write(entries))
}

/** Out-dated lines that a file may have before it is written anew. */
const spare = 1000

/**
 * A ledger in a file of JSON lines, which is made when it is not there. Lines are only ever added, each addition on
 * the disk before anything relies on it; a last line that breaks off, as a death leaves it, is passed over. A file in
 * which most lines are out of date is written anew when it is opened, beside itself and then put in its place.
 *
 * While it is in use, `<path>.lock` lies beside it with the process in it: another run on the same machine fails with
 * `LedgerUnavailable`. The lock of a process that has ended is taken over.
 *
 * @since 0.1.0
 */
export const file = (path: string): Effect.Effect<Ledger, never, FileSystem.FileSystem> =>
  Effect.map(FileSystem.FileSystem, (fs) => {
    const encoder = new TextEncoder()
    const append = (to: FileSystem.File, text: string) =>
      Effect.zipRight(to.writeAll(encoder.encode(text)), to.sync)

    // Two runs that know nothing of each other would both make what neither has noted.
    const alone = (at: string) =>
      lock(at).pipe(
        Effect.provideService(FileSystem.FileSystem, fs),
        Effect.mapError(
          ({ cause, message, reason }) =>
            new StoreUnavailable({
              store: "ledger",
              reason: reason === "in-use" ? "in-use" : "unreachable",
              key: path,
              message:
                reason === "in-use"
                  ? `The ledger "${path}" is in use by another run. Wait for that to end, or, if it runs no more, remove "${at}.lock".`
                  : message,
              ...(cause === undefined ? {} : { cause })
            })
        )
      )

    const renew = (at: string, of: string, entries: ReadonlyMap<string, Entry>) =>
      Effect.scoped(
        Effect.flatMap(fs.open(`${at}.new`, { flag: "w" }), (fresh) =>
          append(fresh, header(of) + lines(entries.values()))
        )
      ).pipe(Effect.zipRight(fs.rename(`${at}.new`, at)), Effect.mapError(failed(path, "written")))

    return {
      name: path,
      open: (of) =>
        Effect.gen(function* () {
          // A link would let two runs at one file, and be replaced where the file is to be.
          const at = yield* Effect.orElseSucceed(fs.realPath(path), () => path)
          yield* alone(at)
          const entries = new Map<string, Entry>()
          const text = yield* Effect.whenEffect(fs.readFileString(at), fs.exists(at)).pipe(
            Effect.mapError(failed(path, "read"))
          )
          const found = yield* held(
            path,
            read(
              of,
              Option.getOrElse(text, () => ""),
              entries
            )
          )
          const isStale = found.lines > 2 * entries.size + spare
          if (found.isTorn || isStale || found.isEmpty) yield* renew(at, of, entries)
          const out = yield* Effect.mapError(fs.open(at, { flag: "a" }), failed(path, "opened"))
          return {
            entries,
            write: inTurn((more) => Effect.mapError(append(out, lines(more)), failed(path, "written")))
          }
        })
    }
  })

/**
 * A ledger in a `KeyValueStore`, under `<name>.0`, `<name>.1` and so on: one value for each time that something is
 * noted, about twice per chunk of rows.
 *
 * @since 0.1.0
 */
export const make = (store: KeyValueStore.KeyValueStore, name: string): Ledger => ({
  name,
  open: (of) =>
    Effect.gen(function* () {
      const entries = new Map<string, Entry>()
      let next = 0
      for (;;) {
        const text = yield* Effect.mapError(store.get(`${name}.${next}`), failed(name, "read"))
        if (Option.isNone(text)) break
        yield* held(name, read(of, text.value, entries))
        next++
      }
      return {
        entries,
        write: inTurn((more) =>
          // What could not be written leaves no gap: whoever reads stops there.
          Effect.suspend(() => store.set(`${name}.${next}`, header(of) + lines(more))).pipe(
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
