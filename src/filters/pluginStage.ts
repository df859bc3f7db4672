// Warns when tasks are moved into a stage where nothing happens to them by itself (docs/api-notes.md#requeue-tasks).
import * as Effect from "effect/Effect"
import type { Operation } from "../api/operation.js"
import type { CallError } from "../errors/AngoError.js"
import { fromInput, type IdInput, type ProjectId, type StageId } from "../schemas/ids.js"
import type { Project } from "../schemas/Project.js"

/** The endpoint that returns the stages of a project. */
export interface StageClient {
  readonly projects: {
    readonly get: (request: {
      readonly path: { readonly projectId: ProjectId }
    }) => Effect.Effect<{ readonly data: { readonly project: Project } }, CallError>
  }
}

// Default stages have their type as id (docs/api-notes.md#identifiers).
const defaultStages: ReadonlySet<string> = new Set(["Start", "Label", "Complete"])

/**
 * Logs a warning if the stage is a Plugin stage. The project is read to find out, unless the id is that of a default
 * stage. A project that cannot be read gives no warning: the write itself reports what is wrong.
 */
export const warnPluginStage = (
  operation: Operation,
  { projects }: StageClient,
  projectId: IdInput<ProjectId>,
  toStage: IdInput<StageId>
): Effect.Effect<void> =>
  defaultStages.has(toStage)
    ? Effect.void
    : projects.get({ path: { projectId: fromInput(projectId) } }).pipe(
        Effect.map(({ data }) => data.project.stages?.find(({ id }) => id === toStage)?.type === "Plugin"),
        Effect.orElseSucceed(() => false),
        Effect.flatMap((isPlugin) =>
          isPlugin
            ? Effect.logWarning(
                `The stage ${toStage} is a Plugin stage, and its plugin does not run for tasks that are moved there: ` +
                  "they wait until somebody chooses Re-Run in the settings of the stage."
              )
            : Effect.void
        ),
        Effect.annotateLogs({ operation: operation.name })
      )
