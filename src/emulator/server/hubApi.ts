/**
 * The contract as the hub serves it: under `/v2`, answering with the wire shapes it stores.
 *
 * @since 0.1.0
 */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import { AngoApi } from "../../api/AngoApi.js"
import { BadRequest, NotFound } from "../../api/envelope.js"

/** @since 0.1.0 */
export const HubApi = AngoApi.prefix("/v2")

/** A successful answer. The state holds wire shapes, so that nothing is encoded again. */
export const success = (data: object, status = 200): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.unsafeJson({ status: "success", data }, { status })

/** 400 with the sentence of the real hub (docs/api-notes.md#errors). */
export const unknownProject = (projectId: string): Effect.Effect<never, BadRequest> =>
  Effect.fail(new BadRequest({ status: "fail", message: `Invalid project: ${projectId}.` }))

/** 404; the sentence is ours: no document shows one. */
export const notFound = (what: string): Effect.Effect<never, NotFound> =>
  Effect.fail(new NotFound({ status: "fail", message: `${what} not found.` }))

/** 400 with a sentence of ours: no document shows those of the real hub. */
export const badRequest = (message: string): Effect.Effect<never, BadRequest> =>
  Effect.fail(new BadRequest({ status: "fail", message }))
