/**
 * Annotations as exports contain them: the stored ones with titles, options by value, and geometry in forms that only
 * exports have (docs/api-notes.md#export-rows).
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

/** The tools, classifications and relations of an ontology at any depth, by schemaId. */
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

/** What an export needs to know about annotations. */
export interface AnnotationOptions {
  readonly ontology: CategorySchema
  readonly classes: ReadonlyMap<unknown, Class>
  /** The history of their task, oldest first. */
  readonly history: ReadonlyArray<WireHistoryItem>
  readonly includeMetadata: boolean
  readonly includeSegmentationPoints: boolean
}

/** The annotations of a task, or of one of its completed stages. */
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

// The stage in which an item was first submitted.
const firstStageOf = (item: Fields, kind: Kind, { history }: AnnotationOptions): string | undefined =>
  history.find(({ answer }) => answer[kind]?.some(({ objectId }) => objectId === item["objectId"]))?.stage

// Segmentations have no metadata (docs/api-notes.md#export-rows).
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

// Imported annotations lack corners and positions, which exports contain.
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
 * The annotations of an answer as exports contain them. Geometry that no tool draws is exported as it was sent.
 *
 * @remarks undocumented: `createdIn` is the first stage whose submission contains the item, and missing for imports;
 * segmentations have their points unless `includeSegmentationPoints` is `false`.
 */
export const annotationsOf = (
  answer: WireAnswer | undefined,
  options: AnnotationOptions
): WireAnnotations => {
  const { classifications, relations, tools } = toOptionValues(answer ?? {}, options.ontology)
  const rows = {
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
  return rows as WireAnnotations
}
