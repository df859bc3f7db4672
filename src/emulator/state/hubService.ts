/**
 * The hub as its endpoints see it: state, settings, clock and ids.
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
import type { StoredArchive } from "../storage/archiveDownloads.js"
import type { UploadStorageOptions } from "../storage/uploadStorage.js"
import type { HubState } from "./HubState.js"

/** What the endpoints need: the hub's state, settings, clock and ids. */
export interface HubService {
  readonly state: HubState
  readonly apiKey: Redacted.Redacted
  /** The scopes of the keys of service accounts, by key. */
  readonly scopes: ReadonlyMap<string, ReadonlyArray<string>>
  /** The hub's base URL, also of its files and upload links. */
  readonly baseUrl: string
  readonly listing: ListingOptions
  /** Whether assigning batches adds to the batches of an asset or replaces them. */
  readonly assignBatches: "add" | "replace"
  /** How the `filter` of task lists is read. */
  readonly taskFilters: "strict" | "lenient"
  readonly archiveOptions: ArchiveOptions
  readonly uploadOptions: UploadStorageOptions
  /** Export archives by path. */
  readonly archives: Map<string, StoredArchive>
  /** The current time as ISO text. */
  readonly now: Effect.Effect<string>
  /** Makes an id for a new document. Equal hubs make the same ids in the same order. */
  readonly newId: (kind: IdKind) => Effect.Effect<string>
}

/** The hub of the current application. */
export class Hub extends Context.Tag("effect-ango/emulator/Hub")<Hub, HubService>() {}

// Counters of seeded ids start at a multiple of a million per project; new ids count above all of them.
const firstNewId = 0xa00000

// The latest creation time, in epoch milliseconds. Tasks are in order of creation, so the last one is the newest.
const latestCreation = (state: HubState): number =>
  Array.from(state.projects.values(), ({ project, tasks }) =>
    Date.parse(tasks.at(-1)?.createdAt ?? project.createdAt ?? "")
  )
    .filter((instant) => !Number.isNaN(instant))
    .reduce((latest, instant) => Math.max(latest, instant), 0)

/** Makes a hub over a state. */
export const make = (
  options: Pick<
    HubService,
    | "state"
    | "apiKey"
    | "scopes"
    | "baseUrl"
    | "listing"
    | "assignBatches"
    | "taskFilters"
    | "archiveOptions"
    | "uploadOptions"
  >
): HubService => {
  let counter = firstNewId
  const latest = latestCreation(options.state)
  let offset: number | undefined
  // A test clock may start before the seeded content; the hub's clock is then ahead, so that new documents are newer.
  const millis = Effect.map(Clock.currentTimeMillis, (now) => {
    offset ??= Math.max(0, latest + 1000 - now)
    return now + offset
  })
  return {
    ...options,
    archives: new Map(),
    now: Effect.map(millis, (now) => new Date(now).toISOString()),
    newId: (kind) => Effect.map(millis, (now) => objectId(kind, counter++, now))
  }
}
