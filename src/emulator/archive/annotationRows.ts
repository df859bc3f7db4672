/**
 * Annotations as exports have them: what the hub keeps, with titles, options by value, and geometry in the forms that
 * only exports show (docs/api-notes.md#export-rows).
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { toOptionValues } from "../../ontology/optionReferences.js"
import type { CategorySchema, Classification } from "../../schemas/CategorySchema.js"
import type { ExportClassification } from "../../schemas/ExportClassification.js"
import { areaOf, cornersOf, Pdf, RotatedBoundingBox } from "../../schemas/ExportGeometry.js"
import type { ExportObject } from "../../schemas/ExportObject.js"
import type { ExportRelation } from "../../schemas/ExportRelation.js"
import type { WireAnswer, WireHistoryItem } from "../state/HubState.js"

type Fields = Readonly<Record<string, unknown>>

interface Class {
  readonly title?: string | null
  readonly tool: string
}

/** The classes of an ontology by schemaId: its tools, classifications and relations, at any depth. */
export const classesOf = (ontology: CategorySchema): ReadonlyMap<unknown, Class> => {
  const classes = new Map<unknown, Class>()
  const walk = (recordsIn: ReadonlyArray<Omit<Classification, "tool"> & Class> | null | undefined): void => {
    for (const one of recordsIn ?? []) {
      if (one.schemaId != null) classes.set(one.schemaId, one)
      walk(one.classifications)
    }
  }
  walk(ontology.tools)
  walk(ontology.classifications)
  walk(ontology.relations)
  return classes
}

/** How annotations are shown, and where they come from. */
export interface AnnotationOptions {
  readonly ontology: CategorySchema
  readonly classes: ReadonlyMap<unknown, Class>
  /** What happened to their task, oldest first. */
  readonly history: ReadonlyArray<WireHistoryItem>
  readonly includeMetadata: boolean
  readonly includeSegmentationPoints: boolean
}

/** The annotations of a task, or of a stage that it went through. */
export interface WireAnnotations {
  readonly tools: ReadonlyArray<typeof ExportObject.Encoded>
  readonly classifications: ReadonlyArray<typeof ExportClassification.Encoded>
  readonly relations: ReadonlyArray<typeof ExportRelation.Encoded>
}

const list = (value: unknown): ReadonlyArray<Fields> =>
  Array.isArray(value) ? value.filter(Predicate.isRecord) : []

const titleField = (item: Fields, { classes }: AnnotationOptions): Fields => {
  const title = item["title"] ?? classes.get(item["schemaId"])?.title
  return title == null ? {} : { title }
}

type Kind = "tools" | "classifications"

// The stage in which the hub first saw an item.
const firstStageOf = (item: Fields, kind: Kind, { history }: AnnotationOptions): string | undefined =>
  history.find(({ answer }) => answer[kind]?.some(({ objectId }) => objectId === item["objectId"]))?.stage

// Segmentations have none (docs/api-notes.md#export-rows).
const metadataOf = (item: Fields, kind: Kind, options: AnnotationOptions): Fields => {
  const { metadata } = item
  if (!options.includeMetadata || !Predicate.isRecord(metadata) || "segmentation" in item) return {}
  const stage = firstStageOf(item, kind, options)
  return { metadata: { ...metadata, ...(stage === undefined ? {} : { createdIn: stage }) } }
}

const classification =
  (options: AnnotationOptions) =>
  ({ metadata: _, ...item }: Fields): Fields => {
    const tool = item["tool"] ?? options.classes.get(item["schemaId"])?.tool
    return {
      ...item,
      ...(tool === undefined ? {} : { tool }),
      ...titleField(item, options),
      classifications: list(item["classifications"]).map(classification(options))
    }
  }

const isRotated = Schema.is(RotatedBoundingBox)
const isPdf = Schema.is(Pdf)

// What came from an import file has neither corners nor positions.
const geometry = (object: Fields, { includeSegmentationPoints }: AnnotationOptions): Fields => {
  const { pdf, "rotated-bounding-box": box, segmentation } = object
  if (!includeSegmentationPoints && Predicate.isRecord(segmentation)) {
    return { segmentation: { ...segmentation, zones: [] } }
  }
  if (isRotated(box)) return { "rotated-bounding-box": { ...box, corners: cornersOf(box) } }
  if (!isPdf(pdf) || "position" in pdf) return {}
  const { pageNumber, text, ...boundingRect } = areaOf(pdf)
  return {
    pdf: {
      position: { boundingRect, rects: [boundingRect], pageNumber },
      content: text === undefined ? {} : { text }
    }
  }
}

/**
 * What the hub keeps of an answer, as its exports show it. Geometry that no tool draws is shown as it was given.
 *
 * @remarks undocumented: that `createdIn` is the first stage that left the item behind, imports have none; that segmentations
 * have their points unless they are expressly not wanted.
 */
export const annotationsOf = (
  answer: WireAnswer | undefined,
  options: AnnotationOptions
): WireAnnotations => {
  const { classifications, relations, tools } = toOptionValues(answer ?? {}, options.ontology)
  const shown = {
    tools: list(tools).map(({ metadata, ...object }) => ({
      ...object,
      ...geometry(object, options),
      ...titleField(object, options),
      classifications: list(object["classifications"]).map(classification(options)),
      ...metadataOf({ ...object, metadata }, "tools", options)
    })),
    classifications: list(classifications).map((item) => ({
      ...classification(options)(item),
      ...metadataOf(item, "classifications", options)
    })),
    relations: list(relations).map(({ metadata: _, ...relation }) => ({
      ...relation,
      ...titleField(relation, options)
    }))
  }
  return shown as WireAnnotations
}
