// Compares stored answers with sent ones: fields that hubs add do not count, unclear differences prove nothing.
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

// As a hub stores it: with an objectId and metadata, options by id.
const stored = {
  ...vehicle,
  objectId: "random",
  lock: false,
  metadata: { createdAt: 1, createdBy: "import" },
  classifications: [{ schemaId: "q-type", objectId: "r2", tool: "single-dropdown", answer: "o-car" }]
}

const lamp = { schemaId: "t-lamp", point: [1, 2] }

describe("a stored answer", () => {
  it("is the same as the sent one despite added fields and another order", () => {
    expect(compare(task([stored]), sent([vehicle]), ontology)).toBe("same")
    expect(compare(task([lamp, stored]), sent([{ title: "Vehicle", ...vehicle }, lamp]), ontology)).toBe(
      "same"
    )
    expect(compare(task([]), sent([]), ontology)).toBe("same")
  })

  it.each([
    ["another geometry", [{ ...stored, "bounding-box": { ...vehicle["bounding-box"], x: 11 } }]],
    ["another option", [{ ...stored, classifications: [{ ...stored.classifications[0], answer: "o-bus" }] }]],
    ["another class", [{ ...stored, schemaId: "t-ship" }]],
    ["a missing object", []],
    ["an extra object", [stored, lamp]],
    ["an extra classification", [{ ...stored, classifications: [...stored.classifications, weather] }]],
    ["an extra coordinate", [{ ...stored }, { ...lamp, point: [1, 2, 3] }]]
  ])("is unclear when it differs by %s", (_, tools) => {
    const objects =
      tools.length === 2 && "point" in Object(tools[1]) ? [vehicle, { ...lamp, point: [1] }] : [vehicle]
    expect(compare(task(tools), sent(objects), ontology)).toBe("unclear")
  })

  it("is another answer when it has none of the sent objectIds", () => {
    const named = { ...vehicle, objectId: "o1" }
    expect(compare(task([stored]), sent([named]), ontology)).toBe("other")
    expect(compare(task([{ ...stored, objectId: "o1", schemaId: "t-ship" }]), sent([named]), ontology)).toBe(
      "unclear"
    )
    expect(compare(task([{ ...stored, objectId: "o1" }]), sent([named]), ontology)).toBe("same")
  })

  it("is unclear when the sent brush is missing", () => {
    const brushDataUrl = "https://files.example/mask.png"
    expect(compare(task([], { brushDataUrl }), sent([], { brushDataUrl }), ontology)).toBe("same")
    expect(compare(task([]), sent([], { brushDataUrl }), ontology)).toBe("unclear")
  })

  it("has the title of a class that was sent by title alone", () => {
    const { schemaId: _, ...byTitle } = { ...lamp, title: "Lamp" }
    expect(compare(task([{ ...lamp, title: "Lamp" }]), sent([byTitle]), ontology)).toBe("same")
    expect(compare(task([{ ...lamp, title: "Name" }]), sent([byTitle]), ontology)).toBe("unclear")
  })
})
