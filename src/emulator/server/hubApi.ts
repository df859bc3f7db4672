/**
 * The contract as the hub serves it: under `/v2`, with responses in the wire shapes that the hub stores.
 *
 * @since 0.1.0
 */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { AngoApi } from "../../api/AngoApi.js"

/** The contract's endpoints under `/v2`. */
export const HubApi = AngoApi.prefix("/v2")

/** A successful response. `data` is in wire shape already and is not encoded again. */
export const success = (data: object, status = 200): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.unsafeJson({ status: "success", data }, { status })
