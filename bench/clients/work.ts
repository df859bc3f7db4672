// What the clients that write send: the same for all.
import { readdirSync } from "node:fs"
import { join } from "node:path"

/** The files of a folder. */
export const filesOf = (folder: string): ReadonlyArray<{ readonly name: string; readonly path: string }> =>
  readdirSync(folder).map((name) => ({ name, path: join(folder, name) }))

/** Rows of labels: a box and an answer each. */
export const labelsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    externalId: `${index}.jpg`,
    objects: [
      {
        schemaId: "tool-vehicle",
        title: "Vehicle",
        objectId: `object-${index}`,
        "bounding-box": { x: index % 100, y: 20, width: 30, height: 40 },
        classifications: []
      }
    ],
    classifications: [{ schemaId: "class-weather", title: "Weather", answer: "Rain" }]
  }))
