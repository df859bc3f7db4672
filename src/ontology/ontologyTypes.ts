/**
 * The types from which the modules of `Ontology.toModule` are built.
 *
 * @since 0.1.0
 */
import type { AnnotationFields, AnswerValue, ClassificationInput } from "../schemas/Annotation.js"
import type { Geometries } from "../schemas/Geometry.js"

/** Names a class: by schemaId, optionally with the title; by title alone when the class has no schemaId. */
type Name =
  | { readonly schemaId: string; readonly title?: string }
  | { readonly schemaId?: never; readonly title: string }

type CommonFields = Omit<AnnotationFields, "schemaId" | "title">

type Nested<Classification extends ClassificationInput, IsRequired extends boolean> = IsRequired extends true
  ? { readonly classifications: ReadonlyArray<Classification> }
  : { readonly classifications?: ReadonlyArray<Classification> | null }

type Without<Tools extends keyof Geometries> = { readonly [Tool in Tools]?: never }

// Brush strokes are in a separate image. The geometries of other tools are not documented, so that any field is allowed.
type GeometryOf<Tool extends string> = Tool extends keyof Geometries
  ? Pick<Geometries, Tool> & Without<Exclude<keyof Geometries, Tool>>
  : { readonly [field: string]: unknown } & (Tool extends "brush" ? Without<keyof Geometries> : unknown)

/**
 * An object of one class: its name, the geometry of its tool, and the answers to its classifications, which `IsRequired` makes
 * mandatory.
 *
 * @category models
 * @since 0.1.0
 */
export type ObjectOf<
  Named extends Name,
  Tool extends string,
  Classification extends ClassificationInput = never,
  IsRequired extends boolean = false
> = Named & CommonFields & GeometryOf<Tool> & Nested<Classification, IsRequired>

/**
 * An answered classification: its name, one of its answers, and the answers to its nested classifications, which `IsRequired`
 * makes mandatory.
 *
 * @category models
 * @since 0.1.0
 */
export type ClassificationOf<
  Named extends Name,
  Kind extends string,
  Answer extends AnswerValue,
  Classification extends ClassificationInput = never,
  IsRequired extends boolean = false
> = Named &
  CommonFields &
  Nested<Classification, IsRequired> & { readonly tool?: Kind | null; readonly answer: Answer }

interface Single {
  readonly from: string
  readonly to: string
  readonly direction?: "straight" | "reverse" | "bidirectional"
  readonly group?: never
}

interface Group {
  readonly group: ReadonlyArray<string>
  readonly from?: never
  readonly to?: never
}

/**
 * A relation of one class between objects of the same answer, by their objectIds.
 *
 * @category models
 * @since 0.1.0
 */
export type RelationOf<
  Named extends Name,
  Kind extends string,
  Classification extends ClassificationInput = never,
  IsRequired extends boolean = false
> = Named &
  CommonFields &
  Nested<Classification, IsRequired> &
  (Kind extends "one-to-one" ? Single : Kind extends "group" ? Group : Single | Group)
