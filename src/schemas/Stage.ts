/**
 * Stages: the steps of a project's workflow.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { StageId } from "./Id.js"
import * as Open from "./Open.js"

/** @since 0.1.0 */
export const StageType = Open.enumOf(
  "Start",
  "Label",
  "Review",
  "Logic",
  "Plugin",
  "Webhook",
  "Consensus",
  "Hold",
  "Archive",
  "Complete"
)

/** @since 0.1.0 */
export type StageType = typeof StageType.Type

/**
 * A stage of a workflow (dossier D.2).
 *
 * `next` holds the ids of the following stages: none for `Complete`, one for most, two for `Review`
 * (accepted, rejected) and `Consensus` (agreed, disagreed), one per condition and an else for `Logic`.
 * Fields that only one type of stage has (`autoForward`, `readOnly`, `logic`, `consensusId`, …) are kept as
 * they came.
 *
 * @since 0.1.0
 */
export const Stage = Open.struct({
  id: StageId,
  type: StageType,
  name: Open.maybe(Schema.String),
  next: Open.maybe(Schema.Array(Schema.NullOr(StageId))),
  assignedTo: Open.maybe(Schema.Array(Schema.NullOr(Schema.String))),
  position: Open.maybe(Open.struct({ x: Open.maybe(Schema.Number), y: Open.maybe(Schema.Number) }))
}).annotations({ identifier: "Stage" })

/** @since 0.1.0 */
export type Stage = typeof Stage.Type
