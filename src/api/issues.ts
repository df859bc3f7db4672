/**
 * The issue endpoints.
 *
 * @since 0.1.0
 */
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { MentionEmails } from "../schemas/Email.js"
import { ErrorCode, Issue, IssueStatus, PageIndex, Position } from "../schemas/Issue.js"
import { AssetId, IssueId, ProjectId, StageId, TaskId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success, successOf, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, safe } from "./Repeatability.js"

const issuePath = { issueId: IssueId }

const Content = Schema.String.pipe(
  Schema.filter((text) => text.trim() !== "", { title: "a text that is not empty" })
)

/**
 * I1. The filters of the SDK (`project` to `createdBy`), then those of the documents, which state 201 and call the list
 * `issue` (docs/api-notes.md#issue-list-key); `issues` is accepted too.
 */
const list = endpoint.get("list", "/issues", {
  query: {
    project: Query.optional(ProjectId),
    asset: Query.optional(AssetId),
    labelTask: Query.optional(TaskId),
    stage: Query.optional(StageId),
    createdBy: Query.optional(Schema.String),
    status: Query.optional(Schema.String),
    assignee: Query.optional(Schema.String),
    ...Query.paging,
    sort: Query.optional(Query.Sort)
  },
  success: successOf(
    Schema.Union(
      Schema.Struct({ issue: Schema.Array(Issue) }),
      Schema.Struct({ issues: Schema.Array(Issue) })
    )
  ),
  status: 201,
  errors: [BadRequest, NotFound],
  repeat: safe
})

/** I2. As in the SDK, an issue has a position or an object, not both. */
const create = endpoint.post("create", "/issues", {
  payload: Schema.Struct({
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
  ),
  success: success({ issue: Issue }),
  errors: [BadRequest, NotFound],
  repeat: never("issues.list", "an issue with this content")
})

/** I3. The SDK sends mentions only together with the content that contains them. */
const update = endpoint.post("update", "/issues/:issueId", {
  path: issuePath,
  payload: Schema.Struct({
    content: Query.optional(Content),
    contentMentions: Query.optional(MentionEmails),
    status: Query.optional(IssueStatus),
    pctDetails: Query.optional(Open.jsonObject),
    errorCodes: Query.optional(Schema.Array(ErrorCode))
  }).pipe(
    Schema.filter(
      ({ content, contentMentions }) =>
        contentMentions === undefined || content !== undefined || { path: ["contentMentions"], message: "" },
      { title: "mentions together with the content that they are in" }
    )
  ),
  success: success({ issue: Issue }),
  errors: [BadRequest, NotFound],
  repeat: idempotent("issues.list", "the new values on the issue")
})

/** I4. */
const comment = endpoint.post("comment", "/issues/:issueId/comment", {
  path: issuePath,
  payload: Schema.Struct({ content: Content, contentMentions: Query.optional(MentionEmails) }),
  success: success({ issue: Issue }),
  errors: [BadRequest, NotFound],
  repeat: never("issues.list", "the comment on the issue")
})

/** I5. The project is in the query. The response is not documented (docs/api-notes.md#undocumented-answers). */
const remove = endpoint.del("delete", "/issues/:issueId", {
  path: issuePath,
  query: { project: ProjectId },
  success: undocumented,
  errors: [BadRequest, NotFound],
  repeat: idempotent("issues.list", "the issue being gone")
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const IssuesApi = HttpApiGroup.make("issues")
  .add(list)
  .add(create)
  .add(update)
  .add(comment)
  .add(remove)
