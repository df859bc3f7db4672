/** The seeded projects: content, ontology and workflow. */
import type { CategorySchema } from "../../schemas/CategorySchema.js"
import type { Stage } from "../../schemas/Stage.js"
import { shortId } from "./objectIds.js"
import { reviewedWorkflow } from "./stages.js"

/** The fixed content of a seeded project. */
export interface Blueprint {
  readonly name: string
  readonly description: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly categorySchema: typeof CategorySchema.Encoded
  readonly stages: ReadonlyArray<typeof Stage.Encoded>
  readonly batches: ReadonlyArray<string>
  /** The size of its images in pixels; missing for text. */
  readonly image?: { readonly width: number; readonly height: number }
  /** The external id and the data of its `index`-th asset; `digits` writes `index + plus` with `width` digits. */
  readonly asset: (
    index: number,
    digits: (plus: number, width: number) => string
  ) => { readonly externalId: string; readonly data: string }
}

const option = (value: string, counter: number) => ({ value, schemaId: shortId("schema", counter) })

const streets: Blueprint = {
  name: "City intersections: vehicles and pedestrians",
  description: "Dash-cam frames from six intersections. Boxes for road users, outlines for crossings.",
  createdAt: Date.UTC(2024, 5, 3, 8, 0, 0),
  categorySchema: {
    tools: [
      {
        schemaId: shortId("schema", 1),
        tool: "bounding-box",
        title: "Vehicle",
        required: false,
        multiple: false,
        color: "#f44336",
        shortcutKey: "1",
        classifications: [
          {
            schemaId: shortId("schema", 2),
            tool: "single-dropdown",
            title: "Type",
            required: true,
            options: [option("Car", 3), option("Bus", 4), option("Truck", 5), option("Bicycle", 6)],
            classifications: []
          }
        ]
      },
      {
        schemaId: shortId("schema", 7),
        tool: "bounding-box",
        title: "Pedestrian",
        required: false,
        color: "#2196f3",
        shortcutKey: "2",
        classifications: []
      },
      {
        schemaId: shortId("schema", 8),
        tool: "polygon",
        title: "Crossing",
        required: false,
        color: "#4caf50",
        shortcutKey: "3",
        classifications: []
      }
    ],
    classifications: [
      {
        schemaId: shortId("schema", 9),
        tool: "radio",
        title: "Weather",
        required: true,
        options: [option("Clear", 10), option("Rain", 11), option("Fog", 12)],
        classifications: []
      },
      {
        schemaId: shortId("schema", 13),
        tool: "text",
        title: "Remarks",
        required: false,
        classifications: []
      }
    ],
    relations: []
  },
  stages: reviewedWorkflow(1),
  batches: ["June, morning", "June, evening", "July, night"],
  image: { width: 1920, height: 1080 },
  asset: (index, digits) => {
    const file = `intersection-0${(index % 6) + 1}/frame-${digits(1, 6)}.jpg`
    return { externalId: file, data: `https://files.example/streets/${file}` }
  }
}

const xrays: Blueprint = {
  name: "Chest X-ray triage",
  description: "One finding per image, or none.",
  createdAt: Date.UTC(2024, 7, 19, 9, 30, 0),
  categorySchema: {
    tools: [
      {
        schemaId: shortId("schema", 20),
        tool: "bounding-box",
        title: "Opacity",
        required: false,
        color: "#ff9800",
        shortcutKey: "1",
        classifications: []
      }
    ],
    classifications: [
      {
        schemaId: shortId("schema", 21),
        tool: "radio",
        title: "Urgency",
        required: true,
        options: [option("Routine", 22), option("Today", 23), option("Now", 24)],
        classifications: []
      }
    ],
    relations: []
  },
  stages: reviewedWorkflow(3),
  batches: ["Ward A", "Ward B"],
  image: { width: 2048, height: 2048 },
  asset: (_, digits) => {
    const file = `study-${digits(1, 4)}.png`
    return { externalId: file, data: `https://files.example/xrays/${file}` }
  }
}

const subjects = ["The invoice", "My order", "The parcel", "The login page", "Your app"]
const complaints = [
  "never arrived",
  "shows the wrong total",
  "is broken again",
  "asks for a code I do not have"
]

const tickets: Blueprint = {
  name: "Support tickets: entities and intent",
  description: "Names, order numbers and what the customer wants.",
  createdAt: Date.UTC(2024, 9, 7, 13, 15, 0),
  categorySchema: {
    tools: [
      {
        schemaId: shortId("schema", 30),
        tool: "ner",
        title: "Product",
        required: false,
        color: "#9c27b0",
        shortcutKey: "1",
        classifications: []
      }
    ],
    classifications: [
      {
        schemaId: shortId("schema", 31),
        tool: "radio",
        title: "Intent",
        required: true,
        options: [option("Complaint", 32), option("Question", 33), option("Cancellation", 34)],
        classifications: []
      }
    ],
    relations: []
  },
  stages: reviewedWorkflow(5),
  batches: ["Week 40", "Week 41"],
  asset: (index, digits) => ({
    externalId: `ticket-${digits(10_000, 5)}`,
    data: `${subjects[index % subjects.length]} ${complaints[index % complaints.length]}.`
  })
}

/** The seeded projects. The option `tasks` sets the size of the first. */
export const blueprints = [streets, xrays, tickets] as const
