/**
 * Saves how far a list has been read, in any `KeyValueStore` (files, memory, a table), so that another run can resume.
 *
 * @example
 * ```ts
 * import { KeyValueStore } from "@effect/platform"
 * import { Checkpoints, Tasks } from "effect-ango"
 * import { Effect, Stream } from "effect"
 *
 * // Can be killed at any time: the next run resumes after the last page that was processed.
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

export type { Bookmark, BookmarkEntry } from "./listOptions.js"

const Entry = Schema.parseJson(
  Schema.Struct({ turn: Schema.NonNegativeInt, checkpoint: Checkpoint, note: Schema.String })
)

type Entry = typeof Entry.Type

const decode = Schema.decodeUnknownOption(Entry)
const encode = Schema.encodeSync(Entry)

// A process that dies while it writes may leave one slot empty or cut. The previous entry is in the other one.
const slots = ["a", "b"] as const

const slotOf = (turn: number) => slots[turn % 2 === 0 ? 0 : 1]

/**
 * The bookmark with this name in a store. It writes two keys alternately, `<name>.a` and `<name>.b`, so that one of
 * them is valid whenever the process dies. Its effects fail with `StoreUnavailable`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (store: KeyValueStore.KeyValueStore, name: string): Bookmark => {
  const toStoreError = (action: string) => (error: PlatformError.PlatformError) =>
    new StoreUnavailable({
      store: "checkpoint",
      reason: "unreachable",
      key: name,
      message: `The checkpoint "${name}" could not be ${action}. Check the store, or read the list without one.`,
      cause: scrubCause(error, [])
    })
  const keyOf = (slot: string) => `${name}.${slot}`

  const entries = Effect.forEach(slots, (slot) => store.get(keyOf(slot))).pipe(
    Effect.mapError(toStoreError("read")),
    Effect.flatMap((values) => {
      const texts = values.flatMap(Option.toArray)
      const valid = texts.flatMap((text) => Option.toArray(decode(text)))
      // A single invalid slot is what an interrupted first write leaves.
      return texts.length === slots.length && valid.length === 0
        ? new StoreUnavailable({
            store: "checkpoint",
            reason: "incompatible",
            key: name,
            message:
              `The entry "${name}" in the store is not a checkpoint of this version. ` +
              "Delete it to read the list from its beginning, or give the bookmark another name."
          })
        : Effect.succeed(valid)
    })
  )
  const latest = Effect.map(entries, (valid) =>
    valid.reduce<Entry | undefined>(
      (best, entry) => (best !== undefined && best.turn > entry.turn ? best : entry),
      undefined
    )
  )

  const remove = (key: string) => Effect.whenEffect(store.remove(key), store.has(key))

  let nextTurn: number | undefined
  return {
    key: name,
    load: Effect.map(latest, (entry) => {
      nextTurn = entry === undefined ? 0 : entry.turn + 1
      return Option.fromNullable(entry)
    }),
    save: (checkpoint, note = "") =>
      Effect.gen(function* () {
        const turn = nextTurn ?? ((yield* latest)?.turn ?? -1) + 1
        const entry = encode({ turn, checkpoint, note })
        yield* Effect.mapError(store.set(keyOf(slotOf(turn)), entry), toStoreError("written"))
        nextTurn = turn + 1
      }),
    // The older entry first: if the process dies in between, the latest one remains.
    clear: Effect.suspend(() =>
      Effect.forEach([nextTurn ?? 0, (nextTurn ?? 0) + 1].map(slotOf), (slot) => remove(keyOf(slot)), {
        discard: true
      })
    ).pipe(Effect.mapError(toStoreError("removed")))
  }
}

/**
 * {@link make} with the `KeyValueStore` of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const bookmark = (name: string): Effect.Effect<Bookmark, never, KeyValueStore.KeyValueStore> =>
  Effect.map(KeyValueStore.KeyValueStore, (store) => make(store, name))
