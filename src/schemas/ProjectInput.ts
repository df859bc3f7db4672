/**
 * What is sent to create and to change projects.
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

// The keys in the order in which the documents list them, which is the order on the wire.
const first = {
  description: Schema.optional(Schema.String),
  type: Schema.optional(Open.onlyKnown(ProjectType, "a project type")),
  /** The settings of a point-cloud project, as the hub takes them; no document says what they are. */
  pctConfig: Schema.optional(Open.jsonObject),
  /** The ontology; it replaces the present one wholly. */
  categorySchema: Schema.optional(CategorySchema)
} as const

const rest = {
  benchmarkEnabled: Schema.optional(Schema.Boolean),
  /** In percent. */
  benchmarkRatio: Schema.optional(Amount),
  /** A URL; `Projects.uploadInstructions` sets it from a file. */
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
 * A project to create: a name, and any of the settings. The description is sent in any case, as the vendor's SDK
 * does: `""` unless given.
 *
 * @since 0.1.0
 */
export const NewProject = Open.struct({ name: Name, ...first, ...rest }).annotations({
  identifier: "NewProject"
})

/** @since 0.1.0 */
export type NewProject = typeof NewProject.Type

const changes = {
  name: Schema.optional(Name),
  ...first,
  stages: Schema.optional(Schema.Array(Stage)),
  ...rest
}

/** The fields of a project that an update may change. */
export const changeable: ReadonlyArray<string> = Object.keys(changes)

/**
 * What an update sends: the fields to change, at least one.
 *
 * @since 0.1.0
 */
export const ProjectUpdate = Open.struct(changes).pipe(
  Schema.filter((update) => Object.values(update).some((value) => value !== undefined), {
    title: `at least one field to change, such as ${changeable.slice(0, 3).join(", ")} or stages`
  })
)

/**
 * The fields of a project to change; what is not given stays. `categorySchema` and `stages` replace the ontology
 * and the workflow wholly.
 *
 * @since 0.1.0
 */
export interface ProjectChanges extends Omit<typeof ProjectUpdate.Type, "stages"> {
  readonly stages?: ReadonlyArray<StageInput> | undefined
}

/**
 * A role of a project's member, as an input.
 *
 * @since 0.1.0
 */
export const ProjectRoleName = Open.onlyKnown(ProjectRole, "a project role")

/** @since 0.1.0 */
export type ProjectRoleName = typeof ProjectRoleName.Type

/**
 * People to add to a project, all in one role.
 *
 * @since 0.1.0
 */
export const NewMembers = Schema.Struct({ assignees: Emails, role: ProjectRoleName }).annotations({
  identifier: "NewMembers"
})

/**
 * A file of instructions for annotators.
 *
 * @since 0.1.0
 */
export const InstructionsFile = Schema.Struct({
  /** The base name, `guide.pdf`: no folders. */
  name: FileName.pipe(
    Schema.pattern(/^[^/\\\p{Cc}]+$/u, { title: "a file name without folders, such as guide.pdf" })
  ),
  /** `application/octet-stream` unless given. */
  contentType: Schema.optional(
    Schema.String.pipe(
      Schema.pattern(/^[\w.+-]+\/[\w.+-]+( *;.*)?$/, { title: "a content type, such as application/pdf" })
    )
  ),
  content: Schema.Uint8ArrayFromSelf.pipe(
    Schema.filter((bytes) => bytes.length > 0, { title: "bytes, at least one" })
  ),
  /** The storage to put it in; the hub's own unless given. */
  storageId: Schema.optional(StorageId),
  bucket: Schema.optional(Schema.String.pipe(Schema.minLength(1, { title: "the name of a bucket" })))
})
