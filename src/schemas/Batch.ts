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

const named = { title: "a batch name that is not blank" }

/**
 * The name of a new batch: some text that is not blank.
 *
 * @since 0.1.0
 */
export const BatchName = Schema.String.pipe(Schema.filter(isName, named))

/**
 * A batch that is to be: the hub gives it its id. `color` is `#RRGGBB`.
 *
 * @since 0.1.0
 */
export const NewBatch = Open.struct({
  name: BatchName,
  description: Open.maybe(Schema.String),
  color: Open.maybe(Schema.String.pipe(Schema.pattern(/^#[0-9a-f]{6}$/i, { title: "a color, #RRGGBB" })))
}).annotations({ identifier: "NewBatch" })

/** @since 0.1.0 */
export type NewBatch = typeof NewBatch.Type

const differ = (batches: ReadonlyArray<{ readonly name: string }>): boolean =>
  new Set(batches.map(({ name }) => name)).size === batches.length

const different = { title: "batches with different names" }

/**
 * The batches to create: at least one, no name blank, none twice.
 *
 * @since 0.1.0
 */
export const NewBatches = Open.atLeastOne(NewBatch, "at least one batch").pipe(
  Schema.filter(differ, different)
)

// One struct and not the union of the two: what is wrong with a batch is told without guessing which was meant.
const Listed = Open.struct({ id: Open.optional(BatchId), name: Schema.String }).pipe(
  Schema.filter((batch) => "id" in batch || isName(batch.name) || { path: ["name"], message: "" }, named)
)

/** All batches that a project is to have: no name twice, and none of the new ones blank. */
export const WholeList = Schema.Array(Listed).pipe(Schema.filter(differ, different))

/**
 * A project after its batches were written. The documents show new batches without their ids.
 *
 * @since 0.1.0
 */
export const BatchedProject = Open.struct({
  id: Open.idField(ProjectId),
  batches: Open.maybe(
    Schema.Array(Schema.Union(Batch, Open.struct({ name: Schema.String }).annotations(Open.mayHaveAny)))
  )
})
  .annotations(Open.mayHaveAny)
  .pipe(withoutSecrets)

/** @since 0.1.0 */
export type BatchedProject = typeof BatchedProject.Type
