/**
 * The endpoints of language models (LLMs).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { HttpUrl } from "../schemas/httpUrl.js"
import { LlmId } from "../schemas/ids.js"
import { Llm, LlmKey, LlmName, LlmProviderName, ModelName } from "../schemas/Llm.js"
import * as Open from "../schemas/open.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, maybeWith, NotFound, success, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, safe } from "./Repeatability.js"

/** M2. `_id` is sent by the SDK; no document names parameters for pages. */
const list = endpoint.get("list", "/llms", {
  repeat: safe,
  schemas: () => ({
    query: { _id: Query.optional(LlmId) },
    success: success({ llms: Schema.Array(Llm) }),
    errors: [BadRequest, NotFound]
  })
})

/** M1. The path ends with a slash, as in the SDK. The response is not documented (docs/api-notes.md#llms). */
const create = endpoint.post("create", "/llms/", {
  repeat: never("llms.list", "a model of this name"),
  schemas: () => ({
    payload: Schema.Struct({
      name: LlmName,
      provider: LlmProviderName,
      model: ModelName,
      isStreamable: Open.maybe(Schema.Boolean),
      configuration: Schema.Struct({
        apiKey: Schema.compose(Schema.Redacted(Schema.String), LlmKey),
        baseUrl: Open.maybe(HttpUrl)
      })
    }),
    success: maybeWith("llm", Llm),
    errors: [BadRequest, NotFound]
  })
})

/** M3. The response is not documented. */
const remove = endpoint.del("delete", "/llms/:llmId", {
  repeat: idempotent("llms.list", "the model being gone"),
  schemas: () => ({
    path: { llmId: LlmId },
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const LlmsApi = endpoint.group("llms", [list, create, remove])
