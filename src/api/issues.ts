/**
 * The issue endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { MentionEmails } from "../schemas/Email.js"
import { ErrorCode, Issue, IssueStatus, PageIndex, Position } from "../schemas/Issue.js"
import { AssetId, IssueId, ProjectId, StageId, TaskId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { BadRequest, NotFound, success, successOf, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, Repeatability, safe } from "./Repeatability.js"

const issuePath = Schema.Struct({ issueId: IssueId })

const Content = Schema.String.pipe(
  Schema.filter((text) => text.trim() !== "", { title: "a text that is not empty" })
)

/**
 * I1 `GET /issues`. The filters of the SDK (project to createdBy), then those of the documents; 201 is what the
 * documents say of it. They call the list `issue` (docs/api-notes.md#issue-list-key); a hub that says `issues` is read
 * as well.
 */
const list = HttpApiEndpoint.get("list", "/issues")
  .setUrlParams(
    Schema.Struct({
      project: Query.optional(ProjectId),
      asset: Query.optional(AssetId),
      labelTask: Query.optional(TaskId),
      stage: Query.optional(StageId),
      createdBy: Query.optional(Schema.String),
      status: Query.optional(Schema.String),
      assignee: Query.optional(Schema.String),
      ...Query.paging,
      sort: Query.optional(Query.Sort)
    })
  )
  .addSuccess(
    successOf(
      Schema.Union(
        Schema.Struct({ issue: Schema.Array(Issue) }),
        Schema.Struct({ issues: Schema.Array(Issue) })
      )
    ),
    { status: 201 }
  )
  .annotate(Repeatability, safe)

/** I2 `POST /issues`. A position and an object exclude each other, as in the SDK. */
const create = HttpApiEndpoint.post("create", "/issues")
  .setPayload(
    Schema.Struct({
      content: Content,
      labelTask: TaskId,
      position: Query.optional(Position),
      page: Query.optional(PageIndex),
      contentMentions: Query.optional(MentionEmails),
      objectId: Query.optional(Schema.String),
      errorCodes: Query.optional(Schema.Array(ErrorCode)),
      pctDetails: Query.optional(Open.jsonObject)
    }).pipe(
      Schema.filter(
        ({ objectId, position }) =>
          position === undefined || objectId === undefined || { path: ["objectId"], message: "" },
        { title: "a position or an objectId, not both" }
      )
    )
  )
  .addSuccess(success({ issue: Issue }))
  .annotate(Repeatability, never("issues.list", "an issue with this content"))

/** I3 `POST /issues/{issueId}`. The SDK sends mentions only together with the content that they are in. */
const update = HttpApiEndpoint.post("update", "/issues/:issueId")
  .setPath(issuePath)
  .setPayload(
    Schema.Struct({
      content: Query.optional(Content),
      contentMentions: Query.optional(MentionEmails),
      status: Query.optional(IssueStatus),
      pctDetails: Query.optional(Open.jsonObject),
      errorCodes: Query.optional(Schema.Array(ErrorCode))
    }).pipe(
      Schema.filter(
        ({ content, contentMentions }) =>
          contentMentions === undefined ||
          content !== undefined || { path: ["contentMentions"], message: "" },
        { title: "mentions together with the content that they are in" }
      )
    )
  )
  .addSuccess(success({ issue: Issue }))
  .annotate(Repeatability, idempotent("issues.list", "the new values on the issue"))

/** I4 `POST /issues/{issueId}/comment`. */
const comment = HttpApiEndpoint.post("comment", "/issues/:issueId/comment")
  .setPath(issuePath)
  .setPayload(Schema.Struct({ content: Content, contentMentions: Query.optional(MentionEmails) }))
  .addSuccess(success({ issue: Issue }))
  .annotate(Repeatability, never("issues.list", "the comment on the issue"))

/**
 * I5 `DELETE /issues/{issueId}`, with the project in the query. The answer is not documented
 * (docs/api-notes.md#undocumented-answers).
 */
const remove = HttpApiEndpoint.del("delete", "/issues/:issueId")
  .setPath(issuePath)
  .setUrlParams(Schema.Struct({ project: ProjectId }))
  .addSuccess(undocumented)
  .annotate(Repeatability, idempotent("issues.list", "the issue being gone"))

/** @since 0.1.0 */
export const IssuesApi = HttpApiGroup.make("issues")
  .add(list)
  .add(create)
  .add(update)
  .add(comment)
  .add(remove)
  .addError(BadRequest)
  .addError(NotFound)
