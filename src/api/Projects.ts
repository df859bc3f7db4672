/**
 * The project endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { ProjectId } from "../schemas/Id.js"
import { Project, ProjectSummary } from "../schemas/Project.js"
import { BadRequest, success, Total } from "./Envelope.js"
import * as Query from "./Query.js"

/** P1 `GET /listProjects`. */
const list = HttpApiEndpoint.get("list", "/listProjects")
  .setUrlParams(Schema.Struct({ ...Query.paging, sort: Query.optional(Query.Sort) }))
  .addSuccess(success({ projects: Schema.Array(ProjectSummary), total: Total }))

/** P3 `GET /project/{projectId}`. */
const get = HttpApiEndpoint.get("get", "/project/:projectId")
  .setPath(Schema.Struct({ projectId: ProjectId }))
  .addSuccess(success({ project: Project }))

/** @since 0.1.0 */
export const ProjectsApi = HttpApiGroup.make("projects").add(list).add(get).addError(BadRequest)
