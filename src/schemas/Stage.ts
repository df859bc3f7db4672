/**
 * Stages: the steps of the workflow of a project.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { type IdInput, StageId } from "./ids.js"
import * as Open from "./open.js"

/**
 * The type of a stage: `Start`, `Label`, `Review`, `Logic`, `Plugin`, `Webhook`, `Consensus`, `Hold`, `Archive` or
 * `Complete`.
 *
 * @category schemas
 * @since 0.1.0
 */
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
 * `next` contains the ids of the following stages: none for `Complete`, two for `Review` (accepted, rejected) and
 * `Consensus` (agreed, disagreed), one per condition and one for "else" for `Logic`, and one for all others.
 * Some fields belong to one type of stage: `autoForward` (Start), `readOnly` (Review), `logic` (Logic), `pluginId`
 * (Plugin), `url` (Webhook), `consensusConfig` (Consensus) and `preventRequeue` (Complete). The stages of a consensus have
 * its `consensusId`.
 *
 * @category schemas
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
 * A stage in a request: a {@link Stage} of a project, or an object with plain ids.
 *
 * @category models
 * @since 0.1.0
 */
export interface StageInput {
  readonly id: IdInput<StageId>
  readonly type: StageType
  readonly name?: string | null
  /** Ids of the following stages; {@link Stage} says how many each type has. */
  readonly next?: ReadonlyArray<IdInput<StageId> | null> | null
  /** E-mail addresses of the users who may work in the stage. */
  readonly assignedTo?: ReadonlyArray<string | null> | null
  /** The position in the workflow editor. */
  readonly position?: { readonly x?: number | null; readonly y?: number | null } | null
  readonly autoForward?: boolean | null
  readonly readOnly?: boolean | null
  readonly pluginId?: string | null
  readonly url?: string | null
  readonly consensusId?: string | null
  readonly preventRequeue?: boolean | null
  /** `logic`, `consensusConfig`, and unknown fields. */
  readonly [field: string]: unknown
}

/**
 * Finds a mistake in a workflow. Returns the field and the reason; `undefined` when the workflow is valid: it has a
 * `Start` and a `Complete`, unique ids, and no `next` outside of it.
 *
 * @category utilities
 * @since 0.1.0
 */
export const findWorkflowProblem = (
  stages: ReadonlyArray<Stage>
): { readonly parameter: string; readonly reason: string } | undefined => {
  const ids = new Set<string>()
  for (const [index, { id }] of stages.entries()) {
    if (ids.has(id)) {
      return {
        parameter: `stages[${index}].id`,
        reason: `"${id}" is the id of an earlier stage. Use a different id for each stage.`
      }
    }
    ids.add(id)
  }
  for (const type of ["Start", "Complete"]) {
    if (!stages.some((stage) => stage.type === type)) {
      return {
        parameter: "stages",
        reason: `There is no stage of type ${type}. Add one: a workflow begins with Start and ends with Complete.`
      }
    }
  }
  // The stages of a consensus lead to its `consensusId`, which may not be the id of a stage.
  const targets = new Set(ids)
  for (const { consensusId } of stages) {
    if (consensusId != null) targets.add(consensusId)
  }
  for (const [index, { next }] of stages.entries()) {
    const unknown = next?.find((target) => target !== null && !targets.has(target))
    if (unknown != null) {
      return {
        parameter: `stages[${index}].next`,
        reason: `"${unknown}" is not a stage of this workflow. Use one of ${[...ids].join(", ")}.`
      }
    }
  }
  return undefined
}
