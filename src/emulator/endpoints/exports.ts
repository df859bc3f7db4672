/**
 * Endpoints of exports.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import type { ExportParameters } from "../../api/exports.js"
import * as Archive from "../archive/Archive.js"
import { selectIssues, selectTasks } from "../archive/exportSelection.js"
import { HubApi, success } from "../server/hubApi.js"
import { findBatches } from "../state/batchList.js"
import type { StoredProject } from "../state/HubState.js"
import { unknownProject } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"
import * as Downloads from "../storage/archiveDownloads.js"
import * as Files from "../storage/fileStorage.js"

// A project may export to a cloud storage: the link then contains its bucket and path
// (docs/api-notes.md#export-link).
const archivePath = ({ project }: StoredProject, name: string): string => {
  const { exportStorageBucket, exportStorageEnabled, exportStoragePath } = project
  if (exportStorageEnabled !== true || exportStorageBucket == null || exportStorageBucket === "") {
    return Files.filePath(project._id, "exports", name)
  }
  const folders = (exportStoragePath ?? "").split("/").filter((folder) => !/^\.{0,2}$/.test(folder))
  return Files.filePath(exportStorageBucket, ...folders, name)
}

/**
 * The handlers of the group. Both paths respond alike (docs/api-notes.md#export-path), immediately, with a link to the
 * archive in the hub's file storage. The archive holds the rows as they are at the request, whenever it is downloaded.
 * The state keeps the parameters of each export by the path of its archive.
 *
 * @remarks undocumented: an unknown batch is a 404; without `stage` and `taskTypes` all tasks are exported; several
 * batches are combined with OR; time ranges apply to the task or the issue; `includeAssets` is ignored, as is an export
 * storage without a bucket.
 */
export const layer = HttpApiBuilder.group(HubApi, "exports", (handlers) =>
  Effect.map(Hub, (hub) => {
    const startExport = (parameters: ExportParameters) =>
      Effect.gen(function* () {
        const stored = hub.state.projects.get(parameters.project)
        if (stored === undefined) return yield* unknownProject(parameters.project)
        yield* findBatches(stored, parameters.batches ?? [])
        const fileName =
          hub.archiveOptions.onePerProject === true ? stored.project._id : yield* hub.newId("export")
        const name = `${fileName}.zip`
        const path = archivePath(stored, name)
        hub.state.exports.set(path, parameters)
        const selection =
          parameters.type === "issue"
            ? selectIssues(hub.state, parameters)
            : selectTasks(hub.state, stored, parameters)
        const archive = Archive.make(
          selection,
          {
            format: parameters.format ?? "json",
            projectId: parameters.project,
            // The same rows give the same archive, whenever they are exported.
            time: new Date(stored.project.createdAt ?? 0)
          },
          hub.archiveOptions
        )
        hub.archives.set(path, yield* Downloads.storeArchive(archive, hub.archiveOptions))
        return success({ exportPath: yield* Files.signFile(hub, { method: "GET", path }) })
      })

    return handlers
      .handle("request", ({ urlParams }) => startExport(urlParams))
      .handle("requestV3", ({ urlParams }) => startExport(urlParams))
  })
)
