/**
 * Projects: workflow, ontology, members, batches and settings.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AssetBuilderTemplate } from "./AssetBuilderTemplate.js"
import { Batch } from "./Batch.js"
import { CategorySchema } from "./CategorySchema.js"
import { OrganizationId, ProjectId, UserId } from "./ids.js"
import * as Open from "./open.js"
import { Stage } from "./Stage.js"
import { withoutSecrets } from "./secret.js"
import { Timestamp } from "./Timestamp.js"

/**
 * The type of a project: `ango` (the default), `pct` (point clouds) or `iframe`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectType = Open.enumOf("ango", "pct", "iframe")

/** @since 0.1.0 */
export type ProjectType = typeof ProjectType.Type

/**
 * A role in a project: `Manager`, `Labeler`, `Reviewer` or `Lead`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectRole = Open.enumOf("Manager", "Labeler", "Reviewer", "Lead")

/** @since 0.1.0 */
export type ProjectRole = typeof ProjectRole.Type

/**
 * A member of a project: an e-mail address and a role.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectMember = Open.struct({
  assignee: Open.maybe(Schema.String),
  role: Open.maybe(ProjectRole)
}).annotations({ identifier: "ProjectMember" })

/** @since 0.1.0 */
export type ProjectMember = typeof ProjectMember.Type

/**
 * The creator of a project, as old responses embed it. The API key in those responses is removed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectCreator = Open.struct({
  id: Open.idField(UserId),
  name: Open.maybe(Schema.String),
  email: Open.maybe(Schema.String)
}).annotations({ identifier: "ProjectCreator", ...Open.mayHaveAny })

/** @since 0.1.0 */
export type ProjectCreator = typeof ProjectCreator.Type

/**
 * A project in the project list: five fields, without workflow and ontology.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectSummary = Open.struct({
  id: Open.idField(ProjectId),
  name: Schema.String,
  description: Open.maybe(Schema.String),
  organization: Open.maybe(OrganizationId),
  createdAt: Open.maybe(Timestamp)
})
  .pipe(withoutSecrets)
  .annotations({ identifier: "ProjectSummary" })

/** @since 0.1.0 */
export type ProjectSummary = typeof ProjectSummary.Type

/**
 * A project with its workflow (`stages`), ontology (`categorySchema`), members, batches and settings
 * (docs/api-notes.md#project). `idleTimeout` is in seconds, `benchmarkRatio` in whole percent, 0 to 100.
 *
 * @remarks undocumented: that a project shows its label validation (`customValidationEnabled`, `validationFunction`,
 * `externalValidation`), which `Projects.setLabelValidation` sets.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Project = Open.struct({
  id: Open.idField(ProjectId),
  name: Schema.String,
  description: Open.maybe(Schema.String),
  type: Open.maybe(ProjectType),
  owner: Open.maybe(Schema.String),
  user: Open.maybe(Schema.Union(Schema.String, ProjectCreator)),
  organization: Open.maybe(OrganizationId),
  categorySchema: Open.maybe(CategorySchema),
  stages: Open.maybe(Schema.Array(Stage)),
  assignedTo: Open.maybe(Schema.Array(ProjectMember)),
  batches: Open.maybe(Schema.Array(Batch)),
  role: Open.maybe(ProjectRole),
  queueVersion: Open.maybe(Schema.Number),
  assetCount: Open.maybe(Schema.Number),
  benchmarkEnabled: Open.maybe(Schema.Boolean),
  benchmarkRatio: Open.maybe(Schema.Number),
  benchmarkCutoff: Open.maybe(Schema.Boolean),
  customValidationEnabled: Open.maybe(Schema.Boolean),
  validationFunction: Open.maybe(Schema.String),
  externalValidation: Open.maybe(Open.json),
  instructions: Open.maybe(Schema.String),
  ocrLanguage: Open.maybe(Schema.String),
  idleTimeout: Open.maybe(Schema.Number),
  projectPlugins: Open.maybe(Open.json),
  pluginPresets: Open.maybe(Open.json),
  errorCodesEnabled: Open.maybe(Schema.Boolean),
  errorSchema: Open.maybe(Open.json),
  exportStorageId: Open.maybe(Schema.String),
  exportStorageBucket: Open.maybe(Schema.String),
  exportStoragePath: Open.maybe(Schema.String),
  exportStorageEnabled: Open.maybe(Schema.Boolean),
  taskSkipEnabled: Open.maybe(Schema.Boolean),
  unassignSkippedTask: Open.maybe(Schema.Boolean),
  gcSyncEnabled: Open.maybe(Schema.Boolean),
  assetBuilderTemplates: Open.maybe(Schema.Array(AssetBuilderTemplate)),
  deleted: Open.maybe(Schema.Boolean),
  createdAt: Open.maybe(Timestamp),
  updatedAt: Open.maybe(Timestamp)
})
  .annotations(
    Open.mayHave("__v", "aiAssistance", "benchmark", "consensusCount", "pctConfig", "reviewConf", "tags")
  )
  .pipe(withoutSecrets)
  .annotations({ identifier: "Project" })

/** @since 0.1.0 */
export type Project = typeof Project.Type
