/** Random annotations that are valid for an ontology: boxes and outlines inside the image, existing options. */
import type { PCGRandom } from "effect/Utils"
import type { WireAnswer } from "../state/HubState.js"
import type { Blueprint } from "./projects.js"

type WireObject = NonNullable<WireAnswer["tools"]>[number]
type WireTool = NonNullable<Blueprint["categorySchema"]["tools"]>[number]
type WireClassification = NonNullable<Blueprint["categorySchema"]["classifications"]>[number]

const pick = <A>(random: PCGRandom, list: ReadonlyArray<A>): A | undefined =>
  list[random.integer(list.length)]

const round = (value: number): number => Math.round(value * 10) / 10

const box = (random: PCGRandom, image: { readonly width: number; readonly height: number }) => {
  const width = round(20 + random.number() * image.width * 0.2)
  const height = round(20 + random.number() * image.height * 0.2)
  return {
    x: round(random.number() * (image.width - width)),
    y: round(random.number() * (image.height - height)),
    width,
    height
  }
}

const outline = (random: PCGRandom, image: { readonly width: number; readonly height: number }) => {
  const { height, width, x, y } = box(random, image)
  return [
    [x, y],
    [round(x + width), y],
    [round(x + width * 0.8), round(y + height)],
    [round(x + width * 0.1), round(y + height * 0.9)]
  ]
}

const geometry = (random: PCGRandom, tool: WireTool, blueprint: Blueprint, text: string) => {
  const image = blueprint.image ?? { width: 100, height: 100 }
  if (tool.tool === "polygon") return { polygon: outline(random, image) }
  if (tool.tool === "ner") return { ner: { start: 0, end: Math.max(1, text.indexOf(" ")) } }
  return { "bounding-box": box(random, image) }
}

const classify = (random: PCGRandom, question: WireClassification, objectId: string) => ({
  schemaId: question.schemaId ?? null,
  objectId,
  tool: question.tool,
  title: question.title ?? null,
  // Stored answers name options by their schemaId.
  answer: question.tool === "text" ? "looks fine" : (pick(random, question.options ?? [])?.schemaId ?? null),
  classifications: []
})

/** Makes the annotations of a text or an image. `nextId` is called in the order of the objects and questions. */
export const makeAnswer = (
  random: PCGRandom,
  blueprint: Blueprint,
  text: string,
  by: { readonly author: string; readonly at: string; readonly nextId: () => string }
): WireAnswer => {
  const { classifications = [], tools = [] } = blueprint.categorySchema
  const { at, author, nextId } = by
  const objects: Array<WireObject> = []
  for (let remaining = 1 + random.integer(3); remaining > 0; remaining--) {
    const tool = pick(random, tools ?? [])
    if (tool === undefined) break
    objects.push({
      schemaId: tool.schemaId ?? null,
      objectId: nextId(),
      title: tool.title ?? null,
      ...geometry(random, tool, blueprint, text),
      ...{
        classifications: (tool.classifications ?? []).map((question) => classify(random, question, nextId()))
      },
      ...{ metadata: { createdAt: at, createdBy: author } }
    })
  }
  return {
    tools: objects,
    classifications: (classifications ?? [])
      .filter((question) => question.tool !== "text" || random.integer(10) === 0)
      .map((question) => classify(random, question, nextId())),
    relations: []
  }
}
