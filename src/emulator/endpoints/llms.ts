/**
 * Endpoints of language models. Their keys are neither stored nor returned.
 *
 * @remarks undocumented: the responses, that the list has no pages, and a deletion of a model that does not exist, which is
 * a 404.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { HubApi, success } from "../server/hubApi.js"
import type { WireLlm } from "../state/HubState.js"
import { notFound } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"

/** The handlers of the group. */
export const layer = HttpApiBuilder.group(HubApi, "llms", (handlers) =>
  Effect.map(Hub, ({ newId, now, state }) =>
    handlers
      .handle("list", ({ urlParams: { _id } }) =>
        Effect.sync(() => {
          const llms = Array.from(state.llms.values()).filter((llm) => _id === undefined || llm._id === _id)
          return success({ llms })
        })
      )
      .handle("create", ({ payload: { configuration, isStreamable, model, name, provider } }) =>
        Effect.gen(function* () {
          const { baseUrl } = configuration
          const llm: WireLlm = {
            _id: yield* newId("llm"),
            name,
            provider,
            model,
            isStreamable: isStreamable ?? false,
            configuration: baseUrl == null ? {} : { baseUrl },
            organization: state.organization.id,
            createdAt: yield* now
          }
          state.llms.set(llm._id, llm)
          return success({ llm })
        })
      )
      .handle("delete", ({ path }) =>
        Effect.suspend(() =>
          state.llms.delete(path.llmId)
            ? Effect.succeed(success({ message: "Language model deleted." }))
            : notFound("Language model")
        )
      )
  )
)
