/**
 * The shapes of answers in which the documents differ: per dialect a table of operations, and how each answer is
 * told there. The hub itself stores and answers the current shapes.
 *
 * @since 0.1.0
 */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import type { OperationName } from "../../api/operations.js"
import { assetOf, findTask, type HubState } from "../state/HubState.js"
import type { RequestName } from "./requestRoute.js"

/**
 * Whose documents the shapes of answers follow where these differ.
 *
 * - `"current"`: the newest shapes, as they were observed (docs/api-notes.md#contradictions).
 * - `"documented-2025"`: the reference of October 2025 to the letter, where it and the observed shapes differ: the
 *   asset of a task is its id (#task-asset), a storage has a `type` and no `provider` (#storage-fields), one history
 *   item comes as a list (#history-shape), batches have a description and a colour, and no id in the answer to their
 *   creation (#batch-fields), an unknown project is 404 (#unknown-project).
 * - `"documented-2023"`: what the documents of 2023 and the SDK of 2024 show: storages with `id` and `provider`
 *   (#storage-fields), organization roles in lower case (#organization-roles), the history of a task as one object,
 *   its latest item (#history-shape), assignees and authors by user id, the creator under `user` (#project, #task),
 *   dates in annotations as epoch milliseconds (#annotation-dates), a sentence instead of import counts
 *   (#import-counts), 200 instead of 201 (#success-status), `issues` with `stageId` (#issue-list-key, #issue), no data
 *   after members were added (#added-members), `null` for the batch of an asset in none (#batch-names).
 *
 * Requests are understood in every documented variant, whatever the dialect. No document shows answers under
 * `objects` (#answer-keys), and the status of a task is filtered by (#task-status): both are the same in all dialects.
 *
 * @remarks undocumented: which of these shapes went together at any one time; that old lists of issues were called
 * `issues`.
 *
 * @since 0.1.0
 */
export type Dialect = "current" | "documented-2025" | "documented-2023"

/** Every dialect. */
export const dialects: ReadonlyArray<Dialect> = ["current", "documented-2025", "documented-2023"]

type Json = Readonly<Record<string, unknown>>

type Rewriting = (value: Json, state: HubState) => Json

interface Rule {
  /** The status of a success; by default that of the hub. */
  readonly status?: number
  /** What becomes of the data of a success; `undefined` for no data at all. */
  readonly data?: (value: Json, state: HubState) => Json | undefined
}

interface Table {
  readonly rules: { readonly [Name in OperationName]?: Rule }
  /** The status under which an unknown project is refused; by default 400. */
  readonly unknownProject?: number
}

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const without = (value: Json, ...names: ReadonlyArray<string>): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))

// Rewrites what is under a name; each of its items, when it is a list.
const at =
  (name: string, rewrite: Rewriting): Rewriting =>
  (value, state) => {
    const one = (item: unknown): unknown => (isRecord(item) ? rewrite(item, state) : item)
    const found = value[name]
    if (!Object.hasOwn(value, name)) return value
    return { ...value, [name]: Array.isArray(found) ? found.map(one) : one(found) }
  }

const inTurn =
  (...all: ReadonlyArray<Rewriting>): Rewriting =>
  (value, state) =>
    all.reduce((rewritten, rewrite) => rewrite(rewritten, state), value)

// --- October 2025

const withAssetId: Rewriting = (task) =>
  isRecord(task["asset"]) ? { ...task, asset: task["asset"]["_id"] } : task

const described: Rewriting = (batch) => ({ description: "", color: "#4caf50", ...batch })

const listed: Rewriting = (data) => ({ ...data, taskHistory: [data["taskHistory"]].flat() })

const typed: Rewriting = (storage) => without(storage, "provider")

const ofProject = at("project", at("batches", described))

const of2025: Table = {
  unknownProject: 404,
  rules: {
    "annotations.annotate": { data: at("label", withAssetId) },
    "batches.list": { data: at("batches", described) },
    "batches.update": {
      data: at(
        "project",
        at(
          "batches",
          inTurn(described, (batch) => without(batch, "_id"))
        )
      )
    },
    "projects.addMembers": { data: ofProject },
    "projects.create": { data: ofProject },
    "projects.get": { data: ofProject },
    "projects.update": { data: ofProject },
    "storages.create": { data: at("storage", typed) },
    "storages.delete": { data: at("storage", typed) },
    "storages.list": { data: at("storages", typed) },
    "tasks.get": { data: at("task", withAssetId) },
    "tasks.historyItem": { data: listed },
    "tasks.list": { data: at("tasks", withAssetId) },
    "tasks.review": { data: at("label", withAssetId) }
  }
}

// --- 2023

const member = (state: HubState, email: unknown) =>
  state.organization.members.find((one) => one.email === email)

// Whoever is no member, such as the import, keeps the name.
const byId =
  (...names: ReadonlyArray<string>): Rewriting =>
  (value, state) => ({
    ...value,
    ...Object.fromEntries(
      names.flatMap((name) => {
        const known = member(state, value[name])
        return known === undefined ? [] : [[name, known._id]]
      })
    )
  })

const inMilliseconds =
  (...names: ReadonlyArray<string>): Rewriting =>
  (value) => ({
    ...value,
    ...Object.fromEntries(
      names.flatMap((name) => {
        const instant = value[name]
        return typeof instant === "string" ? [[name, Date.parse(instant)]] : []
      })
    )
  })

const oldItem = at(
  "metadata",
  inTurn(byId("createdBy", "updatedBy"), inMilliseconds("createdAt", "updatedAt"))
)

const oldAnswer = inTurn(at("tools", oldItem), at("classifications", oldItem), at("relations", oldItem))

const oldTask = inTurn(at("answer", oldAnswer), byId("assignee", "completedBy", "updatedBy"))

const oldVisit: Rewriting = ({ id, ...item }, state) => {
  const task = findTask(state, String(item["labelTaskId"]))
  const around =
    task === undefined
      ? {}
      : {
          asset: assetOf(task),
          batches: task.batches,
          organization: task.organization,
          project: task.project
        }
  return { _id: id, deleted: false, rework: false, isSkipped: false, ...around, ...item }
}

// One object: the latest item. What has no history has no object either.
const oldHistory: Rewriting = (data, state) => {
  const last: unknown = [data["taskHistory"]].flat().at(-1)
  return isRecord(last)
    ? { ...data, taskHistory: inTurn(oldVisit, at("answer", oldAnswer))(last, state) }
    : data
}

// The creator as old answers embedded it, but for the key that they carried.
const creator = (state: HubState, owner: unknown): unknown => {
  const known = member(state, owner)
  if (known === undefined) return owner
  const { _id, email, name, organizationRole } = known
  return {
    _id,
    name,
    email,
    organization: state.organization.id,
    organizationRole: organizationRole.toLowerCase(),
    deleted: false
  }
}

const oldProject: Rewriting = ({ benchmarkEnabled, benchmarkRatio, owner, ...project }, state) => ({
  ...project,
  user: creator(state, owner),
  benchmark: benchmarkEnabled,
  consensusCount: 1,
  reviewConf: { filters: [] },
  aiAssistance: { cocoRelations: [] },
  tags: [],
  __v: 0
})

const oldStorage: Rewriting = ({ _id, createdAt, name, organization, provider }) => ({
  id: _id,
  name,
  provider,
  organization,
  createdAt
})

const oldRole: Rewriting = (person) => ({
  ...person,
  organizationRole: String(person["organizationRole"]).toLowerCase()
})

const oldIssue: Rewriting = ({ stage, ...issue }) =>
  stage === undefined ? issue : { ...issue, stageId: stage }

const inNoBatch: Rewriting = (asset) =>
  Array.isArray(asset["batches"]) && asset["batches"].length === 0 ? { ...asset, batches: [null] } : asset

const of2023: Table = {
  rules: {
    "annotations.annotate": { data: at("label", oldTask) },
    "assets.importFromCloud": { status: 200, data: () => ({ assets: "Successfully created." }) },
    "assets.list": { data: at("assets", inNoBatch) },
    "batches.update": { data: at("project", oldProject) },
    "issues.comment": { data: at("issue", oldIssue) },
    "issues.create": { data: at("issue", oldIssue) },
    "issues.list": {
      status: 200,
      data: inTurn(at("issue", oldIssue), ({ issue, ...others }) => ({ issues: issue, ...others }))
    },
    "issues.update": { data: at("issue", oldIssue) },
    "organizations.invite": { data: at("invites", oldRole) },
    "organizations.invites": { data: at("invites", oldRole) },
    "organizations.members": { data: at("users", oldRole) },
    "projects.addMembers": { data: () => undefined },
    "projects.create": { status: 200, data: at("project", oldProject) },
    "projects.get": { data: at("project", oldProject) },
    "projects.update": { data: at("project", oldProject) },
    "storages.create": { data: at("storage", oldStorage) },
    "storages.delete": { data: at("storage", oldStorage) },
    "storages.list": { data: at("storages", oldStorage) },
    "tasks.get": { data: at("task", oldTask) },
    "tasks.history": { data: oldHistory },
    "tasks.historyItem": { data: oldHistory },
    "tasks.list": { data: at("tasks", oldTask) },
    "tasks.review": { data: at("label", oldTask) },
    "uploads.signedUrl": { status: 200 },
    "uploads.uploadUrl": { status: 200 }
  }
}

const tables: Readonly<Record<Dialect, Table>> = {
  current: { rules: {} },
  "documented-2025": of2025,
  "documented-2023": of2023
}

const text = new TextDecoder()

/** An answer of the hub to an operation, as it is told in a dialect. */
export const speak = (dialect: Dialect, operation: RequestName, state: HubState) => {
  const { rules, unknownProject } = tables[dialect]
  const rule = operation === "unknown" || operation === "files" ? undefined : rules[operation]
  return (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse => {
    if (response.body._tag !== "Uint8Array" || (rule === undefined && unknownProject === undefined)) {
      return response
    }
    // The hub wrote this text itself, in its envelope.
    const body = JSON.parse(text.decode(response.body.body)) as Json
    if (response.status >= 400) {
      const isUnknown = response.status === 400 && String(body["message"]).startsWith("Invalid project: ")
      return isUnknown && unknownProject !== undefined
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
