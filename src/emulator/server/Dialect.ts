/**
 * Response shapes that differ between documents: for each dialect, how the responses of operations are rewritten. The
 * hub itself stores the current shapes, and responds with them by default.
 *
 * @since 0.1.0
 */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import type { OperationName } from "../../api/operations.js"
import { assetIdOf, findTask, type HubState } from "../state/HubState.js"
import type { RequestName } from "./requestRoute.js"

/**
 * Which documents the response shapes follow where documents differ. Run your tests once per dialect to see that your
 * program reads them all.
 *
 * - `"current"`: the newest shapes, as observed (docs/api-notes.md#contradictions).
 * - `"documented-2025"`: the reference of October 2025 where it differs from the observed shapes: the asset of a task is
 *   its id (#task-asset), a storage has `type` instead of `provider` (#storage-fields), a single history item is
 *   returned as a list (#history-shape), batches have a description and a colour, and no id in the response to their
 *   creation (#batch-fields), an unknown project is a 404 (#unknown-project).
 * - `"documented-2023"`: the documents of 2023 and the SDK of 2024: storages with `id` next to `_id` and with `provider` (#storage-fields),
 *   organization roles in lower case (#organization-roles), the history of a task as one object, its latest item
 *   (#history-shape), assignees and authors as user ids, the creator of a project under `user` (#project, #task), dates
 *   in annotations as epoch milliseconds (#annotation-dates), a sentence instead of import counts (#import-counts), 200
 *   instead of 201 (#success-status), issue lists under `issues` with `stageId` (#issue-list-key, #issue), no data in
 *   the response to adding members (#added-members), `null` as the batch of an asset without batches (#batch-names).
 *
 * Requests are accepted in every documented form, in all dialects. Answers under `objects` (#answer-keys) appear in no
 * document, and tasks are filtered by `status` (#task-status): both are the same in all dialects.
 *
 * @remarks undocumented: which of these shapes were in use at the same time; that issue lists were called `issues`.
 *
 * @category options
 * @since 0.1.0
 */
export type Dialect = "current" | "documented-2025" | "documented-2023"

/** Every dialect. */
export const dialects: ReadonlyArray<Dialect> = ["current", "documented-2025", "documented-2023"]

type Json = Readonly<Record<string, unknown>>

type Rewrite = (value: Json, state: HubState) => Json

interface Rule {
  /** The status of a successful response; by default unchanged. */
  readonly status?: number
  /** Rewrites the data of a successful response; `undefined` removes it. */
  readonly data?: (value: Json, state: HubState) => Json | undefined
}

interface Table {
  readonly rules: { readonly [Name in OperationName]?: Rule }
  /** The status for an unknown project; by default 400. */
  readonly unknownProject?: number
}

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const without = (value: Json, ...names: ReadonlyArray<string>): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))

// Rewrites the value of a field; if it is a list, each of its items.
const rewriteField =
  (name: string, rewrite: Rewrite): Rewrite =>
  (value, state) => {
    const rewriteItem = (item: unknown): unknown => (isRecord(item) ? rewrite(item, state) : item)
    const content = value[name]
    if (!Object.hasOwn(value, name)) return value
    return { ...value, [name]: Array.isArray(content) ? content.map(rewriteItem) : rewriteItem(content) }
  }

const rewriteAll =
  (...rewrites: ReadonlyArray<Rewrite>): Rewrite =>
  (value, state) =>
    rewrites.reduce((rewritten, rewrite) => rewrite(rewritten, state), value)

// --- October 2025

const withAssetId: Rewrite = (task) =>
  isRecord(task["asset"]) ? { ...task, asset: task["asset"]["_id"] } : task

const withBatchDefaults: Rewrite = (batch) => ({ description: "", color: "#4caf50", ...batch })

const historyAsList: Rewrite = (data) => ({ ...data, taskHistory: [data["taskHistory"]].flat() })

const withoutProvider: Rewrite = (storage) => without(storage, "provider")

const withProjectBatches = rewriteField("project", rewriteField("batches", withBatchDefaults))

const table2025: Table = {
  unknownProject: 404,
  rules: {
    "annotations.annotate": { data: rewriteField("label", withAssetId) },
    "batches.list": { data: rewriteField("batches", withBatchDefaults) },
    "batches.update": {
      data: rewriteField(
        "project",
        rewriteField(
          "batches",
          rewriteAll(withBatchDefaults, (batch) => without(batch, "_id"))
        )
      )
    },
    "projects.addMembers": { data: withProjectBatches },
    "projects.create": { data: withProjectBatches },
    "projects.get": { data: withProjectBatches },
    "projects.update": { data: withProjectBatches },
    "storages.create": { data: rewriteField("storage", withoutProvider) },
    "storages.delete": { data: rewriteField("storage", withoutProvider) },
    "storages.list": { data: rewriteField("storages", withoutProvider) },
    "tasks.get": { data: rewriteField("task", withAssetId) },
    "tasks.historyItem": { data: historyAsList },
    "tasks.list": { data: rewriteField("tasks", withAssetId) },
    "tasks.review": { data: rewriteField("label", withAssetId) }
  }
}

// --- 2023

const findMember = (state: HubState, email: unknown) =>
  state.organization.members.find((candidate) => candidate.email === email)

// Authors who are not members, such as "import", keep their name.
const emailsToIds =
  (...names: ReadonlyArray<string>): Rewrite =>
  (value, state) => ({
    ...value,
    ...Object.fromEntries(
      names.flatMap((name) => {
        const member = findMember(state, value[name])
        return member === undefined ? [] : [[name, member._id]]
      })
    )
  })

const datesToMillis =
  (...names: ReadonlyArray<string>): Rewrite =>
  (value) => ({
    ...value,
    ...Object.fromEntries(
      names.flatMap((name) => {
        const instant = value[name]
        return typeof instant === "string" ? [[name, Date.parse(instant)]] : []
      })
    )
  })

const oldAnnotation = rewriteField(
  "metadata",
  rewriteAll(emailsToIds("createdBy", "updatedBy"), datesToMillis("createdAt", "updatedAt"))
)

const oldAnswer = rewriteAll(
  rewriteField("tools", oldAnnotation),
  rewriteField("classifications", oldAnnotation),
  rewriteField("relations", oldAnnotation)
)

const oldTask = rewriteAll(
  rewriteField("answer", oldAnswer),
  emailsToIds("assignee", "completedBy", "updatedBy")
)

const oldHistoryItem: Rewrite = ({ id, ...item }, state) => {
  const task = findTask(state, String(item["labelTaskId"]))
  const taskFields =
    task === undefined
      ? {}
      : {
          asset: assetIdOf(task),
          batches: task.batches,
          organization: task.organization,
          project: task.project
        }
  return { _id: id, deleted: false, rework: false, isSkipped: false, ...taskFields, ...item }
}

// One object, the latest item. An empty history stays an empty list.
const oldHistory: Rewrite = (data, state) => {
  const last: unknown = [data["taskHistory"]].flat().at(-1)
  return isRecord(last)
    ? { ...data, taskHistory: rewriteAll(oldHistoryItem, rewriteField("answer", oldAnswer))(last, state) }
    : data
}

// The creator as old responses embedded it, without its API key.
const oldCreator = (state: HubState, owner: unknown): unknown => {
  const member = findMember(state, owner)
  if (member === undefined) return owner
  const { _id, email, name, organizationRole } = member
  return {
    _id,
    name,
    email,
    organization: state.organization.id,
    organizationRole: organizationRole.toLowerCase(),
    deleted: false
  }
}

const oldProject: Rewrite = ({ benchmarkEnabled, benchmarkRatio, owner, ...project }, state) => ({
  ...project,
  user: oldCreator(state, owner),
  benchmark: benchmarkEnabled,
  consensusCount: 1,
  reviewConf: { filters: [] },
  aiAssistance: { cocoRelations: [] },
  tags: [],
  __v: 0
})

// Clients of that age read both ids (docs/api-notes.md#storage).
const oldStorage: Rewrite = ({ _id, createdAt, name, organization, provider }) => ({
  _id,
  id: _id,
  name,
  provider,
  organization,
  createdAt
})

const withLowerCaseRole: Rewrite = (person) => ({
  ...person,
  organizationRole: String(person["organizationRole"]).toLowerCase()
})

const oldIssue: Rewrite = ({ stage, ...issue }) =>
  stage === undefined ? issue : { ...issue, stageId: stage }

const withNullBatch: Rewrite = (asset) =>
  Array.isArray(asset["batches"]) && asset["batches"].length === 0 ? { ...asset, batches: [null] } : asset

const table2023: Table = {
  rules: {
    "annotations.annotate": { data: rewriteField("label", oldTask) },
    "assets.importFromCloud": { status: 200, data: () => ({ assets: "Successfully created." }) },
    "assets.list": { data: rewriteField("assets", withNullBatch) },
    "batches.update": { data: rewriteField("project", oldProject) },
    "issues.comment": { data: rewriteField("issue", oldIssue) },
    "issues.create": { data: rewriteField("issue", oldIssue) },
    "issues.list": {
      status: 200,
      data: rewriteAll(rewriteField("issue", oldIssue), ({ issue, ...others }) => ({
        issues: issue,
        ...others
      }))
    },
    "issues.update": { data: rewriteField("issue", oldIssue) },
    "organizations.invite": { data: rewriteField("invites", withLowerCaseRole) },
    "organizations.invites": { data: rewriteField("invites", withLowerCaseRole) },
    "organizations.members": { data: rewriteField("users", withLowerCaseRole) },
    "projects.addMembers": { data: () => undefined },
    "projects.create": { status: 200, data: rewriteField("project", oldProject) },
    "projects.get": { data: rewriteField("project", oldProject) },
    "projects.update": { data: rewriteField("project", oldProject) },
    "storages.create": { data: rewriteField("storage", oldStorage) },
    "storages.delete": { data: rewriteField("storage", oldStorage) },
    "storages.list": { data: rewriteField("storages", oldStorage) },
    "tasks.get": { data: rewriteField("task", oldTask) },
    "tasks.history": { data: oldHistory },
    "tasks.historyItem": { data: oldHistory },
    "tasks.list": { data: rewriteField("tasks", oldTask) },
    "tasks.review": { data: rewriteField("label", oldTask) },
    "uploads.signedUrl": { status: 200 },
    "uploads.uploadUrl": { status: 200 }
  }
}

const tables: Readonly<Record<Dialect, Table>> = {
  current: { rules: {} },
  "documented-2025": table2025,
  "documented-2023": table2023
}

const text = new TextDecoder()

/** Rewrites a response of the hub to an operation into a dialect. */
export const applyDialect = (dialect: Dialect, operation: RequestName, state: HubState) => {
  const { rules, unknownProject } = tables[dialect]
  const rule = operation === "unknown" || operation === "files" ? undefined : rules[operation]
  return (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse => {
    if (response.body._tag !== "Uint8Array" || (rule === undefined && unknownProject === undefined)) {
      return response
    }
    // The hub wrote this JSON itself, so that it has the hub's envelope.
    const body = JSON.parse(text.decode(response.body.body)) as Json
    if (response.status >= 400) {
      const isUnknownProject =
        response.status === 400 && String(body["message"]).startsWith("Invalid project: ")
      return isUnknownProject && unknownProject !== undefined
        ? HttpServerResponse.unsafeJson(body, { status: unknownProject })
        : response
    }
    if (rule === undefined) return response
    const { data = (value: Json) => value, status = response.status } = rule
    const rewritten = isRecord(body["data"]) ? data(body["data"], state) : undefined
    return HttpServerResponse.unsafeJson(
      rewritten === undefined ? without(body, "data") : { ...body, data: rewritten },
      { status }
    )
  }
}
