/**
 * Language models (LLMs) of an organization, which answer in conversations: list, add and delete them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { LlmsApi } from "../api/llms.js"
import { label } from "../api/operation.js"
import { documentIn } from "../decoding/responseDocument.js"
import { type CallError, NotFound } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import { AngoClient } from "../layers/AngoClient.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { fromInput, fromOptionalInput, type IdInput, type LlmId } from "../schemas/ids.js"
import { Llm, NewLlm } from "../schemas/Llm.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * The methods of {@link Llms}.
 *
 * @category services
 * @since 0.1.0
 */
export interface LlmsService {
  /**
   * Lists the language models of the organization (`GET /llms`), in one request. Their keys are not returned.
   *
   * @remarks undocumented: whether the API returns all models at once; no document names parameters for pages.
   */
  readonly list: () => Effect.Effect<ReadonlyArray<Llm>, CallError>

  /** Reads one language model (`GET /llms?_id=`). Fails with `NotFound` if the list has no model with the id. */
  readonly get: (llmId: IdInput<LlmId>) => Effect.Effect<Llm, CallError>

  /**
   * Adds a language model (`POST /llms/`), and returns it if the response contains it, else `undefined`: the response is
   * undocumented, and {@link LlmsService.list} shows the model in any case. Its id is the option `llm` of
   * `Assets.importChat`. The key is `Redacted`: it is sent in the request, and no error, log, span, dry run or response
   * of this library contains it. Fails with `InvalidRequest` before any request if a text is empty, the provider is
   * unknown or `baseUrl` is not an absolute http or https URL.
   *
   * @example
   * ```ts
   * import { Llms } from "effect-ango"
   * import { Config, Effect } from "effect"
   *
   * const added = Effect.gen(function*() {
   *   const llms = yield* Llms
   *   return yield* llms.create({
   *     name: "Support assistant",
   *     provider: "openai",
   *     model: "gpt-4.1",
   *     apiKey: yield* Config.redacted("OPENAI_API_KEY")
   *   })
   * })
   * ```
   */
  readonly create: (llm: NewLlm) => Effect.Effect<Llm | undefined, CallError>

  /**
   * Deletes a language model (`DELETE /llms/{llmId}`). Fails with `NotFound` if it does not exist.
   *
   * @remarks undocumented: what happens to conversations that use the model.
   */
  readonly delete: (llmId: IdInput<LlmId>) => Effect.Effect<void, CallError>
}

/**
 * Makes the service from the client of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<LlmsService, never, AngoClient> = Effect.gen(function* () {
  const { llms: client } = (yield* AngoClient).use(LlmsApi)

  const read = (llmId?: IdInput<LlmId>) =>
    Effect.map(
      client.list({ urlParams: omitUndefined({ _id: fromOptionalInput<LlmId>(llmId) }) }),
      ({ data }) => data.llms
    )

  return {
    list: Effect.fn("Llms.list")(() => read()),

    get: Effect.fn("Llms.get")(function* (llmId) {
      const operation = LlmsApi.operations.list
      // A hub that ignores the parameter returns all models.
      const llm = (yield* read(llmId)).find(({ id }) => id === llmId)
      return (
        llm ??
        (yield* new NotFound({
          ...operationContext(
            operation,
            `${label(operation)} returned no language model with this id. Check the id and the region.`
          ),
          status: operation.status
        }))
      )
    }),

    create: Effect.fn("Llms.create")(function* (llm) {
      const operation = LlmsApi.operations.create
      const { apiKey, baseUrl, isStreamable, model, name, provider } = yield* validateInput(
        operation,
        NewLlm,
        llm
      )
      const { data } = yield* client.create({
        payload: {
          name,
          provider,
          model,
          isStreamable: isStreamable ?? false,
          configuration: { apiKey, ...omitUndefined({ baseUrl }) }
        }
      })
      return documentIn(data, "llm", Llm)
    }),

    delete: Effect.fn("Llms.delete")(function* (llmId) {
      yield* client.delete({ path: { llmId: fromInput(llmId) } })
    })
  }
})

/**
 * The language models of an organization: list, add and delete them.
 *
 * @category services
 * @since 0.1.0
 */
export class Llms extends Context.Tag("effect-ango/Llms")<Llms, LlmsService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Llms, never, AngoClient> = Layer.effect(Llms, make)
}
