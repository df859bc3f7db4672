// All twins.
import { assetTwins } from "./assetTwins.js"
import { peopleTwins } from "./peopleTwins.js"
import { projectTwins } from "./projectTwins.js"
import { taskTwins } from "./taskTwins.js"
import type { Twin } from "./twin.js"

export const twins: ReadonlyArray<Twin> = [projectTwins, assetTwins, taskTwins, peopleTwins].flat()

/** The name of a twin: its function, and what is special about the job. */
export const nameOf = ({ function: name, variant }: Twin): string =>
  variant === undefined ? name : `${name}: ${variant}`

/** Functions that have no method of ours that does the same in one call, and what does it instead. */
export const withoutTwin: Readonly<Record<string, string>> = {
  upload_files_with_asset_builder:
    "Assets.importFromCloud; this library reads no CSV files and fills in no templates"
}
