/**
 * Mistakes of labels: what is wrong, and where.
 *
 * @since 0.1.0
 */

/**
 * The kinds of mistakes:
 *
 * - `no-asset`: neither externalId nor data;
 * - `wrong-kind`: JSON of the wrong type, for example a text instead of a list;
 * - `two-lists`: objects under `tools` and under `objects`;
 * - `no-class`, `unknown-schema-id`, `unknown-title`: an item without a schemaId and a title, or with one that the
 *   ontology does not have;
 * - `ambiguous-title`, `contradicting-title`, `misplaced-class`: a title of several classes, a title and a schemaId of
 *   different classes, or the schemaId of a class that cannot be used here;
 * - `wrong-tool`, `no-geometry`, `several-geometries`: the geometry of another tool, none, or several;
 * - `not-finite`, `size`, `points`, `rotation`, `span`, `page-number`, `outside-image`: an invalid geometry;
 * - `page`, `duplicate-object-id`, `mixed-track`: an invalid page, an objectId used twice on a page, or on several pages
 *   for objects of different classes;
 * - `wrong-answer-kind`, `several-answers`, `unknown-option`, `ambiguous-option`, `repeated-option`, `unknown-path`,
 *   `pattern`: an answer that the classification does not accept;
 * - `not-revealed`, `required`: an answer to a classification that is not shown, or none to a required one;
 * - `wrong-relation`, `unknown-object`: a relation of the wrong kind, or with an unknown objectId.
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
  /** The index of the entry, counted from 0. */
  readonly row: number
  /** The externalId of the entry. */
  readonly key: string | undefined
  /** The path in the entry: `objects[3].bounding-box.width`; empty for the whole entry. */
  readonly path: string
  /** What is expected, in words. */
  readonly expected: string
  /** What was found, in words: names and options are quoted, free text is left out. */
  readonly found: string
  /** A similar name or option that exists. */
  readonly suggestion: string | undefined
  /** The row, the path, the problem and the suggestion as a sentence. */
  readonly message: string
}
