/**
 * The issue endpoints.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { MentionEmails } from "../schemas/Email.js"
import {
  DataIndex,
  ErrorCode,
  Issue,
  IssueStatus,
  PageIndex,
  PlaneInput,
  Position
} from "../schemas/Issue.js"
import { AssetId, IssueId, ProjectId, StageId, TaskId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success, successOf, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, safe } from "./Repeatability.js"

const issuePath = { issueId: IssueId }

const content = () =>
  Schema.String.pipe(Schema.filter((text) => text.trim() !== "", { title: "a text that is not empty" }))

/**
 * I1. The filters of the SDK (`project` to `createdBy`), then those of the documents, which state 201 and call the list
 * `issue` (docs/api-notes.md#issue-list-key); `issues` is accepted too.
 */
const list = endpoint.get("list", "/issues", {
  status: 201,
  repeat: safe,
  schemas: () => ({
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
    errors: [BadRequest, NotFound]
  })
})

/** The location of an issue. */
const location = () => ({
  position: Query.optional(Position),
  page: Query.optional(PageIndex),
  pageEnd: Query.optional(PageIndex),
  dataIndex: Query.optional(DataIndex),
  plane: Query.optional(PlaneInput)
})

const isGiven = (value: unknown): boolean => value !== undefined

/** I2. As in the SDK, an issue has a location or an object, and `pageEnd` needs `page` (docs/api-notes.md#create-issue). */
const create = endpoint.post("create", "/issues", {
  repeat: never("issues.list", "an issue with this content"),
  schemas: () => ({
    payload: Open.struct({
      content: content(),
      labelTask: TaskId,
      ...location(),
      contentMentions: Query.optional(MentionEmails),
      objectId: Query.optional(Schema.String),
      errorCodes: Query.optional(Schema.Array(ErrorCode)),
      pctDetails: Query.optional(Open.jsonObject)
    }).pipe(
      Schema.filter(
        ({ dataIndex, objectId, page, pageEnd, plane, position }) =>
          !isGiven(objectId) ||
          ![position, page, pageEnd, dataIndex, plane].some(isGiven) || { path: ["objectId"], message: "" },
        { title: "a location or an objectId, not both" }
      ),
      Schema.filter(
        ({ page, pageEnd }) => !isGiven(pageEnd) || isGiven(page) || { path: ["pageEnd"], message: "" },
        { title: "a last page together with the first one, page" }
      )
    ),
    success: success({ issue: Issue }),
    errors: [BadRequest, NotFound]
  })
})

/** I3. The SDK sends mentions only together with the content that contains them. */
const update = endpoint.post("update", "/issues/:issueId", {
  repeat: idempotent("issues.list", "the new values on the issue"),
  schemas: () => ({
    path: issuePath,
    payload: Open.struct({
      content: Query.optional(content()),
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
    ),
    success: success({ issue: Issue }),
    errors: [BadRequest, NotFound]
  })
})

/** I4. */
const comment = endpoint.post("comment", "/issues/:issueId/comment", {
  repeat: never("issues.list", "the comment on the issue"),
  schemas: () => ({
    path: issuePath,
    payload: Open.struct({ content: content(), contentMentions: Query.optional(MentionEmails) }),
    success: success({ issue: Issue }),
    errors: [BadRequest, NotFound]
  })
})

/** I5. The project is in the query. The response is not documented (docs/api-notes.md#undocumented-answers). */
const remove = endpoint.del("delete", "/issues/:issueId", {
  repeat: idempotent("issues.list", "the issue being gone"),
  schemas: () => ({
    path: issuePath,
    query: { project: ProjectId },
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const IssuesApi = endpoint.group("issues", [list, create, update, comment, remove])
