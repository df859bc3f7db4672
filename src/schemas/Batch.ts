/**
 * Batches: named groups of assets in a project.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { BatchId, ProjectId } from "./ids.js"
import * as Open from "./open.js"
import { withoutSecrets } from "./secret.js"

/**
 * A batch of a project (docs/api-notes.md#batch). `color` is `#RRGGBB`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Batch = Open.struct({
  id: Open.idField(BatchId),
  name: Schema.String,
  description: Open.maybe(Schema.String),
  color: Open.maybe(Schema.String)
}).annotations({ identifier: "Batch" })

/** @since 0.1.0 */
export type Batch = typeof Batch.Type

const isName = (text: string): boolean => text.trim() !== ""

const nameRule = { title: "a batch name that is not blank" }

/**
 * The name of a new batch: a text that is not blank.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BatchName = Schema.String.pipe(Schema.filter(isName, nameRule))

/**
 * A batch to create; the hub assigns the id. `color` is `#RRGGBB`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NewBatch = Open.struct({
  name: BatchName,
  description: Open.maybe(Schema.String),
  color: Open.maybe(Schema.String.pipe(Schema.pattern(/^#[0-9a-f]{6}$/i, { title: "a color, #RRGGBB" })))
}).annotations({ identifier: "NewBatch" })

/** @since 0.1.0 */
export type NewBatch = typeof NewBatch.Type

const areUnique = (batches: ReadonlyArray<{ readonly name: string }>): boolean =>
  new Set(batches.map(({ name }) => name)).size === batches.length

const uniqueRule = { title: "batches with different names" }

/**
 * The batches to create: at least one, with different names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NewBatches = Open.atLeastOne(NewBatch, "at least one batch").pipe(
  Schema.filter(areUnique, uniqueRule)
)

// One struct instead of a union of existing and new batches gives better error messages.
const ListedBatch = Open.struct({ id: Open.optional(BatchId), name: Schema.String }).pipe(
  Schema.filter((batch) => "id" in batch || isName(batch.name) || { path: ["name"], message: "" }, nameRule)
)

/**
 * The complete list of batches that a project should have, with different names. Batches without an id are new.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BatchList = Schema.Array(ListedBatch).pipe(Schema.filter(areUnique, uniqueRule))

/**
 * The response to a change of a project's batches (docs/api-notes.md#create-batches): after a list the project, after
 * `{name}` the batch itself, with its `name` and without `batches`. The documents show new batches without ids.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectBatches = Open.struct({
  id: Open.idField(Schema.Union(ProjectId, BatchId)),
  name: Open.maybe(Schema.String),
  description: Open.maybe(Schema.String),
  color: Open.maybe(Schema.String),
  batches: Open.maybe(
    Schema.Array(Schema.Union(Batch, Open.struct({ name: Schema.String }).annotations(Open.mayHaveAny)))
  )
})
  .annotations(Open.mayHaveAny)
  .pipe(withoutSecrets)

/** @since 0.1.0 */
export type ProjectBatches = typeof ProjectBatches.Type
