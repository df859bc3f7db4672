/** The seeded cloud storages, with the files of the first two projects. */
import type { StoredStorage } from "../state/HubState.js"
import { digitsFrom, objectId } from "./objectIds.js"
import { organizationId } from "./organization.js"
import { blueprints } from "./projects.js"

const [streets, xrays] = blueprints

const plans = [
  {
    name: "Dash-cam archive",
    provider: "AWS",
    type: "aws",
    bucket: "dash-cam-archive",
    region: "eu-central-1",
    connected: Date.UTC(2024, 4, 28, 14, 0, 0),
    blueprint: streets,
    folder: "",
    files: 60
  },
  {
    name: "Radiology",
    provider: "GCP",
    type: "gcs",
    bucket: "radiology-studies",
    region: "europe-west3",
    connected: Date.UTC(2024, 7, 12, 9, 20, 0),
    blueprint: xrays,
    folder: "ward-a/",
    files: 40
  }
] as const

/** Makes the cloud storages, by id. */
export const seedStorages = (): Map<string, StoredStorage> =>
  new Map(
    plans.map(({ blueprint, bucket, connected, files, folder, name, provider, region, type }, index) => {
      const _id = objectId("storage", index + 1, connected)
      const createdAt = new Date(connected).toISOString()
      return [
        _id,
        {
          storage: { _id, name, provider, type, bucket, region, organization: organizationId, createdAt },
          files: Array.from({ length: files }, (_, file) => ({
            bucket,
            key: `${folder}${blueprint.asset(file, digitsFrom(file)).externalId}`,
            size: 180_000 + ((file * 7_919) % 90_000)
          }))
        }
      ]
    })
  )
