/**
 * `effect-ango`: the Effect-native client for Ango Hub.
 *
 * @since 0.1.0
 */
export * as Ango from "./Ango.js"
export * as AngoError from "./AngoError.js"
export { AngoApi } from "./api/AngoApi.js"
export * as AssignmentPlan from "./internal/assignmentPlan.js"
export * as RowOutcome from "./internal/bulk/outcome.js"
export type { BulkOptions } from "./internal/bulk/writer.js"
export * as Labels from "./internal/labels.js"
export type {
  ListOptions,
  Page,
  PageOptions,
  ResumablePage,
  Row,
  RowOptions,
  RowPolicy
} from "./internal/listOptions.js"
export * as Progress from "./internal/progress.js"
export type { UntotalledPage } from "./internal/untotalled.js"
export * as AngoClient from "./layers/AngoClient.js"
export * as AngoConfig from "./layers/AngoConfig.js"
export * as Checkpoints from "./layers/Checkpoints.js"
export * as ConcurrencyLimit from "./layers/ConcurrencyLimit.js"
export * as Drift from "./layers/Drift.js"
export * as FileSource from "./layers/FileSource.js"
export * as Guard from "./layers/Guard.js"
export * as Ledger from "./layers/Ledger.js"
export * as RateLimit from "./layers/RateLimit.js"
export * as RetryPolicy from "./layers/RetryPolicy.js"
export type { PutOptions, PutProgress } from "./layers/Sending.js"
export * as Telemetry from "./layers/Telemetry.js"
export * as Annotation from "./schemas/Annotation.js"
export * as Answer from "./schemas/Answer.js"
export * as Asset from "./schemas/Asset.js"
export {
  AssetBuilderTemplate,
  ColumnType,
  type NewAssetBuilderTemplate
} from "./schemas/AssetBuilderTemplate.js"
export { AssetAttachments, AttachmentCounts } from "./schemas/Attachments.js"
export { Batch, NewBatch } from "./schemas/Batch.js"
export * as CategorySchema from "./schemas/CategorySchema.js"
export { Checkpoint } from "./schemas/Checkpoint.js"
export * as Export from "./schemas/Export.js"
export * as ExportClassification from "./schemas/ExportClassification.js"
export * as ExportGeometry from "./schemas/ExportGeometry.js"
export * as ExportObject from "./schemas/ExportObject.js"
export * as ExportRelation from "./schemas/ExportRelation.js"
export * as ExportRow from "./schemas/ExportRow.js"
export * as ExportTime from "./schemas/ExportTime.js"
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
export * as Import from "./schemas/Import.js"
export * as Issue from "./schemas/Issue.js"
export * as IssueExportRow from "./schemas/IssueExportRow.js"
export type { LabelImport, LabelImportResult } from "./schemas/LabelImport.js"
export * as LabelTask from "./schemas/LabelTask.js"
export { Interval, MetricName } from "./schemas/Metrics.js"
export * as OldExportRow from "./schemas/OldExportRow.js"
export * as Ontology from "./schemas/Ontology.js"
export * as Organization from "./schemas/Organization.js"
export { PluginLog, PluginReceipt, PluginResponse } from "./schemas/Plugin.js"
export { Priority } from "./schemas/Priority.js"
export * as Project from "./schemas/Project.js"
export type { GivenProjectRole, NewProject, ProjectChanges } from "./schemas/ProjectInput.js"
export { Stage, type StageInput, StageType } from "./schemas/Stage.js"
export { Storage, StorageListing, StorageProvider } from "./schemas/Storage.js"
export { RequeueResult, ReviewVerdict } from "./schemas/TaskChange.js"
export { TaskHistory, TaskHistoryItem } from "./schemas/TaskHistory.js"
export * as Timestamp from "./schemas/Timestamp.js"
export * as Track from "./schemas/Track.js"
export { FileType } from "./schemas/Upload.js"
export { type AnnotateOptions, Annotations } from "./services/Annotations.js"
export type {
  AssetImportResult,
  ChatImport,
  CloudAssetInput,
  CloudImportOptions
} from "./services/AssetImport.js"
export type { SyncedAsset, SyncOptions, SyncPlanOptions } from "./services/AssetSync.js"
export { type AssetFilter, Assets } from "./services/Assets.js"
export type {
  AttachedAssets,
  AttachmentRowError,
  AttachmentsError,
  AttachmentsOptions
} from "./services/AttachmentRows.js"
export { Attachments } from "./services/Attachments.js"
export type {
  BatchAssignment,
  BatchAssignmentError,
  BatchedAsset,
  BatchRowError
} from "./services/BatchAssignment.js"
export { Batches } from "./services/Batches.js"
export type { ImportError, ImportedAsset, ImportRowError } from "./services/CloudImport.js"
export {
  type ChangeOptions,
  type Changes,
  type ChangesOptions,
  type ExportedFile,
  type ExportFileOptions,
  type ExportOptions,
  type ExportPath,
  type ExportRowOptions,
  type ExportStreamOptions,
  Exports,
  type FileProgress,
  type PolicyRow,
  type RowOfExport,
  type UpdatedFile,
  type UpdateOptions,
  type WriteOptions
} from "./services/Exports.js"
export type {
  FileRow,
  UploadedAsset,
  UploadFilesError,
  UploadFilesOptions,
  UploadProgress,
  UploadRowError
} from "./services/FileRows.js"
export { type IssueFilter, Issues, type IssueUpdate, type NewIssue } from "./services/Issues.js"
export { Metrics, type PerformanceQuery } from "./services/Metrics.js"
export {
  type Invitation,
  type InviteFilter,
  type MemberFilter,
  Organizations
} from "./services/Organizations.js"
export { type FileExplorerQuery, Plugins } from "./services/Plugins.js"
export type {
  LabelImportError,
  LabelImportOptions,
  LabelRowError,
  PreLabeled
} from "./services/PreLabels.js"
export { Projects } from "./services/Projects.js"
export { type FileQuery, type NewStorage, type StorageFilter, Storages } from "./services/Storages.js"
export * as SyncPlan from "./services/SyncPlan.js"
export type {
  AssignedTask,
  AssignManyOptions,
  AssignmentOptions,
  RequeuedTask,
  RequeueManyOptions,
  TaskRowError,
  TaskRowsError
} from "./services/TaskRows.js"
export {
  type PriorityRange,
  type RequeueChanges,
  type SelectionFilters,
  type SelectionOptions,
  type TaskFilter,
  type TaskPageOptions,
  type TaskSort,
  Tasks,
  type TasksOfStage
} from "./services/Tasks.js"
export {
  type PutFileOptions,
  type SignOptions,
  type UploadedFile,
  type UploadOptions,
  Uploads,
  type UploadTarget
} from "./services/Uploads.js"
