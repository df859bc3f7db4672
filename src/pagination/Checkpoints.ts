/**
 * Where programs keep how far they have read their lists, over any `KeyValueStore`: files, memory, a table.
 *
 * @example
 * ```ts
 * import { KeyValueStore } from "@effect/platform"
 * import { Checkpoints, Tasks } from "effect-ango"
 * import { Effect, Stream } from "effect"
 *
 * // Killed at any time and started again, it goes on where it was.
 * const program = Effect.gen(function*() {
 *   const tasks = yield* Tasks
 *   const resume = yield* Checkpoints.bookmark("nightly")
 *   yield* tasks.pages("65aa0000000000000000a001", { resume }).pipe(
 *     Stream.runForEach((page) => Effect.log(`${page.received} of ${page.total}`))
 *   )
 * }).pipe(Effect.provide(KeyValueStore.layerMemory))
 * ```
 *
 * @since 0.1.0
 */
import type * as PlatformError from "@effect/platform/Error"
import * as KeyValueStore from "@effect/platform/KeyValueStore"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { StoreUnavailable } from "../errors/AngoError.js"
import { Checkpoint } from "../schemas/Checkpoint.js"
import { scrubCause } from "../utils/scrub.js"
import type { Bookmark } from "./listOptions.js"

export type { Bookmark, Bookmarked } from "./listOptions.js"

const Entry = Schema.parseJson(
  Schema.Struct({ turn: Schema.NonNegativeInt, checkpoint: Checkpoint, note: Schema.String })
)

type Entry = typeof Entry.Type

const decode = Schema.decodeUnknownOption(Entry)
const encode = Schema.encodeSync(Entry)

// A file that is being written when the program dies holds nothing: the entry before it is in the other slot.
const slots = ["a", "b"] as const

const slotOf = (turn: number) => slots[turn % 2 === 0 ? 0 : 1]

/**
 * The bookmark of this name in a store. It keeps two entries, `<name>.a` and `<name>.b`, and writes them by turns, so
 * that one of them is whole whenever the program dies.
 *
 * @since 0.1.0
 */
export const make = (store: KeyValueStore.KeyValueStore, name: string): Bookmark => {
  const failed = (what: string) => (error: PlatformError.PlatformError) =>
    new StoreUnavailable({
      store: "checkpoint",
      reason: "unreachable",
      key: name,
      message: `The checkpoint "${name}" could not be ${what}. Check the store, or read the list without one.`,
      cause: scrubCause(error, [])
    })
  const keyOf = (slot: string) => `${name}.${slot}`

  const entries = Effect.forEach(slots, (slot) => store.get(keyOf(slot))).pipe(
    Effect.mapError(failed("read")),
    Effect.flatMap((found) => {
      const texts = found.flatMap(Option.toArray)
      const whole = texts.flatMap((text) => Option.toArray(decode(text)))
      // One slot that holds no entry is what a death in the very first writing leaves.
      return texts.length === slots.length && whole.length === 0
        ? new StoreUnavailable({
            store: "checkpoint",
            reason: "incompatible",
            key: name,
            message:
              `What is kept under "${name}" is no checkpoint of this version. ` +
              "Take it away to read the list from its beginning, or give the bookmark another name."
          })
        : Effect.succeed(whole)
    })
  )
  const latest = Effect.map(entries, (all) =>
    all.reduce<Entry | undefined>(
      (best, one) => (best !== undefined && best.turn > one.turn ? best : one),
      undefined
    )
  )

  const remove = (key: string) => Effect.whenEffect(store.remove(key), store.has(key))

  let turn: number | undefined
  return {
    key: name,
    load: Effect.map(latest, (entry) => {
      turn = entry === undefined ? 0 : entry.turn + 1
      return Option.fromNullable(entry)
    }),
    save: (checkpoint, note = "") =>
      Effect.gen(function* () {
        const next = turn ?? ((yield* latest)?.turn ?? -1) + 1
        const entry = encode({ turn: next, checkpoint, note })
        yield* Effect.mapError(store.set(keyOf(slotOf(next)), entry), failed("written"))
        turn = next + 1
      }),
    // The latest entry last: it is that of the end of the list, from which nothing comes again.
    clear: Effect.suspend(() =>
      Effect.forEach([turn ?? 0, (turn ?? 0) + 1].map(slotOf), (slot) => remove(keyOf(slot)), {
        discard: true
      })
    ).pipe(Effect.mapError(failed("taken away")))
  }
}

/**
 * {@link make} in the store of the context.
 *
 * @since 0.1.0
 */
export const bookmark = (name: string): Effect.Effect<Bookmark, never, KeyValueStore.KeyValueStore> =>
  Effect.map(KeyValueStore.KeyValueStore, (store) => make(store, name))
