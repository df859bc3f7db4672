/**
 * What the embedded hub remembers, in the shapes that it puts on the wire. Lists are in order of creation.
 *
 * Handlers change it in place: each runs in one turn of the event loop, so that no reader sees half a change, and
 * a project of a hundred thousand tasks is not copied for every one of them.
 *
 * @since 0.1.0
 */
import type { ExportParameters } from "../../api/exports.js"
import type { Answer } from "../../schemas/Answer.js"
import type { Asset } from "../../schemas/Asset.js"
import type { Issue } from "../../schemas/Issue.js"
import type { LabelTask } from "../../schemas/LabelTask.js"
import type { Project } from "../../schemas/Project.js"

/** @since 0.1.0 */
export type WireProject = typeof Project.Encoded
/** @since 0.1.0 */
export type WireTask = typeof LabelTask.Encoded
/** @since 0.1.0 */
export type WireAsset = typeof Asset.Encoded
/** @since 0.1.0 */
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

/** @since 0.1.0 */
export type WireIssue = typeof Issue.Encoded

/**
 * A member of the organization; roles are capitalised, as the newest documents have them
 * (docs/api-notes.md#organization-roles).
 */
export interface WireMember {
  readonly _id: string
  readonly email: string
  readonly name: string
  readonly organizationRole: string
  readonly createdAt: string
}

/** An invite as answers carry it. */
export interface WireInvite {
  readonly _id: string
  readonly to: string
  readonly organizationRole: string
  readonly status: "Pending" | "Accepted"
  readonly createdBy: string
  readonly createdAt: string
  readonly expiresAt: string
}

/** An invite, and the projects that come with it. */
export interface StoredInvite {
  invite: WireInvite
  readonly projectAssignments: ReadonlyArray<{ readonly projectId: string; readonly projectRole: string }>
}

/** The one organization of the hub. */
export interface StoredOrganization {
  readonly id: string
  members: Array<WireMember>
  invites: Array<StoredInvite>
}

/**
 * A storage under both names of its provider (docs/api-notes.md#storage-fields), and without keys: the hub never keeps
 * any.
 */
export interface WireStorage {
  readonly _id: string
  readonly name: string
  readonly provider: string
  readonly type: string
  readonly bucket?: string
  readonly region: string
  readonly organization: string
  readonly createdAt: string
}

/** A storage and what is in its buckets. Sizes are in bytes. */
export interface StoredStorage {
  readonly storage: WireStorage
  readonly files: ReadonlyArray<{ readonly bucket: string; readonly key: string; readonly size: number }>
}

/** A file in the hub's own storage. */
export interface StoredFile {
  /** In bytes. */
  readonly size: number
  /** The SHA-256 of its content, as 64 hexadecimal digits. */
  readonly sha256: string
  readonly contentType: string
  /** Nothing when the file is larger than what is kept (`uploads.keep` of the options). */
  readonly content: Uint8Array | undefined
}

/** What a pre-signed link allows: to write or to read one file, named by its path. */
export interface SignedFile {
  readonly method: "GET" | "PUT"
  readonly path: string
  /** On the hub's clock, epoch milliseconds; nothing for a link that lasts for ever. */
  readonly expiresAt?: number
}

/** A project with everything in it. */
export interface StoredProject {
  project: WireProject
  assets: Array<WireAsset>
  /** Without answers: those are in {@link HubState.answers}. */
  tasks: Array<WireTask>
}

/** A deleted project, with what belonged to its tasks. */
export interface DeletedProject extends StoredProject {
  readonly answers: Map<string, WireAnswer>
  readonly histories: Map<string, ReadonlyArray<WireHistoryItem>>
}

/** @since 0.1.0 */
export interface HubState {
  readonly projects: Map<string, StoredProject>
  readonly answers: Map<string, WireAnswer>
  /** By task id, oldest first. */
  readonly histories: Map<string, ReadonlyArray<WireHistoryItem>>
  /** What was deleted, marked so: no handler looks here. */
  readonly deletedProjects: Map<string, DeletedProject>
  /** By id, oldest first. An issue whose task or project is gone is gone with it, whether it is still here or not. */
  readonly issues: Map<string, WireIssue>
  readonly organization: StoredOrganization
  /** By id, oldest first. */
  readonly storages: Map<string, StoredStorage>
  /** The files of the hub's own storage, by path: `<projectId>/<type>/<name>`. */
  readonly files: Map<string, StoredFile>
  /** By the token in the link. */
  readonly links: Map<string, SignedFile>
  /** What was asked of each export, by the path of its archive. */
  readonly exports: Map<string, ExportParameters>
}

/** The project that a task belongs to, and the task. */
export const findTask = (state: HubState, taskId: string): WireTask | undefined => {
  for (const { tasks } of state.projects.values()) {
    const task = tasks.find((candidate) => candidate._id === taskId)
    if (task !== undefined) return task
  }
  return undefined
}

const forgetTask = (state: HubState, taskId: string): void => {
  state.answers.delete(taskId)
  state.histories.delete(taskId)
  for (const issue of state.issues.values()) {
    if (issue.labelTask === taskId) state.issues.delete(issue._id)
  }
}

const leaveAsset = (stored: StoredProject, task: WireTask): void => {
  const place = stored.assets.findIndex(({ _id }) => _id === assetOf(task))
  const asset = stored.assets[place]
  if (asset === undefined) return
  const labelTasks = (asset.labelTasks ?? []).filter(({ _id }) => _id !== task._id)
  stored.assets[place] = { ...asset, labelTasks }
}

/**
 * Removes a task with its answer, history and issues, and from its asset; later tasks move up in every list.
 */
export const deleteTask = (state: HubState, taskId: string): boolean => {
  for (const stored of state.projects.values()) {
    const index = stored.tasks.findIndex((task) => task._id === taskId)
    const task = stored.tasks[index]
    if (task !== undefined) {
      stored.tasks.splice(index, 1)
      leaveAsset(stored, task)
      forgetTask(state, taskId)
      return true
    }
  }
  return false
}

const take = <A>(from: Map<string, A>, ids: ReadonlyArray<string>): Map<string, A> => {
  const taken = new Map<string, A>()
  for (const id of ids) {
    const value = from.get(id)
    if (value !== undefined) taken.set(id, value)
    from.delete(id)
  }
  return taken
}

/**
 * Deletes a project softly: it moves out of every handler's sight with its assets, tasks, answers and histories,
 * all marked as deleted.
 */
export const deleteProject = (state: HubState, projectId: string): boolean => {
  const stored = state.projects.get(projectId)
  if (stored === undefined) return false
  const taskIds = stored.tasks.map(({ _id }) => _id)
  state.deletedProjects.set(projectId, {
    project: { ...stored.project, deleted: true },
    assets: stored.assets.map((asset) => ({ ...asset, deleted: true })),
    tasks: stored.tasks.map((task) => ({ ...task, deleted: true })),
    answers: take(state.answers, taskIds),
    histories: take(state.histories, taskIds)
  })
  state.projects.delete(projectId)
  return true
}

/** The id of a task's asset, populated or not. */
export const assetOf = (task: WireTask): string | undefined =>
  typeof task.asset === "string" ? task.asset : task.asset?._id

/** Removes assets of a project with their tasks; how many there were. */
export const deleteAssets = (
  state: HubState,
  stored: StoredProject,
  assetIds: ReadonlySet<string>
): number => {
  const before = stored.assets.length
  stored.assets = stored.assets.filter(({ _id }) => !assetIds.has(_id))
  stored.tasks = stored.tasks.filter((task) => {
    const goes = assetIds.has(assetOf(task) ?? "")
    if (goes) forgetTask(state, task._id)
    return !goes
  })
  const deleted = before - stored.assets.length
  stored.project = { ...stored.project, assetCount: stored.assets.length }
  return deleted
}
