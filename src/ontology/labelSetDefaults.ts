/**
 * The keys that each classification of a label set is written with.
 *
 * @since 0.1.0
 */
import type { CategorySchema, Classification } from "../schemas/CategorySchema.js"

/**
 * What a classification is written with if it does not set it: the vendor's SDK always sends these values, and a user
 * interface may rely on them (docs/api-notes.md#label-set-keys).
 */
export const classificationDefaults = {
  frameSpecific: false,
  treeOptions: [],
  richText: false,
  showDropdown: false
} as const satisfies Partial<Classification>

// The input is not validated yet: what is no list of objects stays as it is, to be refused.
const mapItems = <A>(items: ReadonlyArray<A>, f: (item: A) => A): ReadonlyArray<A> =>
  Array.isArray(items)
    ? items.map((item) => (typeof item === "object" && item !== null ? f(item) : item))
    : items

interface Parent {
  readonly classifications?: ReadonlyArray<Classification> | null
}

const withNested = <A extends Parent>(parent: A): A =>
  parent.classifications == null
    ? parent
    : { ...parent, classifications: mapItems(parent.classifications, withDefaults) }

const withDefaults = (classification: Classification): Classification => ({
  ...classificationDefaults,
  ...withNested(classification)
})

/** A copy of a label set in which each classification, at every depth, has all of {@link classificationDefaults}. */
export const withLabelSetDefaults = (labelSet: CategorySchema): CategorySchema => ({
  ...withNested(labelSet),
  ...(labelSet.tools == null ? {} : { tools: mapItems(labelSet.tools, withNested) }),
  ...(labelSet.relations == null ? {} : { relations: mapItems(labelSet.relations, withNested) })
})
