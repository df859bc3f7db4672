/**
 * What the types of a module of `Ontology.toModule` are made of.
 *
 * @since 0.1.0
 */
import type { AnnotationFields, AnswerValue, ClassificationInput } from "../schemas/Annotation.js"
import type { Geometries } from "../schemas/Geometry.js"

/** How a class is named: by its schemaId, with its title or without; by the title alone where it has no other. */
type Name =
  | { readonly schemaId: string; readonly title?: string }
  | { readonly schemaId?: never; readonly title: string }

type Others = Omit<AnnotationFields, "schemaId" | "title">

type Nested<Question extends ClassificationInput, Must extends boolean> = Must extends true
  ? { readonly classifications: ReadonlyArray<Question> }
  : { readonly classifications?: ReadonlyArray<Question> | null }

type Without<Tools extends keyof Geometries> = { readonly [Tool in Tools]?: never }

// A brush is in an image of its own; of tools that no document describes, nobody knows what they take.
type GeometryOf<Tool extends string> = Tool extends keyof Geometries
  ? Pick<Geometries, Tool> & Without<Exclude<keyof Geometries, Tool>>
  : { readonly [field: string]: unknown } & (Tool extends "brush" ? Without<keyof Geometries> : unknown)

/**
 * An object of one class: named so, drawn with its tool, with answers to the questions of its class. With `Must`, they
 * may not be left out.
 *
 * @since 0.1.0
 */
export type ObjectOf<
  Named extends Name,
  Tool extends string,
  Question extends ClassificationInput = never,
  Must extends boolean = false
> = Named & Others & GeometryOf<Tool> & Nested<Question, Must>

/**
 * An answer to one question: named so, with one of its answers, and with answers to the questions behind it.
 *
 * @since 0.1.0
 */
export type ClassificationOf<
  Named extends Name,
  Kind extends string,
  Answer extends AnswerValue,
  Question extends ClassificationInput = never,
  Must extends boolean = false
> = Named & Others & Nested<Question, Must> & { readonly tool?: Kind | null; readonly answer: Answer }

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
 * @since 0.1.0
 */
export type RelationOf<
  Named extends Name,
  Kind extends string,
  Question extends ClassificationInput = never,
  Must extends boolean = false
> = Named &
  Others &
  Nested<Question, Must> &
  (Kind extends "one-to-one" ? Single : Kind extends "group" ? Group : Single | Group)
