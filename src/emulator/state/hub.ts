/**
 * The hub's state and habits, as its handlers see them.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { ArchiveOptions } from "../archive/Archive.js"
import type { ListingOptions } from "../endpoints/listPage.js"
import { type IdKind, objectId } from "../seed/objectIds.js"
import type { Stored } from "../storage/archiveDownloads.js"
import type { UploadStorageOptions } from "../storage/uploadStorage.js"
import type { HubState } from "./HubState.js"

/** @since 0.1.0 */
export interface HubService {
  readonly state: HubState
  readonly apiKey: Redacted.Redacted
  /** The hub's own address, under which it serves files and upload links. */
  readonly baseUrl: string
  readonly listing: ListingOptions
  /** Whether assigned batches join those that an asset is in, or take their place. */
  readonly assignBatches: "add" | "replace"
  readonly archiving: ArchiveOptions
  readonly storing: UploadStorageOptions
  /** The archives of exports, by their paths. */
  readonly archives: Map<string, Stored>
  /** The present instant as the hub writes it. */
  readonly now: Effect.Effect<string>
  /** An id for a new document; the same hub gives the same ids in the same order. */
  readonly newId: (kind: IdKind) => Effect.Effect<string>
}

/** @since 0.1.0 */
export class Hub extends Context.Tag("effect-ango/emulator/Hub")<Hub, HubService>() {}

// Ids of the seed count from 1 in millions per project: new ones count above all of them.
const firstNewId = 0xa00000

// Tasks are kept in order of creation.
const newestOf = (state: HubState): number =>
  Array.from(state.projects.values(), ({ project, tasks }) =>
    Date.parse(tasks.at(-1)?.createdAt ?? project.createdAt ?? "")
  )
    .filter((instant) => !Number.isNaN(instant))
    .reduce((newest, instant) => Math.max(newest, instant), 0)

/** A hub over a state. */
export const make = (
  options: Pick<
    HubService,
    "state" | "apiKey" | "baseUrl" | "listing" | "assignBatches" | "archiving" | "storing"
  >
): HubService => {
  let counter = firstNewId
  const newest = newestOf(options.state)
  let ahead: number | undefined
  // The clock of a test may stand before everything that the hub holds: what is made next is newer all the same.
  const millis = Effect.map(Clock.currentTimeMillis, (now) => {
    ahead ??= Math.max(0, newest + 1000 - now)
    return now + ahead
  })
  return {
    ...options,
    archives: new Map(),
    now: Effect.map(millis, (now) => new Date(now).toISOString()),
    newId: (kind) => Effect.map(millis, (now) => objectId(kind, counter++, now))
  }
}
