/**
 * `effect-ango`: the Effect-native client for Ango Hub.
 *
 * @since 0.1.0
 */
export * as Ango from "./Ango.js"
export * as AngoError from "./AngoError.js"
export { AngoApi } from "./api/AngoApi.js"
export type { Page, PageOptions } from "./internal/paginate.js"
export type { UntotalledPage } from "./internal/untotalled.js"
export * as AngoClient from "./layers/AngoClient.js"
export * as AngoConfig from "./layers/AngoConfig.js"
export * as RateLimit from "./layers/RateLimit.js"
export * as RetryPolicy from "./layers/RetryPolicy.js"
export * as Annotation from "./schemas/Annotation.js"
export * as Answer from "./schemas/Answer.js"
export * as Asset from "./schemas/Asset.js"
export {
  AssetBuilderTemplate,
  ColumnType,
  type NewAssetBuilderTemplate
} from "./schemas/AssetBuilderTemplate.js"
export { Batch } from "./schemas/Batch.js"
export * as CategorySchema from "./schemas/CategorySchema.js"
export {
  AssetBuilderTemplateId,
  AssetId,
  BatchId,
  type IdInput,
  IssueId,
  OrganizationId,
  ProjectId,
  StageId,
  StorageId,
  TaskHistoryId,
  TaskId,
  UserId
} from "./schemas/Id.js"
export * as Issue from "./schemas/Issue.js"
export type { ImportResult, LabelImport } from "./schemas/LabelImport.js"
export * as LabelTask from "./schemas/LabelTask.js"
export { Interval, MetricName } from "./schemas/Metrics.js"
export * as Ontology from "./schemas/Ontology.js"
export * as Organization from "./schemas/Organization.js"
export { PluginLog, PluginReceipt, PluginResponse } from "./schemas/Plugin.js"
export * as Project from "./schemas/Project.js"
export type { GivenProjectRole, NewProject, ProjectChanges } from "./schemas/ProjectInput.js"
export { Stage, type StageInput, StageType } from "./schemas/Stage.js"
export { Storage, StorageListing, StorageProvider } from "./schemas/Storage.js"
export { Priority, RequeueResult, ReviewVerdict } from "./schemas/TaskChange.js"
export { TaskHistory, TaskHistoryItem } from "./schemas/TaskHistory.js"
export * as Timestamp from "./schemas/Timestamp.js"
export { type AnnotateOptions, Annotations } from "./services/Annotations.js"
export { type AssetFilter, Assets } from "./services/Assets.js"
export { Batches } from "./services/Batches.js"
export { type IssueFilter, Issues, type IssueUpdate, type NewIssue } from "./services/Issues.js"
export { Metrics, type PerformanceQuery } from "./services/Metrics.js"
export {
  type Invitation,
  type InviteFilter,
  type MemberFilter,
  Organizations
} from "./services/Organizations.js"
export { type FileExplorerQuery, Plugins } from "./services/Plugins.js"
export { Projects } from "./services/Projects.js"
export { type FileQuery, type NewStorage, type StorageFilter, Storages } from "./services/Storages.js"
export {
  type RequeueChanges,
  type SelectionFilters,
  type SelectionOptions,
  type TaskFilter,
  Tasks,
  type TasksOfStage
} from "./services/Tasks.js"
