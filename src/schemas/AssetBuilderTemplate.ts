/**
 * Asset-builder templates, which turn the rows of a table into HTML assets.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Classification } from "./CategorySchema.js"
import { AssetBuilderTemplateId } from "./ids.js"
import * as Open from "./open.js"

/**
 * The type of a column: `text`, `link`, `image`, `audio`, `video`, `iframe` or `pdf`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ColumnType = Open.enumOf("text", "link", "image", "audio", "video", "iframe", "pdf")

/** @since 0.1.0 */
export type ColumnType = typeof ColumnType.Type

/**
 * A template of a project. `template` is HTML with placeholders `{{column}}`; `dataConfig` describes the columns by
 * name; `preLabelConfig` maps a classification (`cla`) to the column (`value`) with its answer.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AssetBuilderTemplate = Open.struct({
  id: Open.idField(AssetBuilderTemplateId),
  description: Open.maybe(Schema.String),
  name: Open.maybe(Schema.String),
  template: Open.maybe(Schema.String),
  batchColumn: Open.maybe(Schema.String),
  selectedExternalId: Open.maybe(Schema.String),
  dataConfig: Open.maybe(
    Schema.Record({
      key: Schema.String,
      value: Open.struct({
        type: Open.maybe(ColumnType),
        includeInExport: Open.maybe(Schema.Boolean),
        storage: Open.maybe(Schema.String)
      })
    })
  ),
  preLabelConfig: Open.maybe(
    Schema.Record({
      key: Schema.String,
      value: Open.struct({ cla: Open.maybe(Classification), value: Open.maybe(Schema.String) })
    })
  )
}).annotations({ identifier: "AssetBuilderTemplate" })

/** @since 0.1.0 */
export type AssetBuilderTemplate = typeof AssetBuilderTemplate.Type

const fromStorage: ReadonlyArray<ColumnType> = ["image", "audio", "video", "pdf"]

const NewColumn = Open.struct({
  type: Open.onlyKnown(ColumnType, "a column type"),
  includeInExport: Schema.optionalWith(Schema.Boolean, { default: () => false }),
  storage: Schema.optional(Schema.String)
}).pipe(
  Schema.filter(({ storage, type }) => !fromStorage.includes(type) || (storage ?? "") !== "", {
    title: `a storage (its id, or "Public") for a column of type ${fromStorage.join(", ")}`
  })
)

const filled = (title: string) => Schema.String.pipe(Schema.minLength(1, { title }))

/**
 * A template to create. Missing fields get the defaults of the vendor's SDK: empty, and not in exports.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NewAssetBuilderTemplate = Open.struct({
  description: Schema.optionalWith(Schema.String, { default: () => "" }),
  name: filled("a name"),
  /** HTML with placeholders `{{column}}`. */
  template: filled("HTML with placeholders such as {{column}}"),
  /** The column with the batches of a row; default `""` (none). */
  batchColumn: Schema.optionalWith(Schema.String, { default: () => "" }),
  /** The column with the external id of a row. */
  selectedExternalId: filled("the name of a column"),
  /** The columns by name. Image, audio, video and pdf need a `storage`: a storage id or `"Public"`. */
  dataConfig: Schema.Record({ key: Schema.String, value: NewColumn }).pipe(
    Schema.filter((columns) => Object.keys(columns).length > 0, { title: "at least one column" })
  ),
  /** Classifications that a column answers: `cla` is the classification, `value` the name of the column. */
  preLabelConfig: Schema.optionalWith(
    Schema.Record({
      key: Schema.String,
      value: Open.struct({ cla: Classification, value: Schema.String })
    }),
    { default: () => ({}) }
  )
}).annotations({ identifier: "NewAssetBuilderTemplate" })

/**
 * A template to create, as methods accept it.
 *
 * @category models
 * @since 0.1.0
 */
export type NewAssetBuilderTemplate = typeof NewAssetBuilderTemplate.Encoded

/**
 * Finds a reference to a missing column. Returns the field and the reason; `undefined` when the template is valid.
 *
 * @category utilities
 * @since 0.1.0
 */
export const findTemplateProblem = (
  template: typeof NewAssetBuilderTemplate.Type
): { readonly parameter: string; readonly reason: string } | undefined => {
  const columns = Object.keys(template.dataConfig)
  for (const parameter of ["selectedExternalId", "batchColumn"] as const) {
    const column = template[parameter]
    if (column !== "" && !columns.includes(column)) {
      return {
        parameter,
        reason: `"${column}" is not a column of dataConfig. Use one of ${columns.join(", ")}.`
      }
    }
  }
  return undefined
}
