/**
 * Options of the embedded hub.
 *
 * @since 0.1.0
 */

import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import type { OperationName } from "../api/operations.js"
import type { ArchiveOptions } from "./archive/Archive.js"
import type { ListingOptions } from "./endpoints/listPage.js"
import { maxTasks, type SeedOptions } from "./seed/seed.js"
import { type Dialect, dialects } from "./server/Dialect.js"
import type { UploadStorageOptions } from "./storage/uploadStorage.js"

/**
 * A key of a service account (docs/api-notes.md#authentication): it begins with `ango_sa_`. An operation outside of its
 * scopes is a 403 that names the missing scope.
 *
 * @remarks undocumented: the names of scopes. Here a scope is the name of an operation, or of a group of them followed by
 * `.*`.
 *
 * @example
 * ```ts
 * import { AngoTest } from "effect-ango/emulator"
 * import { Redacted } from "effect"
 *
 * const readOnly = { key: Redacted.make("ango_sa_reader"), scopes: ["projects.get", "tasks.list", "exports.*"] } as const
 * const layer = AngoTest.layer({ serviceAccounts: [readOnly] })
 * ```
 *
 * @category options
 * @since 0.1.0
 */
export interface ServiceAccount {
  readonly key: Redacted.Redacted
  readonly scopes: ReadonlyArray<OperationName | `${string}.*`>
}

/**
 * Content and behaviour of the embedded hub. Every option has a default.
 *
 * @example
 * ```ts
 * import { AngoTest } from "effect-ango/emulator"
 *
 * // 2,500 tasks in the first project; pages of at most 100 rows, larger ones are rejected.
 * const layer = AngoTest.layer({ tasks: 2_500, maxLimit: 100, aboveMaxLimit: "refuse" })
 * ```
 *
 * @category options
 * @since 0.1.0
 */
export interface EmulatorOptions extends SeedOptions, ListingOptions {
  /** The only API key that the hub accepts; by default a fixed one, in `EmulatorService.apiKey`. */
  readonly apiKey?: Redacted.Redacted | undefined
  /** Further keys, each limited to the operations that its scopes name; default none. */
  readonly serviceAccounts?: ReadonlyArray<ServiceAccount> | undefined
  /**
   * Whether `POST /assignBatches` adds to the batches of an asset (`"add"`, the default) or replaces them.
   *
   * @remarks undocumented: which of the two the real hub does (docs/api-notes.md#batch-assign-mode).
   */
  readonly assignBatches?: "add" | "replace" | undefined
  /**
   * How the `filter` of task lists is read: `"strict"` (the default) as a document store reads it, so that an operator
   * without `$`, a list without `$in` and an unknown field find nothing; `"lenient"` accepts those forms, compares
   * status, type and addresses in any case, and answers an unknown field with 400.
   *
   * @remarks derived: that the real hub is as strict (docs/api-notes.md#task-filters).
   */
  readonly taskFilters?: "strict" | "lenient" | undefined
  /**
   * Which documents the response shapes follow where documents differ; default `"current"`, the newest observed shapes.
   * See {@link Dialect}.
   */
  readonly dialect?: Dialect | undefined
  /** How export archives are built and served. */
  readonly archives?: ArchiveOptions | undefined
  /** How the file storage accepts uploads. */
  readonly uploads?: UploadStorageOptions | undefined
  /** How many of the latest requests `EmulatorService.requests` keeps; default 10,000, 0 for none. */
  readonly requestLog?: number | undefined
}

/** The default of `requestLog`. */
export const defaultRequestLog = 10_000

const checkWholeNumber = (
  name: string,
  value: number | undefined,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER
): string | undefined =>
  value === undefined || (Number.isSafeInteger(value) && value >= min && value <= max)
    ? undefined
    : `${name} is ${value}. Use a whole number, ${
        max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`
      }.`

const checkOneOf = (
  name: string,
  value: string | undefined,
  allowed: ReadonlyArray<string>
): string | undefined =>
  value === undefined || allowed.includes(value)
    ? undefined
    : `${name} is ${JSON.stringify(value)}. Use one of ${allowed.join(", ")}.`

const checkFiniteTime = (name: string, time: Duration.DurationInput | undefined): string | undefined =>
  time === undefined || Number.isFinite(Duration.toMillis(time))
    ? undefined
    : `${name} is not a finite time. Leave it out for links that never expire.`

/** What is wrong with the options, in a sentence; `undefined` if they are valid. */
export const findProblem = (options: EmulatorOptions): string | undefined =>
  checkWholeNumber("tasks", options.tasks, 0, maxTasks) ??
  checkWholeNumber("seed", options.seed, 0) ??
  checkWholeNumber("maxLimit", options.maxLimit, 1) ??
  checkWholeNumber("maxResponseBytes", options.maxResponseBytes, 1) ??
  checkWholeNumber("requestLog", options.requestLog, 0) ??
  checkOneOf("archives.method", options.archives?.method, ["deflated", "stored"]) ??
  checkOneOf("archives.sizes", options.archives?.sizes, ["after", "before"]) ??
  checkOneOf("archives.zip64", options.archives?.zip64, ["auto", "always"]) ??
  checkWholeNumber("archives.downloads", options.archives?.downloads, 0) ??
  checkWholeNumber("archives.keep", options.archives?.keep, 0) ??
  checkWholeNumber("uploads.keep", options.uploads?.keep, 0) ??
  (options.timePerRow === undefined || Number.isFinite(Duration.toMillis(options.timePerRow))
    ? undefined
    : "timePerRow is not a finite time. Leave it out for no time.") ??
  checkFiniteTime("archives.expiresAfter", options.archives?.expiresAfter) ??
  checkFiniteTime("uploads.expiresAfter", options.uploads?.expiresAfter) ??
  checkOneOf("aboveMaxLimit", options.aboveMaxLimit, ["clamp", "refuse"]) ??
  checkOneOf("assignBatches", options.assignBatches, ["add", "replace"]) ??
  checkOneOf("taskFilters", options.taskFilters, ["strict", "lenient"]) ??
  checkOneOf("dialect", options.dialect, dialects) ??
  (options.serviceAccounts?.some(({ key }) => !Redacted.value(key).startsWith("ango_sa_")) === true
    ? 'serviceAccounts has a key of another form. Begin each with "ango_sa_".'
    : undefined) ??
  (options.apiKey !== undefined && Redacted.value(options.apiKey).trim() === ""
    ? "apiKey is blank. Use a non-blank key, or leave it out for the default key."
    : undefined)
