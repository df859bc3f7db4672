/**
 * One mistake in a label: its kind and its path.
 *
 * @since 0.1.0
 */

/**
 * The kind of a mistake.
 *
 * - `no-asset`: the entry has neither externalId nor data.
 * - `wrong-kind`: the value has another JSON type than the array, object, string or number expected.
 * - `two-lists`: objects are under both `tools` and `objects`.
 * - `no-class`, `unknown-schema-id`, `unknown-title`, `ambiguous-title`, `contradicting-title`, `misplaced-class`: the
 *   class is missing, not in the ontology, shared by several classes, different by schemaId and by title, or not allowed
 *   at this path.
 * - `wrong-tool`, `no-geometry`, `several-geometries`: the object has the geometry of another tool than its class, no
 *   geometry, or several.
 * - `not-finite`, `size`, `points`, `rotation`, `span`, `page-number`, `outside-image`: the geometry is invalid.
 * - `page`, `duplicate-object-id`, `mixed-track`: the page is invalid, an objectId occurs twice on a page, or objects of
 *   different classes on several pages have the same one.
 * - `wrong-answer-kind`, `several-answers`, `unknown-option`, `ambiguous-option`, `repeated-option`, `unknown-path`,
 *   `pattern`: the question does not accept the answer.
 * - `not-revealed`, `required`: the question is hidden but answered, or required but not answered.
 * - `wrong-relation`, `unknown-object`: the relation has another kind, or refers to an object that does not exist.
 *
 * @category models
 * @since 0.1.0
 */
export type Reason =
  | "no-asset"
  | "wrong-kind"
  | "two-lists"
  | "no-class"
  | "unknown-schema-id"
  | "unknown-title"
  | "ambiguous-title"
  | "contradicting-title"
  | "misplaced-class"
  | "wrong-tool"
  | "no-geometry"
  | "several-geometries"
  | "not-finite"
  | "size"
  | "points"
  | "rotation"
  | "span"
  | "page-number"
  | "outside-image"
  | "page"
  | "duplicate-object-id"
  | "mixed-track"
  | "wrong-answer-kind"
  | "several-answers"
  | "unknown-option"
  | "ambiguous-option"
  | "repeated-option"
  | "unknown-path"
  | "pattern"
  | "not-revealed"
  | "required"
  | "wrong-relation"
  | "unknown-object"

/**
 * One mistake in one entry.
 *
 * @category models
 * @since 0.1.0
 */
export interface LabelMistake {
  readonly reason: Reason
  /** The index of the entry, from 0. */
  readonly row: number
  /** The externalId of the entry. */
  readonly key: string | undefined
  /** The path in the entry: `objects[3].bounding-box.width`; empty for the entry itself. */
  readonly path: string
  readonly expected: string
  /** The value found, in words. Names and options are quoted, other strings are not. */
  readonly found: string
  /** The nearest valid name or option. */
  readonly suggestion: string | undefined
  readonly message: string
}
