/**
 * Branded ids. An id is one URL path segment of letters, digits, `-` and `_`. It cannot contain `/`, `?` or `%`, or be
 * `..`, so that an id cannot redirect a request to another endpoint.
 *
 * Projects, tasks, assets, batches, … have MongoDB ObjectIds of 24 hex digits. The ids of stages are `Start`, `Label`,
 * `Complete`, … or UUIDs.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"

const segment = /^[A-Za-z0-9_-]{1,128}$/
const otherCharacter = /[^A-Za-z0-9_-]/

// Same result as `segment.test` in less than half of the time: every row of a list has several ids.
const isSegment = (text: string): boolean =>
  text.length >= 1 && text.length <= 128 && !otherCharacter.test(text)

const id = <const Name extends string>(name: Name, example: string) =>
  Schema.String.pipe(
    Schema.filter(isSegment, {
      identifier: name,
      jsonSchema: { pattern: segment.source },
      description: `an id of 1 to 128 letters, digits, "-" and "_", for example "${example}"`,
      arbitrary: () => (fc) => fc.stringMatching(segment),
      pretty: () => (value) => value
    }),
    Schema.brand(name)
  )

/**
 * An id as a parameter: the branded id, or a plain string, which is validated before any request that has it in its path.
 * An id of another kind does not typecheck.
 *
 * @category models
 * @since 0.1.0
 */
export type IdInput<Id extends string> = Id | (string & { readonly [Brand.BrandTypeId]?: never })

/**
 * The id of a project, 24 hex digits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectId = id("ProjectId", "65aa0000000000000000a001")
/** @since 0.1.0 */
export type ProjectId = typeof ProjectId.Type

/**
 * The id of a task, 24 hex digits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskId = id("TaskId", "65aa0000000000000000b001")
/** @since 0.1.0 */
export type TaskId = typeof TaskId.Type

/**
 * The id of an asset, 24 hex digits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AssetId = id("AssetId", "65aa0000000000000000e001")
/** @since 0.1.0 */
export type AssetId = typeof AssetId.Type

/**
 * The id of a batch, 24 hex digits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BatchId = id("BatchId", "65aa0000000000000000d001")
/** @since 0.1.0 */
export type BatchId = typeof BatchId.Type

/**
 * The id of a stage: `Start`, `Label`, `Complete`, … or a UUID. Unique within a project.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StageId = id("StageId", "Label")
/** @since 0.1.0 */
export type StageId = typeof StageId.Type

/**
 * The id of an item of a task history, 24 hex digits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskHistoryId = id("TaskHistoryId", "65aa0000000000000000c0de")
/** @since 0.1.0 */
export type TaskHistoryId = typeof TaskHistoryId.Type

/**
 * The id of an organization, 24 hex digits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OrganizationId = id("OrganizationId", "65aa0000000000000000c001")
/** @since 0.1.0 */
export type OrganizationId = typeof OrganizationId.Type

/**
 * The id of an issue, 24 hex digits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IssueId = id("IssueId", "65aa0000000000000000f001")
/** @since 0.1.0 */
export type IssueId = typeof IssueId.Type

/**
 * The id of a storage, 24 hex digits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StorageId = id("StorageId", "65aa00000000000000005001")
/** @since 0.1.0 */
export type StorageId = typeof StorageId.Type

/**
 * The id of a language model of the organization, 24 hex digits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LlmId = id("LlmId", "65aa00000000000000007001")
/** @since 0.1.0 */
export type LlmId = typeof LlmId.Type

/**
 * The id of a user, 24 hex digits. Most methods identify users by e-mail address instead.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UserId = id("UserId", "65aa0000000000000000f001")
/** @since 0.1.0 */
export type UserId = typeof UserId.Type

/**
 * The id of an asset-builder template, 24 hex digits.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AssetBuilderTemplateId = id("AssetBuilderTemplateId", "65aa00000000000000006001")
/** @since 0.1.0 */
export type AssetBuilderTemplateId = typeof AssetBuilderTemplateId.Type

/**
 * Converts a parameter into an id, without validation: the contract validates it when it builds the path, and fails with
 * `InvalidRequest` before anything is sent.
 *
 * @category utilities
 * @since 0.1.0
 */
export const fromInput = <Id extends string>(input: IdInput<Id>): Id => input as Id

/**
 * {@link fromInput} for an optional id.
 *
 * @category utilities
 * @since 0.1.0
 */
export const fromOptionalInput = <Id extends string>(input: IdInput<Id> | undefined): Id | undefined =>
  input === undefined ? undefined : fromInput(input)
