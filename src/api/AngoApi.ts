/**
 * The contract: every endpoint's method, path, query, body and statuses, written once. The client, the embedded
 * hub and the OpenAPI document are all made from this value. Paths are relative to `/v2`.
 *
 * @since 0.1.0
 */
import * as HttpApi from "@effect/platform/HttpApi"
import { AnnotationsApi } from "./Annotations.js"
import { AssetsApi } from "./Assets.js"
import { AttachmentsApi } from "./Attachments.js"
import { Authentication } from "./Authentication.js"
import { BatchesApi } from "./Batches.js"
import { Forbidden, InternalError, TooManyRequests } from "./Envelope.js"
import { ExportsApi } from "./Exports.js"
import { IssuesApi } from "./Issues.js"
import { MetricsApi } from "./Metrics.js"
import { OrganizationsApi } from "./Organizations.js"
import { PluginsApi } from "./Plugins.js"
import { ProjectsApi } from "./Projects.js"
import { StoragesApi } from "./Storages.js"
import { TasksApi } from "./Tasks.js"
import { UploadsApi } from "./Uploads.js"

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
