/**
 * Trees of options.
 *
 * @since 0.1.0
 */
import type { LabelOption, TreeOption } from "./CategorySchema.js"

/**
 * The options of a tree: one for each node, inner ones too, parents before their children. The value of an option
 * is the path to its node (`"Vehicle / Car"`), its schema id the node's key.
 *
 * @since 0.1.0
 */
export const flattenTree = (
  nodes: ReadonlyArray<TreeOption>,
  path: ReadonlyArray<string> = []
): ReadonlyArray<LabelOption> =>
  nodes.flatMap(({ children, key, title }) => {
    const here = [...path, title]
    const value = here.join(" / ")
    return [key == null ? { value } : { value, schemaId: key }, ...flattenTree(children ?? [], here)]
  })
