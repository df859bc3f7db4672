/**
 * `effect-ango`: the Effect-native client for Ango Hub.
 *
 * @since 0.1.0
 */
export * as Ango from "./Ango.js"
export * as AngoError from "./AngoError.js"
export { AngoApi } from "./api/AngoApi.js"
export type { Page, PageOptions } from "./internal/paginate.js"
export * as AngoClient from "./layers/AngoClient.js"
export * as AngoConfig from "./layers/AngoConfig.js"
export * as RateLimit from "./layers/RateLimit.js"
export * as RetryPolicy from "./layers/RetryPolicy.js"
export * as Answer from "./schemas/Answer.js"
export * as Asset from "./schemas/Asset.js"
export { AssetAttachments, AttachmentCounts } from "./schemas/Attachments.js"
export { Batch, NewBatch } from "./schemas/Batch.js"
export * as CategorySchema from "./schemas/CategorySchema.js"
export * as Export from "./schemas/Export.js"
export {
  AssetId,
  BatchId,
  type IdInput,
  OrganizationId,
  ProjectId,
  StageId,
  StorageId,
  TaskHistoryId,
  TaskId,
  UserId
} from "./schemas/Id.js"
export * as Import from "./schemas/Import.js"
export * as LabelTask from "./schemas/LabelTask.js"
export { Priority } from "./schemas/Priority.js"
export * as Project from "./schemas/Project.js"
export { Stage, StageType } from "./schemas/Stage.js"
export { TaskHistory, TaskHistoryItem } from "./schemas/TaskHistory.js"
export * as Timestamp from "./schemas/Timestamp.js"
export { FileType } from "./schemas/Upload.js"
export type { ChatImport, CloudAssetInput, CloudImportOptions, ImportResult } from "./services/AssetImport.js"
export { type AssetFilter, Assets } from "./services/Assets.js"
export { Attachments } from "./services/Attachments.js"
export { type BatchAssignment, Batches } from "./services/Batches.js"
export { type ExportOptions, type ExportPath, Exports } from "./services/Exports.js"
export { Projects } from "./services/Projects.js"
export { type TaskFilter, Tasks } from "./services/Tasks.js"
export { type SignOptions, type UploadOptions, Uploads, type UploadTarget } from "./services/Uploads.js"
