/**
 * Category schemas (ontologies): the tools, classifications and relations that annotators use.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * The kind of a drawing tool, such as `bounding-box`, `polygon`, `segmentation` or `ner`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ToolKind = Open.enumOf(
  "bounding-box",
  "rotated-bounding-box",
  "polygon",
  "polyline",
  "segmentation",
  "point",
  "ner",
  "pdf",
  "brush",
  "pct"
)

/** @since 0.1.0 */
export type ToolKind = typeof ToolKind.Type

/**
 * The kind of a classification, such as `radio`, `checkbox`, `tree-dropdown`, `text` or `rank`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClassificationKind = Open.enumOf(
  "radio",
  "checkbox",
  "single-dropdown",
  "multi-dropdown",
  "tree-dropdown",
  "text",
  "rank",
  "instance",
  "boolean"
)

/** @since 0.1.0 */
export type ClassificationKind = typeof ClassificationKind.Type

/**
 * The kind of a relation: `one-to-one`, `group` or `one-to-many`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RelationKind = Open.enumOf("one-to-one", "group", "one-to-many")

/** @since 0.1.0 */
export type RelationKind = typeof RelationKind.Type

/**
 * An option of a classification. Stored answers name options by `schemaId`, exports by `value`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LabelOption = Open.struct({
  value: Schema.String,
  schemaId: Open.maybe(Schema.String)
}).annotations({ identifier: "LabelOption" })

/** @since 0.1.0 */
export type LabelOption = typeof LabelOption.Type

/**
 * A node of a `tree-dropdown`.
 *
 * @category models
 * @since 0.1.0
 */
export interface TreeOption {
  readonly title: string
  readonly key?: string | null
  readonly value?: string | null
  readonly children?: ReadonlyArray<TreeOption> | null
}

/** @since 0.1.0 */
export const TreeOption: Schema.Schema<TreeOption> = Open.struct({
  title: Schema.String,
  key: Open.maybe(Schema.String),
  value: Open.maybe(Schema.String),
  children: Open.maybe(Schema.Array(Schema.suspend((): Schema.Schema<TreeOption> => TreeOption)))
}).annotations({ identifier: "TreeOption" })

/**
 * A classification: a question to annotators, about the asset or nested in a tool, a relation or a classification.
 *
 * @category models
 * @since 0.1.0
 */
export interface Classification {
  readonly tool: ClassificationKind
  readonly schemaId?: string | null
  readonly title?: string | null
  readonly required?: boolean | null
  readonly multiple?: boolean | null
  readonly color?: string | null
  readonly shortcutKey?: string | null
  readonly columnField?: boolean | null
  readonly frameSpecific?: boolean | null
  readonly classifications?: ReadonlyArray<Classification> | null
  readonly options?: ReadonlyArray<LabelOption> | null
  readonly treeOptions?: ReadonlyArray<TreeOption> | null
  /** The schemaId of the option that reveals this classification; `null` or `""`: always shown. */
  readonly parentOptionId?: string | null
  readonly regex?: string | null
  readonly richText?: boolean | null
  readonly showDropdown?: boolean | null
  readonly exportName?: string | null
  readonly displayName?: string | null
  readonly abbreviatedName?: string | null
  readonly attributeType?: string | null
  readonly defaultValue?: unknown
}

const nestedClassifications = Open.maybe(
  Schema.Array(Schema.suspend((): Schema.Schema<Classification> => Classification))
)

// The documents list the keys in this order; requests send them so.
const common = <Kind extends string>(tool: Open.OpenEnum<Kind>) => ({
  schemaId: Open.maybe(Schema.String),
  tool,
  title: Open.maybe(Schema.String),
  required: Open.maybe(Schema.Boolean),
  classifications: nestedClassifications,
  color: Open.maybe(Schema.String),
  shortcutKey: Open.maybe(Schema.String),
  columnField: Open.maybe(Schema.Boolean),
  multiple: Open.maybe(Schema.Boolean)
})

const options = Open.maybe(Schema.Array(LabelOption))

/** @since 0.1.0 */
export const Classification: Schema.Schema<Classification> = Open.struct({
  ...common(ClassificationKind),
  options,
  frameSpecific: Open.maybe(Schema.Boolean),
  treeOptions: Open.maybe(Schema.Array(TreeOption)),
  parentOptionId: Open.maybe(Schema.String),
  regex: Open.maybe(Schema.String),
  richText: Open.maybe(Schema.Boolean),
  showDropdown: Open.maybe(Schema.Boolean),
  exportName: Open.maybe(Schema.String),
  displayName: Open.maybe(Schema.String),
  abbreviatedName: Open.maybe(Schema.String),
  attributeType: Open.maybe(Schema.String),
  defaultValue: Open.maybe(Open.json)
}).annotations({ identifier: "Classification" })

/**
 * A drawing tool of the ontology: one class of objects that annotators draw.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Tool = Open.struct({
  ...common(ToolKind),
  ocrEnabled: Open.maybe(Schema.Boolean),
  options
}).annotations({
  identifier: "Tool",
  ...Open.mayHave("abbreviatedName", "attributeType", "defaultValue", "displayName", "exportName")
})

/** @since 0.1.0 */
export type Tool = typeof Tool.Type

/**
 * A relation of the ontology: a kind of link between objects.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Relation = Open.struct({ ...common(RelationKind), options }).annotations({
  identifier: "Relation"
})

/** @since 0.1.0 */
export type Relation = typeof Relation.Type

/**
 * The ontology of a project (docs/api-notes.md#category-schema).
 *
 * @category schemas
 * @since 0.1.0
 */
export const CategorySchema = Open.struct({
  tools: Open.maybe(Schema.Array(Tool)),
  classifications: Open.maybe(Schema.Array(Classification)),
  relations: Open.maybe(Schema.Array(Relation))
}).annotations({ identifier: "CategorySchema" })

/** @since 0.1.0 */
export type CategorySchema = typeof CategorySchema.Type
