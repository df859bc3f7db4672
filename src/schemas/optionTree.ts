/**
 * Trees of options (`tree-dropdown`).
 *
 * @since 0.1.0
 */
import type { LabelOption, TreeOption } from "./CategorySchema.js"

/**
 * Lists the nodes of a tree as options, parents before children. The value of an option is the path of its node
 * (`"Vehicle / Car"`), its schemaId the key of the node.
 *
 * @category utilities
 * @since 0.1.0
 */
export const flattenTree = (
  nodes: ReadonlyArray<TreeOption>,
  path: ReadonlyArray<string> = []
): ReadonlyArray<LabelOption> =>
  nodes.flatMap(({ children, key, title }) => {
    const nodePath = [...path, title]
    const value = nodePath.join(" / ")
    return [key == null ? { value } : { value, schemaId: key }, ...flattenTree(children ?? [], nodePath)]
  })
