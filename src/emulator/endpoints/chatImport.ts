/**
 * The import of conversations.
 *
 * @since 0.1.0
 */
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { BadRequest, NotFound } from "../../api/envelope.js"
import {
  ChatForm,
  type Conversation,
  Conversation as ConversationSchema,
  maxConversations
} from "../../schemas/AssetImport.js"
import { readForm } from "../server/formBody.js"
import { success } from "../server/hubApi.js"
import { importAssets } from "../state/assetImport.js"
import { unknownProject } from "../state/hubErrors.js"
import type { HubService } from "../state/hubService.js"
import * as Files from "../storage/fileStorage.js"
import * as Storing from "../storage/uploadStorage.js"

const decodeForm = Schema.decodeUnknownOption(ChatForm)
const decodeFile = Schema.decodeUnknownOption(Schema.parseJson(Schema.Array(ConversationSchema)))

// The only endpoint whose errors were observed in this shape (docs/api-notes.md#errors).
const errorResponse = (message: string) =>
  HttpServerResponse.unsafeJson({ error: { statusCode: 400 }, message }, { status: 400 })

const bytes = new TextEncoder()
const text = new TextDecoder()

/**
 * Creates one asset per conversation; its `data` is the URL of a file in the hub's file storage. A file of conversations
 * overrides `numberOfConversations`, which creates empty ones.
 *
 * @remarks undocumented: the names of the assets (`namingStrategy` is accepted and ignored); batches may be given by name
 * as well.
 */
export const importChat = (
  hub: HubService,
  projectId: string,
  request: HttpServerRequest.HttpServerRequest
): Effect.Effect<HttpServerResponse.HttpServerResponse, BadRequest | NotFound> =>
  Effect.gen(function* () {
    const stored = hub.state.projects.get(projectId)
    if (stored === undefined) return yield* unknownProject(projectId)
    const { fields, files: parts } = yield* readForm(request)
    const decoded = decodeForm({
      projectId,
      priority: "0",
      numberOfConversations: "0",
      namingStrategy: '{"type":"random"}',
      ...Object.fromEntries(fields)
    })
    if (Option.isNone(decoded)) return errorResponse("Invalid parameters.")
    const form = decoded.value
    const file = parts.get("file")
    const sentConversations =
      file === undefined ? Option.fromNullable(form.conversations) : decodeFile(text.decode(file.content))
    if (file !== undefined && Option.isNone(sentConversations))
      return errorResponse("Invalid conversation file.")
    const conversations: ReadonlyArray<Conversation> = Option.getOrElse(sentConversations, () =>
      Array.from({ length: form.numberOfConversations }, () => ({ messages: [] }))
    )
    if (conversations.length > maxConversations) return errorResponse("Too many conversations.")
    if (file === undefined && conversations.length === 0) return errorResponse("No conversations.")
    const files = yield* Effect.forEach(conversations, (conversation) =>
      Effect.map(hub.newId("conversation"), (id) => ({
        id,
        path: Files.filePath(projectId, "conversations", `${id}.json`),
        content: bytes.encode(JSON.stringify(conversation))
      }))
    )
    const { batches = [], priority } = form
    const entries = files.map(({ id, path }) => ({ data: Files.fileUrl(hub, path), externalId: id }))
    const { assetsCreated } = yield* importAssets(hub, stored, entries, { batches, priority })
    // Stored last, so that a failed import leaves no files.
    for (const { content, path } of files) {
      hub.state.files.set(path, Storing.toStoredFile(content, "application/json"))
    }
    return success({ assets: { assetsCreated } })
  })
