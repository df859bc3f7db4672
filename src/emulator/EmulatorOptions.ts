/**
 * How a hub is filled and how it behaves.
 *
 * @since 0.1.0
 */

import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import type { ArchiveOptions } from "./archive/Archive.js"
import type { ListingOptions } from "./endpoints/listPage.js"
import { mostTasks, type SeedOptions } from "./seed/seed.js"
import { type Dialect, dialects } from "./server/Dialect.js"
import type { UploadStorageOptions } from "./storage/uploadStorage.js"

/**
 * How the hub is filled and how it behaves.
 *
 * @since 0.1.0
 */
export interface EmulatorOptions extends SeedOptions, ListingOptions {
  /** The one key it takes; by default one made for it. */
  readonly apiKey?: Redacted.Redacted | undefined
  /**
   * Whether `POST /assignBatches` adds to the batches that an asset is in (default), or replaces them.
   *
   * @remarks undocumented: no document says which of the two the real hub does (docs/api-notes.md#batch-assign-mode).
   */
  readonly assignBatches?: "add" | "replace" | undefined
  /**
   * Whose documents the shapes of answers follow where these differ; default `"current"`, the newest shapes that
   * were observed. See {@link Dialect}.
   */
  readonly dialect?: Dialect | undefined
  /** How the archives of exports are made and served. */
  readonly archives?: ArchiveOptions | undefined
  /** How its storage takes the files that are uploaded. */
  readonly uploads?: UploadStorageOptions | undefined
  /** How many requests it remembers, the latest ones; default 10,000, and 0 for none. */
  readonly requestLog?: number | undefined
}

/** How many requests are remembered unless told otherwise. */
export const defaultRequestLog = 10_000

const wholeNumber = (
  name: string,
  value: number | undefined,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER
): string | undefined =>
  value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)
    ? undefined
    : `${name} is ${value}. It is a whole number, ${
        most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`
      }.`

const oneOf = (name: string, value: string | undefined, known: ReadonlyArray<string>): string | undefined =>
  value === undefined || known.includes(value)
    ? undefined
    : `${name} is ${JSON.stringify(value)}. It is one of ${known.join(", ")}.`

const finiteTime = (name: string, time: Duration.DurationInput | undefined): string | undefined =>
  time === undefined || Number.isFinite(Duration.toMillis(time))
    ? undefined
    : `${name} is no finite time. Leave it out for links that last for ever.`

/** What is wrong with the options, in a sentence; nothing when a hub can be made of them. */
export const problemOf = (options: EmulatorOptions): string | undefined =>
  wholeNumber("tasks", options.tasks, 0, mostTasks) ??
  wholeNumber("seed", options.seed, 0) ??
  wholeNumber("maxLimit", options.maxLimit, 1) ??
  wholeNumber("requestLog", options.requestLog, 0) ??
  oneOf("archives.method", options.archives?.method, ["deflated", "stored"]) ??
  oneOf("archives.sizes", options.archives?.sizes, ["after", "before"]) ??
  oneOf("archives.zip64", options.archives?.zip64, ["auto", "always"]) ??
  wholeNumber("archives.downloads", options.archives?.downloads, 0) ??
  wholeNumber("archives.keep", options.archives?.keep, 0) ??
  wholeNumber("uploads.keep", options.uploads?.keep, 0) ??
  finiteTime("archives.expiresAfter", options.archives?.expiresAfter) ??
  finiteTime("uploads.expiresAfter", options.uploads?.expiresAfter) ??
  oneOf("aboveMaxLimit", options.aboveMaxLimit, ["clamp", "refuse"]) ??
  oneOf("assignBatches", options.assignBatches, ["add", "replace"]) ??
  oneOf("dialect", options.dialect, dialects) ??
  (options.apiKey !== undefined && Redacted.value(options.apiKey).trim() === ""
    ? "apiKey is blank. Take any text, or none for a key of the hub's own."
    : undefined)
