// The assets that a pass over the list of a project has shown, kept for the later rows of one bulk write.
import * as Effect from "effect/Effect"
import type { Asset } from "../schemas/Asset.js"

/** What assets are named by. */
export interface AssetNames {
  readonly externalIds: ReadonlySet<string>
  /** Data of assets that are not named by external id. */
  readonly data: ReadonlySet<string>
}

/** The assets of one bulk write in one project. */
export interface AssetCache {
  /** One look-up at a time, so that the chunks in flight share one pass. */
  readonly oneAtATime: <A, E, R>(lookUp: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** The requests that this write has spent on look-ups by external id. */
  readonly spent: () => number
  readonly spend: (requests: number) => void
  /**
   * Takes the assets with these names out, and returns them and the names that are not known. A row may change its
   * assets: the next row with the same name is looked up on the hub.
   */
  readonly take: (
    names: AssetNames,
    now: number
  ) => { readonly assets: ReadonlyArray<Asset>; readonly unknown: AssetNames }
  /** Replaces the known assets by those of a pass that began at `now`: by all of them, or by none if they are too many. */
  readonly startPass: (now: number) => Pass
}

/** A pass over the list. */
export interface Pass {
  readonly add: (asset: Asset) => void
  /** Ends a pass that has returned all assets: they are known from now on. */
  readonly end: () => void
}

/** In memory, some 50 MB. */
const maxAssets = 100_000
const maxCharacters = 20_000_000

/** Milliseconds after which assets are looked up again. */
const maxAge = 300_000

type Groups = Map<string, Array<Asset>>

const addTo = (groups: Groups, name: string | null | undefined, asset: Asset): void => {
  if (name == null || name === "") return
  const group = groups.get(name)
  if (group === undefined) groups.set(name, [asset])
  else group.push(asset)
}

const takeFrom = (groups: Groups, names: ReadonlySet<string>, assets: Array<Asset>): ReadonlySet<string> => {
  if (groups.size === 0) return names
  const unknown = new Set<string>()
  for (const name of names) {
    const group = groups.get(name)
    if (group === undefined) unknown.add(name)
    else for (const asset of group) assets.push(asset)
    groups.delete(name)
  }
  return unknown
}

const textOf = ({ attachments, data, externalId }: Asset): number =>
  (attachments ?? []).reduce(
    (sum, { value }) => sum + value.length,
    (data?.length ?? 0) + (externalId?.length ?? 0)
  )

/** No assets are known at first. `keep` is the part of an asset that the write uses. */
export const makeAssetCache = (keep: (asset: Asset) => Asset): AssetCache => {
  const semaphore = Effect.unsafeMakeSemaphore(1)
  let spent = 0
  let byExternalId: Groups = new Map()
  let byData: Groups = new Map()
  let readAt = Number.NEGATIVE_INFINITY

  const replace = (externalIds: Groups, data: Groups, now: number): void => {
    byExternalId = externalIds
    byData = data
    readAt = now
  }

  return {
    oneAtATime: semaphore.withPermits(1),
    spent: () => spent,
    spend: (requests) => {
      spent += requests
    },
    take: (names, now) => {
      if (now - readAt > maxAge) replace(new Map(), new Map(), now)
      const assets: Array<Asset> = []
      const externalIds = takeFrom(byExternalId, names.externalIds, assets)
      return { unknown: { externalIds, data: takeFrom(byData, names.data, assets) }, assets }
    },
    startPass: (now) => {
      const externalIds: Groups = new Map()
      const data: Groups = new Map()
      let assets = 0
      let characters = 0
      const isTooLarge = () => assets > maxAssets || characters > maxCharacters
      replace(new Map(), new Map(), now)
      return {
        add: (asset) => {
          if (isTooLarge()) return
          const kept = keep(asset)
          assets++
          characters += textOf(kept)
          addTo(externalIds, kept.externalId, kept)
          addTo(data, kept.data, kept)
        },
        end: () => {
          // A part of them would hide the second of two assets with the same name.
          if (!isTooLarge()) replace(externalIds, data, now)
        }
      }
    }
  }
}
