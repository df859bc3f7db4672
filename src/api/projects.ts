/**
 * The project endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as Multipart from "@effect/platform/Multipart"
import * as Schema from "effect/Schema"
import { NewAssetBuilderTemplate } from "../schemas/AssetBuilderTemplate.js"
import { ProjectId, StageId, StorageId } from "../schemas/ids.js"
import { Project, ProjectSummary } from "../schemas/Project.js"
import { NewMembers, NewProject, ProjectUpdate } from "../schemas/ProjectInput.js"
import { BadRequest, NotFound, success, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, neverShown, Repeatability, safe } from "./Repeatability.js"
import { listOf, Rows } from "./rowList.js"

const path = Schema.Struct({ projectId: ProjectId })

const projects = listOf("projects", ProjectSummary)

/** P1 `GET /listProjects`. */
const list = HttpApiEndpoint.get("list", "/listProjects")
  .setUrlParams(Schema.Struct({ ...Query.paging, sort: Query.optional(Query.Sort) }))
  .addSuccess(projects.answer)
  .annotate(Rows, projects.rows)
  .annotate(Repeatability, safe)

/** P2 `POST /project`; 201 by the newest documents (docs/api-notes.md#success-status). */
const create = HttpApiEndpoint.post("create", "/project")
  .setPayload(NewProject)
  .addSuccess(success({ project: Project }), { status: 201 })
  .annotate(Repeatability, never("projects.list", "a project of this name"))

/** P3 `GET /project/{projectId}`. */
const get = HttpApiEndpoint.get("get", "/project/:projectId")
  .setPath(path)
  .addSuccess(success({ project: Project }))
  .annotate(Repeatability, safe)

/** P4 `POST /project/{projectId}`: a partial project; `categorySchema` and `stages` replace what was there. */
const update = HttpApiEndpoint.post("update", "/project/:projectId")
  .setPath(path)
  .setPayload(ProjectUpdate)
  .addSuccess(success({ project: Project }))
  .annotate(Repeatability, idempotent("projects.get", "the new values on the project"))

/** P5 `DELETE /project/{projectId}`: a soft delete. */
const remove = HttpApiEndpoint.del("delete", "/project/:projectId")
  .setPath(path)
  .addSuccess(undocumented)
  .annotate(Repeatability, idempotent("projects.list", "the project being gone"))

/**
 * P6 `POST /project/{projectId}/assigned`; sources differ on whether it answers with the project
 * (docs/api-notes.md#added-members, #undocumented-answers).
 */
const addMembers = HttpApiEndpoint.post("addMembers", "/project/:projectId/assigned")
  .setPath(path)
  .setPayload(NewMembers)
  .addSuccess(undocumented)
  .annotate(Repeatability, never("projects.get", "the members of the project"))

/** P7 `POST /project/{projectId}/instructions`: a form with one part, `file`. */
const instructions = HttpApiEndpoint.post("instructions", "/project/:projectId/instructions")
  .setPath(path)
  .setUrlParams(
    Schema.Struct({ storageId: Query.optional(StorageId), bucket: Query.optional(Schema.String) })
  )
  .setPayload(HttpApiSchema.Multipart(Schema.Struct({ file: Multipart.SingleFileSchema })))
  .addSuccess(undocumented)
  .annotate(Repeatability, never("projects.get", "the instructions of the project"))

/** P8 `POST /project/{projectId}/rerun-webhook`; the SDK writes a second slash before `project`. */
const rerunWebhook = HttpApiEndpoint.post("rerunWebhook", "/project/:projectId/rerun-webhook")
  .setPath(path)
  .setPayload(Schema.Struct({ stageId: StageId }))
  .addSuccess(undocumented)
  .annotate(Repeatability, neverShown)

/** P9 `POST /project/{projectId}/assetBuilderTemplates`. */
const createAssetBuilderTemplate = HttpApiEndpoint.post(
  "createAssetBuilderTemplate",
  "/project/:projectId/assetBuilderTemplates"
)
  .setPath(path)
  .setPayload(NewAssetBuilderTemplate)
  .addSuccess(undocumented)
  .annotate(Repeatability, never("projects.get", "a template of this name"))

/** @since 0.1.0 */
export const ProjectsApi = HttpApiGroup.make("projects")
  .add(list)
  .add(create)
  .add(get)
  .add(update)
  .add(remove)
  .add(addMembers)
  .add(instructions)
  .add(rerunWebhook)
  .add(createAssetBuilderTemplate)
  .addError(BadRequest)
  .addError(NotFound)
