/**
 * All groups of the contract, in the order of the OpenAPI document.
 *
 * @since 0.1.0
 */
import { AnnotationsApi } from "./annotations.js"
import { AssetsApi } from "./assets.js"
import { AttachmentsApi } from "./attachments.js"
import { BatchesApi } from "./batches.js"
import { ExportsApi } from "./exports.js"
import { IssuesApi } from "./issues.js"
import { LlmsApi } from "./llms.js"
import { MetricsApi } from "./metrics.js"
import { NotificationsApi } from "./notifications.js"
import { OrganizationsApi } from "./organizations.js"
import { PluginsApi } from "./plugins.js"
import { ProjectsApi } from "./projects.js"
import { StoragesApi } from "./storages.js"
import { TasksApi } from "./tasks.js"
import { UploadsApi } from "./uploads.js"

/** All groups of the contract. */
export const groups = [
  ProjectsApi,
  TasksApi,
  AnnotationsApi,
  AssetsApi,
  AttachmentsApi,
  BatchesApi,
  ExportsApi,
  IssuesApi,
  LlmsApi,
  MetricsApi,
  NotificationsApi,
  OrganizationsApi,
  PluginsApi,
  StoragesApi,
  UploadsApi
] as const
