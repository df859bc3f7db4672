/**
 * Issues: say what is wrong with a task and where, discuss it, settle it.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { operations } from "../api/operations.js"
import type { CallError, ListTooLong, PaginationError } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { warnUnknownValues } from "../filters/unknownValues.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { oldestFirst, type PageOptions } from "../pagination/listOptions.js"
import { atMost, everyItem, everyPage, type StableScan } from "../pagination/stableScan.js"
import { type ErrorCode, type Issue, type IssueLocation, IssueStatus } from "../schemas/Issue.js"
import {
  type AssetId,
  fromInput,
  fromOptionalInput,
  type IdInput,
  type IssueId,
  type ProjectId,
  type StageId,
  type TaskId
} from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * Which issues. Conditions combine with AND; without any, every issue that the key's user can see.
 *
 * @since 0.1.0
 */
export interface IssueFilter {
  readonly project?: IdInput<ProjectId> | undefined
  readonly asset?: IdInput<AssetId> | undefined
  readonly task?: IdInput<TaskId> | undefined
  readonly stage?: IdInput<StageId> | undefined
  /** The e-mail address of who opened it. */
  readonly createdBy?: string | undefined
  readonly status?: IssueStatus | undefined
  /** The e-mail address of who is to settle it. */
  readonly assignee?: string | undefined
}

/**
 * What an issue says, and of which part of the task.
 *
 * @since 0.1.0
 */
export interface NewIssue {
  /** Not empty. */
  readonly content: string
  /**
   * Where on the asset: `{ position: [x, y] }` in pixels from the top left of an image, `{ textIndex }` the
   * character of a text counted from 0, or `{ page }` the page or frame counted from 0; a position may be on a
   * page too. Without it the issue belongs to the whole task.
   */
  readonly at?: IssueLocation | undefined
  /** The annotation it is about; not together with a position or a text index. */
  readonly objectId?: string | undefined
  /** E-mail addresses of people to tell. */
  readonly mentions?: ReadonlyArray<string> | undefined
  /** From the error codes of the project. */
  readonly errorCodes?: ReadonlyArray<ErrorCode> | undefined
  /** Details of a point cloud issue, as the hub takes them. */
  readonly pctDetails?: Readonly<Record<string, unknown>> | undefined
}

/**
 * What to change of an issue; at least one of it.
 *
 * @since 0.1.0
 */
export interface IssueUpdate {
  /** Not empty. */
  readonly content?: string | undefined
  /** E-mail addresses of people to tell, or none of them any more; only together with `content`. */
  readonly mentions?: ReadonlyArray<string> | undefined
  readonly status?: IssueStatus | undefined
  readonly errorCodes?: ReadonlyArray<ErrorCode> | undefined
  readonly pctDetails?: Readonly<Record<string, unknown>> | undefined
}

/** @since 0.1.0 */
export interface IssuesService {
  /**
   * One page of issues (`GET /issues`), newest first unless sorted otherwise. Without `page` and `limit` it is the
   * hub's first page, 10 issues by default; the hub tells no total.
   */
  readonly page: (options?: IssueFilter & PageOptions) => Effect.Effect<ReadonlyArray<Issue>, CallError>

  /**
   * All issues, page by page, oldest first. Every issue comes once. The hub tells no total: the list is read again
   * until two readings agree, since issues that are closed or deleted meanwhile hide others; what is found then comes
   * last. Fails with `PaginationError` when it never stands still.
   */
  readonly pages: (filter?: IssueFilter) => Stream.Stream<ReadonlyArray<Issue>, CallError | PaginationError>

  /**
   * All issues, one by one, oldest first; as {@link IssuesService.pages} otherwise.
   *
   * @example
   * ```ts
   * import { Issues } from "effect-ango"
   * import { Effect, Stream } from "effect"
   *
   * const open = Effect.gen(function*() {
   *   const issues = yield* Issues
   *   return yield* issues
   *     .stream({ project: "65aa0000000000000000a001", status: "Open" })
   *     .pipe(Stream.runCount)
   * })
   * ```
   */
  readonly stream: (filter?: IssueFilter) => Stream.Stream<Issue, CallError | PaginationError>

  /** All issues in an array of at most `limit`; more of them fail with `ListTooLong`. */
  readonly collect: (
    options: IssueFilter & { readonly limit: number }
  ) => Effect.Effect<ReadonlyArray<Issue>, CallError | ListTooLong | PaginationError>

  /**
   * Opens an issue on a task (`POST /issues`). Fails with `InvalidRequest` before any request when the content is
   * empty, a position is no pair of pixels, a position comes together with an object, or a mention is no e-mail
   * address; with `NotFound` when there is no such task.
   *
   * @example
   * ```ts
   * import { Issues } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const opened = Effect.gen(function*() {
   *   const issues = yield* Issues
   *   return yield* issues.create("65aa0000000000000000b001", {
   *     content: "The box should reach the edge.",
   *     at: { position: [25, 15] }
   *   })
   * })
   * ```
   */
  readonly create: (taskId: IdInput<TaskId>, issue: NewIssue) => Effect.Effect<Issue, CallError>

  /**
   * Changes an issue: its text, status or codes (`POST /issues/{issueId}`). Fails with `InvalidRequest` when
   * nothing is to be changed, or when there are mentions and no content to hold them.
   */
  readonly update: (issueId: IdInput<IssueId>, changes: IssueUpdate) => Effect.Effect<Issue, CallError>

  /** Adds a comment, and gives the issue with all of them (`POST /issues/{issueId}/comment`). */
  readonly comment: (
    issueId: IdInput<IssueId>,
    comment: { readonly content: string; readonly mentions?: ReadonlyArray<string> | undefined }
  ) => Effect.Effect<Issue, CallError>

  /** Deletes an issue of a project (`DELETE /issues/{issueId}`). */
  readonly delete: (
    projectId: IdInput<ProjectId>,
    issueId: IdInput<IssueId>
  ) => Effect.Effect<void, CallError>
}

const query = ({ asset, assignee, createdBy, project, stage, status, task }: IssueFilter) =>
  omitUndefined({
    project: fromOptionalInput<ProjectId>(project),
    asset: fromOptionalInput<AssetId>(asset),
    labelTask: fromOptionalInput<TaskId>(task),
    stage: fromOptionalInput<StageId>(stage),
    createdBy,
    status,
    assignee
  })

// The contract takes any text, as a hub has to.
const Conditions = Schema.Struct({
  createdBy: Schema.optional(Open.condition),
  status: Schema.optional(Open.condition),
  assignee: Schema.optional(Open.condition)
})

// Of a place that is two, one would be lost.
const isTwo = (at: IssueLocation): boolean =>
  "textIndex" in at && Object.entries(at).some(([name, value]) => name !== "textIndex" && value !== undefined)

const place = (at: IssueLocation) => {
  if ("textIndex" in at) return { position: at.textIndex }
  return "position" in at ? omitUndefined({ position: at.position, page: at.page }) : { page: at.page }
}

/** @since 0.1.0 */
export const make: Effect.Effect<IssuesService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const { issues: client } = yield* AngoClient
  const { pageSize } = yield* AngoConfig

  const list = (filter: IssueFilter, options: PageOptions) =>
    validateInput(operations["issues.list"], Conditions, filter).pipe(
      Effect.zipRight(warnUnknownValues(operations["issues.list"], { status: [filter.status, IssueStatus] })),
      Effect.zipRight(
        client.list({
          urlParams: {
            ...query(filter),
            ...omitUndefined({ page: options.page, limit: options.limit, sort: options.sort })
          }
        })
      ),
      Effect.map(({ data }) => ("issue" in data ? data.issue : data.issues))
    )

  const all = (filter: IssueFilter): StableScan<Issue> => ({
    operation: operations["issues.list"],
    pageSize,
    read: (page, limit) => list(filter, { page, limit, sort: oldestFirst })
  })

  return {
    page: Effect.fn("Issues.page")((options: IssueFilter & PageOptions = {}) => list(options, options)),
    pages: (filter = {}) => Stream.withSpan(everyPage(all(filter)), "Issues.pages"),
    stream: (filter = {}) => Stream.withSpan(everyItem(all(filter)), "Issues.stream"),
    collect: Effect.fn("Issues.collect")(({ limit, ...filter }: IssueFilter & { readonly limit: number }) =>
      atMost(all(filter), limit)
    ),

    create: Effect.fn("Issues.create")(function* (taskId, issue) {
      const { at, content, errorCodes, mentions, objectId, pctDetails } = issue
      if (at !== undefined && isTwo(at)) {
        return yield* invalidRequest(
          operations["issues.create"],
          "at",
          "A character of a text has no position and no page. Give { textIndex } alone, { position: [x, y] }, or { page }."
        )
      }
      const { data } = yield* client.create({
        payload: {
          content,
          labelTask: fromInput(taskId),
          ...(at === undefined ? {} : place(at)),
          ...omitUndefined({ contentMentions: mentions, objectId, errorCodes, pctDetails })
        }
      })
      return data.issue
    }),

    update: Effect.fn("Issues.update")(function* (issueId, changes) {
      const { content, errorCodes, mentions, pctDetails, status } = changes
      const payload = omitUndefined({ content, contentMentions: mentions, status, pctDetails, errorCodes })
      if (Object.keys(payload).length === 0) {
        return yield* invalidRequest(
          operations["issues.update"],
          "changes",
          "Give at least one of content, status, errorCodes and pctDetails."
        )
      }
      const { data } = yield* client.update({ path: { issueId: fromInput(issueId) }, payload })
      return data.issue
    }),

    comment: Effect.fn("Issues.comment")(function* (issueId, { content, mentions }) {
      const { data } = yield* client.comment({
        path: { issueId: fromInput(issueId) },
        payload: { content, ...omitUndefined({ contentMentions: mentions }) }
      })
      return data.issue
    }),

    delete: Effect.fn("Issues.delete")(function* (projectId, issueId) {
      yield* client.delete({
        path: { issueId: fromInput(issueId) },
        urlParams: { project: fromInput(projectId) }
      })
    })
  }
})

/**
 * The issues of Ango Hub.
 *
 * @since 0.1.0
 */
export class Issues extends Context.Tag("effect-ango/Issues")<Issues, IssuesService>() {
  static readonly layer: Layer.Layer<Issues, never, AngoClient | AngoConfig> = Layer.effect(Issues, make)
}
