/**
 * One mistake of a label: what is wrong, and where.
 *
 * @since 0.1.0
 */

/**
 * What kind of mistake it is.
 *
 * - `no-asset`: neither externalId nor data;
 * - `wrong-kind`: JSON of another kind, where a list, an object, a text or a number is due;
 * - `two-lists`: objects under `tools` and under `objects`;
 * - `no-class`, `unknown-schema-id`, `unknown-title`, `ambiguous-title`, `contradicting-title`, `misplaced-class`: no
 *   class of the ontology, none known, several, two, or one of another place;
 * - `wrong-tool`, `no-geometry`, `several-geometries`: drawn with another tool than that of its class, with none, with
 *   several;
 * - `not-finite`, `size`, `points`, `rotation`, `span`, `page-number`, `outside-image`: a geometry that cannot be;
 * - `page`, `duplicate-object-id`, `mixed-track`: a page that cannot be, an objectId twice on a page, or on several
 *   pages for objects of different classes;
 * - `wrong-answer-kind`, `several-answers`, `unknown-option`, `ambiguous-option`, `repeated-option`, `unknown-path`,
 *   `pattern`: an answer that the question does not take;
 * - `not-revealed`, `required`: an answer to a question that is not asked, none to one that must be answered;
 * - `wrong-relation`, `unknown-object`: a relation of another kind, or with an object that is not there.
 *
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
 * One mistake of one entry.
 *
 * @since 0.1.0
 */
export interface LabelMistake {
  readonly reason: Reason
  /** Which entry, counted from 0. */
  readonly row: number
  /** Its externalId. */
  readonly key: string | undefined
  /** Where in the entry: `objects[3].bounding-box.width`; empty for the whole of it. */
  readonly path: string
  readonly expected: string
  /** What is there, in words: names and options are quoted, other texts are not. */
  readonly found: string
  /** The name or the option that may have been meant. */
  readonly suggestion: string | undefined
  readonly message: string
}
