// An ontology and an answer of kinds that this version does not know.
import type { CategorySchema } from "effect-ango"

/** The presumed form of the answer to an upload box: where the file is stored. */
export const url = "https://files.example/65aa0000000000000000b001/report.pdf"

export const uploadBox = {
  schemaId: "u1",
  tool: "some-upload-box",
  title: "Report",
  required: true,
  classifications: [],
  storageId: "65aa00000000000000005001",
  extensions: [".pdf"],
  fixedName: "{taskId}"
}

export const ontology: Required<CategorySchema.CategorySchema> = {
  tools: [
    {
      schemaId: "h1",
      tool: "hologram",
      title: "Ghost",
      classifications: [{ ...uploadBox, schemaId: "u2", title: "Photo" }]
    }
  ],
  classifications: [uploadBox],
  relations: [{ schemaId: "r1", tool: "some-to-some", title: "Haunts" }]
} as Required<CategorySchema.CategorySchema>

export const upload = {
  schemaId: "u1",
  objectId: "c1",
  tool: "some-upload-box",
  title: "Report",
  answer: url
}

export const ghost = {
  schemaId: "h1",
  objectId: "o1",
  title: "Ghost",
  hologram: { depth: 3, layers: [[1, 2], null] },
  classifications: [{ ...upload, schemaId: "u2", objectId: "c2", title: "Photo" }]
}

export const answer = {
  tools: [ghost],
  classifications: [upload],
  relations: [{ schemaId: "r1", objectId: "l1", group: ["o1"] }]
}

export const entry = { externalId: "tom.jpg", ...answer }
