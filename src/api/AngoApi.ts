/**
 * The contract: every endpoint with its method, path, query, body, statuses and errors. The client, the emulator and the
 * OpenAPI document are made from this value. Paths are relative to `/v2`.
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
import { LlmsApi } from "./llms.js"
import { MetricsApi } from "./metrics.js"
import { NotificationsApi } from "./notifications.js"
import { OrganizationsApi } from "./organizations.js"
import { platformGroup } from "./platformGroup.js"
import { PluginsApi } from "./plugins.js"
import { ProjectsApi } from "./projects.js"
import { StoragesApi } from "./storages.js"
import { TasksApi } from "./tasks.js"
import { UploadsApi } from "./uploads.js"

/**
 * The contract of all endpoints. The errors added here are those that every endpoint can return.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AngoApi = HttpApi.make("ango-hub")
  .add(platformGroup(ProjectsApi))
  .add(platformGroup(TasksApi))
  .add(platformGroup(AnnotationsApi))
  .add(platformGroup(AssetsApi))
  .add(platformGroup(AttachmentsApi))
  .add(platformGroup(BatchesApi))
  .add(platformGroup(ExportsApi))
  .add(platformGroup(IssuesApi))
  .add(platformGroup(LlmsApi))
  .add(platformGroup(MetricsApi))
  .add(platformGroup(NotificationsApi))
  .add(platformGroup(OrganizationsApi))
  .add(platformGroup(PluginsApi))
  .add(platformGroup(StoragesApi))
  .add(platformGroup(UploadsApi))
  .addError(Forbidden)
  .addError(TooManyRequests)
  .addError(InternalError)
  .middleware(Authentication)

/**
 * @category models
 * @since 0.1.0
 */
export type AngoApi = typeof AngoApi
