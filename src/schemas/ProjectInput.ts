/**
 * Requests that create and change projects.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { CategorySchema } from "./CategorySchema.js"
import { Emails } from "./Email.js"
import { StorageId } from "./ids.js"
import * as Open from "./open.js"
import { ProjectRole, ProjectType } from "./Project.js"
import { Stage, type StageInput } from "./Stage.js"
import { FileName } from "./Upload.js"

const Name = Schema.String.pipe(
  Schema.filter((text) => text.trim() !== "", { title: "a name that is not empty" })
)

const Amount = Schema.Number.pipe(
  Schema.filter((value) => Number.isFinite(value) && value >= 0, {
    title: "a number of 0 or more",
    jsonSchema: { minimum: 0 }
  })
)

const percent = { title: "a whole percentage from 0 to 100" }

const Percentage = Schema.Int.annotations(percent).pipe(Schema.between(0, 100, percent))

// The documents list the keys in this order; requests send them so.
const mainFields = {
  description: Schema.optional(Schema.String),
  type: Schema.optional(Open.onlyKnown(ProjectType, "a project type")),
  /** The settings of a point-cloud project; not documented. */
  pctConfig: Schema.optional(Open.jsonObject),
  /** The ontology; replaces the current one completely. */
  categorySchema: Schema.optional(CategorySchema)
} as const

const settings = {
  /** Whether tasks are benchmarked; `Tasks.setBenchmark` selects the benchmark tasks. */
  benchmarkEnabled: Schema.optional(Schema.Boolean),
  /** The share of benchmark tasks in whole percent, 0 to 100. */
  benchmarkRatio: Schema.optional(Percentage),
  /** Since version 1.4.9 of the vendor's SDK; what it changes is not documented. */
  benchmarkCutoff: Schema.optional(Schema.Boolean),
  /** A URL; `Projects.uploadInstructions` sets it to an uploaded file. */
  instructions: Schema.optional(Schema.String),
  /** For example `eng`. */
  ocrLanguage: Schema.optional(Schema.String),
  /** In seconds. */
  idleTimeout: Schema.optional(Amount),
  projectPlugins: Schema.optional(Open.jsonObject),
  pluginPresets: Schema.optional(Schema.Array(Open.json)),
  errorCodesEnabled: Schema.optional(Schema.Boolean),
  errorSchema: Schema.optional(Open.jsonObject),
  exportStorageId: Schema.optional(Schema.String),
  exportStorageBucket: Schema.optional(Schema.String),
  exportStoragePath: Schema.optional(Schema.String),
  exportStorageEnabled: Schema.optional(Schema.Boolean),
  taskSkipEnabled: Schema.optional(Schema.Boolean),
  unassignSkippedTask: Schema.optional(Schema.Boolean),
  gcSyncEnabled: Schema.optional(Schema.Boolean)
} as const

/**
 * A project to create: a name, and optional settings. The description is always sent, as by the vendor's SDK; default
 * `""`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NewProject = Open.struct({ name: Name, ...mainFields, ...settings }).annotations({
  identifier: "NewProject"
})

/** @since 0.1.0 */
export type NewProject = typeof NewProject.Type

const changes = {
  name: Schema.optional(Name),
  ...mainFields,
  stages: Schema.optional(Schema.Array(Stage)),
  ...settings
}

/**
 * The names of the fields of a project that an update can change.
 *
 * @category utilities
 * @since 0.1.0
 */
export const updatableFields: ReadonlyArray<string> = Object.keys(changes)

/**
 * An update of a project: the fields to change, at least one.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectUpdate = Open.struct(changes).pipe(
  Schema.filter((update) => Object.values(update).some((value) => value !== undefined), {
    title: `at least one field to change, such as ${updatableFields.slice(0, 3).join(", ")} or stages`
  })
)

/**
 * The fields of a project to change; missing fields are unchanged. `categorySchema` and `stages` replace the ontology and
 * the workflow completely.
 *
 * @category models
 * @since 0.1.0
 */
export interface ProjectChanges extends Omit<typeof ProjectUpdate.Type, "stages"> {
  readonly stages?: ReadonlyArray<StageInput> | undefined
}

/**
 * The parts of a project that a copy takes over. A part that is `false` starts as in a new project
 * (docs/api-notes.md#clone-project).
 *
 * @category schemas
 * @since 0.1.0
 */
export const CloneParts = Schema.Struct({
  /** The ontology. */
  categorySchema: Open.optional(Schema.Boolean),
  /** The members and their roles. */
  assignedTo: Open.optional(Schema.Boolean),
  /** The batches, without assets. */
  batches: Open.optional(Schema.Boolean),
  /** The stages. */
  workflow: Open.optional(Schema.Boolean),
  pluginPresets: Open.optional(Schema.Boolean),
  /** The description and the other settings. */
  projectGeneralSettings: Open.optional(Schema.Boolean)
}).annotations({ identifier: "CloneParts" })

/** @since 0.1.0 */
export type CloneParts = typeof CloneParts.Type

/**
 * Confirms a purge: the name of the project.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PurgeConfirmation = Schema.Struct({
  confirmName: Schema.String.pipe(
    Schema.filter((name) => name.trim() !== "", {
      title:
        "the exact name of the project, as a confirmation: a purge removes its stored files for good and cannot be undone"
    })
  )
}).annotations({ identifier: "PurgeConfirmation" })

/**
 * The label validation of a project: the fields to change, at least one; missing fields are unchanged
 * (docs/api-notes.md#label-validation).
 *
 * @category schemas
 * @since 0.1.0
 */
export const LabelValidation = Schema.Struct({
  /** Whether the editor validates answers on Save and Submit. */
  customValidationEnabled: Schema.optional(Schema.Boolean),
  /** A JavaScript function of the answers that returns an array of errors. */
  validationFunction: Schema.optional(Schema.String),
  /** Settings of a validation outside of the hub; their keys are not documented. */
  externalValidation: Schema.optional(Open.jsonObject)
}).pipe(
  Schema.filter((changes) => Object.values(changes).some((value) => value !== undefined), {
    title: "at least one field to change: customValidationEnabled, validationFunction or externalValidation"
  })
)

/** @since 0.1.0 */
export type LabelValidation = typeof LabelValidation.Type

/**
 * A project role in a request: one of the known ones.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectRoleName = Open.onlyKnown(ProjectRole, "a project role")

/** @since 0.1.0 */
export type ProjectRoleName = typeof ProjectRoleName.Type

/**
 * Users to add to a project with one role.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NewMembers = Schema.Struct({ assignees: Emails, role: ProjectRoleName }).annotations({
  identifier: "NewMembers"
})

/**
 * A file with instructions for annotators.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstructionsFile = Schema.Struct({
  /** The file name without folders: `guide.pdf`. */
  name: FileName.pipe(
    Schema.pattern(/^[^/\\\p{Cc}]+$/u, { title: "a file name without folders, such as guide.pdf" })
  ),
  /** Default `application/octet-stream`. */
  contentType: Schema.optional(
    Schema.String.pipe(
      Schema.pattern(/^[\w.+-]+\/[\w.+-]+( *;.*)?$/, { title: "a content type, such as application/pdf" })
    )
  ),
  content: Schema.Uint8ArrayFromSelf.pipe(
    Schema.filter((bytes) => bytes.length > 0, { title: "at least one byte" })
  ),
  /** The storage for the file; default: the hub's own. */
  storageId: Schema.optional(StorageId),
  bucket: Schema.optional(Schema.String.pipe(Schema.minLength(1, { title: "the name of a bucket" })))
})
