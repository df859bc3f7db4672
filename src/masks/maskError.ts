import * as Either from "effect/Either"
import { InvalidMask } from "../errors/InvalidMask.js"

/** The result of a function on masks. */
export type Result<A> = Either.Either<A, InvalidMask>

/** Fails with the error of a mask, from a sentence that says what is wrong and what to do. */
export const fail = (reason: InvalidMask["reason"], message: string): Result<never> =>
  Either.left(new InvalidMask({ reason, mask: "added", message }))

/** The same result, with errors about the present mask of a merge. */
export const ofPresent = <A>(result: Result<A>): Result<A> =>
  Either.mapLeft(
    result,
    ({ message, reason }) =>
      new InvalidMask({ reason, mask: "present", message: `The present mask cannot be merged. ${message}` })
  )
