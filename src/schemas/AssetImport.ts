/**
 * Assets to import: files in a storage, and conversations.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AssetMetadata, Attachment } from "./Asset.js"
import { BatchId, ProjectId, StorageId } from "./ids.js"
import * as Open from "./open.js"
import { Priority } from "./Priority.js"

/**
 * The pre-label of one classification of an asset. `answer` is a text, a list of texts or a boolean, depending on the
 * kind of the classification.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PreLabel = Open.struct({
  title: Open.maybe(Schema.String),
  schemaId: Open.maybe(Schema.String),
  answer: Schema.Unknown
}).annotations({ identifier: "PreLabel" })

/** @since 0.1.0 */
export type PreLabel = typeof PreLabel.Type

const fileFields = {
  externalId: Open.maybe(Schema.String),
  storage: Open.maybe(StorageId),
  batches: Open.maybe(Schema.Array(Schema.String)),
  contextData: Open.maybe(Open.jsonObject),
  metadata: Open.maybe(AssetMetadata),
  attachments: Open.maybe(Schema.Array(Attachment))
}

const { externalId, ...otherFields } = fileFields

/**
 * The description of a file to upload: a {@link CloudAsset} without its `data`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const FileAsset = Open.struct(fileFields)

/** @since 0.1.0 */
export type FileAsset = typeof FileAsset.Type

/**
 * A file to import (docs/api-notes.md#cloud-import): `data`, or `dataset` for an asset of several pages. `batches` are
 * ids; they override the batches of the whole import.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CloudAsset = Open.struct({
  data: Open.maybe(
    Schema.String.pipe(Schema.minLength(1, { title: "a URL, a storage path, or the text itself" }))
  ),
  // This is the order of the fields in the request.
  externalId,
  dataset: Open.maybe(Open.atLeastOne(Schema.String, "at least one URL")),
  ...otherFields,
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
 * An import of files. `uploadLocal` is `"true"` for files that were uploaded to the hub's own storage first.
 *
 * @category schemas
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
 * The hub's counts of an import. Old hubs return a sentence instead.
 *
 * @category schemas
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

/**
 * The maximum number of conversations per import (docs/api-notes.md#limits).
 *
 * @category utilities
 * @since 0.1.0
 */
export const maxConversations = 10_000

/**
 * A message of a conversation.
 *
 * @category schemas
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
 * @category schemas
 * @since 0.1.0
 */
export const Conversation = Open.struct({
  messages: Schema.Array(ChatMessage)
}).annotations({ identifier: "Conversation" })

/** @since 0.1.0 */
export type Conversation = typeof Conversation.Type

/**
 * The form fields of an import of conversations (docs/api-notes.md#chat-import), in the order in which they are sent. The
 * file with the conversations, a part named `file`, follows them.
 *
 * @category schemas
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
      Schema.between(0, maxConversations, {
        title: `a number of conversations from 0 to ${maxConversations}`
      })
    )
  ),
  namingStrategy: Schema.parseJson(Open.struct({ type: Schema.String })),
  llmConfig: Open.optional(Schema.parseJson(Open.struct({ id: Schema.String }))),
  conversations: Open.optional(Schema.parseJson(Schema.Array(Conversation))),
  batches: Open.optional(Schema.parseJson(Schema.Array(BatchId)))
})

/** @since 0.1.0 */
export type ChatForm = typeof ChatForm.Type
