/**
 * Where a response differs from its schema.
 *
 * @since 0.1.0
 */

/**
 * One difference between a response and its schema: its path, such as `data.tasks[3].createdAt` (with `*` for a key of a
 * record, which is data), the id of the item, what was expected, and the kind of value found (never the value).
 *
 * @category models
 * @since 0.1.0
 */
export interface Mismatch {
  readonly path: string
  readonly item?: string
  readonly expected: string
  readonly found: string
}
