/**
 * Copies of projects.
 *
 * @since 0.1.0
 */
import type { CloneParts } from "../../schemas/ProjectInput.js"
import type { WireProject } from "./HubState.js"

// What a copy never takes over: what identifies the project, and what belongs to its content.
const ownFields: ReadonlySet<string> = new Set([
  "_id",
  "name",
  "type",
  "owner",
  "user",
  "role",
  "organization",
  "queueVersion",
  "assetCount",
  "assetBuilderTemplates",
  "deleted",
  "createdAt",
  "updatedAt"
])

/** The part of a copy that each field belongs to; other fields are general settings. */
const partOf: Readonly<Record<string, keyof CloneParts>> = {
  categorySchema: "categorySchema",
  assignedTo: "assignedTo",
  batches: "batches",
  stages: "workflow",
  pluginPresets: "pluginPresets"
}

/** The fields of a project that its copy takes over; all parts that are not `false`. */
export const copyParts = (project: WireProject, parts: CloneParts): Partial<WireProject> =>
  Object.fromEntries(
    Object.entries(project).filter(
      ([name]) => !ownFields.has(name) && parts[partOf[name] ?? "projectGeneralSettings"] !== false
    )
  )
