/**
 * Everything the embedded hub stores, in wire shapes. Lists are in order of creation.
 *
 * Handlers change the state in place. Each change happens in one turn of the event loop, so that no reader sees half of
 * it, and a project of a hundred thousand tasks is not copied for each change.
 *
 * @since 0.1.0
 */
import type { ExportParameters } from "../../api/exports.js"
import type { Answer } from "../../schemas/Answer.js"
import type { Asset } from "../../schemas/Asset.js"
import type { Issue } from "../../schemas/Issue.js"
import type { LabelTask } from "../../schemas/LabelTask.js"
import type { Llm } from "../../schemas/Llm.js"
import type { Project } from "../../schemas/Project.js"

/**
 * A project in wire shape.
 *
 * @category models
 * @since 0.1.0
 */
export type WireProject = typeof Project.Encoded

/**
 * A task in wire shape.
 *
 * @category models
 * @since 0.1.0
 */
export type WireTask = typeof LabelTask.Encoded

/**
 * An asset in wire shape.
 *
 * @category models
 * @since 0.1.0
 */
export type WireAsset = typeof Asset.Encoded

/**
 * The annotations of a task in wire shape.
 *
 * @category models
 * @since 0.1.0
 */
export type WireAnswer = typeof Answer.Encoded

/** One item of a task's history, as the newest documents show it. */
export interface WireHistoryItem {
  readonly id: string
  readonly labelTaskId: string
  readonly stage: string
  readonly answer: WireAnswer
  readonly duration: number
  /** Whether the task was sent back. */
  readonly rework?: boolean
  readonly completedBy?: string
  readonly completedAt: string
  readonly createdAt: string
}

/**
 * An issue in wire shape.
 *
 * @category models
 * @since 0.1.0
 */
export type WireIssue = typeof Issue.Encoded

/**
 * A member of the organization. Roles are capitalized, as in the newest documents
 * (docs/api-notes.md#organization-roles).
 */
export interface WireMember {
  readonly _id: string
  readonly email: string
  readonly name: string
  readonly organizationRole: string
  readonly createdAt: string
}

/** An invite in wire shape. */
export interface WireInvite {
  readonly _id: string
  readonly to: string
  readonly organizationRole: string
  readonly status: "Pending" | "Accepted"
  readonly createdBy: string
  readonly createdAt: string
  readonly expiresAt: string
}

/** An invite, and the project roles that the person gets on accepting it. */
export interface StoredInvite {
  invite: WireInvite
  readonly projectAssignments: ReadonlyArray<{ readonly projectId: string; readonly projectRole: string }>
}

/** The hub's only organization. */
export interface StoredOrganization {
  readonly id: string
  members: Array<WireMember>
  invites: Array<StoredInvite>
}

/**
 * A cloud storage in wire shape: with both names of its provider (docs/api-notes.md#storage-fields), and without keys,
 * which the hub never stores.
 */
export interface WireStorage {
  readonly _id: string
  readonly name: string
  readonly provider: string
  readonly type: string
  readonly bucket?: string
  readonly region?: string
  readonly organization: string
  readonly createdAt: string
}

/** A cloud storage and the files in its buckets. Sizes are in bytes. */
export interface StoredStorage {
  readonly storage: WireStorage
  readonly files: ReadonlyArray<{ readonly bucket: string; readonly key: string; readonly size: number }>
}

/**
 * A language model in wire shape, without its key, which the hub never stores.
 *
 * @category models
 * @since 0.1.0
 */
export type WireLlm = typeof Llm.Encoded

/**
 * A notification that the hub accepted.
 *
 * @category models
 * @since 0.1.0
 */
export interface SentNotification {
  /** E-mail addresses, as sent. */
  readonly receivers: ReadonlyArray<string>
  readonly message: string
  readonly title?: string
  readonly clickableLink?: string
  /** The e-mail address of the user of the API key. */
  readonly sentBy: string
  readonly sentAt: string
}

/**
 * A file in the hub's file storage.
 *
 * @category models
 * @since 0.1.0
 */
export interface StoredFile {
  /** Size in bytes. */
  readonly size: number
  /** The SHA-256 of the content, as 64 hexadecimal digits. */
  readonly sha256: string
  readonly contentType: string
  /** `undefined` if the file is larger than the option `uploads.keep`. */
  readonly content: Uint8Array | undefined
}

/** What a pre-signed link allows: to read (`GET`) or write (`PUT`) the file at a path. */
export interface SignedFile {
  readonly method: "GET" | "PUT"
  readonly path: string
  /** Epoch milliseconds on the hub's clock; missing for a link that never expires. */
  readonly expiresAt?: number
}

/**
 * A project with its assets and tasks.
 *
 * @category models
 * @since 0.1.0
 */
export interface StoredProject {
  project: WireProject
  assets: Array<WireAsset>
  /** Without annotations: those are in {@link HubState.answers}. */
  tasks: Array<WireTask>
}

/** A deleted project with the annotations and histories of its tasks. */
export interface DeletedProject extends StoredProject {
  readonly answers: Map<string, WireAnswer>
  readonly histories: Map<string, ReadonlyArray<WireHistoryItem>>
}

/**
 * Everything the hub stores, in wire shapes, for tests to inspect and change in place.
 *
 * @example
 * ```ts
 * import { AngoTest, Emulator } from "effect-ango/emulator"
 * import { Effect } from "effect"
 *
 * const completedTasks = Effect.map(Emulator, ({ state }) =>
 *   state.projects.get(AngoTest.projectId)?.tasks.filter(({ stage }) => stage === "Complete").length
 * )
 * ```
 *
 * @category models
 * @since 0.1.0
 */
export interface HubState {
  /** Projects by id, oldest first. */
  readonly projects: Map<string, StoredProject>
  /** Annotations by task id. */
  readonly answers: Map<string, WireAnswer>
  /** Histories by task id; their items are oldest first. */
  readonly histories: Map<string, ReadonlyArray<WireHistoryItem>>
  /** Deleted projects by id. No endpoint reads them. */
  readonly deletedProjects: Map<string, DeletedProject>
  /** Issues by id, oldest first. Endpoints hide an issue whose task or project was deleted. */
  readonly issues: Map<string, WireIssue>
  /** Members and invites. */
  readonly organization: StoredOrganization
  /** Cloud storages by id, oldest first. */
  readonly storages: Map<string, StoredStorage>
  /** Language models by id, oldest first. */
  readonly llms: Map<string, WireLlm>
  /** The notifications that were sent, oldest first. */
  readonly notifications: Array<SentNotification>
  /** Files of the hub's file storage by path, `<projectId>/<type>/<name>`. */
  readonly files: Map<string, StoredFile>
  /** Pre-signed links by token. */
  readonly links: Map<string, SignedFile>
  /** The parameters of each export, by the path of its archive. */
  readonly exports: Map<string, ExportParameters>
}

/** The task with an id, in any project. */
export const findTask = (state: HubState, taskId: string): WireTask | undefined => {
  for (const { tasks } of state.projects.values()) {
    const task = tasks.find((candidate) => candidate._id === taskId)
    if (task !== undefined) return task
  }
  return undefined
}

const deleteTaskData = (state: HubState, taskId: string): void => {
  state.answers.delete(taskId)
  state.histories.delete(taskId)
  for (const issue of state.issues.values()) {
    if (issue.labelTask === taskId) state.issues.delete(issue._id)
  }
}

const removeFromAsset = (stored: StoredProject, task: WireTask): void => {
  const index = stored.assets.findIndex(({ _id }) => _id === assetIdOf(task))
  const asset = stored.assets[index]
  if (asset === undefined) return
  const labelTasks = (asset.labelTasks ?? []).filter(({ _id }) => _id !== task._id)
  stored.assets[index] = { ...asset, labelTasks }
}

/**
 * Deletes a task with its annotations, history and issues; returns `false` for an unknown id. Later tasks move up in every list.
 */
export const deleteTask = (state: HubState, taskId: string): boolean => {
  for (const stored of state.projects.values()) {
    const index = stored.tasks.findIndex((task) => task._id === taskId)
    const task = stored.tasks[index]
    if (task !== undefined) {
      stored.tasks.splice(index, 1)
      removeFromAsset(stored, task)
      deleteTaskData(state, taskId)
      return true
    }
  }
  return false
}

const moveEntries = <A>(from: Map<string, A>, ids: ReadonlyArray<string>): Map<string, A> => {
  const moved = new Map<string, A>()
  for (const id of ids) {
    const value = from.get(id)
    if (value !== undefined) moved.set(id, value)
    from.delete(id)
  }
  return moved
}

/**
 * Deletes a project softly; returns `false` for an unknown id. It moves to `deletedProjects` with its assets, tasks, annotations
 * and histories, marked as deleted.
 */
export const deleteProject = (state: HubState, projectId: string): boolean => {
  const stored = state.projects.get(projectId)
  if (stored === undefined) return false
  const taskIds = stored.tasks.map(({ _id }) => _id)
  state.deletedProjects.set(projectId, {
    project: { ...stored.project, deleted: true },
    assets: stored.assets.map((asset) => ({ ...asset, deleted: true })),
    tasks: stored.tasks.map((task) => ({ ...task, deleted: true })),
    answers: moveEntries(state.answers, taskIds),
    histories: moveEntries(state.histories, taskIds)
  })
  state.projects.delete(projectId)
  return true
}

/** The id of a task's asset, whether the task embeds the asset or only its id. */
export const assetIdOf = (task: WireTask): string | undefined =>
  typeof task.asset === "string" ? task.asset : task.asset?._id

/** Deletes assets of a project with their tasks; returns how many assets were deleted. */
export const deleteAssets = (
  state: HubState,
  stored: StoredProject,
  assetIds: ReadonlySet<string>
): number => {
  const before = stored.assets.length
  stored.assets = stored.assets.filter(({ _id }) => !assetIds.has(_id))
  stored.tasks = stored.tasks.filter((task) => {
    const isDeleted = assetIds.has(assetIdOf(task) ?? "")
    if (isDeleted) deleteTaskData(state, task._id)
    return !isDeleted
  })
  const deleted = before - stored.assets.length
  stored.project = { ...stored.project, assetCount: stored.assets.length }
  return deleted
}
