/**
 * The hub's state and habits, as its handlers see them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Redacted from "effect/Redacted"
import type { ListingOptions } from "./Listing.js"
import type { HubState } from "./State.js"

/** @since 0.1.0 */
export class Hub extends Context.Tag("effect-ango/emulator/Hub")<
  Hub,
  {
    readonly state: HubState
    readonly apiKey: Redacted.Redacted
    readonly listing: ListingOptions
  }
>() {}
