/**
 * Relations between the objects of an export (docs/api-notes.md#export-rows).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AnnotationMetadata, ExportClassification } from "./ExportClassification.js"
import * as Open from "./open.js"

/**
 * The direction of a relation: `straight`, `reverse` or `bidirectional`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Direction = Open.enumOf("straight", "reverse", "bidirectional")

/** @since 0.1.0 */
export type Direction = typeof Direction.Type

/**
 * A relation between objects, by objectId: `from` one `to` another, or a `group`. {@link linkOf} reads them.
 *
 * @remarks undocumented: the form of `to` in one-to-many relations. A text and a list are read.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ExportRelation = Open.struct({
  objectId: Open.maybe(Schema.String),
  schemaId: Open.maybe(Schema.String),
  title: Open.maybe(Schema.String),
  from: Open.maybe(Schema.String),
  to: Open.maybe(Schema.Union(Schema.String, Schema.Array(Schema.String))),
  direction: Open.maybe(Direction),
  group: Open.maybe(Schema.Array(Schema.String)),
  classifications: Open.maybe(Schema.Array(ExportClassification)),
  page: Open.maybe(Schema.Number),
  metadata: Open.maybe(AnnotationMetadata)
}).annotations({ identifier: "ExportRelation" })

/** @since 0.1.0 */
export type ExportRelation = typeof ExportRelation.Type

/**
 * The objects of a relation, by objectId; `unknown` when the relation has none.
 *
 * @category models
 * @since 0.1.0
 */
export type Link =
  | {
      readonly _tag: "single"
      readonly from: string
      readonly to: string
      readonly direction: Direction | undefined
    }
  | { readonly _tag: "many"; readonly from: string; readonly to: ReadonlyArray<string> }
  | { readonly _tag: "group"; readonly group: ReadonlyArray<string> }
  | { readonly _tag: "unknown" }

/**
 * Reads the objects of a relation.
 *
 * @category utilities
 * @since 0.1.0
 */
export const linkOf = ({ direction, from, group, to }: ExportRelation): Link => {
  if (group != null) return { _tag: "group", group }
  if (from == null || to == null) return { _tag: "unknown" }
  return typeof to === "string"
    ? { _tag: "single", from, to, direction: direction ?? undefined }
    : { _tag: "many", from, to }
}
