/**
 * `effect-ango`: the Effect-native client for Ango Hub.
 *
 * Modules are namespaces (`Batch.Batch`, `Project.Project`). Services, with the options of their methods, and ids are
 * single names: they are used on their own.
 *
 * @since 0.1.0
 */
export * as Ango from "./Ango.js"
export * as AssignmentPlan from "./bulk/AssignmentPlan.js"
export type { BulkOptions } from "./bulk/engine/bulkOptions.js"
export * as Ledger from "./bulk/Ledger.js"
export * as RowOutcome from "./bulk/RowOutcome.js"
export * as SyncPlan from "./bulk/SyncPlan.js"
export type { SyncedAsset, SyncOptions, SyncPlanOptions } from "./bulk/writers/assetSync.js"
export type {
  AttachedAssets,
  AttachmentRowError,
  AttachmentsError,
  AttachmentsOptions
} from "./bulk/writers/attachments.js"
export type {
  BatchAssignment,
  BatchAssignmentError,
  BatchedAsset,
  BatchRowError
} from "./bulk/writers/batchAssignment.js"
export type {
  CloudAssetInput,
  CloudImportOptions,
  ImportError,
  ImportedAsset,
  ImportRowError
} from "./bulk/writers/cloudImport.js"
export type {
  LabelImportError,
  LabelImportOptions,
  LabelRowError,
  PreLabeled
} from "./bulk/writers/labelImport.js"
export type { AssignedTask, AssignManyOptions, AssignmentOptions } from "./bulk/writers/taskAssignment.js"
export type { TaskRowError, TaskRowsError } from "./bulk/writers/taskErrors.js"
export type { RequeuedTask, RequeueManyOptions } from "./bulk/writers/taskRequeue.js"
export type {
  FileRow,
  UploadedAsset,
  UploadFilesError,
  UploadFilesOptions,
  UploadProgress,
  UploadRowError
} from "./bulk/writers/uploadFiles.js"
export * as AngoError from "./errors/AngoError.js"
export * as Track from "./exports/Track.js"
export * as AngoClient from "./layers/AngoClient.js"
export * as AngoConfig from "./layers/AngoConfig.js"
export * as ConcurrencyLimit from "./layers/ConcurrencyLimit.js"
export * as Drift from "./layers/Drift.js"
export * as Guard from "./layers/Guard.js"
export * as RateLimit from "./layers/RateLimit.js"
export * as RetryPolicy from "./layers/RetryPolicy.js"
export * as Telemetry from "./layers/Telemetry.js"
export * as FileSource from "./layers/transfer/FileSource.js"
export type { PutOptions, PutProgress } from "./layers/transfer/uploadBody.js"
export * as Mask from "./masks/Mask.js"
export * as NrrdMask from "./masks/NrrdMask.js"
export * as PngMask from "./masks/PngMask.js"
export * as Labels from "./ontology/Labels.js"
export * as Ontology from "./ontology/Ontology.js"
export * as Checkpoints from "./pagination/Checkpoints.js"
export type {
  ListOptions,
  Page,
  PageOptions,
  ResumablePage,
  Row,
  RowOptions,
  RowPolicy
} from "./pagination/listOptions.js"
export * as Progress from "./pagination/Progress.js"
export type { PageRequest } from "./pagination/stableScan.js"
export * as Annotation from "./schemas/Annotation.js"
export * as Answer from "./schemas/Answer.js"
export * as Asset from "./schemas/Asset.js"
export * as AssetAttachments from "./schemas/AssetAttachments.js"
export * as AssetBuilderTemplate from "./schemas/AssetBuilderTemplate.js"
export * as AssetImport from "./schemas/AssetImport.js"
export * as Batch from "./schemas/Batch.js"
export * as CategorySchema from "./schemas/CategorySchema.js"
export * as Checkpoint from "./schemas/Checkpoint.js"
export * as Export from "./schemas/Export.js"
export * as ExportClassification from "./schemas/ExportClassification.js"
export * as ExportGeometry from "./schemas/ExportGeometry.js"
export * as ExportObject from "./schemas/ExportObject.js"
export * as ExportRelation from "./schemas/ExportRelation.js"
export * as ExportRow from "./schemas/ExportRow.js"
export * as ExportTime from "./schemas/ExportTime.js"
export * as Geometry from "./schemas/Geometry.js"
export * as Issue from "./schemas/Issue.js"
export * as IssueExportRow from "./schemas/IssueExportRow.js"
export {
  AssetBuilderTemplateId,
  AssetId,
  BatchId,
  type IdInput,
  IssueId,
  LlmId,
  OrganizationId,
  ProjectId,
  StageId,
  StorageId,
  TaskHistoryId,
  TaskId,
  UserId
} from "./schemas/ids.js"
export * as LabelImport from "./schemas/LabelImport.js"
export * as LabelTask from "./schemas/LabelTask.js"
export * as LegacyExportRow from "./schemas/LegacyExportRow.js"
export * as Llm from "./schemas/Llm.js"
export * as Metric from "./schemas/Metric.js"
export * as Notification from "./schemas/Notification.js"
export * as Organization from "./schemas/Organization.js"
export * as Plugin from "./schemas/Plugin.js"
export * as Priority from "./schemas/Priority.js"
export * as Project from "./schemas/Project.js"
export * as ProjectInput from "./schemas/ProjectInput.js"
export * as Stage from "./schemas/Stage.js"
export * as Storage from "./schemas/Storage.js"
export * as TaskChange from "./schemas/TaskChange.js"
export * as TaskHistory from "./schemas/TaskHistory.js"
export * as Timestamp from "./schemas/Timestamp.js"
export * as Upload from "./schemas/Upload.js"
export { type AnnotateOptions, Annotations } from "./services/Annotations.js"
export { type AssetFilter, type AssetImportResult, Assets, type ChatImport } from "./services/Assets.js"
export { Attachments } from "./services/Attachments.js"
export { Batches } from "./services/Batches.js"
export {
  type ChangeFeedOptions,
  type ChangeFeedResult,
  type ChangeFilter,
  type ExportedFile,
  type ExportedRow,
  type ExportFileOptions,
  type ExportOptions,
  type ExportPath,
  type ExportRowOptions,
  type ExportStreamOptions,
  Exports,
  type FileProgress,
  type PolicyRow,
  type UpdatedFile,
  type UpdateOptions,
  type WriteOptions
} from "./services/Exports.js"
export {
  type IssueFilter,
  Issues,
  type IssueUpdate,
  type NewIssue,
  type NewIssueContent
} from "./services/Issues.js"
export { Llms } from "./services/Llms.js"
export { Metrics, type PerformanceQuery } from "./services/Metrics.js"
export { Notifications } from "./services/Notifications.js"
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
  type BatchCondition,
  type BatchRule,
  type NumberCondition,
  type NumberRange,
  type RequeueChanges,
  type SelectionFilters,
  type SelectionOptions,
  type StageTasks,
  type TaskFilter,
  type TaskPageOptions,
  type TaskSort,
  Tasks,
  type TextCondition,
  type TextRule
} from "./services/Tasks.js"
export {
  type PutFileOptions,
  type SignOptions,
  type UploadedFile,
  type UploadedMask,
  type UploadOptions,
  Uploads,
  type UploadTarget
} from "./services/Uploads.js"
