/** The seeded language models. */
import type { WireLlm } from "../state/HubState.js"
import { objectId } from "./objectIds.js"
import { organizationId } from "./organization.js"

const plans = [
  {
    name: "Support assistant",
    provider: "openai",
    model: "gpt-4.1",
    isStreamable: true,
    configuration: {},
    added: Date.UTC(2024, 5, 3, 9, 30, 0)
  },
  {
    name: "Second opinion",
    provider: "openrouter",
    model: "mistralai/mistral-large",
    isStreamable: false,
    configuration: { baseUrl: "https://openrouter.ai/api/v1" },
    added: Date.UTC(2024, 8, 17, 13, 15, 0)
  }
] as const

/** Makes the language models, by id. */
export const seedLlms = (): Map<string, WireLlm> =>
  new Map(
    plans.map(({ added, ...llm }, index) => {
      const _id = objectId("llm", index + 1, added)
      const createdAt = new Date(added).toISOString()
      return [_id, { _id, ...llm, organization: organizationId, createdAt }]
    })
  )
