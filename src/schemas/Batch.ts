/**
 * Batches: named groups of assets in a project.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { BatchId } from "./Id.js"
import * as Open from "./Open.js"

/**
 * A batch of a project (dossier D.3). `color` is `#RRGGBB`.
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
