/**
 * Stages: the steps of a project's workflow.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { type IdInput, StageId } from "./ids.js"
import * as Open from "./open.js"

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
 * A stage of a workflow (docs/api-notes.md#stages).
 *
 * `next` holds the ids of the following stages: none for `Complete`, one for most, two for `Review`
 * (accepted, rejected) and `Consensus` (agreed, disagreed), one per condition and an else for `Logic`.
 * Only one type of stage each has `autoForward` (Start), `readOnly` (Review), `logic` (Logic), `pluginId` (Plugin),
 * `url` (Webhook), `consensusConfig` (Consensus) and `preventRequeue` (Complete); the members of a consensus have
 * its `consensusId`.
 *
 * @since 0.1.0
 */
export const Stage = Open.struct({
  id: StageId,
  type: StageType,
  name: Open.maybe(Schema.String),
  next: Open.maybe(Schema.Array(Schema.NullOr(StageId))),
  position: Open.maybe(Open.struct({ x: Open.maybe(Schema.Number), y: Open.maybe(Schema.Number) })),
  autoForward: Open.maybe(Schema.Boolean),
  assignedTo: Open.maybe(Schema.Array(Schema.NullOr(Schema.String))),
  readOnly: Open.maybe(Schema.Boolean),
  logic: Open.maybe(Open.json),
  pluginId: Open.maybe(Schema.String),
  url: Open.maybe(Schema.String),
  consensusId: Open.maybe(Schema.String),
  consensusConfig: Open.maybe(Open.json),
  preventRequeue: Open.maybe(Schema.Boolean)
}).annotations({ identifier: "Stage" })

/** @since 0.1.0 */
export type Stage = typeof Stage.Type

/**
 * A stage to set: a {@link Stage} of some project, or one of your own with plain ids.
 *
 * @since 0.1.0
 */
export interface StageInput {
  readonly id: IdInput<StageId>
  readonly type: StageType
  readonly name?: string | null
  /** Ids of the following stages; see {@link Stage} for how many a type has. */
  readonly next?: ReadonlyArray<IdInput<StageId> | null> | null
  /** E-mail addresses of those who may work in the stage. */
  readonly assignedTo?: ReadonlyArray<string | null> | null
  /** Where the workflow editor draws it. */
  readonly position?: { readonly x?: number | null; readonly y?: number | null } | null
  readonly autoForward?: boolean | null
  readonly readOnly?: boolean | null
  readonly pluginId?: string | null
  readonly url?: string | null
  readonly consensusId?: string | null
  readonly preventRequeue?: boolean | null
  /** `logic`, `consensusConfig`, and what this version does not know. */
  readonly [field: string]: unknown
}

/**
 * What makes a list of stages unusable as a workflow, as a place in the list and a sentence; `undefined` when
 * nothing does. A workflow has a `Start` and a `Complete`, every id once, and leads only to stages of its own.
 *
 * @since 0.1.0
 */
export const workflowProblem = (
  stages: ReadonlyArray<Stage>
): { readonly parameter: string; readonly reason: string } | undefined => {
  const ids = new Set<string>()
  for (const [index, { id }] of stages.entries()) {
    if (ids.has(id)) {
      return {
        parameter: `stages[${index}].id`,
        reason: `"${id}" is the id of an earlier stage. Give each stage an id of its own.`
      }
    }
    ids.add(id)
  }
  for (const type of ["Start", "Complete"]) {
    if (!stages.some((stage) => stage.type === type)) {
      return {
        parameter: "stages",
        reason: `No stage is of type ${type}. A workflow begins with a Start and ends in a Complete.`
      }
    }
  }
  // The children of a consensus lead to its `consensusId`, which no document says to be the id of a stage.
  const targets = new Set(ids)
  for (const { consensusId } of stages) {
    if (consensusId != null) targets.add(consensusId)
  }
  for (const [index, { next }] of stages.entries()) {
    const unknown = next?.find((target) => target !== null && !targets.has(target))
    if (unknown != null) {
      return {
        parameter: `stages[${index}].next`,
        reason: `"${unknown}" is no stage of this workflow. Its stages are ${[...ids].join(", ")}.`
      }
    }
  }
  return undefined
}
