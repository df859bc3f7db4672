/**
 * Issues: mistakes reported on tasks, with their position and comments.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { AssetId, IssueId, ProjectId, StageId, TaskId } from "./ids.js"
import * as Open from "./open.js"
import { Timestamp } from "./Timestamp.js"

/**
 * The status of an issue: `Open`, `Resolved` or `Closed`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IssueStatus = Open.enumOf("Open", "Resolved", "Closed")

/** @since 0.1.0 */
export type IssueStatus = typeof IssueStatus.Type

/**
 * An error code of a project: a kind of mistake, with its category.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ErrorCode = Open.struct({
  category: Schema.String,
  name: Schema.String,
  key: Open.maybe(Schema.String)
}).annotations({ identifier: "ErrorCode" })

/** @since 0.1.0 */
export type ErrorCode = typeof ErrorCode.Type

/**
 * A user mentioned in an issue or a comment.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Mention = Open.struct({
  userEmail: Open.maybe(Schema.String),
  userName: Open.maybe(Schema.String)
}).annotations({ identifier: "Mention" })

/** @since 0.1.0 */
export type Mention = typeof Mention.Type

// Requests contain only addresses, and observed responses repeat what was sent.
const Mentions = Schema.Array(Schema.Union(Mention, Schema.String))

/**
 * A comment on an issue.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IssueComment = Open.struct({
  id: Open.optionalIdField(Schema.String),
  content: Open.maybe(Schema.String),
  createdBy: Open.maybe(Schema.String),
  createdAt: Open.maybe(Timestamp),
  updatedAt: Open.maybe(Timestamp),
  contentMentions: Open.maybe(Mentions)
}).annotations({ identifier: "IssueComment" })

/** @since 0.1.0 */
export type IssueComment = typeof IssueComment.Type

/**
 * The asset of an issue, as issue exports contain it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IssueAsset = Open.struct({
  id: Open.optionalIdField(AssetId),
  externalId: Open.maybe(Schema.String),
  batches: Open.maybe(Schema.Array(Schema.NullOr(Schema.String)))
}).annotations({ identifier: "IssueAsset", ...Open.mayHaveAny })

/** @since 0.1.0 */
export type IssueAsset = typeof IssueAsset.Type

/**
 * The plane of a medical image: `A` (axial), `S` (sagittal) or `C` (coronal).
 *
 * @category schemas
 * @since 0.1.0
 */
export const MedicalPlane = Open.enumOf("A", "S", "C")

/** @since 0.1.0 */
export type MedicalPlane = typeof MedicalPlane.Type

/**
 * An issue (docs/api-notes.md#issue).
 *
 * `position` is unchanged, usually a JSON text: {@link locationOf} reads it. `page` and `pageEnd` count from 0. Older issues have one
 * `errorType` and `errorCode`, newer ones a list of `errorCodes`. `createdBy`, `assignee` and `resolvedBy` are e-mail
 * addresses.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Issue = Open.struct({
  id: Open.idField(IssueId),
  project: Open.maybe(ProjectId),
  asset: Open.maybe(Schema.Union(AssetId, IssueAsset)),
  labelTask: Open.maybe(TaskId),
  title: Open.maybe(Schema.String),
  content: Open.maybe(Schema.String),
  status: Open.maybe(IssueStatus),
  createdBy: Open.maybe(Schema.String),
  assignee: Open.maybe(Schema.String),
  resolvedBy: Open.maybe(Schema.String),
  updatedBy: Open.maybe(Schema.String),
  position: Open.maybe(Schema.Union(Schema.String, Schema.Number, Schema.Array(Schema.Number))),
  points: Open.maybe(Schema.Array(Schema.Unknown)),
  page: Open.maybe(Schema.Number),
  pageEnd: Open.maybe(Schema.Number),
  dataIndex: Open.maybe(Schema.Number),
  plane: Open.maybe(MedicalPlane),
  objectId: Open.maybe(Schema.String),
  stage: Open.maybe(StageId),
  stageId: Open.maybe(StageId),
  errorType: Open.maybe(Schema.String),
  errorCode: Open.maybe(Schema.String),
  errorCodes: Open.maybe(Schema.Array(ErrorCode)),
  contentMentions: Open.maybe(Mentions),
  comments: Open.maybe(Schema.Array(IssueComment)),
  pctDetails: Open.maybe(Open.jsonObject),
  createdAt: Open.maybe(Timestamp),
  updatedAt: Open.maybe(Timestamp),
  resolvedAt: Open.maybe(Timestamp)
}).annotations({ identifier: "TaskIssue" })

/** @since 0.1.0 */
export type Issue = typeof Issue.Type

/**
 * A place within an asset or a page of it: at most one of `position`, `textIndex` and `span`.
 *
 * @category models
 * @since 0.1.0
 */
export type IssuePlace =
  | {
      /** The pixel in an image or a frame, from the top left. */
      readonly position: readonly [x: number, y: number]
      readonly textIndex?: undefined
      readonly span?: undefined
    }
  | {
      /** The index of a character in a text, counted from 0. */
      readonly textIndex: number
      readonly position?: undefined
      readonly span?: undefined
    }
  | {
      /** The stretch of a sound, in seconds. */
      readonly span: readonly [from: number, to: number]
      readonly position?: undefined
      readonly textIndex?: undefined
    }
  | { readonly position?: undefined; readonly textIndex?: undefined; readonly span?: undefined }

/**
 * The page or frame of an asset, counted from 0, or the first and the last one.
 *
 * @category models
 * @since 0.1.0
 */
export type IssuePages =
  | { readonly page: number; readonly pageEnd?: number | undefined }
  | { readonly page?: undefined; readonly pageEnd?: undefined }

/**
 * The part of an asset.
 *
 * @category models
 * @since 0.1.0
 */
export interface IssuePart {
  /**
   * The index of the part, counted from 0.
   *
   * @remarks undocumented: which parts of an asset are meant.
   */
  readonly dataIndex?: number | undefined
  /** The plane of a medical image: `A` (axial), `S` (sagittal) or `C` (coronal). */
  readonly plane?: MedicalPlane | undefined
}

/**
 * The location of an issue on its asset: a place, a page or a range of pages, and a part, each optional. An issue about an
 * annotation (`objectId`) has no location.
 *
 * @example
 * ```ts
 * import type { Issue } from "effect-ango"
 *
 * const locations: ReadonlyArray<Issue.IssueLocation> = [
 *   { position: [25, 15] }, // of an image
 *   { position: [25, 15], page: 150 }, // of a frame
 *   { page: 10, pageEnd: 20 }, // frames of a video
 *   { textIndex: 54 }, // a character
 *   { span: [1.5, 3.25] }, // seconds of a sound
 *   { page: 42, plane: "A" } // a slice
 * ]
 * ```
 *
 * @category models
 * @since 0.1.0
 */
export type IssueLocation = IssuePlace & IssuePages & IssuePart

const Pair = Schema.Tuple(Schema.Number, Schema.Number)

const readPosition = Schema.decodeUnknownOption(
  Schema.Union(Pair, Schema.Number, Schema.parseJson(Schema.Union(Pair, Schema.Number)))
)

const placeOf = (position: Issue["position"]): IssuePlace => {
  const read = Option.getOrUndefined(readPosition(position))
  if (read === undefined) return {}
  return typeof read === "number" ? { textIndex: read } : { position: read }
}

/**
 * Reads the location of an issue. Returns `undefined` when the issue is about the whole asset, or when its position has
 * no documented form. A `span` has the form of a position in responses and is returned as one; the asset says which it is.
 *
 * @example
 * ```ts
 * import { Issue } from "effect-ango"
 *
 * const location = (issue: Issue.Issue) => Issue.locationOf(issue) // { position: [25, 15] }
 * ```
 *
 * @category utilities
 * @since 0.1.0
 */
export const locationOf = (
  issue: Pick<Issue, "position" | "page" | "pageEnd" | "dataIndex" | "plane">
): IssueLocation | undefined => {
  const { dataIndex, page, pageEnd, plane, position } = issue
  const pages: IssuePages = page == null ? {} : { page, ...(pageEnd == null ? {} : { pageEnd }) }
  const location: IssueLocation = {
    ...placeOf(position),
    ...pages,
    ...(dataIndex == null ? {} : { dataIndex }),
    ...(plane == null ? {} : { plane })
  }
  return Object.keys(location).length === 0 ? undefined : location
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0

const isCoordinate = (value: number): boolean => Number.isFinite(value) && value >= 0

/** A position as another client sent it: the hub stores any text. */
const PositionText = Schema.Struct({ text: Schema.String })

type PositionInput = readonly [x: number, y: number] | number | typeof PositionText.Type

const toText = (position: PositionInput): string => {
  if (typeof position === "number") return String(position)
  return "text" in position ? position.text : `[${position[0]}, ${position[1]}]`
}

/**
 * A position in a request: JSON text, `"[25, 15]"` for an image, `"54"` for a text and `"[1.5, 3.25]"` for a sound, with
 * the blank of the SDK (docs/api-notes.md#issue-position). The hub also accepts any other text, a list and a number.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Position = Schema.transform(
  Schema.Union(Schema.String, Schema.Number, Schema.Array(Schema.Number)),
  Schema.Union(Pair, Schema.Number, PositionText).pipe(
    Schema.filter(
      (position) =>
        typeof position === "number"
          ? isCount(position)
          : "text" in position || position.every((one) => isCoordinate(one)),
      {
        title:
          "a position [x, y] in pixels or [from, to] in seconds, 0 or more, or the index of a character, counted from 0"
      }
    )
  ),
  {
    strict: true,
    decode: (wire) => ({ text: typeof wire === "string" ? wire : JSON.stringify(wire) }),
    encode: toText
  }
)

/**
 * A page or frame number as an input, counted from 0.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PageIndex = Schema.Number.pipe(
  Schema.filter(isCount, { title: "a page or frame number, counted from 0" })
)

/**
 * The index of a part of an asset as an input, counted from 0.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DataIndex = Schema.Number.pipe(
  Schema.filter(isCount, { title: "the index of a part of the asset, counted from 0" })
)

/**
 * A plane of a medical image as an input: one of the known ones.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PlaneInput = MedicalPlane.pipe(
  Schema.filter((plane) => MedicalPlane.known.some((known) => known === plane), {
    title: "a plane of a medical image: A, S or C"
  })
)
