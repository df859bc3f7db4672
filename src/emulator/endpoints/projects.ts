/**
 * Endpoints of projects.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { BadRequest } from "../../api/envelope.js"
import { findTemplateProblem } from "../../schemas/AssetBuilderTemplate.js"
import { findWorkflowProblem, Stage } from "../../schemas/Stage.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import { organizationId as organization } from "../seed/organization.js"
import { manager } from "../seed/people.js"
import { defaultWorkflow } from "../seed/stages.js"
import { readForm } from "../server/formBody.js"
import { HubApi, success } from "../server/hubApi.js"
import { deleteProject, type StoredProject, type WireProject } from "../state/HubState.js"
import { badRequest, forbidden, notFound, unknownProject } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"
import { copyParts } from "../state/projectCopy.js"
import { keyUser } from "../state/stageTransitions.js"
import * as Files from "../storage/fileStorage.js"
import * as Storing from "../storage/uploadStorage.js"
import { paginate } from "./listPage.js"

// The settings of a project that is created with a name only (docs/api-notes.md#create-project).
const defaultSettings = {
  description: "",
  type: "ango",
  categorySchema: { tools: [], classifications: [], relations: [] },
  benchmarkEnabled: false,
  benchmarkRatio: 10,
  ocrLanguage: "eng"
} as const satisfies Partial<WireProject>

// What the hub decides itself, and what has endpoints of its own.
const otherFields: ReadonlySet<string> = new Set([
  "_id",
  "id",
  "assetBuilderTemplates",
  "assetCount",
  "assignedTo",
  "batches",
  "createdAt",
  "deleted",
  "organization",
  "owner",
  "queueVersion",
  "role",
  "updatedAt",
  "user"
])

// Every setting is stored as it was sent, also one that this hub does not know.
const pickSettings = (payload: object): Partial<WireProject> =>
  Object.fromEntries(
    Object.entries(payload).filter(([name, value]) => value !== undefined && !otherFields.has(name))
  )

// The role that members have in a project counts before that of its owner.
const isManager = ({ assignedTo, owner }: WireProject, user: string): boolean => {
  const member = assignedTo?.find(({ assignee }) => assignee?.toLowerCase() === user)
  return member === undefined ? owner === user : member.role === "Manager"
}

const isWorkflow = Schema.is(Schema.Array(Stage))

// A new project may bring a workflow, which no document shows.
const sentWorkflow = (payload: object): Effect.Effect<typeof defaultWorkflow, BadRequest> => {
  const stages = "stages" in payload ? payload.stages : undefined
  if (stages === undefined) return Effect.succeed(defaultWorkflow)
  if (!isWorkflow(stages)) return badRequest("stages: expected a list of stages.")
  const problem = findWorkflowProblem(stages)
  return problem === undefined
    ? Effect.succeed(stages)
    : badRequest(`${problem.parameter}: ${problem.reason}`)
}

type WireTemplate = NonNullable<WireProject["assetBuilderTemplates"]>[number]

/**
 * The handlers of the group.
 *
 * @remarks undocumented: a member who is added again gets the new role; tasks in a stage that a new workflow lacks go back
 * to Start; the responses to deletion, instructions, webhooks, templates, copies, purges and label validation; instructions
 * with the same file name replace each other, and can be read by everybody who has their URL; the batches of a copy have
 * ids of their own, its type is that of the project, and asset-builder templates are not copied.
 * @since 0.1.0
 */
export const layer = HttpApiBuilder.group(HubApi, "projects", (handlers) =>
  Effect.map(Hub, (hub) => {
    const { listing, newId, now, state } = hub
    const findProject = (projectId: string) =>
      Effect.suspend(() => {
        const stored = state.projects.get(projectId)
        return stored === undefined ? unknownProject(projectId) : Effect.succeed(stored)
      })

    const updateProject = (stored: StoredProject, changes: Partial<WireProject>) =>
      Effect.map(now, (updatedAt) => {
        stored.project = { ...stored.project, ...changes, updatedAt }
        return stored.project
      })

    const createProject = (name: string, settings: Partial<WireProject>) =>
      Effect.gen(function* () {
        const project: WireProject = {
          _id: yield* newId("project"),
          name,
          ...defaultSettings,
          stages: defaultWorkflow,
          assignedTo: [],
          batches: [],
          ...settings,
          owner: manager,
          organization,
          role: "Manager",
          queueVersion: 2,
          assetCount: 0,
          deleted: false,
          createdAt: yield* now
        }
        state.projects.set(project._id, { project, assets: [], tasks: [] })
        return project
      })

    return handlers
      .handle("list", ({ urlParams }) =>
        Effect.gen(function* () {
          const all = Array.from(state.projects.values(), ({ project }) => project)
          const { rows, total } = yield* paginate(all, urlParams, listing)
          const projects = rows.map(({ _id, createdAt, description, name, organization }) => ({
            _id,
            name,
            description,
            organization,
            createdAt
          }))
          return success({ projects, total })
        })
      )
      .handle("create", ({ payload }) =>
        Effect.gen(function* () {
          const stages = yield* sentWorkflow(payload)
          return success(
            { project: yield* createProject(payload.name, { ...pickSettings(payload), stages }) },
            201
          )
        })
      )
      .handle("get", ({ path }) =>
        Effect.map(findProject(path.projectId), ({ project }) => success({ project }))
      )
      .handle("update", ({ path, payload }) =>
        Effect.gen(function* () {
          const stored = yield* findProject(path.projectId)
          const { stages } = payload
          if (stages !== undefined) {
            const problem = findWorkflowProblem(stages)
            if (problem !== undefined) return yield* badRequest(`${problem.parameter}: ${problem.reason}`)
            const known = new Set<string>(stages.map(({ id }) => id))
            const start = stages.find(({ type }) => type === "Start")?.id ?? "Start"
            stored.tasks = stored.tasks.map((task) =>
              known.has(task.stage ?? "") ? task : { ...task, stage: start, status: "TODO", assignee: null }
            )
          }
          return success({ project: yield* updateProject(stored, pickSettings(payload)) })
        })
      )
      .handle("delete", ({ path }) =>
        Effect.map(findProject(path.projectId), () => {
          deleteProject(state, path.projectId)
          return success({ message: "Project deleted." })
        })
      )
      .handle("clone", ({ path, payload }) =>
        Effect.gen(function* () {
          const { project } = yield* findProject(path.projectId)
          if (!isManager(project, keyUser)) {
            return yield* forbidden("Only managers of the project can copy it.")
          }
          const { batches = [], ...parts } = copyParts(project, payload)
          const ownBatches = yield* Effect.forEach(batches ?? [], (batch) =>
            Effect.map(newId("batch"), (_id) => ({ ...batch, _id }))
          )
          return success({
            project: yield* createProject(`${project.name} copy`, {
              ...(project.type == null ? {} : { type: project.type }),
              ...parts,
              batches: ownBatches
            })
          })
        })
      )
      .handle("purge", ({ path, payload }) =>
        Effect.gen(function* () {
          const { project } = yield* findProject(path.projectId)
          if (payload.confirmName !== project.name) {
            return yield* badRequest("confirmName: this is not the name of the project. Nothing was deleted.")
          }
          deleteProject(state, path.projectId)
          Files.deleteFolder(hub, Files.filePath(path.projectId))
          return success({ message: "Project and its files deleted." })
        })
      )
      .handle("labelValidation", ({ path, payload }) =>
        Effect.gen(function* () {
          const stored = yield* findProject(path.projectId)
          return success({ project: yield* updateProject(stored, omitUndefined(payload)) })
        })
      )
      .handle("addMembers", ({ path, payload: { assignees, role } }) =>
        Effect.gen(function* () {
          const stored = yield* findProject(path.projectId)
          const added = new Map<string, string>(
            assignees.map((assignee) => [assignee.toLowerCase(), assignee])
          )
          const others = (stored.project.assignedTo ?? []).filter(
            ({ assignee }) => !added.has((assignee ?? "").toLowerCase())
          )
          const assignedTo = [...others, ...Array.from(added.values(), (assignee) => ({ assignee, role }))]
          return success({ project: yield* updateProject(stored, { assignedTo }) })
        })
      )
      .handleRaw("instructions", ({ path, request }) =>
        Effect.gen(function* () {
          const stored = yield* findProject(path.projectId)
          const file = (yield* readForm(request)).files.get("file")
          if (file === undefined) return yield* badRequest("file: expected a form with one file.")
          const { content, contentType, name } = file
          const place = Files.filePath(path.projectId, "instructions", name)
          state.files.set(place, Storing.toStoredFile(content, contentType))
          return success({
            project: yield* updateProject(stored, { instructions: Files.fileUrl(hub, place) })
          })
        })
      )
      .handle("rerunWebhook", ({ path, payload }) =>
        Effect.gen(function* () {
          const { project, tasks } = yield* findProject(path.projectId)
          const stage = project.stages?.find(({ id }) => id === payload.stageId)
          if (stage === undefined) return yield* notFound("Stage")
          if (stage.type !== "Webhook") return yield* badRequest("stageId: this stage is not a webhook.")
          const waiting = tasks.filter((task) => task.stage === stage.id).length
          return success({ message: `Webhook is run again for ${waiting} tasks.` })
        })
      )
      .handle("createAssetBuilderTemplate", ({ path, payload }) =>
        Effect.gen(function* () {
          const stored = yield* findProject(path.projectId)
          const problem = findTemplateProblem(payload)
          if (problem !== undefined) return yield* badRequest(`${problem.parameter}: ${problem.reason}`)
          const template = { _id: yield* newId("template"), ...payload } as WireTemplate
          const assetBuilderTemplates = [...(stored.project.assetBuilderTemplates ?? []), template]
          yield* updateProject(stored, { assetBuilderTemplates })
          return success({ assetBuilderTemplate: template })
        })
      )
  })
)
