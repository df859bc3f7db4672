// The filter of asset lists, and its form in requests.
import * as Schema from "effect/Schema"
import * as Query from "../api/queryEncoding.js"
import type { Problem } from "../layers/transport/inputValidation.js"
import type { RowCondition } from "../pagination/rowCheck.js"
import { AssetId, type IdInput } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"
import {
  checkRepeatedConditions,
  checkTimeRanges,
  type DocumentCondition,
  RawConditions,
  type TimeBounds,
  timeRangeFields,
  toTimeCondition
} from "./conditions.js"
import { type ConditionBatch, readField, toRowConditions } from "./rowConditions.js"

/**
 * Selects assets of a project. Conditions combine with AND. An empty text, an empty list or an empty time range fails with
 * `InvalidRequest` before any request. A row that contradicts a condition fails the list with `FilterNotApplied`.
 *
 * `createdAfter` and `createdBefore` are excluded from the time range, to the millisecond.
 *
 * One id or external id at a time: how several are sent is undocumented, and a hub that misreads a condition returns an
 * empty list without an error. For several, merge the lists of each.
 *
 * @category options
 * @since 0.1.0
 */
export interface AssetFilter extends TimeBounds<"created"> {
  /** An asset id. */
  readonly id?: IdInput<AssetId> | undefined
  /** An external id. It need not be unique: several assets may match. */
  readonly externalId?: string | undefined
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
   *
   * @remarks undocumented: other fields, and other operators than `gt` and `lt` of `createdAt` (without `$`). A hub may
   * ignore such a condition, which the rows show (`FilterNotApplied`), or find nothing, which they do not: check the
   * result.
   */
  readonly filter?: Readonly<Record<string, unknown>> | undefined
}

const timeFields = ["created"] as const

/** Validates conditions one by one. The contract does not: it takes them as JSON of any kind. */
export const AssetConditions = Schema.typeSchema(
  Schema.Struct({
    id: Schema.optional(Schema.typeSchema(AssetId)),
    externalId: Schema.optional(Open.condition),
    isPreLabeled: Schema.optional(Schema.Boolean),
    ...timeRangeFields(...timeFields),
    filter: Schema.optional(RawConditions),
    sort: Schema.optional(Query.WrittenSort)
  })
)

const boundsOf = (filter: AssetFilter): DocumentCondition => {
  const { $gt, $lt } = toTimeCondition(filter, "created") ?? {}
  return omitUndefined({ $gt, $lt })
}

// The operators of this list have no `$` (docs/api-notes.md#filter-operators).
const toBounds = ({ $gt, $lt }: DocumentCondition) =>
  $gt === undefined && $lt === undefined ? undefined : omitUndefined({ gt: $gt, lt: $lt })

const conditionsOf = (filter: AssetFilter) =>
  omitUndefined({
    _id: filter.id,
    externalId: filter.externalId,
    isPreLabeled: filter.isPreLabeled,
    batches: filter.batches,
    createdAt: toBounds(boundsOf(filter))
  })

const optionNames: Readonly<Record<string, string>> = {
  _id: "id",
  createdAt: "createdAfter or createdBefore"
}

/** Reports conditions that are valid one by one, but contradictory as a whole. */
export const checkAssetFilter = (filter: AssetFilter): Problem | undefined =>
  checkTimeRanges(filter, timeFields, "asset") ??
  checkRepeatedConditions(conditionsOf(filter), filter.filter, optionNames)

/** The `filters` parameter of an asset list, with the ids of its batches. */
export const toAssetFilters = (filter: AssetFilter): Readonly<Record<string, unknown>> => ({
  ...conditionsOf(filter),
  ...omitUndefined(filter.filter ?? {})
})

/** The conditions that each row can be compared with. `batches` are those of the condition. */
export const toAssetRowConditions = (
  filter: AssetFilter,
  batches: ReadonlyArray<ConditionBatch>
): ReadonlyArray<RowCondition> => {
  const raw = filter.filter ?? {}
  const conditions = {
    ...conditionsOf(filter),
    ...omitUndefined({
      batches: filter.batches === undefined ? undefined : { $eq: batches.map(({ id }) => id) },
      createdAt: boundsOf(filter)
    }),
    ...raw
  }
  return toRowConditions(conditions, {
    batches,
    parameterOf: (name) => (Object.hasOwn(raw, name) ? `filter.${name}` : (optionNames[name] ?? name)),
    read: readField
  })
}
