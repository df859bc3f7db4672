/**
 * Assets on their way into a project: files that are already in a storage, and conversations.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AssetMetadata, Attachment } from "./Asset.js"
import { BatchId, ProjectId, StorageId } from "./ids.js"
import * as Open from "./open.js"
import { Priority } from "./Priority.js"

/**
 * The answer to one question that an asset brings along. `answer` is text, a list of texts or a boolean, as its
 * question wants it.
 *
 * @since 0.1.0
 */
export const PreLabel = Open.struct({
  title: Open.maybe(Schema.String),
  schemaId: Open.maybe(Schema.String),
  answer: Schema.Unknown
}).annotations({ identifier: "PreLabel" })

/** @since 0.1.0 */
export type PreLabel = typeof PreLabel.Type

const about = {
  externalId: Open.maybe(Schema.String),
  storage: Open.maybe(StorageId),
  batches: Open.maybe(Schema.Array(Schema.String)),
  contextData: Open.maybe(Open.jsonObject),
  metadata: Open.maybe(AssetMetadata),
  attachments: Open.maybe(Schema.Array(Attachment))
}

const { externalId, ...otherwise } = about

/**
 * What is told of a file that is on its way into a storage: a {@link CloudAsset} without its `data`.
 *
 * @since 0.1.0
 */
export const FileAsset = Open.struct(about)

/** @since 0.1.0 */
export type FileAsset = typeof FileAsset.Type

/**
 * A file to import (docs/api-notes.md#cloud-import): `data` or, for an asset of several pages, `dataset`. `batches`
 * are ids, and count instead of those of the whole import.
 *
 * @since 0.1.0
 */
export const CloudAsset = Open.struct({
  data: Open.maybe(
    Schema.String.pipe(Schema.minLength(1, { title: "a URL, a storage path, or the text itself" }))
  ),
  // The order of fields is that of the wire.
  externalId,
  dataset: Open.maybe(Open.atLeastOne(Schema.String, "at least one URL")),
  ...otherwise,
  editorType: Open.maybe(Schema.String),
  classifications: Open.maybe(Schema.Array(PreLabel))
}).pipe(
  Schema.filter((asset) => asset.data != null || asset.dataset != null, {
    title: "an asset with data, or with a dataset of pages"
  })
)

/** @since 0.1.0 */
export type CloudAsset = typeof CloudAsset.Type

/**
 * An import of files. `uploadLocal` is `"true"` for files that were uploaded to the hub's own storage.
 *
 * @since 0.1.0
 */
export const CloudImport = Open.struct({
  assets: Open.atLeastOne(CloudAsset, "at least one asset"),
  uploadLocal: Open.maybe(Schema.Union(Schema.Literal("true", "false"), Schema.Boolean)),
  priority: Open.maybe(Priority)
}).annotations({ identifier: "CloudImport" })

/** @since 0.1.0 */
export type CloudImport = typeof CloudImport.Type

/**
 * What an import made, as the hub counts it. Old hubs answer with a sentence instead.
 *
 * @since 0.1.0
 */
export const ImportCounts = Open.struct({
  assetsCreated: Open.maybe(Schema.Number),
  tasksCreated: Open.maybe(Schema.Number),
  preLabelsCount: Open.maybe(Schema.Number),
  validPreLabelsCount: Open.maybe(Schema.Number)
}).annotations({ identifier: "ImportCounts" })

/** @since 0.1.0 */
export type ImportCounts = typeof ImportCounts.Type

/** The most conversations that one call may import (docs/api-notes.md#limits). */
export const maxConversations = 10_000

/**
 * A message of a conversation.
 *
 * @since 0.1.0
 */
export const ChatMessage = Open.struct({
  id: Schema.String,
  content: Schema.String,
  user: Open.struct({ role: Schema.String, id: Open.maybe(Schema.String) })
}).annotations({ identifier: "ChatMessage" })

/** @since 0.1.0 */
export type ChatMessage = typeof ChatMessage.Type

/**
 * A conversation to annotate.
 *
 * @since 0.1.0
 */
export const Conversation = Open.struct({
  messages: Schema.Array(ChatMessage)
}).annotations({ identifier: "Conversation" })

/** @since 0.1.0 */
export type Conversation = typeof Conversation.Type

/**
 * The fields of the form that imports conversations (docs/api-notes.md#chat-import), in the order in which they are
 * sent. The file of conversations, a part named `file`, comes last and is not among them.
 *
 * @since 0.1.0
 */
export const ChatForm = Schema.Struct({
  projectId: ProjectId,
  priority: Schema.compose(Schema.NumberFromString, Priority),
  storageId: Open.optional(StorageId),
  bucket: Open.optional(Schema.String),
  numberOfConversations: Schema.compose(
    Schema.NumberFromString,
    Schema.Number.pipe(
      Schema.int({ title: "a whole number" }),
      Schema.between(0, maxConversations, { title: `a number of 0 to ${maxConversations} conversations` })
    )
  ),
  namingStrategy: Schema.parseJson(Open.struct({ type: Schema.String })),
  llmConfig: Open.optional(Schema.parseJson(Open.struct({ id: Schema.String }))),
  conversations: Open.optional(Schema.parseJson(Schema.Array(Conversation))),
  batches: Open.optional(Schema.parseJson(Schema.Array(BatchId)))
})

/** @since 0.1.0 */
export type ChatForm = typeof ChatForm.Type
