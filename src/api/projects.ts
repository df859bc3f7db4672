/**
 * The project endpoints.
 *
 * @since 0.1.0
 */
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as Multipart from "@effect/platform/Multipart"
import * as Schema from "effect/Schema"
import { NewAssetBuilderTemplate } from "../schemas/AssetBuilderTemplate.js"
import { ProjectId, StageId, StorageId } from "../schemas/ids.js"
import { Project, ProjectSummary } from "../schemas/Project.js"
import {
  CloneParts,
  LabelValidation,
  NewMembers,
  NewProject,
  ProjectUpdate,
  PurgeConfirmation
} from "../schemas/ProjectInput.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, maybeWith, NotFound, success, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, neverShown, safe } from "./Repeatability.js"
import { listOf } from "./rowList.js"

const path = { projectId: ProjectId }

const projects = listOf("projects", ProjectSummary)

/** P1. */
const list = endpoint.get("list", "/listProjects", {
  query: { ...Query.paging, sort: Query.optional(Query.Sort) },
  ...projects,
  errors: [BadRequest, NotFound],
  repeat: safe
})

/** P2. The newest documents state 201 (docs/api-notes.md#success-status). */
const create = endpoint.post("create", "/project", {
  payload: NewProject,
  success: success({ project: Project }),
  status: 201,
  errors: [BadRequest, NotFound],
  repeat: never("projects.list", "a project of this name")
})

/** P3. */
const get = endpoint.get("get", "/project/:projectId", {
  path,
  success: success({ project: Project }),
  errors: [BadRequest, NotFound],
  repeat: safe
})

/** P4. The body is a partial project; `categorySchema` and `stages` replace the current ones. */
const update = endpoint.post("update", "/project/:projectId", {
  path,
  payload: ProjectUpdate,
  success: success({ project: Project }),
  errors: [BadRequest, NotFound],
  repeat: idempotent("projects.get", "the new values on the project")
})

/** P5. A soft delete. */
const remove = endpoint.del("delete", "/project/:projectId", {
  path,
  success: undocumented,
  errors: [BadRequest, NotFound],
  repeat: idempotent("projects.list", "the project being gone")
})

/**
 * P6. Sources differ on whether the response holds the project (docs/api-notes.md#added-members,
 * #undocumented-answers).
 */
const addMembers = endpoint.post("addMembers", "/project/:projectId/assigned", {
  path,
  payload: NewMembers,
  success: undocumented,
  errors: [BadRequest, NotFound],
  repeat: never("projects.get", "the members of the project")
})

/** P7. A multipart form with one part, `file`. */
const instructions = endpoint.post("instructions", "/project/:projectId/instructions", {
  path,
  query: { storageId: Query.optional(StorageId), bucket: Query.optional(Schema.String) },
  payload: HttpApiSchema.Multipart(Schema.Struct({ file: Multipart.SingleFileSchema })),
  success: undocumented,
  errors: [BadRequest, NotFound],
  repeat: never("projects.get", "the instructions of the project")
})

/** P8. The SDK writes a second slash before `project`. */
const rerunWebhook = endpoint.post("rerunWebhook", "/project/:projectId/rerun-webhook", {
  path,
  payload: Schema.Struct({ stageId: StageId }),
  success: undocumented,
  errors: [BadRequest, NotFound],
  repeat: neverShown
})

/** P9. */
const createAssetBuilderTemplate = endpoint.post(
  "createAssetBuilderTemplate",
  "/project/:projectId/assetBuilderTemplates",
  {
    path,
    payload: NewAssetBuilderTemplate,
    success: undocumented,
    errors: [BadRequest, NotFound],
    repeat: never("projects.get", "a template of this name")
  }
)

/** P10. The response is not documented (docs/api-notes.md#clone-project). */
const clone = endpoint.post("clone", "/project/:projectId/clone", {
  path,
  payload: CloneParts,
  success: maybeWith("project", Project),
  errors: [BadRequest, NotFound],
  repeat: never("projects.list", 'a project named "<name> copy"')
})

/** P11. A soft delete that removes stored files for good (docs/api-notes.md#purge-project). */
const purge = endpoint.post("purge", "/project/:projectId/purge", {
  path,
  payload: PurgeConfirmation,
  success: undocumented,
  errors: [BadRequest, NotFound],
  repeat: idempotent("projects.list", "the project being gone, with its stored files, for good")
})

/** P12. The response is not documented (docs/api-notes.md#label-validation). */
const labelValidation = endpoint.post("labelValidation", "/project/:projectId/labelValidation", {
  path,
  payload: LabelValidation,
  success: undocumented,
  errors: [BadRequest, NotFound],
  repeat: idempotent("projects.get", "the new values on the project")
})

/**
 * @category schemas
 * @since 0.1.0
 */
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
  .add(clone)
  .add(purge)
  .add(labelValidation)
