/**
 * Language models (LLMs) of an organization, which answer in conversations. Their keys are sent but never returned.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { HttpUrl } from "./httpUrl.js"
import { LlmId, OrganizationId } from "./ids.js"
import * as Open from "./open.js"
import { withoutSecrets } from "./secret.js"
import { Timestamp } from "./Timestamp.js"

/**
 * The provider of a model: `openai` or `openrouter`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LlmProvider = Open.enumOf("openai", "openrouter")

/** @since 0.1.0 */
export type LlmProvider = typeof LlmProvider.Type

/**
 * A provider in a request: one of the known ones.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LlmProviderName = Open.onlyKnown(LlmProvider, "a provider of language models")

/** @since 0.1.0 */
export type LlmProviderName = typeof LlmProviderName.Type

/**
 * A language model (docs/api-notes.md#llms). A key in a response is removed.
 *
 * @remarks undocumented: every field of a response but `_id`; these are the ones of the request.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Llm = Open.struct({
  id: Open.idField(LlmId),
  name: Open.maybe(Schema.String),
  provider: Open.maybe(LlmProvider),
  model: Open.maybe(Schema.String),
  isStreamable: Open.maybe(Schema.Boolean),
  configuration: Open.maybe(Open.struct({ baseUrl: Open.maybe(Schema.String) })),
  organization: Open.maybe(OrganizationId),
  createdAt: Open.maybe(Timestamp)
})
  .pipe(withoutSecrets)
  .annotations({ identifier: "Llm" })

/** @since 0.1.0 */
export type Llm = typeof Llm.Type

const text = (title: string) => Schema.String.pipe(Schema.filter((value) => value.trim() !== "", { title }))

/**
 * The name of a model in the hub.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LlmName = text("a name that is not empty")

/**
 * The name that the provider gives a model.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ModelName = text('the name of a model at its provider, such as "gpt-4.1"')

/**
 * A key of the provider. Error messages show `<redacted>`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LlmKey = Schema.RedactedFromSelf(Schema.String).pipe(
  Schema.filter((key) => Redacted.value(key).trim() !== "", { title: "an API key that is not empty" })
)

/**
 * A language model to add: the input of `Llms.create`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NewLlm = Schema.Struct({
  /** The name of the model in the hub, not empty. */
  name: LlmName,
  provider: LlmProviderName,
  /** The name of the model at its provider, not empty. */
  model: ModelName,
  /** A key of the provider. */
  apiKey: LlmKey,
  /** Whether the model returns its answers in parts; default false. */
  isStreamable: Schema.optional(Schema.Boolean),
  /** An absolute http or https URL, for a provider at another address. */
  baseUrl: Schema.optional(HttpUrl)
})

/** @since 0.1.0 */
export type NewLlm = typeof NewLlm.Type
