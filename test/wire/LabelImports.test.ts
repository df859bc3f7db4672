// Requests and responses of importing pre-labels.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { LabelImport } from "effect-ango"
import { beforeImport, countsOf, preLabel } from "../support/PreLabels.js"
import { block, golden, scripted, toResponse } from "../support/Wire.js"
import { type RequestCase, reads, sends } from "../support/WireCases.js"

const projectId = "65aa0000000000000000a001"

const importLabels = (...labels: ReadonlyArray<LabelImport.LabelImport>): RequestCase => ({
  call: preLabel(projectId, labels, { validate: false }),
  answers: beforeImport(labels),
  nth: 1 + labels.length
})

const tool = (number: string) => `aaaa456789abcdef01234${number}`
const question = (number: string) => `bbbb456789abcdef01234${number}`
const relation = (number: string) => `dddd456789abcdef01234${number}`
const square = (x: number) => ({ x, y: 1, width: 5, height: 5 })
const box = { x: 1, y: 2, width: 3, height: 4 }

const cat = (objectId: string, x: number) => ({ schemaId: tool("01"), objectId, "bounding-box": square(x) })

const car = [
  { schemaId: tool("01"), objectId: "car1", page: 0, "bounding-box": square(1) },
  { schemaId: tool("01"), objectId: "car1", page: 10, "bounding-box": square(9) },
  { schemaId: tool("01"), objectId: "car1", page: 20, interpolationStopped: true, "bounding-box": square(9) }
]

sends("annotations.importLabels", {
  least: importLabels({ externalId: "tom.jpg" }),
  "by-data": importLabels({
    data: "https://files.example/K%C3%A4fer.jpg?v=1&w=2",
    tools: [{ schemaId: tool("01"), "bounding-box": { x: 10, y: 20, width: 30.5, height: 40 } }]
  }),
  "several-entries": importLabels(
    { externalId: "tom.jpg", classifications: [{ schemaId: question("01"), answer: "Calm" }] },
    { externalId: "kit.jpg", objects: [{ schemaId: tool("01"), "bounding-box": box }] },
    { externalId: "max.jpg", brushDataUrl: "https://files.example/max-mask.png" }
  ),
  "empty-lists": importLabels({ externalId: "tom.jpg", objects: [], classifications: [], relations: [] }),
  "awkward-external-id": importLabels({
    externalId: `Käfer & "Co" #1+2 50% 'neu' a/b?c=d\\e 猫🐈.jpg`,
    classifications: [{ schemaId: question("06"), answer: "eins\nzwei" }]
  }),
  "by-title": importLabels({
    externalId: "tom.jpg",
    tools: [{ title: "Cat", "bounding-box": box }],
    classifications: [{ title: "Mood", answer: "Calm" }]
  }),
  video: importLabels({ externalId: "drive.mp4", tools: car }),
  "medical-brush": importLabels({
    externalId: "ct.nrrd",
    medicalBrushDataUrl: "https://files.example/ct.seg.nrrd"
  }),
  fullest: importLabels({
    // Not in the order in which they are sent.
    medicalBrushDataUrl: "https://files.example/tom.seg.nrrd",
    brushDataUrl: "https://files.example/tom-mask.png",
    relations: [{ schemaId: relation("01"), from: "cat1", to: "cat2" }],
    classifications: [{ schemaId: question("02"), answer: ["Black", "White"] }],
    tools: [cat("cat1", 1), cat("cat2", 9)],
    data: "https://files.example/tom.jpg",
    externalId: "tom.jpg"
  })
})

const tom = [{ externalId: "tom.jpg" }]

reads("annotations.importLabels", importLabels(...tom).call, undefined, beforeImport(tom))

describe("results", () => {
  it.effect(
    "importLabels returns the sentence of the hub, and the numbers in it if there are any (import-result)",
    () =>
      Effect.gen(function* () {
        const counts = (name: string) =>
          Effect.provide(
            countsOf(projectId, tom),
            scripted([
              ...beforeImport(tom),
              () => toResponse(block(golden("annotations.importLabels").responses, name))
            ]).layer
          )
        const message = "1 / 3 tasks are labeled."
        expect(yield* counts("some-labeled")).toEqual([{ labeled: 1, total: 3, message }])
        expect(yield* counts("unreadable-sentence")).toEqual([
          { message: "import goes on in the background" }
        ])
      })
  )
})
