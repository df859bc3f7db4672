// Files for uploads, and the files that the hub stored.
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import { PCGRandom } from "effect/Utils"
import { type FileSource, type PutFileOptions, Uploads } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

/** Random bytes of a given length, the same for the same seed. */
export const drawn = (size: number, seed = 1): Uint8Array => {
  const random = new PCGRandom(seed)
  return Uint8Array.from({ length: size }, () => random.integer(256))
}

/** Uploads a file to the first project. */
export const put = (source: FileSource.FileSource, options?: PutFileOptions) =>
  Effect.flatMap(Uploads, (uploads) => uploads.put(AngoTest.projectId, source, options))

/** The file that the hub has at a URL. */
export const storedFile = (fileUrl: string) =>
  Effect.flatMap(Emulator, (hub) =>
    Effect.map(hub.files, (files) => files.get(fileUrl.replace(/^.*\/files\//, "")))
  )

/** Moves the clock until a program has ended. */
export const atOnce = <A, E, R>(
  program: Effect.Effect<A, E, R>,
  step: Duration.DurationInput = "1 seconds"
) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(program)
    while (Option.isNone(yield* Fiber.poll(fiber))) yield* TestClock.adjust(step)
    return yield* Fiber.join(fiber)
  })

/** Whether the hub has these bytes at a URL. */
export const holds = (fileUrl: string, content: Uint8Array) =>
  Effect.map(storedFile(fileUrl), (file) => Buffer.compare(file?.content ?? new Uint8Array(0), content) === 0)
