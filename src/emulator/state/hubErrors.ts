/**
 * The errors that the hub's endpoints fail with.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { BadRequest, Forbidden, NotFound } from "../../api/envelope.js"

/** 400 with the message of the real hub (docs/api-notes.md#errors). */
export const unknownProject = (projectId: string): Effect.Effect<never, BadRequest> =>
  Effect.fail(new BadRequest({ status: "fail", message: `Invalid project: ${projectId}.` }))

/** 404. The message is invented: no document shows one. */
export const notFound = (what: string): Effect.Effect<never, NotFound> =>
  Effect.fail(new NotFound({ status: "fail", message: `${what} not found.` }))

/** 403. The message is invented: no document shows one. */
export const forbidden = (message: string): Effect.Effect<never, Forbidden> =>
  Effect.fail(new Forbidden({ status: "fail", message }))

/** 400. The message is invented: no document shows those of the real hub. */
export const badRequest = (message: string): Effect.Effect<never, BadRequest> =>
  Effect.fail(new BadRequest({ status: "fail", message }))
