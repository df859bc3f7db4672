/**
 * How the hub answers about exports.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import type { ExportParameters } from "../api/Exports.js"
import { batchesNamed } from "./BatchList.js"
import * as Files from "./Files.js"
import { Hub } from "./Hub.js"
import { HubApi, success, unknownProject } from "./HubApi.js"

/**
 * Both paths answer alike (dossier C3), at once, with a link of the hub's own storage. What was asked is kept in
 * the state under the archive's path.
 *
 * @remarks undocumented: an unknown batch is refused with 404. The archive itself is not made yet: its link answers
 * 404.
 */
export const layer = HttpApiBuilder.group(HubApi, "exports", (handlers) =>
  Effect.map(Hub, (hub) => {
    const answer = (parameters: ExportParameters) =>
      Effect.gen(function* () {
        const stored = hub.state.projects.get(parameters.project)
        if (stored === undefined) return yield* unknownProject(parameters.project)
        yield* batchesNamed(stored, parameters.batches ?? [])
        const name = `${yield* hub.newId("export")}.zip`
        const path = Files.pathOf(parameters.project, "exports", name)
        hub.state.exports.set(path, parameters)
        return success({ exportPath: yield* Files.sign(hub, { method: "GET", path }) })
      })

    return handlers
      .handle("request", ({ urlParams }) => answer(urlParams))
      .handle("requestV3", ({ urlParams }) => answer(urlParams))
  })
)
