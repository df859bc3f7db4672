/**
 * The contract: every endpoint's method, path, query, body and statuses, written once. The client, the embedded
 * hub and the OpenAPI document are all made from this value. Paths are relative to `/v2`.
 *
 * @since 0.1.0
 */
import * as HttpApi from "@effect/platform/HttpApi"
import { Authentication } from "./Authentication.js"
import { AnnotationsApi } from "./annotations.js"
import { AssetsApi } from "./assets.js"
import { AttachmentsApi } from "./attachments.js"
import { BatchesApi } from "./batches.js"
import { Forbidden, InternalError, TooManyRequests } from "./envelope.js"
import { ExportsApi } from "./exports.js"
import { IssuesApi } from "./issues.js"
import { MetricsApi } from "./metrics.js"
import { OrganizationsApi } from "./organizations.js"
import { PluginsApi } from "./plugins.js"
import { ProjectsApi } from "./projects.js"
import { StoragesApi } from "./storages.js"
import { TasksApi } from "./tasks.js"
import { UploadsApi } from "./uploads.js"

/** @since 0.1.0 */
export const AngoApi = HttpApi.make("ango-hub")
  .add(ProjectsApi)
  .add(TasksApi)
  .add(AnnotationsApi)
  .add(AssetsApi)
  .add(AttachmentsApi)
  .add(BatchesApi)
  .add(ExportsApi)
  .add(IssuesApi)
  .add(MetricsApi)
  .add(OrganizationsApi)
  .add(PluginsApi)
  .add(StoragesApi)
  .add(UploadsApi)
  .addError(Forbidden)
  .addError(TooManyRequests)
  .addError(InternalError)
  .middleware(Authentication)

/** @since 0.1.0 */
export type AngoApi = typeof AngoApi
