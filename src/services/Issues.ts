/**
 * Issues: report problems of tasks, discuss and resolve them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { IssuesApi } from "../api/issues.js"
import type { CallError, FilterNotApplied, ListTooLong, PaginationError } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { toItemConditions } from "../filters/itemConditions.js"
import { warnUnknownValues } from "../filters/unknownValues.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { type Problem, validateInput } from "../layers/transport/inputValidation.js"
import { oldestFirst, type PageOptions } from "../pagination/listOptions.js"
import * as PageSizes from "../pagination/pageSizes.js"
import { makeRowCheck } from "../pagination/rowCheck.js"
import { collectAtMost, type StableScan, stableItems, stablePages } from "../pagination/stableScan.js"
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
 * Selects issues. Conditions combine with AND. Without conditions: all issues that the user of the key can see.
 *
 * @category options
 * @since 0.1.0
 */
export interface IssueFilter {
  /** Project id. */
  readonly project?: IdInput<ProjectId> | undefined
  /** Asset id. */
  readonly asset?: IdInput<AssetId> | undefined
  /** Task id. */
  readonly task?: IdInput<TaskId> | undefined
  /** Stage id. */
  readonly stage?: IdInput<StageId> | undefined
  /** E-mail address of the author. */
  readonly createdBy?: string | undefined
  /** Status. An unknown value is sent too, and logged as a warning. */
  readonly status?: IssueStatus | undefined
  /** E-mail address of the assignee. */
  readonly assignee?: string | undefined
}

/**
 * The text of an issue to create, and what belongs to it.
 *
 * @category options
 * @since 0.1.0
 */
export interface NewIssueContent {
  /** The text, not empty. */
  readonly content: string
  /** E-mail addresses of the users to notify. */
  readonly mentions?: ReadonlyArray<string> | undefined
  /** Some of the project's error codes. */
  readonly errorCodes?: ReadonlyArray<ErrorCode> | undefined
  /** Details of an issue in a point cloud, sent unchanged. */
  readonly pctDetails?: Readonly<Record<string, unknown>> | undefined
}

/**
 * An issue to create: about a location, about an annotation, or, with neither, about the whole task.
 *
 * @category options
 * @since 0.1.0
 */
export type NewIssue = NewIssueContent &
  (
    | {
        /**
         * The location on the asset: `{ position: [x, y] }` in pixels from the top left of an image; `{ textIndex }`, a
         * character of a text, from 0; `{ span: [from, to] }` in seconds of a sound; `{ page }`, a page or frame, from 0,
         * or `{ page, pageEnd }`, the first and the last one; `{ dataIndex }`, a part of the asset; `{ plane }`, `A`, `S`
         * or `C`, of a medical image. A page, a part and a plane can be combined with each other and with a place.
         */
        readonly at?: IssueLocation | undefined
        readonly objectId?: undefined
      }
    | {
        /** Id of the annotation; not together with a location. */
        readonly objectId?: string | undefined
        readonly at?: undefined
      }
  )

/**
 * Changes to an issue. At least one field is required.
 *
 * @category options
 * @since 0.1.0
 */
export interface IssueUpdate {
  /** The new text, not empty. */
  readonly content?: string | undefined
  /** E-mail addresses of the users to notify; an empty list removes all. Only together with `content`. */
  readonly mentions?: ReadonlyArray<string> | undefined
  /** The new status. */
  readonly status?: IssueStatus | undefined
  /** Some of the project's error codes. */
  readonly errorCodes?: ReadonlyArray<ErrorCode> | undefined
  /** Details of an issue in a point cloud, sent unchanged. */
  readonly pctDetails?: Readonly<Record<string, unknown>> | undefined
}

/**
 * The methods of {@link Issues}.
 *
 * @category services
 * @since 0.1.0
 */
export interface IssuesService {
  /**
   * Reads one page of issues (`GET /issues`), newest first unless `sort` is given. Without `page` and `limit` the API
   * returns its first page of 10 issues. It returns no total.
   */
  readonly page: (
    options?: IssueFilter & PageOptions
  ) => Effect.Effect<ReadonlyArray<Issue>, CallError | FilterNotApplied>

  /**
   * Streams all issues page by page (`GET /issues`), oldest first, each issue once. The API returns no total, and
   * issues that leave the list during a scan can hide others: the list is read again until two passes match. Issues
   * found in a later pass come last. Fails with `PaginationError` if the list changes during each of 20 passes.
   */
  readonly pages: (
    filter?: IssueFilter
  ) => Stream.Stream<ReadonlyArray<Issue>, CallError | FilterNotApplied | PaginationError>

  /**
   * Streams all issues one by one, oldest first; like {@link IssuesService.pages}.
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
  readonly stream: (
    filter?: IssueFilter
  ) => Stream.Stream<Issue, CallError | FilterNotApplied | PaginationError>

  /** Collects all issues in an array, oldest first. Fails with `ListTooLong` if there are more than `limit`. */
  readonly collect: (
    options: IssueFilter & { readonly limit: number }
  ) => Effect.Effect<ReadonlyArray<Issue>, CallError | FilterNotApplied | ListTooLong | PaginationError>

  /**
   * Creates an issue on a task (`POST /issues`). Fails with `InvalidRequest` before any request if the content is
   * empty, a location is invalid (a negative number, `pageEnd` below `page` or without it, two places, none) or comes
   * together with `objectId`, or a mention is not an e-mail address; with `NotFound` if the task does not exist.
   *
   * @example
   * ```ts
   * import { Issues } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const created = Effect.gen(function*() {
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
   * Changes the text, status, error codes or details of an issue (`POST /issues/{issueId}`), and returns it. Fails with
   * `InvalidRequest` before any request without a change, or with mentions but no content.
   */
  readonly update: (issueId: IdInput<IssueId>, changes: IssueUpdate) => Effect.Effect<Issue, CallError>

  /**
   * Adds a comment to an issue, and returns the issue with all comments (`POST /issues/{issueId}/comment`).
   * `mentions` are e-mail addresses of users to notify.
   */
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

const toIssueQuery = ({ asset, assignee, createdBy, project, stage, status, task }: IssueFilter) =>
  omitUndefined({
    project: fromOptionalInput<ProjectId>(project),
    asset: fromOptionalInput<AssetId>(asset),
    labelTask: fromOptionalInput<TaskId>(task),
    stage: fromOptionalInput<StageId>(stage),
    createdBy,
    status,
    assignee
  })

// Stricter than the contract, which accepts any text.
const IssueConditions = Schema.Struct({
  createdBy: Schema.optional(Open.condition),
  status: Schema.optional(Open.condition),
  assignee: Schema.optional(Open.condition)
})

const locationNames: ReadonlySet<string> = new Set([
  "position",
  "textIndex",
  "span",
  "page",
  "pageEnd",
  "dataIndex",
  "plane"
])

// What the contract cannot express, since it has one field for three places.
const findLocationProblem = (at: IssueLocation): Problem | undefined => {
  const given = Object.entries(at).filter(([, value]) => value !== undefined)
  const unknown = given.find(([name]) => !locationNames.has(name))
  if (unknown !== undefined) {
    return {
      parameter: `at.${unknown[0]}`,
      reason: `Unknown location; there are ${[...locationNames].join(", ")}.`
    }
  }
  if (given.length === 0) {
    return {
      parameter: "at",
      reason:
        "Give at least one of position, textIndex, span, page, dataIndex and plane, or leave out at for the whole task."
    }
  }
  if (given.filter(([name]) => ["position", "textIndex", "span"].includes(name)).length > 1) {
    return { parameter: "at", reason: "Give one of position, textIndex and span." }
  }
  if (at.span !== undefined && at.span[1] < at.span[0]) {
    return { parameter: "span", reason: "Give [from, to] in seconds, with to not before from." }
  }
  return at.pageEnd !== undefined && at.pageEnd < at.page
    ? { parameter: "pageEnd", reason: "Give the last page or frame, which is not below page." }
    : undefined
}

const toLocationPayload = ({ position, span, textIndex, ...others }: IssueLocation) =>
  omitUndefined({ position: position ?? span ?? textIndex, ...others })

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<IssuesService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const { issues: client } = (yield* AngoClient).use(IssuesApi)
  const pageSizes = PageSizes.make((yield* AngoConfig).pageSize)

  const list = (filter: IssueFilter, options: PageOptions) => {
    const query = toIssueQuery(filter)
    const check = makeRowCheck(IssuesApi.operations.list, toItemConditions(query))
    return validateInput(IssuesApi.operations.list, IssueConditions, filter).pipe(
      Effect.zipRight(warnUnknownValues(IssuesApi.operations.list, { status: [filter.status, IssueStatus] })),
      Effect.zipRight(
        client.list({
          urlParams: {
            ...query,
            ...omitUndefined({ page: options.page, limit: options.limit, sort: options.sort })
          }
        })
      ),
      Effect.map(({ data }) => ("issue" in data ? data.issue : data.issues)),
      Effect.tap((issues) => check(options.page ?? 1, issues))
    )
  }

  const all = (filter: IssueFilter): StableScan<Issue, CallError | FilterNotApplied> => ({
    operation: IssuesApi.operations.list,
    pageSizes,
    read: (page, limit) => list(filter, { page, limit, sort: oldestFirst })
  })

  return {
    page: Effect.fn("Issues.page")((options: IssueFilter & PageOptions = {}) => list(options, options)),
    pages: (filter = {}) => Stream.withSpan(stablePages(all(filter)), "Issues.pages"),
    stream: (filter = {}) => Stream.withSpan(stableItems(all(filter)), "Issues.stream"),
    collect: Effect.fn("Issues.collect")(({ limit, ...filter }: IssueFilter & { readonly limit: number }) =>
      collectAtMost(all(filter), limit)
    ),

    create: Effect.fn("Issues.create")(function* (taskId, issue) {
      const { at, content, errorCodes, mentions, objectId, pctDetails } = issue
      const problem = at === undefined ? undefined : findLocationProblem(at)
      if (problem !== undefined) {
        return yield* invalidRequest(IssuesApi.operations.create, problem.parameter, problem.reason)
      }
      if (objectId === "") {
        return yield* invalidRequest(
          IssuesApi.operations.create,
          "objectId",
          "Give the id of an annotation, or leave objectId out for the whole task."
        )
      }
      const { data } = yield* client.create({
        payload: {
          content,
          labelTask: fromInput(taskId),
          ...(at === undefined ? {} : toLocationPayload(at)),
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
          IssuesApi.operations.update,
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
 * The issues of tasks: list, create, update, comment and delete them.
 *
 * @category services
 * @since 0.1.0
 */
export class Issues extends Context.Tag("effect-ango/Issues")<Issues, IssuesService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Issues, never, AngoClient | AngoConfig> = Layer.effect(Issues, make)
}
