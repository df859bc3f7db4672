// The filter of asset lists, and its form in requests.
import * as Schema from "effect/Schema"
import * as Query from "../api/queryEncoding.js"
import type { Problem } from "../layers/transport/inputValidation.js"
import { AssetId, type IdInput } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"
import {
  checkRepeatedConditions,
  checkTimeRanges,
  type OneOrSeveral,
  RawConditions,
  type TimeBounds,
  timeRangeFields,
  toTimeCondition,
  toValueCondition
} from "./conditions.js"

/**
 * Selects assets of a project. Conditions combine with AND, several values of one condition with OR. An empty text, an
 * empty list or an empty time range fails with `InvalidRequest` before any request.
 *
 * `createdAfter` and `createdBefore` are excluded from the time range, to the millisecond.
 *
 * @remarks undocumented: how several ids are sent. This client sends `{"in":[…]}`, with the operators of the times.
 *
 * @category options
 * @since 0.1.0
 */
export interface AssetFilter extends TimeBounds<"created"> {
  /** Asset ids. */
  readonly id?: OneOrSeveral<IdInput<AssetId>> | undefined
  /** External ids. They need not be unique: several assets may match one. */
  readonly externalId?: OneOrSeveral<string> | undefined
  /** Whether the asset has pre-labels. */
  readonly isPreLabeled?: boolean | undefined
  /**
   * Names or ids of batches, at least one; an asset must be in all of them. They are looked up once
   * (`GET /project/{projectId}`); a batch that does not exist fails with `UnknownBatch`.
   */
  readonly batches?: ReadonlyArray<string> | undefined
  /**
   * More conditions, in the form of the API's `filters` parameter; merged with the others. A condition that is also
   * given as an option fails with `InvalidRequest`.
   */
  readonly filter?: Readonly<Record<string, unknown>> | undefined
}

const timeFields = ["created"] as const

/** Validates conditions one by one. The contract does not: it takes them as JSON of any kind. */
export const AssetConditions = Schema.typeSchema(
  Schema.Struct({
    id: Schema.optional(Open.oneOrSeveral(AssetId, "at least one asset id")),
    externalId: Schema.optional(Open.oneOrSeveral(Open.condition, "at least one external id")),
    isPreLabeled: Schema.optional(Schema.Boolean),
    ...timeRangeFields(...timeFields),
    filter: Schema.optional(RawConditions),
    sort: Schema.optional(Query.WrittenSort)
  })
)

const conditionsOf = (filter: AssetFilter) =>
  omitUndefined({
    _id: toValueCondition(filter.id),
    externalId: toValueCondition(filter.externalId),
    isPreLabeled: filter.isPreLabeled,
    batches: filter.batches,
    createdAt: toTimeCondition(filter, "created")
  })

/** Reports conditions that are valid one by one, but contradictory as a whole. */
export const checkAssetFilter = (filter: AssetFilter): Problem | undefined =>
  checkTimeRanges(filter, timeFields, "asset") ??
  checkRepeatedConditions(conditionsOf(filter), filter.filter, {
    _id: "id",
    createdAt: "createdAfter or createdBefore"
  })

/**
 * The `filters` parameter of an asset list. Its operators have no `$`, unlike those of exports
 * (docs/api-notes.md#filter-operators).
 */
export const toAssetFilters = (filter: AssetFilter): Readonly<Record<string, unknown>> => ({
  ...conditionsOf(filter),
  ...omitUndefined(filter.filter ?? {})
})
