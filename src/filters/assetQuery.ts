// What an asset list is asked for.
import * as Schema from "effect/Schema"
import * as Query from "../api/queryEncoding.js"
import { AssetId, type IdInput } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"
import {
  anyOf,
  between,
  inverted,
  type OneOrSeveral,
  type Problem,
  Raw,
  twice,
  type Within,
  within
} from "./conditions.js"

/**
 * Which assets of a project. Conditions combine with AND; of several ids any will do. An empty text, an empty list,
 * or a stretch of time that nothing is in, is an `InvalidRequest`.
 *
 * Assets are later than `createdAfter` and earlier than `createdBefore`, to the millisecond, neither included.
 *
 * @remarks undocumented: how several ids travel. They are sent as `{"in":[…]}`, with the operators of the times.
 *
 * @since 0.1.0
 */
export interface AssetFilter extends Within<"created"> {
  readonly id?: OneOrSeveral<IdInput<AssetId>> | undefined
  /** External ids need not be unique: several assets may match one. */
  readonly externalId?: OneOrSeveral<string> | undefined
  readonly isPreLabeled?: boolean | undefined
  /**
   * By name or by id, at least one; an asset must be in all of them. They are looked up once
   * (`GET /project/{projectId}`), and one that is not there is an `UnknownBatch`.
   */
  readonly batches?: ReadonlyArray<string> | undefined
  /**
   * More conditions, as the hub takes them in its `filters` parameter; sent as JSON together with the others. One
   * that is given under its own name too is an `InvalidRequest`.
   */
  readonly filter?: Readonly<Record<string, unknown>> | undefined
}

const times = ["created"] as const

/** What the contract does not see, since it takes the conditions as JSON of any kind. */
export const Conditions = Schema.typeSchema(
  Schema.Struct({
    id: Schema.optional(Open.oneOrSeveral(AssetId, "at least one asset id")),
    externalId: Schema.optional(Open.oneOrSeveral(Open.condition, "at least one external id")),
    isPreLabeled: Schema.optional(Schema.Boolean),
    ...within(...times),
    filter: Schema.optional(Raw),
    sort: Schema.optional(Query.WrittenSort)
  })
)

const conditions = (filter: AssetFilter) =>
  omitUndefined({
    _id: anyOf(filter.id),
    externalId: anyOf(filter.externalId),
    isPreLabeled: filter.isPreLabeled,
    batches: filter.batches,
    createdAt: between(filter, "created")
  })

/** What is wrong with conditions that are usable one by one. */
export const problemOf = (filter: AssetFilter): Problem | undefined =>
  inverted(filter, times, "asset") ??
  twice(conditions(filter), filter.filter, { _id: "id", createdAt: "createdAfter or createdBefore" })

/**
 * The conditions of an asset list, in the operators that it takes: without `$`, unlike the export
 * (docs/api-notes.md#filter-operators).
 */
export const filters = (filter: AssetFilter): Readonly<Record<string, unknown>> => ({
  ...conditions(filter),
  ...omitUndefined(filter.filter ?? {})
})
