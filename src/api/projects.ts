/**
 * The project endpoints.
 *
 * @since 0.1.0
 */
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
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

/** P1. */
const list = endpoint.get("list", "/listProjects", {
  repeat: safe,
  schemas: () => ({
    query: { ...Query.paging, sort: Query.optional(Query.Sort) },
    ...listOf("projects", ProjectSummary),
    errors: [BadRequest, NotFound]
  })
})

/** P2. The newest documents state 201 (docs/api-notes.md#success-status). */
const create = endpoint.post("create", "/project", {
  status: 201,
  repeat: never("projects.list", "a project of this name"),
  schemas: () => ({
    payload: NewProject,
    success: success({ project: Project }),
    errors: [BadRequest, NotFound]
  })
})

/** P3. */
const get = endpoint.get("get", "/project/:projectId", {
  repeat: safe,
  schemas: () => ({
    path,
    success: success({ project: Project }),
    errors: [BadRequest, NotFound]
  })
})

/** P4. The body is a partial project; `categorySchema` and `stages` replace the current ones. */
const update = endpoint.post("update", "/project/:projectId", {
  repeat: idempotent("projects.get", "the new values on the project"),
  schemas: () => ({
    path,
    payload: ProjectUpdate,
    success: success({ project: Project }),
    errors: [BadRequest, NotFound]
  })
})

/** P5. A soft delete. */
const remove = endpoint.del("delete", "/project/:projectId", {
  repeat: idempotent("projects.list", "the project being gone"),
  schemas: () => ({
    path,
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/**
 * P6. Sources differ on whether the response holds the project (docs/api-notes.md#added-members,
 * #undocumented-answers).
 */
const addMembers = endpoint.post("addMembers", "/project/:projectId/assigned", {
  repeat: never("projects.get", "the members of the project"),
  schemas: () => ({
    path,
    payload: NewMembers,
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

// As the platform's `Multipart` describes one: that module also has the parser of forms, which a client does not need.
const singleFile = () =>
  Schema.Array(
    Schema.Unknown.annotations({
      identifier: "PersistedFile",
      jsonSchema: { type: "string", format: "binary" }
    })
  ).pipe(Schema.itemsCount(1))

/** P7. A multipart form with one part, `file`. */
const instructions = endpoint.post("instructions", "/project/:projectId/instructions", {
  repeat: never("projects.get", "the instructions of the project"),
  schemas: () => ({
    path,
    query: { storageId: Query.optional(StorageId), bucket: Query.optional(Schema.String) },
    payload: HttpApiSchema.Multipart(Schema.Struct({ file: singleFile() })),
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/** P8. The SDK writes a second slash before `project`. */
const rerunWebhook = endpoint.post("rerunWebhook", "/project/:projectId/rerun-webhook", {
  repeat: neverShown,
  schemas: () => ({
    path,
    payload: Schema.Struct({ stageId: StageId }),
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/** P9. */
const createAssetBuilderTemplate = endpoint.post(
  "createAssetBuilderTemplate",
  "/project/:projectId/assetBuilderTemplates",
  {
    repeat: never("projects.get", "a template of this name"),
    schemas: () => ({
      path,
      payload: NewAssetBuilderTemplate,
      success: undocumented,
      errors: [BadRequest, NotFound]
    })
  }
)

/** P10. The response is not documented (docs/api-notes.md#clone-project). */
const clone = endpoint.post("clone", "/project/:projectId/clone", {
  repeat: never("projects.list", 'a project named "<name> copy"'),
  schemas: () => ({
    path,
    payload: CloneParts,
    success: maybeWith("project", Project),
    errors: [BadRequest, NotFound]
  })
})

/** P11. A soft delete that removes stored files for good (docs/api-notes.md#purge-project). */
const purge = endpoint.post("purge", "/project/:projectId/purge", {
  repeat: idempotent("projects.list", "the project being gone, with its stored files, for good"),
  schemas: () => ({
    path,
    payload: PurgeConfirmation,
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/** P12. The response is not documented (docs/api-notes.md#label-validation). */
const labelValidation = endpoint.post("labelValidation", "/project/:projectId/labelValidation", {
  repeat: idempotent("projects.get", "the new values on the project"),
  schemas: () => ({
    path,
    payload: LabelValidation,
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const ProjectsApi = endpoint.group("projects", [
  list,
  create,
  get,
  update,
  remove,
  addMembers,
  instructions,
  rerunWebhook,
  createAssetBuilderTemplate,
  clone,
  purge,
  labelValidation
])
