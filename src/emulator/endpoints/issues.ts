/**
 * Endpoints of issues: list, create, update, comment, delete.
 *
 * @remarks undocumented: a location together with an object, and a last page without a first one, are errors (the SDK
 * refuses both before it sends); an unknown project in a filter is an error as elsewhere; `openIssuesCount` of a task counts open
 * issues only; a new status sets or clears `resolvedBy` and `resolvedAt`; an undocumented status is an error; the response
 * to a deletion.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { IssueStatus } from "../../schemas/Issue.js"
import { manager, nameOf } from "../seed/people.js"
import { HubApi, success } from "../server/hubApi.js"
import { findTask, type HubState, type WireIssue } from "../state/HubState.js"
import { badRequest, notFound, unknownProject } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"
import { fields, filterRows } from "./listFilter.js"
import { paginate } from "./listPage.js"

// Issues of deleted tasks are hidden.
const issuesOfExistingTasks = (state: HubState): ReadonlyArray<WireIssue> => {
  const tasks = new Set<unknown>()
  for (const stored of state.projects.values()) for (const task of stored.tasks) tasks.add(task._id)
  return Array.from(state.issues.values()).filter(({ labelTask }) => tasks.has(labelTask))
}

const findIssue = (state: HubState, issueId: string): WireIssue | undefined => {
  const issue = state.issues.get(issueId)
  return issue?.labelTask == null || findTask(state, issue.labelTask) === undefined ? undefined : issue
}

// Recomputes the number of open issues of a task.
const updateOpenIssuesCount = (state: HubState, taskId: string | null | undefined): void => {
  let openIssuesCount = 0
  for (const issue of state.issues.values()) {
    if (issue.labelTask === taskId && issue.status === "Open") openIssuesCount++
  }
  for (const { tasks } of state.projects.values()) {
    const index = tasks.findIndex((task) => task._id === taskId)
    const task = tasks[index]
    if (task !== undefined) tasks[index] = { ...task, openIssuesCount }
  }
}

const toMentions = (state: HubState, emails: ReadonlyArray<string>) =>
  emails.map((userEmail) => ({
    userEmail,
    userName: state.organization.members.find(({ email }) => email === userEmail)?.name ?? nameOf(userEmail)
  }))

const parseStatus = (text: string): string | undefined =>
  IssueStatus.known.find((known) => known.toLowerCase() === text.toLowerCase())

const statusFields = (status: string, now: string): Partial<WireIssue> =>
  status === "Open"
    ? { status, resolvedBy: null, resolvedAt: null }
    : { status, resolvedBy: manager, resolvedAt: now }

const filterable = fields("asset", "assignee", "createdBy", "labelTask", "project", "stage", "status")

/** The handlers of the group. */
export const layer = HttpApiBuilder.group(HubApi, "issues", (handlers) =>
  Effect.map(Hub, ({ listing, newId, now, state }) =>
    handlers
      .handle("list", ({ urlParams }) =>
        Effect.gen(function* () {
          const { limit, page, sort, ...conditions } = urlParams
          const { project } = conditions
          if (project !== undefined && !state.projects.has(project)) return yield* unknownProject(project)
          const found = yield* filterRows(issuesOfExistingTasks(state), conditions, filterable)
          const paging = {
            ...(page === undefined ? {} : { page }),
            ...(limit === undefined ? {} : { limit }),
            ...(sort === undefined ? {} : { sort })
          }
          return success({ issue: (yield* paginate(found, paging, listing)).rows }, 201)
        })
      )
      .handle("create", ({ payload }) =>
        Effect.gen(function* () {
          const {
            content,
            contentMentions = [],
            errorCodes = [],
            labelTask,
            position,
            // The rest of the location, and every field that this version does not know, come back as they were sent.
            ...others
          } = payload
          const task = findTask(state, labelTask)
          if (task === undefined) return yield* notFound("Task")
          const _id = yield* newId("issue")
          const createdAt = yield* now
          const issue: WireIssue = {
            ...others,
            _id,
            project: typeof task.project === "string" ? task.project : (task.project?._id ?? ""),
            asset: typeof task.asset === "string" ? task.asset : (task.asset?._id ?? ""),
            labelTask,
            content,
            status: "Open",
            createdBy: manager,
            // The position is stored as sent (docs/api-notes.md#issue-position).
            ...(typeof position === "object" && "text" in position ? { position: position.text } : {}),
            ...(task.stage == null ? {} : { stage: task.stage }),
            errorCodes,
            contentMentions: toMentions(state, contentMentions),
            comments: [],
            createdAt
          }
          state.issues.set(_id, issue)
          updateOpenIssuesCount(state, labelTask)
          return success({ issue })
        })
      )
      .handle("update", ({ path, payload }) =>
        Effect.gen(function* () {
          const updatedAt = yield* now
          const existing = findIssue(state, path.issueId)
          if (existing === undefined) return yield* notFound("Issue")
          const { contentMentions, status, ...fields } = payload
          const newStatus = status === undefined ? undefined : parseStatus(status)
          if (status !== undefined && newStatus === undefined) {
            return yield* badRequest("Invalid issue status.")
          }
          const issue: WireIssue = {
            ...existing,
            ...fields,
            _id: existing._id,
            ...(contentMentions === undefined ? {} : { contentMentions: toMentions(state, contentMentions) }),
            ...(newStatus === undefined ? {} : statusFields(newStatus, updatedAt)),
            updatedBy: manager,
            updatedAt
          }
          state.issues.set(issue._id, issue)
          updateOpenIssuesCount(state, issue.labelTask)
          return success({ issue })
        })
      )
      .handle("comment", ({ path, payload }) =>
        Effect.gen(function* () {
          const createdAt = yield* now
          const _id = yield* newId("comment")
          const existing = findIssue(state, path.issueId)
          if (existing === undefined) return yield* notFound("Issue")
          const { content, contentMentions = [], ...others } = payload
          const comment = {
            ...others,
            _id,
            content,
            createdBy: manager,
            createdAt,
            contentMentions: toMentions(state, contentMentions)
          }
          const issue: WireIssue = { ...existing, comments: [...(existing.comments ?? []), comment] }
          state.issues.set(issue._id, issue)
          return success({ issue })
        })
      )
      .handle("delete", ({ path, urlParams }) =>
        Effect.suspend(() => {
          if (!state.projects.has(urlParams.project)) return unknownProject(urlParams.project)
          const issue = findIssue(state, path.issueId)
          if (issue === undefined || issue.project !== urlParams.project) return notFound("Issue")
          state.issues.delete(issue._id)
          updateOpenIssuesCount(state, issue.labelTask)
          return Effect.succeed(success({ message: "Issue deleted." }))
        })
      )
  )
)
