/**
 * Branded identifiers. An id is one URL path segment of letters, digits, `-` and `_`: it cannot hold a `/`, a
 * `?`, a `%` or be `..`, so no id can turn a request into a request to another endpoint.
 *
 * Hub documents (project, task, asset, batch, …) have Mongo ObjectIds of 24 hex characters; stages are called
 * `Start`, `Label`, `Complete` or carry a UUID.
 *
 * @since 0.1.0
 */
import type * as Brand from "effect/Brand"
import * as Schema from "effect/Schema"

const segment = /^[A-Za-z0-9_-]{1,128}$/
const others = /[^A-Za-z0-9_-]/

// What `segment.test` says, in less than half of its time: every row of a list has several ids.
const isSegment = (text: string): boolean => text.length >= 1 && text.length <= 128 && !others.test(text)

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
 * What a method takes where it needs an id: the branded id itself, or a plain string, which is checked
 * before any request wherever it would stand in a path. An id of another kind does not typecheck.
 *
 * @since 0.1.0
 */
export type IdInput<Id extends string> = Id | (string & { readonly [Brand.BrandTypeId]?: never })

/** @since 0.1.0 */
export const ProjectId = id("ProjectId", "65aa0000000000000000a001")
/** @since 0.1.0 */
export type ProjectId = typeof ProjectId.Type

/** @since 0.1.0 */
export const TaskId = id("TaskId", "65aa0000000000000000b001")
/** @since 0.1.0 */
export type TaskId = typeof TaskId.Type

/** @since 0.1.0 */
export const AssetId = id("AssetId", "65aa0000000000000000e001")
/** @since 0.1.0 */
export type AssetId = typeof AssetId.Type

/** @since 0.1.0 */
export const BatchId = id("BatchId", "65aa0000000000000000d001")
/** @since 0.1.0 */
export type BatchId = typeof BatchId.Type

/** @since 0.1.0 */
export const StageId = id("StageId", "Label")
/** @since 0.1.0 */
export type StageId = typeof StageId.Type

/** @since 0.1.0 */
export const TaskHistoryId = id("TaskHistoryId", "65aa0000000000000000c0de")
/** @since 0.1.0 */
export type TaskHistoryId = typeof TaskHistoryId.Type

/** @since 0.1.0 */
export const OrganizationId = id("OrganizationId", "65aa0000000000000000c001")
/** @since 0.1.0 */
export type OrganizationId = typeof OrganizationId.Type

/** @since 0.1.0 */
export const IssueId = id("IssueId", "65aa0000000000000000f001")
/** @since 0.1.0 */
export type IssueId = typeof IssueId.Type

/** @since 0.1.0 */
export const StorageId = id("StorageId", "65aa00000000000000005001")
/** @since 0.1.0 */
export type StorageId = typeof StorageId.Type

/** @since 0.1.0 */
export const UserId = id("UserId", "65aa0000000000000000f001")
/** @since 0.1.0 */
export type UserId = typeof UserId.Type

/** @since 0.1.0 */
export const AssetBuilderTemplateId = id("AssetBuilderTemplateId", "65aa00000000000000006001")
/** @since 0.1.0 */
export type AssetBuilderTemplateId = typeof AssetBuilderTemplateId.Type

/**
 * An input as the id that the contract wants. The contract checks it when it writes the path, and nothing is
 * sent if it does not fit: {@link IdInput} is refused there, as `InvalidRequest`, and nowhere else.
 *
 * @since 0.1.0
 */
export const fromInput = <Id extends string>(input: IdInput<Id>): Id => input as Id

/**
 * {@link fromInput} of an id that need not be given.
 *
 * @since 0.1.0
 */
export const fromOptionalInput = <Id extends string>(input: IdInput<Id> | undefined): Id | undefined =>
  input === undefined ? undefined : fromInput(input)
