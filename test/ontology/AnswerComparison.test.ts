// Whether a stored answer is the one that was sent: what hubs add, and what proves nothing.
import { describe, expect, it } from "@effect/vitest"
import { type LabelImport, LabelTask } from "effect-ango"
import { compare } from "../../src/ontology/answerComparison.js"
import { ontology, vehicle, weather } from "../support/LabelOntology.js"

const task = (tools: ReadonlyArray<object>, more: object = {}) =>
  LabelTask.LabelTask.make({
    ...{ id: "65aa0000000000000000b001" },
    ...Object({ answer: { tools, classifications: [], relations: [] }, ...more })
  })

const sent = (objects: ReadonlyArray<object>, more: object = {}): LabelImport.LabelImport =>
  Object({ externalId: "a.jpg", objects, ...more })

// As a hub keeps it: with an id and an origin, options by their ids.
const stored = {
  ...vehicle,
  objectId: "random",
  lock: false,
  metadata: { createdAt: 1, createdBy: "import" },
  classifications: [{ schemaId: "q-type", objectId: "r2", tool: "single-dropdown", answer: "o-car" }]
}

const lamp = { schemaId: "t-lamp", point: [1, 2] }

describe("a stored answer", () => {
  it("is the one that was sent, whatever the hub adds to it and in whatever order", () => {
    expect(compare(task([stored]), sent([vehicle]), ontology)).toBe("same")
    expect(compare(task([lamp, stored]), sent([{ title: "Vehicle", ...vehicle }, lamp]), ontology)).toBe(
      "same"
    )
    expect(compare(task([]), sent([]), ontology)).toBe("same")
  })

  it.each([
    ["a geometry", [{ ...stored, "bounding-box": { ...vehicle["bounding-box"], x: 11 } }]],
    ["an option", [{ ...stored, classifications: [{ ...stored.classifications[0], answer: "o-bus" }] }]],
    ["a class", [{ ...stored, schemaId: "t-ship" }]],
    ["an object too few", []],
    ["an object too many", [stored, lamp]],
    ["a question too many", [{ ...stored, classifications: [...stored.classifications, weather] }]],
    ["a point too many", [{ ...stored }, { ...lamp, point: [1, 2, 3] }]]
  ])("with another %s may be what the hub made of it", (_, tools) => {
    const objects =
      tools.length === 2 && "point" in Object(tools[1]) ? [vehicle, { ...lamp, point: [1] }] : [vehicle]
    expect(compare(task(tools), sent(objects), ontology)).toBe("unclear")
  })

  it("is another one when none of the objectIds is there that were sent", () => {
    const named = { ...vehicle, objectId: "o1" }
    expect(compare(task([stored]), sent([named]), ontology)).toBe("other")
    expect(compare(task([{ ...stored, objectId: "o1", schemaId: "t-ship" }]), sent([named]), ontology)).toBe(
      "unclear"
    )
    expect(compare(task([{ ...stored, objectId: "o1" }]), sent([named]), ontology)).toBe("same")
  })

  it("without the brush that was sent is not that one", () => {
    const brushDataUrl = "https://files.example/mask.png"
    expect(compare(task([], { brushDataUrl }), sent([], { brushDataUrl }), ontology)).toBe("same")
    expect(compare(task([]), sent([], { brushDataUrl }), ontology)).toBe("unclear")
  })

  it("of a class that was sent by its title alone has that title", () => {
    const { schemaId: _, ...untold } = { ...lamp, title: "Lamp" }
    expect(compare(task([{ ...lamp, title: "Lamp" }]), sent([untold]), ontology)).toBe("same")
    expect(compare(task([{ ...lamp, title: "Name" }]), sent([untold]), ontology)).toBe("unclear")
  })
})
